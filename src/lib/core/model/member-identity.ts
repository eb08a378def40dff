/*
 * By what a cluster and a system are known, whatever the configuration calls them.
 */

export interface ClusterIdentity {
  /** Name in our configuration. */
  readonly name: string;
  /** Uid of the `kube-system` namespace; null where it may not be read. */
  readonly uid: string | null;
  /** When `kube-system` was made: no volume of this cluster is older. */
  readonly createdAt: Date | null;
  readonly version: string | null;
  readonly platform: 'kubernetes' | 'openshift';
  /** The API server's clock at the time of the scan; null where it sent none. */
  readonly clock: Date | null;
}

export interface SystemIdentity {
  readonly name: string;
  /** Host name or address as configured, without credentials. */
  readonly host: string;
  /** `system.host_id`; null where it may not be read. */
  readonly hostId: string | null;
  readonly version: string;
  readonly transport: 'jsonrpc' | 'rest';
  /** The NAS's clock at the time of the scan; null where it may not be read. */
  readonly clock: Date | null;
}

/**
 * One deployment of a CSI driver: who makes volumes where. From `drivers:` in our configuration, or from the driver's own
 * Secret. Without either, parents are inferred from PersistentVolumes, and then nothing under them is ever certain.
 */
export interface DriverConfig {
  /** CSI driver name, as in `CSIDriver` and `StorageClass.provisioner`. */
  readonly driver: string;
  /** Name of the cluster it runs in; null for every registered cluster. */
  readonly cluster: string | null;
  /** Name of the TrueNAS system it provisions on; null where there is only one. */
  readonly system: string | null;
  /** The Secret that holds the driver's configuration, where the user names it. */
  readonly secret: SecretName | null;
  /** Dataset whose direct children are its volumes (`zfs.datasetParentName`); null to take it from the Secret. */
  readonly parent: string | null;
  /** Dataset that holds detached snapshots, two levels deep. */
  readonly detachedSnapshotsParent: string | null;
  /** `instance_id` of the driver: the only built-in mark of who owns a dataset. */
  readonly instanceId: string | null;
  /** No cluster other than the registered ones uses this parent. */
  readonly exclusive: boolean;
}

/** A driver whose Secret the user names. */
export interface DeclaredSecret {
  /** CSI driver name. */
  readonly driver: string;
  readonly secret: SecretName;
}

/** The Secrets that are to be read in this cluster. */
export function secretsDeclaredFor(
  clusterName: string,
  drivers: readonly DriverConfig[],
): readonly DeclaredSecret[] {
  return drivers.flatMap(({ driver, cluster, secret }) =>
    secret !== null && (cluster === null || cluster === clusterName) ? [{ driver, secret }] : [],
  );
}

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

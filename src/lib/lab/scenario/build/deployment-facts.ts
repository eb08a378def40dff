import { type IdHash } from './handle.ts';
import { type Protocol } from './protocol.ts';
import { type Cluster, type Nas } from './stage.ts';

/** One release of democratic-csi: a driver in a cluster that makes volumes under one parent. */
export interface Deployment {
  readonly cluster: Cluster;
  readonly nas: Nas;
  readonly protocol: Protocol;
  /** `driver:` of its configuration, such as `freenas-api-nfs`. */
  readonly kind: string;
  /** CSI driver name. */
  readonly driver: string;
  readonly parent: string;
  readonly detachedParent: string;
  readonly instanceId: string | undefined;
  readonly storageClass: string;
  readonly policy: 'Delete' | 'Retain';
  /** Put before and behind the volume id in share, target, extent and subsystem names. */
  readonly assetPrefix: string;
  readonly assetSuffix: string;
  /** Stands for the volume id in those names. */
  readonly assetTemplate: string | undefined;
  /** How the volume id comes from the name of a volume; the name itself where neither is set. */
  readonly idTemplate: string | undefined;
  readonly idHash: IdHash | undefined;
  /** It is told to leave a volume on the NAS when its PersistentVolume goes. */
  readonly keepsDeleted: boolean;
  readonly host: string;
  readonly identity: string;
  /** Age of the release. */
  readonly days: number;
}

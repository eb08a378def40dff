import { type PersistentVolume, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { cleanPath, leafName } from './paths.ts';

/** The one name tns-csi has. */
export const TNS_DRIVER = 'tns.csi.io';

/** CSI driver names that belong to one product for good; democratic-csi's is free text. */
const FIXED_DRIVERS: ReadonlySet<string> = new Set([
  'csi.truenas.io',
  TNS_DRIVER,
  'org.truenas.csi',
  'org.truenas.csi.nfs',
  'org.truenas.csi.iscsi',
  'org.truenas.csi.nvmeof',
]);

/** Whether this CSI driver name alone says that TrueNAS stands behind it. */
export function isTrueNasDriverName(driver: string): boolean {
  return FIXED_DRIVERS.has(driver);
}

/** Kinds of democratic-csi that put volumes on a NAS; node-local ones have no TrueNAS behind them. */
const NAS_DRIVER = /^(?:freenas|truenas|zfs-generic)-/;

/** Whether the volume's own attributes say that democratic-csi made it on a NAS. */
export function isDemocraticCsi(pv: PersistentVolume): boolean {
  return (
    pv.source.kind === 'csi' && NAS_DRIVER.test(pv.source.attributes['provisioner_driver'] ?? '')
  );
}

const NONE: readonly string[] = [];

function isPath(path: string | undefined): path is string {
  return path?.includes('/') === true;
}

function isAbsolute(path: string | undefined): path is string {
  return path?.startsWith('/') === true;
}

/** Mount paths a volume names, whichever driver wrote them. */
export function sharePathsOf(source: PersistentVolume['source']): readonly string[] {
  if (source.kind === 'nfs' || source.kind === 'path') return [cleanPath(source.path)];
  if (source.kind !== 'csi') return NONE;
  const { share, nfsPath, subdir } = source.attributes;
  if (nfsPath === undefined && subdir === undefined) {
    return isAbsolute(share) ? [cleanPath(share)] : NONE;
  }
  const inside = share !== undefined && subdir !== undefined ? `${share}/${subdir}` : undefined;
  return [share, nfsPath, inside].filter(isAbsolute).map(cleanPath);
}

/** What says of a volume where on a server it lies, by the names CSI drivers use. */
function smbAddressOf(source: PersistentVolume['source']): Readonly<Record<string, string>> {
  if (source.kind === 'csi') return source.attributes;
  return source.kind === 'smb' ? { source: source.source } : {};
}

/** Name of the SMB share a volume names, alone or as `//server/share`; NFS shares are named by path. */
export function smbShareOf(source: PersistentVolume['source']): string | undefined {
  const { share, source: address } = smbAddressOf(source);
  const name = share ?? /^\/\/[^/]+\/([^/]+)/.exec(address ?? '')?.[1] ?? '';
  return name === '' || name.startsWith('/') ? undefined : name;
}

/** Where in that SMB share a volume lies, as somebody wrote it; a share shows the datasets inside it as well. */
export function insideSmbShareOf(source: PersistentVolume['source']): readonly string[] {
  const { source: address = '', subdir } = smbAddressOf(source);
  const rest = /^\/\/[^/]+\/[^/]+\/(.+)$/.exec(address)?.[1];
  const both = rest !== undefined && subdir !== undefined ? `${rest}/${subdir}` : undefined;
  return [rest, subdir, both].filter((path) => path !== undefined);
}

/** Full target names a volume names. */
export function targetNamesOf(source: PersistentVolume['source']): readonly string[] {
  if (source.kind === 'iscsi') return [source.iqn];
  if (source.kind !== 'csi') return NONE;
  const { iqn, targetIQN, iscsiIQN } = source.attributes;
  if (iqn === undefined && targetIQN === undefined && iscsiIQN === undefined) return NONE;
  return [iqn, targetIQN, iscsiIQN].filter((name) => name !== undefined && name !== '') as string[];
}

/** NQN of the NVMe-oF subsystem a volume names, whether its driver made it or somebody wrote it by hand. */
export function subsystemNameOf(source: PersistentVolume['source']): string | undefined {
  const nqn = source.kind === 'csi' ? source.attributes['nqn'] : undefined;
  return nqn === '' ? undefined : nqn;
}

/** Full dataset paths a volume names: drivers other than democratic-csi use them as handles. */
export function datasetPathsNamedBy(source: PersistentVolume['source']): readonly string[] {
  if (source.kind !== 'csi') return NONE;
  const { datasetID, datasetName } = source.attributes;
  return [source.handle, datasetID, datasetName].filter(isPath);
}

/** Where a snapshot handle points: below which volume, under which name. */
export type SnapshotHandle =
  | { readonly kind: 'attached'; readonly volume: string; readonly snapshot: string }
  | { readonly kind: 'detached'; readonly volume: string; readonly snapshot: string }
  /** A copy that tns-csi keeps apart from the volume; where, the handle does not say. */
  | { readonly kind: 'copy'; readonly volume: string; readonly snapshot: string };

/**
 * Reads `vol@snap` (attached), `vol/snap` (detached copy), `pool/path@snap`, and the prefixed forms
 * of tns-csi. Undefined where the text is none of these.
 */
export function parseSnapshotHandle(handle: string): SnapshotHandle | undefined {
  const copied = handle.startsWith('detached:');
  const bare = handle.replace(/^(?:detached:)?(?:(?:nfs|smb|iscsi|nvmeof):)?/, '');
  const at = bare.lastIndexOf('@');
  if (at > 0 && at < bare.length - 1) {
    const kind = copied ? 'copy' : 'attached';
    return { kind, volume: bare.slice(0, at), snapshot: bare.slice(at + 1) };
  }
  const slash = bare.indexOf('/');
  if (at >= 0 || slash <= 0 || slash === bare.length - 1) return undefined;
  return { kind: 'detached', volume: bare.slice(0, slash), snapshot: bare.slice(slash + 1) };
}

/** Leaf of the volume a content's handle names a snapshot of, where that lies on the volume; undefined for copies kept elsewhere. */
export function leafOfSource(content: VolumeSnapshotContent): string | undefined {
  const { snapshotHandle, volumeHandle } = content;
  if (snapshotHandle !== null && !snapshotHandle.includes(':')) {
    const at = snapshotHandle.lastIndexOf('@');
    if (at >= 0) return leafBefore(at, snapshotHandle, volumeHandle);
  }
  const read = snapshotHandleOf(content);
  return read?.kind === 'attached' ? leafName(read.volume) : undefined;
}

/** As nearly every handle is written, and much cheaper than taking it apart. */
function leafBefore(at: number, handle: string, volume: string | null): string | undefined {
  if (at === 0 || at === handle.length - 1) return undefined;
  const start = handle.lastIndexOf('/', at) + 1;
  const leaf = handle.slice(start, at);
  // Whoever looks it up in a map pays for a string that is new, and not for one that was there before.
  return leaf === volume ? volume : leaf;
}

/** The handle a content has, or will have once its driver has answered: the name follows from the uid. */
export function snapshotHandleOf(content: VolumeSnapshotContent): SnapshotHandle | undefined {
  if (content.snapshotHandle !== null) return parseSnapshotHandle(content.snapshotHandle);
  const uid = content.snapshot?.uid ?? null;
  if (uid === null || content.volumeHandle === null) return undefined;
  return { kind: 'attached', volume: content.volumeHandle, snapshot: `snapshot-${uid}` };
}

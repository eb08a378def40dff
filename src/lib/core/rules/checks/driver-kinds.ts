import { type Installation } from '../../correlate/installations.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';

/** Values of `driver:` that a driver of democratic-csi runs with: what its Secrets say, else what its volumes remember. */
export function kindsOf(
  { cluster, driver, secrets }: Installation,
  volumes: readonly PersistentVolume[],
): readonly string[] {
  const configured = secrets.map(({ kind }) => kind);
  if (configured.length > 0) return [...new Set(configured)].toSorted();
  const remembered = volumes.flatMap((volume) => {
    const { source } = volume;
    if (volume.cluster !== cluster || source.kind !== 'csi' || source.driver !== driver) return [];
    return source.attributes['provisioner_driver'] ?? [];
  });
  return [...new Set(remembered)].toSorted();
}

/** Whether it makes zvols, which a file system is made in, and not datasets. */
export function isBlockKind(kind: string): boolean {
  return /-(?:iscsi|nvmeof)$/.test(kind);
}

/** Whether it asks the API of TrueNAS for anything; the generic ones log in over SSH alone. */
export function needsApi(kind: string): boolean {
  return /^(?:freenas|truenas)-/.test(kind);
}

/** Whether it asks the API for everything. */
export function isApiKind(kind: string): boolean {
  return needsApi(kind) && kind.includes('-api-');
}

import { type ClusterIdentity } from '../../model/inventory.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type ConfigFile, type Settings } from '../../model/settings.ts';
import { refInCluster } from '../../model/surroundings.ts';

const OF_GROUP = 0o040;
const OF_OTHERS = 0o004;

/** Who but the owner may read a file; undefined where the platform has no permission bits. */
export function otherReaders({ mode }: ConfigFile): 'nobody' | 'group' | 'everybody' | undefined {
  if (mode === null) return undefined;
  if ((mode & OF_OTHERS) !== 0) return 'everybody';
  return (mode & OF_GROUP) === 0 ? 'nobody' : 'group';
}

/** `0640`. */
export function formatMode(mode: number): string {
  return `0${(mode & 0o777).toString(8).padStart(3, '0')}`;
}

/**
 * The configuration belongs to no side. Every outcome has a home, so it goes by the first cluster: there always is one, and nothing
 * is said twice.
 */
export function refsToFiles(
  clusters: readonly ClusterIdentity[],
): ((path: string) => ResourceRef) | undefined {
  const cluster = clusters[0]?.name;
  return cluster === undefined
    ? undefined
    : (path) => refInCluster('ConfigFile', { cluster, name: path });
}

/** Why nothing is known of the secrets in a file where none was seen; undefined where there is none. */
export function doubtOfSecrets({ plainSecrets, hasUnknown }: Settings): string | undefined {
  if (plainSecrets === null) {
    return 'the file could not be read as YAML, so that nothing is known of secrets in it';
  }
  return hasUnknown && plainSecrets.length === 0
    ? 'the keys this tool knows hold no secret, but the file has others, which may'
    : undefined;
}

import { type VolumeUser } from '../../correlate/claims.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type DatasetItem } from '../../render/wire/truenas-list-schema.ts';
import { type Listed } from './listed.ts';

type UserRow = DatasetItem['users'][number];

/** The namespace of who mounts a volume without a claim: `[kind ]namespace/name`. */
function namespaceIn(name: string): string | null {
  const [namespace, rest] = name.slice(name.indexOf(' ') + 1).split('/', 2);
  return rest === undefined ? null : (namespace ?? null);
}

function toUser({ kind, cluster, name }: VolumeUser, { volumes }: Listed): UserRow {
  if (kind === 'inline-volume') {
    return { kind, cluster, name, namespace: namespaceIn(name), claim: null };
  }
  const claim = volumes.get(cluster, name)?.claim ?? null;
  return { kind, cluster, name, namespace: claim?.namespace ?? null, claim: claim?.name ?? null };
}

export function usersOf(dataset: Dataset, listed: Listed): UserRow[] {
  return listed.seen.derived.volumeLinks.usersOf(dataset).map((user) => toUser(user, listed));
}

/**
 * The namespace a dataset belongs to: that of all who use it, or of the claim its properties remember. What several namespaces
 * use belongs to none of them, so that none of them is shown who the others are.
 */
export function namespaceOfDataset(dataset: Dataset, users: readonly UserRow[]): string | null {
  const [first, ...others] = new Set(users.map(({ namespace }) => namespace));
  if (first === undefined) return dataset.properties.claim?.namespace ?? null;
  return others.length === 0 ? first : null;
}

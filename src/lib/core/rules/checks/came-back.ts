import { leafName } from '../../correlate/paths.ts';
import { note, type Check } from '../../model/check.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { type Surroundings } from './unclaimed.ts';

/*
 * Who came back to a dataset that was put aside.
 */

export interface Company {
  /** Who refers to it. */
  readonly users: readonly string[];
  /** What exports it again. */
  readonly doors: readonly string[];
}

/** Everyone who uses the dataset or one below it, as a volume or as a detached copy: what is below went into quarantine with it. */
function usersWithin(
  root: Dataset,
  { volumeLinks, snapshotLinks }: Pick<Surroundings, 'volumeLinks' | 'snapshotLinks'>,
  find: (id: string) => Dataset | undefined,
): readonly string[] {
  const names = new Set(volumeLinks.usersOf(root).map(({ name }) => name));
  const claimant = snapshotLinks.value.claimantOf(leafName(root.id));
  if (claimant !== undefined) names.add(claimant);
  for (const id of volumeLinks.childrenOf(root)) {
    const child = find(id);
    if (child === undefined) continue;
    for (const name of usersWithin(child, { volumeLinks, snapshotLinks }, find)) names.add(name);
  }
  return [...names];
}

/** A share or extent that is enabled again lets somebody in, and nobody can tell who came. */
function openDoors(dataset: Dataset, { exports: { value } }: Surroundings): readonly string[] {
  return [
    ...value.nfsSharesOf(dataset).map(({ enabled, id }) => ({ enabled, name: `NFS share ${id}` })),
    ...value.smbSharesOf(dataset).map(({ enabled, name }) => ({ enabled, name })),
    ...value.extentsOf(dataset).map(({ extent }) => extent),
    ...value.namespacesOf(dataset).map(({ namespace: { enabled, subsystem } }) => ({
      enabled,
      name: `NVMe-oF subsystem ${subsystem}`,
    })),
  ].flatMap(({ enabled, name }) => (enabled ? name : []));
}

/** That none is open has to be known only where it is to be destroyed; one that is open is there for certain. */
export function notExportedAgain(
  doors: readonly string[],
  isDue: boolean,
  { exports, smbShares, nvmetNamespaces }: Surroundings,
): readonly Check[] {
  const id = 'not-exported-again';
  if (doors.length > 0) return [note(id, false, doors.join(', '))];
  if (!isDue) return [];
  return [absenceOf(id, doors, [exports.coverage, smbShares.coverage, nvmetNamespaces.coverage])];
}

/** @param find the datasets of its system */
export function companyOf(
  root: Dataset,
  around: Surroundings,
  find: (id: string) => Dataset | undefined,
): Company {
  return { users: usersWithin(root, around, find), doors: openDoors(root, around) };
}

import { type SnapshotLinks } from '../../correlate/match-snapshots.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { isTemporarySnapshot } from '../../correlate/temporary-snapshot.ts';
import { type Dataset, type ZfsSnapshot } from '../../model/truenas.ts';
import { mayBeDriverSnapshot } from './driver-snapshot.ts';
import { type Failure } from './failed-deletes.ts';

/** Something on the NAS that keeps a dataset or snapshot from being destroyed. */
export interface Blocker {
  /** Whether ZFS itself refuses; newer drivers refuse for less. */
  readonly hard: boolean;
  readonly what: string;
  /** How it is resolved. */
  readonly step: string;
}

/** Names of the first few, by name, and how many more there are. */
function enumerate(names: readonly string[]): string {
  const rest = names.length - 3;
  return `${names.toSorted().slice(0, 3).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}

function describeClone(clone: Dataset, links: VolumeLinks): string {
  const [user] = links.usersOf(clone);
  return user === undefined ? clone.id : `${clone.id} (${user.name} of ${user.cluster})`;
}

/** Clones share their blocks with the snapshot they were made of, which has to outlive them. */
export function clonesBlock(clones: readonly Dataset[], links: VolumeLinks): readonly Blocker[] {
  if (clones.length === 0) return [];
  const names = enumerate(clones.map((clone) => describeClone(clone, links)));
  return [
    {
      hard: true,
      what: `cloned into ${names}`,
      step: `Begin with the clones, ${names}: delete the claims of those nobody wants, and copy the data of the others into volumes of their own.`,
    },
  ];
}

function holdsBlock(snapshots: readonly ZfsSnapshot[]): readonly Blocker[] {
  const held = snapshots.filter(({ details }) => (details?.holds?.length ?? 0) > 0);
  if (held.length === 0) return [];
  const names = enumerate(
    held.map(({ name, details }) => `${name} (${(details?.holds ?? []).join(', ')})`),
  );
  return [
    {
      hard: true,
      what: `held by ${names}`,
      step: `Find out who set the holds ${names}, and release those nobody needs: a replication sets its own.`,
    },
  ];
}

function claimedBlock(snapshots: readonly ZfsSnapshot[], links: SnapshotLinks): readonly Blocker[] {
  const claimants = snapshots
    .filter((each) => links.isClaimed(each))
    .map(({ name }) => links.claimantOf(name) ?? name);
  if (claimants.length === 0) return [];
  return [
    {
      hard: false,
      what: `snapshotted for ${enumerate(claimants)}`,
      step: `Ask whether ${enumerate(claimants)} is still wanted, and delete it through Kubernetes where it is not: it goes with the volume, or keeps it from going.`,
    },
  ];
}

/** They inherit the mark by which newer democratic-csi knows its own snapshots, and it refuses for each of them. */
function foreignBlock(snapshots: readonly ZfsSnapshot[], links: SnapshotLinks): readonly Blocker[] {
  const names = snapshots
    .filter((each) => !mayBeDriverSnapshot(each) && !links.isClaimed(each))
    .map(({ name }) => name);
  const temporary = names.filter((name) => isTemporarySnapshot(name)).map((name) => `@${name}`);
  const foreign = names.filter((name) => !isTemporarySnapshot(name)).map((name) => `@${name}`);
  return [
    ...(temporary.length === 0
      ? []
      : [
          {
            hard: false,
            what: `left with ${enumerate(temporary)}`,
            step: `Delete ${enumerate(temporary)} on TrueNAS, which the driver left when it copied the volume, if no clone and no running job needs it.`,
          },
        ]),
    ...(foreign.length === 0
      ? []
      : [
          {
            hard: false,
            what: `snapshotted by others as ${enumerate(foreign)}`,
            step: `Take the dataset out of the task that makes ${enumerate(foreign)}, and let its retention remove them; keep what a replication needs for its next run.`,
          },
        ]),
  ];
}

/** What stands in the way of destroying a volume's dataset, in the order in which it is resolved. */
export function blockersOf(
  dataset: Dataset,
  links: VolumeLinks,
  snapshotLinks: SnapshotLinks,
): readonly Blocker[] {
  const snapshots = snapshotLinks.snapshotsOf(dataset);
  return [
    ...clonesBlock(links.clonesOf(dataset), links),
    ...holdsBlock(snapshots),
    ...claimedBlock(snapshots, snapshotLinks),
    ...foreignBlock(snapshots, snapshotLinks),
  ];
}

/**
 * What the deletion fails for: ZFS refuses whatever the driver says, and of lesser things the driver has to say that they
 * were the reason.
 */
export function causesAmong(
  blockers: readonly Blocker[],
  failure: Failure | undefined,
): readonly Blocker[] {
  const hard = blockers.filter((each) => each.hard);
  if (hard.length > 0) return hard;
  return failure !== undefined && /snapshot/i.test(failure.message) ? blockers : [];
}

/** Where ZFS refuses, what only some drivers refuse for is resolved with it, so that the next try does not fail for that. */
export function stepsAmong(
  blockers: readonly Blocker[],
  failure: Failure | undefined,
): readonly Blocker[] {
  return causesAmong(blockers, failure).length > 0 ? blockers : [];
}

export function describeCauses(what: string, causes: readonly Blocker[]): string | undefined {
  return causes.length === 0
    ? undefined
    : `${what} is ${causes.map((cause) => cause.what).join('; ')}`;
}

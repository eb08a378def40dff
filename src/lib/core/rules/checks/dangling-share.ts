import { datasetsById, datasetsByMountpoint } from '../../correlate/listed-by.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { datasetPathOf } from '../../correlate/paths.ts';
import { type StorageState } from '../../correlate/storage-state.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type Listing } from '../../model/coverage.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type RemedyAction } from '../../model/remedy.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type RuleContext, type Verdict } from '../../model/rule.ts';
import { type Dataset, type NfsShare, type SmbShare } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { shareIsOurs } from './export-owner.ts';
import { facts } from './facts.ts';
import { firstSeen } from './first-seen.ts';
import { belowDeclaredParent, severityAt } from './known-parent.ts';
import { poolsAgain, storageReadable } from './storage.ts';
import { namesOf, trustInVolumes, type VolumeNames } from './volume-names.ts';
import { suspectsAmong } from './suspects.ts';

/** What tells one protocol's shares from another's. */
export interface ShareKind<S> {
  readonly source: 'nfsShares' | 'smbShares';
  readonly action: RemedyAction;
  readonly refTo: (share: S) => ResourceRef;
  /** Whether the share itself says that a driver made it for this dataset. */
  readonly isMadeFor: (share: S, path: string) => boolean;
  /** Where the share says it. */
  readonly signOf: (share: S) => string;
  /** Names of the volumes that mount the share, or would lie at its path. */
  readonly volumesOf: (volumes: VolumeNames, share: S, path: string) => readonly string[];
}

/** What has to be known of the world around a share. */
export interface ShareWorld {
  readonly datasets: readonly Dataset[];
  readonly parents: ParentIndex;
  readonly storage: StorageState;
  readonly persistentVolumes: Listing<PersistentVolume>;
}

/** Elsewhere than below a parent the path may be a directory inside a dataset, which no list can tell. */
function pathIsVolume<S extends NfsShare | SmbShare>(
  share: S,
  path: string,
  kind: ShareKind<S>,
  parents: ParentIndex,
): Check {
  const known = parents.parentOf(share.system, path) !== undefined;
  return condition(
    'path-is-a-volume',
    known || kind.isMadeFor(share, path) ? true : undefined,
    known ? 'right below a parent of volumes' : kind.signOf(share),
  );
}

/** Shares of a dataset that is not there. */
export function* danglingShares<S extends NfsShare | SmbShare>(
  shares: readonly S[],
  kind: ShareKind<S>,
  { datasets, parents, storage, persistentVolumes }: ShareWorld,
  context: RuleContext,
): Iterable<Verdict> {
  const volumes = lazy(() => namesOf(persistentVolumes.items, parents));
  const isMounted = ({ path }: S): boolean => datasetsByMountpoint(datasets).first.has(path);
  // Nearly every share is of a dataset that is mounted there.
  for (const share of suspectsAmong(shares, context, (each) => !isMounted(each))) {
    const path = datasetPathOf(share.path);
    if (path === undefined) continue;
    const present = isMounted(share) || datasetsById(datasets).has(path);
    if (context.suspectsOnly && present) continue;
    const { system, locked } = share;
    const subject = kind.refTo(share);
    yield {
      subject,
      place: { system, path },
      premise: condition('no-dataset', !present, () =>
        present ? `dataset ${path}` : `no dataset ${path}`,
      ),
      checks: () => [
        pathIsVolume(share, path, kind, parents),
        condition('not-locked', !locked, locked ? 'its dataset is locked' : 'not locked'),
        storageReadable(storage, system, path),
        belowDeclaredParent(parents, system, path),
        ...shareIsOurs(share.comment, parents, system, path),
        assurance('made-by-driver', kind.isMadeFor(share, path), kind.signOf(share)),
        absenceOf(
          'no-volume-refers',
          kind.volumesOf(volumes(), share, path).map((name) => `PersistentVolume ${name}`),
          [trustInVolumes(persistentVolumes)],
        ),
        firstSeen(context.firstSeen(subject)),
      ],
      message: `no dataset ${path} behind this share`,
      severity: severityAt(parents, system, path, 'low'),
      lookups: () => [
        { kind: 'dataset', system, id: path },
        poolsAgain(system),
        { kind: 'system-list', system, source: kind.source },
        { kind: 'cluster-list', source: 'persistentVolumes' },
      ],
      facts: () =>
        facts({
          truenasReference: share.path,
          remedy: {
            action: kind.action,
            safe: true,
            steps: [
              `Check that share ${share.id} still exports ${share.path}: ids are used again.`,
              'Delete the share; no data goes with it.',
            ],
            command: null,
          },
        }),
    };
  }
}

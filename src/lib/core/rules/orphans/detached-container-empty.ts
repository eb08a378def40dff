import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { leafName } from '../../correlate/paths.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule, type Consulted, type Lookup } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from '../checks/absence.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { endsInUid } from '../checks/asset-names.ts';
import { datasetFacts } from '../checks/facts.ts';
import { noForeignExport, noInlineVolume, noOtherUse } from '../checks/leaning.ts';
import { ours } from '../checks/ownership.ts';
import { placeOf } from '../checks/place.ts';
import { noTask } from '../checks/replication.ts';
import { noRunningJob } from '../checks/running-job.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { signsOf, podMakersAgain } from '../checks/unclaimed.ts';

/** ZFS needs some space for an empty file system; whoever put a file into it is likely to have put more. */
const EMPTY_FILE_SYSTEM = 1024 * 1024;

function holdsNoFile({ usedByDataset }: Dataset): Check {
  return assurance(
    'holds-no-file',
    usedByDataset === null ? undefined : usedByDataset.bytes <= EMPTY_FILE_SYSTEM,
    usedByDataset === null ? 'its size is not known' : `${usedByDataset.bytes} bytes are its own`,
  );
}

/** Handles of the volumes that are there: hashed ones look like anything. */
function leavesOf(datasets: readonly Dataset[], links: VolumeLinks): ReadonlySet<string> {
  return new Set(
    datasets.filter((dataset) => links.isManaged(dataset)).map(({ id }) => leafName(id)),
  );
}

/** Containers are named after the volume they hold copies of; what people keep beside them is not. */
function namedAfterVolume({ id }: Dataset, handles: ReadonlySet<string>): Check {
  const leaf = leafName(id);
  const holds = endsInUid(leaf) || handles.has(leaf);
  return assurance('named-after-volume', holds, holds ? leaf : `no volume is known as ${leaf}`);
}

/** Whatever exports a container was not made by its driver, not even where its comment says so. */
function notExported(dataset: Dataset, { coverage, value }: Consulted<'exports'>): Check {
  const { exported } = signsOf(dataset, null, value);
  return exported
    ? assurance('not-exported', false, 'it is exported')
    : absenceOf('not-exported', [], [coverage]);
}

/** The list of datasets is read again: a copy made since would not be seen by a look at the container. */
function lookupsFor({ system, id }: Dataset): readonly Lookup[] {
  return [
    { kind: 'dataset', system, id },
    { kind: 'system-list', system, source: 'datasets' },
    { kind: 'system-list', system, source: 'runningJobs' },
    poolsAgain(system),
    { kind: 'cluster-list', source: 'persistentVolumes' },
    ...podMakersAgain(),
  ];
}

export const detachedContainerEmpty = defineRule({
  id: 'detached-container-empty',
  category: 'orphan',
  severity: 'low',
  title: 'Container of detached snapshots that holds none',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'zfsSnapshots', 'volumeLinks', 'parents', 'storage'],
  consults: [
    'runningJobs',
    'claimUse',
    'exports',
    'smbShares',
    'nvmetNamespaces',
    'snapshotTasks',
    'replications',
  ],

  *evaluate({ datasets, zfsSnapshots, volumeLinks, parents, storage, ...around }, context) {
    const handles = lazy(() => leavesOf(datasets, volumeLinks));
    const withSnapshots = lazy(() => new Set(zfsSnapshots.map(({ dataset }) => dataset)));
    for (const dataset of datasets) {
      const { system, id, kind, properties } = dataset;
      if (kind !== 'filesystem') continue;
      const keeper = parents.detachedParentOf(system, id);
      if (keeper === undefined) continue;
      const children = volumeLinks.childrenOf(dataset);
      if (context.suspectsOnly && children.length > 0) continue;
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('no-copy-inside', children.length === 0, () =>
          children.length === 0 ? 'none' : `datasets below it: ${children.length}`,
        ),
        checks: () => {
          const users = volumeLinks.usersOf(dataset);
          const snapshots = withSnapshots().has(id);
          return [
            condition(
              'no-driver-property',
              properties.owner === null,
              properties.owner === null ? 'a container carries none' : `${properties.owner} did`,
            ),
            condition('no-snapshot', !snapshots, snapshots ? 'it has snapshots' : 'none'),
            condition(
              'no-volume-refers',
              users.length === 0,
              users.map(({ name }) => name).join(', ') || 'no PersistentVolume and no pod does',
            ),
            olderThanThreshold(dataset.createdAt, context),
            storageReadable(storage, system, id),
            noRunningJob(system, id, around.runningJobs),
            ours(signsOf(dataset, null, around.exports.value), keeper),
            holdsNoFile(dataset),
            namedAfterVolume(dataset, handles()),
            notExported(dataset, around.exports),
            noInlineVolume(dataset, volumeLinks, around.claimUse),
            noForeignExport(dataset, around.exports, around.smbShares, around.nvmetNamespaces),
            noOtherUse(dataset),
            noTask(dataset, around.snapshotTasks, around.replications),
          ];
        },
        message: 'no detached snapshot is left in this container',
        lookups: () => lookupsFor(dataset),
        facts: () => ({
          ...datasetFacts(dataset),
          remedy: {
            action: 'delete-detached-container',
            safe: true,
            steps: [
              `Check that ${id} holds no dataset, no snapshot and no file.`,
              'Delete it without the recursive and force options, so that it stays if anything has come into it.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});

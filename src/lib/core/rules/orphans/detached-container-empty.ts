import { assurance, condition, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule, type Lookup } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { noForeignExport, noInlineVolume, noTask } from '../checks/leaning.ts';
import { ours } from '../checks/ownership.ts';
import { placeOf } from '../checks/place.ts';
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
    'replicationTasks',
  ],

  *evaluate({ datasets, zfsSnapshots, volumeLinks, parents, storage, ...around }, context) {
    const withSnapshots = lazy(() => new Set(zfsSnapshots.map(({ dataset }) => dataset)));
    for (const dataset of datasets) {
      const { system, id, kind, properties } = dataset;
      const keeper = parents.detachedParentOf(system, id);
      if (keeper === undefined || kind !== 'filesystem') continue;
      const children = volumeLinks.childrenOf(dataset);
      if (context.suspectsOnly && children.length > 0) continue;
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('no-copy-inside', children.length === 0, () =>
          children.length === 0 ? 'none' : `${children.length} datasets are below it`,
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
            noInlineVolume(dataset, volumeLinks, around.claimUse),
            noForeignExport(dataset, around.exports, around.smbShares, around.nvmetNamespaces),
            noTask(dataset, around.snapshotTasks, around.replicationTasks),
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

import { parentPath } from '../../correlate/paths.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { condition } from '../../model/check.ts';
import { COMPLETE } from '../../model/coverage.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { noInlineVolume } from '../checks/leaning.ts';
import { ours } from '../checks/ownership.ts';
import { placeOf } from '../checks/place.ts';
import { forgottenByName, memoriesAgain, MEMORY_SOURCES } from '../checks/remembered.ts';
import { noRunningJob } from '../checks/running-job.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { signsOf, podMakersAgain } from '../checks/unclaimed.ts';
import { suspectsAmong } from '../checks/suspects.ts';

/** Paths of every parent, of every place of detached snapshots, and of what is above them: drivers need those. */
function scaffoldingOf(parents: ParentIndex): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const parent of parents.all) {
    for (const path of [parent.path, ...parent.detachedPaths]) {
      for (let each = path; each !== ''; each = parentPath(each)) {
        paths.add(`${parent.system} ${each}`);
      }
    }
  }
  return paths;
}

/** Right below a pool lies whatever somebody keeps on it, and not what a driver lost. */
function belowOwnParent(parent: KnownParent): boolean {
  return parent.path.includes('/');
}

function stepsFor({ id }: Dataset): readonly string[] {
  return [
    `Find out who made ${id}: a clone in progress carries no property until it is finished, and it may be somebody's own.`,
    'Where it belongs to somebody, move it out of the parent, which a driver takes for its own.',
    'Where nobody knows it, look at what is in it before anything else.',
  ];
}

function isUnmarked({ properties }: Dataset): boolean {
  return properties.owner === null;
}

export const datasetUnmanaged = defineRule({
  id: 'dataset-unmanaged',
  category: 'orphan',
  severity: 'info',
  title: "Dataset below a driver's parent that no driver made",
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: ['datasets', 'volumeLinks', 'parents', 'storage', 'exports', 'persistentVolumes'],
  consults: ['claimUse', 'runningJobs', ...MEMORY_SOURCES],

  *evaluate({ datasets, volumeLinks, parents, storage, exports, ...around }, context) {
    const scaffolding = lazy(() => scaffoldingOf(parents));
    const listed = { coverage: COMPLETE, value: exports };
    for (const dataset of suspectsAmong(datasets, context, isUnmarked)) {
      const unmarked = isUnmarked(dataset);
      const { system, id } = dataset;
      const parent = parents.parentOf(system, id);
      if (parent === undefined) continue;
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('no-driver-property', unmarked, () =>
          unmarked ? 'no driver wrote anything on it' : `${dataset.properties.owner} did`,
        ),
        checks: () => {
          const managed = volumeLinks.isManaged(dataset);
          const users = volumeLinks.usersOf(dataset);
          const needed = scaffolding().has(`${system} ${id}`);
          const own = belowOwnParent(parent);
          return [
            condition(
              'no-driver-export',
              !managed,
              managed ? 'csi.truenas.io exports it' : "no driver's share or target names it",
            ),
            condition(
              'no-volume-refers',
              users.length === 0,
              users.map(({ name }) => name).join(', ') || 'no PersistentVolume and no pod does',
            ),
            condition(
              'holds-no-volumes',
              !needed,
              needed ? 'drivers keep volumes or snapshots below it' : 'no driver is told to use it',
            ),
            condition(
              'parent-below-pool',
              own,
              own ? `parent ${parent.path}` : `everything on ${parent.path} lies right below it`,
            ),
            olderThanThreshold(dataset.createdAt, context),
            storageReadable(storage, system, id),
            noRunningJob(system, id, around.runningJobs),
            // A driver that marks nothing made what a claim or a node still has by the name of its volume.
            forgottenByName(dataset, { ...around, parents, exports: listed }),
            ours(signsOf(dataset, null, exports), parent),
            noInlineVolume(dataset, volumeLinks, around.claimUse),
          ];
        },
        message: 'no driver made this dataset, and it lies among the volumes of one',
        lookups: () => [
          { kind: 'dataset', system, id },
          poolsAgain(system),
          { kind: 'system-list', system, source: 'runningJobs' },
          { kind: 'cluster-list', source: 'persistentVolumes' },
          ...podMakersAgain(),
          ...memoriesAgain(),
        ],
        facts: () => ({
          ...datasetFacts(dataset),
          // It may well be in use: nothing here is free space.
          reclaimable: bytes(0),
          remedy: { action: 'investigate', safe: false, steps: stepsFor(dataset), command: null },
        }),
      };
    }
  },
});

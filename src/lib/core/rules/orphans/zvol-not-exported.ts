import { exportsAreListed } from '../../correlate/protocol.ts';
import { condition, type Check } from '../../model/check.ts';
import { COMPLETE, type Coverage } from '../../model/coverage.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type VolumeUser } from '../../correlate/claims.ts';
import { lastTurn, latestOf, olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { belowDeclaredParent } from '../checks/known-parent.ts';
import { notKeptOnPurpose } from '../checks/leaning.ts';
import { placeOf } from '../checks/place.ts';
import { memoriesAgain, MEMORY_SOURCES, notRemembered } from '../checks/remembered.ts';
import { UserVolumes } from '../checks/served-volumes.ts';
import { onItsSystem } from '../checks/ownership.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { ownedByRegistered } from '../checks/unclaimed.ts';
import { bytes } from '../../model/units.ts';

/** Phases in which nobody mounts a volume. */
const LEFT: ReadonlySet<string> = new Set(['Released', 'Failed', 'Available']);

/** A volume somebody may mount is for share-missing to judge, and what is mounted by other means is used as it is. */
function nobodyMountsIt(users: readonly VolumeUser[], volumes: UserVolumes): Check {
  const mounted = users.filter((user) => !LEFT.has(volumes.find(user)?.phase ?? 'unknown'));
  return condition('nobody-mounts-it', mounted.length === 0, () =>
    mounted.length === 0 ? 'none' : `used by ${mounted.map(({ name }) => name).join(', ')}`,
  );
}

/** A driver that deletes a volume takes its export away first: what is left of that is for delete-blocked to explain. */
function notBeingDeleted(volumes: readonly PersistentVolume[]): Check {
  const going = volumes.filter(
    ({ phase, reclaimPolicy }) => phase !== 'Available' && reclaimPolicy === 'Delete',
  );
  return condition('not-being-deleted', going.length === 0, () =>
    going.length === 0
      ? 'no driver is asked to delete it'
      : `its driver is to delete ${going.map(({ name }) => name).join(', ')}`,
  );
}

/** Only a list that was read whole says that something is not in it; iSCSI is decisive and read anyway. */
function namespacesRead(coverage: Coverage): Check {
  return condition(
    'namespaces-read',
    coverage.state === 'complete' ? true : undefined,
    coverage.state === 'complete' ? 'read whole' : coverage.reason,
  );
}

function remedyFor({ id }: Dataset, volumes: readonly PersistentVolume[]): Remedy {
  const [volume] = volumes;
  if (volume === undefined) {
    return {
      action: 'none',
      safe: false,
      steps: [`Follow dataset-unclaimed for ${id}: no volume refers to it, and this goes with it.`],
      command: null,
    };
  }
  return {
    action: 'investigate',
    safe: false,
    steps: [
      `Ask the owner of PersistentVolume ${volume.name} whether its data is still wanted: it was kept, and its extent was not.`,
      'Where the volume is to go, follow pv-released.',
      `Where its data is wanted, make extent, target and mapping for ${id} again before anybody binds the volume: as it is, it cannot be mounted.`,
    ],
    command: null,
  };
}

export const zvolNotExported = defineRule({
  id: 'zvol-not-exported',
  category: 'orphan',
  severity: 'medium',
  title: 'Zvol of a volume that nothing exports',
  scope: 'system',
  subjects: ['Zvol'],
  requires: [
    'datasets',
    'volumeLinks',
    'exports',
    'parents',
    'storage',
    'clusters',
    'persistentVolumes',
  ],
  consults: ['nvmetNamespaces', ...MEMORY_SOURCES],

  *evaluate(evidence, context) {
    const { datasets, volumeLinks, exports, parents, storage, persistentVolumes } = evidence;
    const volumes = lazy(() => new UserVolumes(persistentVolumes, volumeLinks));
    for (const zvol of datasets) {
      if (zvol.kind !== 'volume') continue;
      const count = exports.extentsOf(zvol).length + exports.namespacesOf(zvol).length;
      if (context.suspectsOnly && count > 0) continue;
      const { system, id, properties } = zvol;
      const parent = parents.parentOf(system, id);
      if (parent === undefined || !volumeLinks.isManaged(zvol)) continue;
      const users = volumeLinks.usersOf(zvol);
      const left = (): readonly PersistentVolume[] =>
        users.flatMap((user) => volumes().find(user) ?? []);
      yield {
        subject: refToDataset(zvol),
        place: placeOf(zvol),
        premise: condition(
          'not-exported',
          count === 0,
          count === 0 ? 'no extent and no NVMe-oF namespace' : 'it is exported',
        ),
        checks: () => [
          namespacesRead(evidence.nvmetNamespaces.coverage),
          condition(
            'exports-listed',
            exportsAreListed(properties.provisionerDriver),
            `its driver is ${properties.provisionerDriver ?? 'unknown'}`,
          ),
          condition('provisioned', volumeLinks.isFinished(zvol), 'the driver finished making it'),
          nobodyMountsIt(users, volumes()),
          notBeingDeleted(left()),
          olderThanThreshold(
            latestOf([zvol.createdAt, ...left().map(lastTurn)]),
            context,
            'unchanged since',
          ),
          storageReadable(storage, system, id),
          belowDeclaredParent(parents, system, id),
          ...(users.length > 0
            ? [onItsSystem(parent)]
            : [
                ...ownedByRegistered(zvol, parent, evidence, context),
                notKeptOnPurpose(zvol, parent),
                notRemembered(zvol, {
                  ...evidence,
                  exports: { coverage: COMPLETE, value: exports },
                }),
              ]),
        ],
        message: 'no extent and no NVMe-oF namespace exports this zvol',
        severity: users.length > 0 ? 'medium' : 'low',
        lookups: () => [
          { kind: 'system-list', system, source: 'iscsiExtents' },
          { kind: 'system-list', system, source: 'nvmetNamespaces' },
          { kind: 'dataset', system, id },
          poolsAgain(system),
          { kind: 'cluster-list', source: 'persistentVolumes' },
          ...memoriesAgain(),
        ],
        facts: () => ({
          ...datasetFacts(zvol),
          reclaimable: bytes(0),
          remedy: remedyFor(zvol, left()),
        }),
      };
    }
  },
});

import { type BackedVolume } from '../../correlate/backed-volumes.ts';
import { type Backend } from '../../correlate/backend.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type StorageState } from '../../correlate/storage-state.ts';
import { targetKey } from '../../correlate/paths.ts';
import {
  datasetPathsNamedBy,
  sharePathsOf,
  smbShareOf,
  targetNamesOf,
} from '../../correlate/volume-handle.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule, type Consulted, type DatasetPlace, type Lookup } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOf } from '../checks/place.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { suspectsAmong } from '../checks/suspects.ts';

/** A volume whose data was found, and not under one of its driver's parents. */
interface Stray {
  readonly dataset: Dataset;
  /** Where the driver will look. */
  readonly expected: string;
  /** Systems on which it will look. */
  readonly systems: readonly string[];
}

/** A driver that uses the whole path as handle looks there, whatever its parent is. */
function whereLookedFor(
  handle: string,
  { expected }: Extract<Backend, { state: 'elsewhere' }>,
): string | null {
  return handle.includes('/') ? handle : expected;
}

/** Without a parent it is a volume somebody made by hand, and nobody's driver looks for it. */
function strayOf(
  handle: string,
  backend: Backend,
  homes: readonly KnownParent[],
): Stray | undefined {
  if (backend.state !== 'found' && backend.state !== 'elsewhere') return undefined;
  const { dataset } = backend;
  const expected = backend.state === 'found' ? dataset.id : whereLookedFor(handle, backend);
  if (expected === null || homes.length === 0) return undefined;
  return { dataset, expected, systems: [...new Set(homes.map(({ system }) => system))] };
}

/** Where the driver will look, on each of its systems. */
function placesOf({ expected, systems }: Stray): readonly DatasetPlace[] {
  return systems.map((system) => ({ system, path: expected }));
}

/** A pool that is away at either place may hide where the data really is. */
function allReadable(storage: StorageState, stray: Stray): Check {
  const places = [placeOf(stray.dataset), ...placesOf(stray)];
  const hidden = places.find(({ system, path }) => storage.obstacleAt(system, path) !== undefined);
  const { system, path } = hidden ?? placeOf(stray.dataset);
  return storageReadable(storage, system, path);
}

/** How nodes reach the dataset: true by what the volume says, false where it says another place, undefined where neither is seen. */
function isReached(
  { source }: PersistentVolume,
  dataset: Dataset,
  exports: Consulted<'exports'>,
): boolean | undefined {
  if (datasetPathsNamedBy(source).includes(dataset.id)) return true;
  const paths = sharePathsOf(source);
  if (paths.length > 0) return dataset.mountpoint !== null && paths.includes(dataset.mountpoint);
  if (exports.coverage.state !== 'complete') return undefined;
  const share = smbShareOf(source)?.toLowerCase();
  if (share !== undefined) {
    return exports.value.smbSharesOf(dataset).some(({ name }) => name.toLowerCase() === share);
  }
  const wanted = targetNamesOf(source).map(targetKey);
  return wanted.length === 0 ? undefined : serves(exports.value, dataset, wanted);
}

function serves(exports: ExportIndex, dataset: Dataset, wanted: readonly string[]): boolean {
  return exports
    .extentsOf(dataset)
    .some(({ targets }) => targets.some(({ name }) => wanted.includes(targetKey(name))));
}

function isOnItsSystem({ dataset, systems }: Stray): boolean {
  return systems.includes(dataset.system);
}

/** Whether the driver looks elsewhere. */
function isApart(stray: Stray): boolean {
  return stray.expected !== stray.dataset.id || !isOnItsSystem(stray);
}

/** What is on another system than the driver's is as likely a replica of data that is lost as data that was moved. */
function sameSystem(stray: Stray): Check {
  const { dataset, systems } = stray;
  return assurance('on-the-same-system', isOnItsSystem(stray), () =>
    isOnItsSystem(stray)
      ? `both on ${dataset.system}`
      : `it lies on ${dataset.system}, its driver works on ${systems.join(', ')}`,
  );
}

function whereIs(stray: Stray): string {
  const { id, system } = stray.dataset;
  return isOnItsSystem(stray) ? id : `${id} on ${system}`;
}

function whereLooks(stray: Stray): string {
  const path = stray.expected;
  return isOnItsSystem(stray) ? path : `${path} on ${stray.systems.join(', ')}`;
}

const REACHED = { true: 'the volume names it', false: 'the volume names another place' } as const;

function reachedCheck(reached: boolean | undefined): Check {
  const detail =
    reached === undefined ? 'what exports it was not seen' : REACHED[reached ? 'true' : 'false'];
  return assurance('volume-names-it', reached, detail);
}

function lookupsFor(stray: Stray): readonly Lookup[] {
  const places = [placeOf(stray.dataset), ...placesOf(stray)];
  return [
    { kind: 'cluster-list', source: 'persistentVolumes' },
    ...places.map(({ system, path }): Lookup => ({ kind: 'dataset', system, id: path })),
    ...[...new Set(places.map(({ system }) => system))].map(poolsAgain),
  ];
}

function stepsFor(pv: PersistentVolume, { dataset, expected }: Stray): readonly string[] {
  return [
    `Set the reclaim policy of ${pv.name} to Retain: deleting it would succeed and leave ${dataset.id} on the NAS.`,
    `Where the data is to stay, point the parent in the driver's configuration to it, or deploy a driver for that parent and create the PersistentVolume anew.`,
    `Where it was moved by mistake, stop what uses the claim and rename ${dataset.id} back to ${expected}, with its share or extent.`,
  ];
}

export const volumeOutsideParent = defineRule({
  id: 'volume-outside-parent',
  category: 'drift',
  severity: 'medium',
  title: 'PersistentVolume whose data lies where its driver does not look',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'datasets', 'volumeLinks', 'parents', 'storage'],
  consults: ['exports'],

  *evaluate({ persistentVolumes, datasets, volumeLinks, parents, storage, exports }, context) {
    const paths = lazy(() => new Set(datasets.map(({ system, id }) => `${system} ${id}`)));
    const backed = volumeLinks.backed(persistentVolumes);
    const isSuspect = ({ backend }: BackedVolume): boolean => backend.state === 'elsewhere';
    for (const { volume: pv, backend } of suspectsAmong(backed, context, isSuspect)) {
      if (pv.source.kind !== 'csi') continue;
      const homes = parents.forDriver(pv.cluster, pv.source.driver);
      const stray = strayOf(pv.source.handle, backend, homes);
      if (stray === undefined) continue;
      const { dataset, expected } = stray;
      const apart = isApart(stray);
      if (context.suspectsOnly && !apart) continue;
      yield {
        subject: refToVolume(pv),
        place: placeOf(dataset),
        premise: condition('lies-elsewhere', apart, () =>
          apart
            ? `its data lies at ${whereIs(stray)}, its driver looks at ${expected}`
            : `its data lies where its driver looks, at ${expected}`,
        ),
        checks: () => [
          condition(
            'nothing-where-driver-looks',
            !placesOf(stray).some(({ system, path }) => paths().has(`${system} ${path}`)),
            `no dataset ${expected}`,
          ),
          olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
          allReadable(storage, stray),
          assurance(
            'driver-declared',
            homes.every(({ origin }) => origin !== 'inferred'),
            `it uses ${homes.map(({ path }) => path).join(', ')}`,
          ),
          sameSystem(stray),
          reachedCheck(isReached(pv, dataset, exports)),
        ],
        message: () =>
          `its data lies at ${whereIs(stray)}, and its driver looks at ${whereLooks(stray)}`,
        lookups: () => lookupsFor(stray),
        facts: () => ({
          ...volumeFacts(pv, dataset),
          remedy: { action: 'investigate', safe: false, steps: stepsFor(pv, stray), command: null },
        }),
      };
    }
  },
});

import { type PersistentVolume, type VolumeSource } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Backend } from './backend.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { isPossibleBelow, volumePathBelow, type KnownParent } from './known-parent.ts';
import { type Joins, namedBy, unfollowed } from './named-datasets.ts';

/** What stands behind a volume, given the places where its driver would look for it. */
export function resolve(
  pv: PersistentVolume,
  named: readonly Dataset[],
  places: readonly Place[],
  joins: Joins,
): Backend {
  // Whoever mounts a directory of the node uses what lies there, and may yet have another disk there.
  if (pv.source.kind === 'path') return unknown('a directory of a node');
  if (pv.source.kind !== 'csi')
    return byName(pv, named, joins, null) ?? unknown('not a CSI volume');
  const dataset = datasetAt(places, pv.name);
  if (dataset !== undefined) return { state: 'found', dataset };
  const [home] = places;
  return (
    byName(pv, named, joins, home === undefined ? null : pathOf(home, pv.source)) ??
    absence(pv.source, places, joins)
  );
}

/** Short handles repeat, and then the name of the volume tells which of several datasets is meant. */
function datasetAt(places: readonly Place[], name: string): Dataset | undefined {
  if (places.length === 1) return places[0]?.dataset;
  let first: Dataset | undefined;
  for (const { dataset } of places) {
    if (dataset?.properties.csiVolumeName === name) return dataset;
    first ??= dataset;
  }
  return first;
}

/** What it means that nothing answers to a volume's path or names. */
function absence(source: CsiSource, places: readonly Place[], joins: Joins): Backend {
  const [place] = places;
  const { driver, handle } = source;
  if (place === undefined) return unknown(`no parent of driver ${driver} holds ${handle}`);
  if (places.length > 1) return unknown(`driver ${driver} has ${places.length} parents`);
  const why = unfollowed(source, joins);
  if (why !== undefined) return unknown(why);
  const { parent } = place;
  return { state: 'absent', system: parent.system, path: pathOf(place, source), parent };
}

type CsiSource = Extract<VolumeSource, { kind: 'csi' }>;

/** A parent under which a driver looks for a volume, and what is there. */
export interface Place {
  readonly parent: KnownParent;
  readonly dataset: Dataset | undefined;
}

const NO_PLACES: readonly Place[] = [];

/** Where a volume of this handle would lie. */
function pathOf({ parent }: Place, { handle }: CsiSource): string {
  return volumePathBelow(parent, handle) ?? `${parent.path}/${handle}`;
}

function placesIn(
  parent: KnownParent,
  handle: string,
  named: readonly Dataset[],
  index: DatasetIndex,
): readonly Place[] {
  return isPossibleBelow(parent, handle)
    ? [{ parent, dataset: index.volumeBelow(parent, handle, named) }]
    : NO_PLACES;
}

/**
 * Every place where the driver of a volume would look for it.
 *
 * @param named datasets that carry its name
 */
export function placesOf(
  { cluster, source }: PersistentVolume,
  named: readonly Dataset[],
  { parents, index }: Joins,
): readonly Place[] {
  if (source.kind !== 'csi') return NO_PLACES;
  const { driver, handle } = source;
  const homes = parents.forDriver(cluster, driver);
  const [home] = homes;
  // Nearly every driver has one.
  return homes.length === 1 && home !== undefined
    ? placesIn(home, handle, named, index)
    : homes.flatMap((each) => placesIn(each, handle, named, index));
}

export function unknown(reason: string): Backend {
  return { state: 'unknown', reason };
}

function byName(
  pv: PersistentVolume,
  named: readonly Dataset[],
  joins: Joins,
  expected: string | null,
): Backend | undefined {
  // A driver mounts a whole dataset; a volume made by hand may be a directory inside one.
  const [dataset] = [...namedBy(pv.source, joins, pv.source.kind === 'csi'), ...named];
  return dataset === undefined ? undefined : { state: 'elsewhere', dataset, expected };
}

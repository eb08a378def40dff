import { type Estate, type HistoryRecord } from '../../core/model/history.ts';
import { demo } from './demo.ts';
import { allInstants, DAY, type Instants, instantsBefore } from './history/instants.ts';
import { SpaceRecords } from './history/space-records.ts';
import { spellsOf } from './history/spells.ts';
import { type World } from './world.ts';

const DEMO_DAYS = 120;
const FLEET_DAYS = 30;

/** A larger fleet has no past: it would take longer to write than to scan. */
const VOLUMES_WITH_PAST = 2_000;

const volumesIn = ({ clusters }: World): number =>
  clusters.reduce((sum, { objects }) => sum + (objects['persistentvolumes']?.length ?? 0), 0);

function* scansOf(world: World, instants: Instants): Iterable<HistoryRecord> {
  const clusters = world.clusters.map(({ uid, name }) => ({ id: uid, name }));
  const systems = world.systems.map(({ hostId, name }) => ({ id: hostId, name }));
  for (const at of allInstants(instants))
    yield { kind: 'scan', at: new Date(at), clusters, systems };
}

function estateOf({ clusters, systems }: World): Estate {
  return {
    clusters: clusters.map(({ uid }) => uid),
    systems: systems.map(({ hostId }) => hostId),
  };
}

/**
 * What scans of a world would have left in the history before its present: the same each time, one kind after the other,
 * and each in order. It ends shortly before the present, in what a scan finds there.
 *
 * @param scenario name of the scenario the world began as: the demo has 120 days and findings, a fleet 30 days and none
 */
export function* historyOf(world: World, scenario: string): Iterable<HistoryRecord> {
  const now = Date.parse(world.now);
  const isDemo = scenario === demo.name;
  const instants = instantsBefore(now, isDemo ? DEMO_DAYS : FLEET_DAYS);
  if (volumesIn(world) > VOLUMES_WITH_PAST) return;
  const records = new SpaceRecords(world, instants);
  yield* scansOf(world, instants);
  yield* records.pools();
  yield* records.classes();
  yield* records.volumes();
  if (!isDemo) return;
  const estate = estateOf(world);
  const scene = { world, now, instants: allInstants(instants), estate };
  yield* spellsOf(scene, demo.expected);
  yield { kind: 'report', at: new Date(now - 7 * DAY), estate };
}

import { correlate } from '../core/correlate/correlate.ts';
import {
  CHAIN_SOURCES,
  datasetsToLookUp,
  explain,
  snapshotsToLookUp,
} from '../core/explain/explain.ts';
import { type Explanation } from '../core/explain/explanation.ts';
import {
  findObjects,
  namedObjects,
  noSuchFinding,
  severalFindings,
} from '../core/explain/find-object.ts';
import { type Wanted } from '../core/explain/wanted.ts';
import { type Scene, sceneOf } from '../core/explain/scene.ts';
import { subjectsOfFinding } from '../core/explain/stories.ts';
import { withAttachments, withSnapshotDetails } from '../core/explain/snapshot-details.ts';
import { type Inventory } from '../core/model/inventory.ts';
import { type Report } from '../core/model/report.ts';
import { type ResourceRef } from '../core/model/resource-ref.ts';
import { type LookupResult, type NasReader } from '../ports/nas.ts';
import { scanWithInventory } from './scan.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/** A scan whose every object can be explained. */
export interface Explainer {
  readonly report: Report;
  /** Throws a `UsageError` where nothing of that name is there. */
  explain(wanted: Wanted): Promise<Explanation>;
}

type Wants = ReadonlyMap<string, ReadonlySet<string>>;

/** Looks some objects up on each system that has any of them. */
async function lookUp<T>(
  wanted: Wants,
  systems: readonly NasReader[],
  look: (reader: NasReader, ids: readonly string[]) => Promise<LookupResult<T>>,
): Promise<ReadonlyMap<string, LookupResult<T>>> {
  const looks = systems.flatMap((reader) => {
    const ids = wanted.get(reader.name);
    if (ids === undefined) return [];
    return [look(reader, [...ids]).then((found) => [reader.name, found] as const)];
  });
  return new Map(await Promise.all(looks));
}

/**
 * What only a look at the single object tells: the holds of snapshots and who took them, and what else on TrueNAS uses a dataset.
 * The inventory is the same where nothing was to be looked up.
 */
async function withDetails(
  inventory: Inventory,
  subjects: readonly ResourceRef[],
  scene: Scene,
  { systems }: ScanPorts,
  signal: AbortSignal,
): Promise<Inventory> {
  const wanted = {
    snapshots: snapshotsToLookUp(subjects, scene),
    datasets: datasetsToLookUp(subjects, scene),
  };
  if (wanted.snapshots.size + wanted.datasets.size === 0) return inventory;
  const [snapshots, datasets] = await Promise.all([
    lookUp(wanted.snapshots, systems, (reader, ids) => reader.lookUpSnapshots(ids, signal)),
    lookUp(wanted.datasets, systems, (reader, ids) => reader.lookUpDatasets(ids, signal)),
  ]);
  const found = new Map([...datasets].map(([system, look]) => [system, look.found]));
  return withAttachments(withSnapshotDetails(inventory, snapshots), found);
}

/** How the finding id begins that is meant; null where it is an object. */
function idStartOf(wanted: Wanted, scene: Scene): string | null {
  if (wanted.kind === 'finding') return wanted.id;
  // An object may be called as an id begins.
  return wanted.idStart !== null && namedObjects(wanted, scene).length > 0 ? null : wanted.idStart;
}

function subjectsOf(
  wanted: Wanted,
  scene: Scene,
  report: Report,
  { rules, policy }: ScanRequest,
): readonly ResourceRef[] {
  const start = idStartOf(wanted, scene);
  const meant = start === null ? undefined : subjectsOfFinding(start, rules, report, scene, policy);
  if (start !== null && meant !== undefined && meant.size > 1) {
    throw severalFindings(start, [...meant.keys()]);
  }
  if (meant?.size === 1) return [...meant.values()];
  if (wanted.kind === 'object') return findObjects(wanted, scene);
  const known = report.findings.map(({ id }) => id);
  throw noSuchFinding(wanted.id, known, report.complete);
}

/**
 * Scans as `orphans` does, so that what is said to be reported is what `orphans` reports, and hands out explanations of what
 * was seen.
 */
export async function openExplainer(ports: ScanPorts, request: ScanRequest): Promise<Explainer> {
  const { report, inventory } = await scanWithInventory(ports, request, CHAIN_SOURCES);
  const sceneFrom = (seen: Inventory): Scene => sceneOf(correlate(seen, request.policy));
  const scene = sceneFrom(inventory);
  return {
    report,
    explain: async (wanted) => {
      const subjects = subjectsOf(wanted, scene, report, request);
      // A kept scan is shown as it was: what is looked up now would belong to another moment.
      const seen =
        report.cachedFor === null
          ? await withDetails(inventory, subjects, scene, ports, request.signal)
          : inventory;
      const detailed = seen === inventory ? scene : sceneFrom(seen);
      const { rules, policy } = request;
      return {
        asked: wanted.kind === 'finding' ? wanted.id : wanted.text,
        report,
        now: detailed.evidence.now,
        chains: explain(subjects, { scene: detailed, report, rules, policy }),
      };
    },
  };
}

import { correlate } from '../core/correlate/correlate.ts';
import { CHAIN_SOURCES, explain, snapshotsToLookUp } from '../core/explain/explain.ts';
import { type Explanation } from '../core/explain/explanation.ts';
import { findObjects, noSuchFinding, type Wanted } from '../core/explain/find-object.ts';
import { type Scene, sceneOf } from '../core/explain/scene.ts';
import { subjectOfFinding } from '../core/explain/stories.ts';
import { withSnapshotDetails } from '../core/explain/snapshot-details.ts';
import { type Inventory } from '../core/model/inventory.ts';
import { type Report } from '../core/model/report.ts';
import { type ResourceRef } from '../core/model/resource-ref.ts';
import { type ZfsSnapshot } from '../core/model/truenas.ts';
import { type LookupResult } from '../ports/nas.ts';
import { scanWithInventory } from './scan.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/** A scan whose every object can be explained. */
export interface Explainer {
  readonly report: Report;
  /** Throws a `UsageError` where nothing of that name is there. */
  explain(wanted: Wanted): Promise<Explanation>;
}

type Looks = readonly (readonly [system: string, look: LookupResult<ZfsSnapshot>])[];

/** Looks snapshots up one by one: only so do they tell their holds and who took them. */
async function lookUpDetails(
  subjects: readonly ResourceRef[],
  scene: Scene,
  { systems }: ScanPorts,
  signal: AbortSignal,
): Promise<Looks> {
  const wanted = snapshotsToLookUp(subjects, scene);
  const looks = systems.flatMap((reader) => {
    const ids = wanted.get(reader.name);
    if (ids === undefined) return [];
    return [reader.lookUpSnapshots([...ids], signal).then((look) => [reader.name, look] as const)];
  });
  return await Promise.all(looks);
}

function subjectsOf(
  wanted: Wanted,
  scene: Scene,
  report: Report,
  request: ScanRequest,
): readonly ResourceRef[] {
  if (wanted.kind === 'object') return findObjects(wanted, scene);
  const { rules, policy } = request;
  const subject = subjectOfFinding(wanted.id, rules, report, scene, policy);
  if (subject !== undefined) return [subject];
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
      const looks =
        report.cachedFor === null
          ? await lookUpDetails(subjects, scene, ports, request.signal)
          : [];
      const detailed =
        looks.length === 0 ? scene : sceneFrom(withSnapshotDetails(inventory, new Map(looks)));
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

import { describe, expect, test } from 'vitest';
import { sealPlan } from '../../../src/lib/core/cleanup/plan-hash.ts';
import {
  planSchema,
  type PlanBody,
  type PlanStep,
} from '../../../src/lib/core/cleanup/plan-schema.ts';
import { leafName } from '../../../src/lib/core/correlate/paths.ts';
import { SCENARIOS } from '../../../src/lib/lab/scenario/registry.ts';
import {
  type Scenario,
  type TrueNasVersion,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';
import { planOf, scanKnownForLong } from '../../support/planning.ts';
import { runWorld } from '../../support/scan-scenario.ts';

/** What uses storage in a cluster, whoever made it. */
const USERS = ['persistentvolumes', 'volumesnapshotcontents', 'pods'];

/** What objects of Kubernetes are called is no use of storage. */
const NAMES = new Set(['metadata', 'claimRef', 'claimName', 'volumeSnapshotRef']);

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) if (!NAMES.has(key)) yield* textsIn(each);
  }
}

/** Every text that the users of storage hold, as the world has them and not as we read them. */
function textsOf({ clusters }: World): ReadonlySet<string> {
  return new Set(
    clusters.flatMap(({ objects }) => USERS.flatMap((kind) => [...textsIn(objects[kind] ?? [])])),
  );
}

/** What a step takes away of the NAS, by the names that somebody may use it under. */
function namesTaken({ change, before }: PlanStep): readonly string[] {
  if (change.type === 'set-mark' || change.type === 'destroy-dataset') {
    return [change.dataset, `/mnt/${change.dataset}`, leafName(change.dataset)];
  }
  if (change.type === 'delete-snapshot') {
    return [change.snapshot, change.snapshot.split('@')[1] ?? ''];
  }
  if (change.type !== 'delete-object' && change.type !== 'set-enabled') return [];
  const { path, name } = before[0]?.identity ?? {};
  return [path, name].filter((each) => typeof each === 'string');
}

/** Two drivers may give one handle to two volumes; then it says nothing of which one is meant. */
function isAmbiguous(name: string, { systems }: World): boolean {
  const all = systems.flatMap(({ datasets }) => datasets.map(({ id }) => leafName(id)));
  return all.filter((leaf) => leaf === name).length > 1;
}

function takes(plan: PlanBody, world: World): readonly string[] {
  const texts = textsOf(world);
  const repairs = new Set(
    plan.items.filter(({ intent }) => intent === 'repair').map(({ id }) => id),
  );
  return plan.steps
    .filter(({ item }) => !repairs.has(item))
    .flatMap((step) =>
      namesTaken(step).filter((name) => texts.has(name) && !isAmbiguous(name, world)),
    );
}

/** Every scenario on every version takes minutes: each takes its turn, and `EXHAUSTIVE=1` asks for all. */
function versionsOf({ versions }: Scenario, index: number): readonly TrueNasVersion[] {
  if (process.env['EXHAUSTIVE'] === '1') return versions;
  // Neighbours in the registry are the same world with and without faults: both come round to every version.
  const { length } = versions;
  return versions.filter((_, turn) => turn === (index + Math.floor(index / length)) % length);
}

describe.each(SCENARIOS.map((scenario, index) => [scenario.name, scenario, index] as const))(
  '%s',
  (_, scenario, index) => {
    test.each(versionsOf(scenario, index))(
      'is planned for nothing but certain findings, and takes nothing that is used, over TrueNAS %s',
      async (version) => {
        await using running = await runWorld(scenario.build(version));
        const scanned = await scanKnownForLong(running);
        const everything = scanned.report.findings.map(({ id }) => id);
        const plan = planOf(scanned, {
          selection: { rules: [], findings: everything, snapshots: [] },
        });
        const certain = new Set(
          scanned.report.findings
            .filter(({ confidence }) => confidence === 'certain')
            .map(({ id }) => id),
        );
        expect(() => planSchema.parse(sealPlan(plan))).not.toThrow();
        expect(plan.items.filter(({ id }) => !certain.has(id))).toEqual([]);
        const items = new Set(plan.items.map(({ id }) => id));
        expect(plan.steps.filter(({ item }) => !items.has(item))).toEqual([]);
        expect(takes(plan, running.world)).toEqual([]);
        expect(JSON.stringify(plan.steps)).not.toMatch(/"(?:recursive|force|defer|remove)"/);
        // What is named and not planned says why.
        const told = new Set([...items, ...plan.left_out.map(({ id }) => id)]);
        expect(everything.filter((id) => !told.has(id))).toEqual([]);
      },
    );
  },
);

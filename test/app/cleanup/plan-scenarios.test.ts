import { describe, expect, test } from 'vitest';
import { sealPlan } from '../../../src/lib/core/cleanup/plan-hash.ts';
import {
  planSchema,
  type PlanBody,
  type PlanStep,
} from '../../../src/lib/core/cleanup/plan-schema.ts';
import { leafName } from '../../../src/lib/core/correlate/paths.ts';
import { SCENARIOS } from '../../../src/lib/lab/scenario/registry.ts';
import { type World } from '../../../src/lib/lab/scenario/world.ts';
import { planOf, scanKnownForLong } from '../../support/planning.ts';
import { runWorld } from '../../support/scan-scenario.ts';

/** What uses storage in a cluster, whoever made it. */
const USERS = ['persistentvolumes', 'volumesnapshotcontents', 'pods'];

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    // What an object is called is no use of storage.
    for (const [key, each] of Object.entries(value)) if (key !== 'metadata') yield* textsIn(each);
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
  switch (change.type) {
    case 'set-mark':
    case 'destroy-dataset':
      return [change.dataset, `/mnt/${change.dataset}`, leafName(change.dataset)];
    case 'delete-snapshot':
      return [change.snapshot, change.snapshot.split('@')[1] ?? ''];
    case 'delete-object':
    case 'set-enabled': {
      const { path, name } = before[0]?.identity ?? {};
      return [path, name].filter((each) => typeof each === 'string');
    }
    default:
      return [];
  }
}

function takes(plan: PlanBody, texts: ReadonlySet<string>): readonly string[] {
  const repairs = new Set(
    plan.items.filter(({ intent }) => intent === 'repair').map(({ id }) => id),
  );
  return plan.steps
    .filter(({ item }) => !repairs.has(item))
    .flatMap((step) => namesTaken(step).filter((name) => texts.has(name)));
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  (_, scenario) => {
    test.each(scenario.versions)(
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
        expect(takes(plan, textsOf(running.world))).toEqual([]);
        expect(JSON.stringify(plan.steps)).not.toMatch(/"(?:recursive|force|defer|remove)"/);
        // What is named and not planned says why.
        const told = new Set([...items, ...plan.left_out.map(({ id }) => id)]);
        expect(everything.filter((id) => !told.has(id))).toEqual([]);
      },
    );
  },
);

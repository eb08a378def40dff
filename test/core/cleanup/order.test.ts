import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PlanStep } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { refToDataset, refToExtent, refToNfsShare } from '../../../src/lib/core/model/subjects.ts';
import { SEVERITIES } from '../../../src/lib/core/model/finding.ts';
import {
  aMapping,
  anExtent,
  anInventory,
  anNfsShare,
  aTarget,
  aZfsSnapshot,
  details,
  LONG_AGO,
  PARENT,
} from '../../support/builders.ts';
import { fuzzing } from '../../support/fuzzing.ts';
import { findingOf, planFor, quarantined } from '../../support/plan-builders.ts';

const { rounds, seed } = fuzzing();

/** From the leaf to the root. */
const RANKS: readonly string[] = [
  'nvmet-namespace',
  'iscsi-mapping',
  'iscsi-extent',
  'iscsi-target',
  'nfs-share',
  'delete-snapshot',
  'destroy-dataset',
];

function rankOf({ change }: PlanStep): number {
  return RANKS.indexOf('kind' in change ? change.kind : change.type);
}

interface Volume {
  readonly block: boolean;
  readonly snapshots: number;
  readonly exported: boolean;
  readonly severity: number;
  readonly age: number;
}

function worldOf(volumes: readonly Volume[]) {
  const datasets = volumes.map(({ block }, at) =>
    quarantined(9, { id: `${PARENT}/pvc-${String(at)}`, kind: block ? 'volume' : 'filesystem' }),
  );
  const at = (index: number) => `${PARENT}/pvc-${String(index)}`;
  const chosen = (block: boolean) =>
    volumes.flatMap((each, index) => (each.exported && each.block === block ? index : []));
  const zfsSnapshots = volumes.flatMap(({ snapshots }, index) =>
    Array.from({ length: snapshots }, (_, each) =>
      aZfsSnapshot({ dataset: at(index), name: `s${String(each)}`, details: details() }),
    ),
  );
  const inventory = anInventory({
    datasets,
    zfsSnapshots,
    nfsShares: chosen(false).map((index) =>
      anNfsShare({
        id: 100 + index,
        path: `/mnt/${at(index)}`,
        comment: at(index),
        enabled: false,
      }),
    ),
    iscsiExtents: chosen(true).map((index) =>
      anExtent({ id: index + 1, name: `pvc-${String(index)}`, path: `zvol/${at(index)}` }),
    ),
    iscsiTargets: chosen(true).map((index) =>
      aTarget({ id: index + 1, name: `pvc-${String(index)}` }),
    ),
    iscsiTargetExtents: chosen(true).map((index) =>
      aMapping({ id: index + 1, target: index + 1, extent: index + 1 }),
    ),
  });
  const findings = datasets.map((dataset, index) =>
    findingOf('destroy-dataset', refToDataset(dataset), {
      id: String(index).padStart(16, '0'),
      severity: SEVERITIES[volumes[index]?.severity ?? 0] ?? 'low',
      createdAt: new Date(LONG_AGO.getTime() - (volumes[index]?.age ?? 0)),
    }),
  );
  const snapshots = zfsSnapshots.map(({ id }) => id);
  return { inventory, findings, selection: { rules: [], findings: [], snapshots } };
}

const volume: fc.Arbitrary<Volume> = fc.record({
  block: fc.boolean(),
  snapshots: fc.integer({ min: 0, max: 2 }),
  exported: fc.boolean(),
  severity: fc.integer({ min: 0, max: 4 }),
  age: fc.integer({ min: 0, max: 3 }),
});

test('goes from the leaf to the root, item by item, and the same way whatever order findings come in', () => {
  fc.assert(
    fc.property(
      fc.array(volume, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 5 }),
      (volumes, turn) => {
        const { inventory, findings, selection } = worldOf(volumes);
        const plan = planFor(inventory, findings, { selection });
        expect(plan.left_out).toEqual([]);
        expect(plan.steps.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id).toSorted());
        // The steps of an item are together, in the order of the items.
        const runs = plan.steps
          .map(({ item }) => item)
          .filter((item, at, all) => item !== all[at - 1]);
        expect(runs).toEqual(plan.items.map(({ id }) => id));
        for (const { id } of plan.items) {
          const ranks = plan.steps.filter(({ item }) => item === id).map(rankOf);
          expect(ranks).not.toContain(-1);
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
          expect(ranks.at(-1)).toBe(RANKS.length - 1);
        }
        const rotated = [...findings.slice(turn), ...findings.slice(0, turn)];
        expect(planFor(inventory, rotated, { selection })).toEqual(plan);
      },
    ),
    { numRuns: 60 * rounds, seed },
  );
});

test('never has an object in two items', () => {
  const share = anNfsShare({ enabled: false });
  const extent = anExtent({ enabled: false });
  const inventory = anInventory({ nfsShares: [share], iscsiExtents: [extent] });
  const plan = planFor(inventory, [
    findingOf('enable-share', refToNfsShare(share)),
    findingOf('delete-nfs-share', refToNfsShare(share), { id: '1111111111111111' }),
    findingOf('enable-share', refToExtent(extent), { id: '2222222222222222' }),
  ]);
  expect(plan.items.map(({ intent }) => intent)).toEqual(['repair', 'repair']);
  expect(plan.left_out).toHaveLength(1);
});

import { describe, expect, test } from 'vitest';
import { isIntact, sealPlan } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { planSchema } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import { refToDataset, refToNfsShare, refToVolume } from '../../../src/lib/core/model/subjects.ts';
import {
  aCluster,
  aDataset,
  anInventory,
  anNfsShare,
  aPv,
  aSystem,
  HANDLE,
  LONG_AGO,
  PARENT,
} from '../../support/builders.ts';
import { BOUNDLESS } from '../../support/planning.ts';
import { findingOf, planFor, reasonOf, remedyTo, titlesOf } from '../../support/plan-builders.ts';

const dataset = aDataset();
const share = anNfsShare();
const world = anInventory({ datasets: [dataset], nfsShares: [share] });
const unclaimed = findingOf('quarantine-dataset', refToDataset(dataset));

describe('a plan', () => {
  const plan = planFor(world, [unclaimed]);

  test('names what it is bound to, and until when it is good', () => {
    expect(plan.clusters).toEqual([{ name: 'prod', uid: aCluster().uid }]);
    expect(plan.systems).toEqual([expect.objectContaining({ host_id: aSystem().hostId })]);
    expect(Date.parse(plan.expires_at) - Date.parse(plan.created_at)).toBe(BOUNDLESS.planTtl);
    expect(plan.parents).toEqual({ [`nas1:${PARENT}`]: 2 });
  });

  test('is of the published form, and shows when it was edited', () => {
    const sealed = sealPlan(plan);
    expect(planSchema.parse(sealed)).toEqual(sealed);
    expect(isIntact(sealed)).toBe(true);
    expect(isIntact({ ...sealed, plan_id: 'f'.repeat(16) })).toBe(false);
    expect(isIntact({ ...sealed, expires_at: '2030-01-01T00:00:00.000Z' })).toBe(false);
  });

  test('carries its own id in the marks it writes, and when it was carried out at the latest', () => {
    const marks = plan.steps.flatMap(({ change }) =>
      change.type === 'set-mark' ? change.mark : [],
    );
    expect(marks).toEqual([`${dataset.id};${plan.expires_at};${plan.plan_id}`]);
  });

  test('has another id than one of the same instant that leaves out something else', () => {
    const [kept] = plan.items;
    const same = planFor(world, [unclaimed]);
    const other = planFor(world, [unclaimed, { ...unclaimed, id: 'f00', confidence: 'likely' }]);
    expect(same.plan_id).toBe(plan.plan_id);
    expect(other.items).toEqual([kept]);
    expect(other.plan_id).not.toBe(plan.plan_id);
  });

  test('looks at what changes with every write only before the first step that touches an object', () => {
    const [disable, mark] = plan.steps;
    expect(disable?.before[1]?.identity).toHaveProperty('used_by_dataset', 4096);
    expect(mark?.before[0]?.identity).not.toHaveProperty('used_by_dataset');
    expect(mark?.after[0]?.identity).not.toHaveProperty('used_by_dataset');
  });

  test('sums up what it gives back now and later', () => {
    expect(plan.summary).toEqual({
      items: 1,
      steps: 2,
      by_intent: { quarantine: 1 },
      bytes_now: 0,
      bytes_later: unclaimed.reclaimable,
    });
  });
});

describe('a finding is left out', () => {
  const because = (over: Parameters<typeof findingOf>[2], request = {}): string =>
    reasonOf(planFor(world, [{ ...unclaimed, ...over }], request));

  test('where it is not certain, with the doubt', () => {
    const doubt = { check: 'owner-registered', result: 'unknown', detail: 'no line' } as const;
    expect(because({ confidence: 'likely', doubt })).toBe(
      'it is not certain: owner-registered: no line',
    );
    expect(because({ confidence: 'likely', doubt: null })).toBe('it is not certain');
  });

  test('where its remedy is for people', () => {
    expect(because({ remedy: remedyTo('adopt-dataset') })).toBe('it is for people to do: Do it.');
  });

  test('where somebody said to ignore it', () => {
    const suppressed = [
      { finding: unclaimed, by: 'annotation', origin: 'x/ignore', reason: 'mine', until: null },
    ] as const;
    const report = { findings: [], suppressed, complete: true };
    expect(reasonOf(planFor(world, [], { report }))).toBe(
      'it is ignored by annotation (x/ignore): mine',
    );
  });

  test('where a tool would make it again, named or not', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Terraform' };
    const selection = { rules: [], findings: [unclaimed.id], snapshots: [] };
    expect(because({ labels }, { selection })).toMatch(/^it belongs to Terraform: /);
  });

  test('where it is protected', () => {
    const protect = [{ path: 'tank/**', namespace: null, name: null }];
    expect(because({}, { settings: { ...BOUNDLESS, protect } })).toBe(
      'cleanup.protect[0] protects it (path tank/**)',
    );
  });

  test('where it may be missed and nobody named it', () => {
    const remedy = remedyTo('quarantine-dataset', { safe: false });
    expect(because({ remedy })).toBe(
      `it may be missed, so that it has to be asked for: --finding ${unclaimed.id}`,
    );
    const byRule = { rules: ['*'], findings: [], snapshots: [] };
    expect(because({ remedy }, { selection: byRule })).toMatch(/^it may be missed/);
    const named = { rules: [], findings: [unclaimed.id], snapshots: [] };
    expect(because({ remedy }, { selection: named })).toBe('planned: dataset-unclaimed');
  });

  test('where its system cannot be told from another', () => {
    const anonymous = anInventory({ datasets: [dataset], system: aSystem({ hostId: null }) });
    expect(reasonOf(planFor(anonymous, [unclaimed]))).toBe(
      'system nas1 cannot be told from another: its host id cannot be read',
    );
  });

  test('where a cluster that may need it cannot be told from another', () => {
    const nameless = anInventory({ datasets: [dataset], cluster: aCluster({ uid: null }) });
    const reason =
      'cluster prod cannot be told from another: its namespace kube-system cannot be read';
    expect(reasonOf(planFor(nameless, [unclaimed]))).toBe(reason);
    const volume = findingOf('retain-volumes', refToVolume(aPv()));
    expect(reasonOf(planFor(nameless, [volume]))).toBe(reason);
  });

  test('where another item is about the same dataset', () => {
    const dangling = findingOf('delete-nfs-share', refToNfsShare(share), {
      id: 'ffff000011112222',
      severity: 'low',
      place: { system: 'nas1', path: dataset.id },
    });
    const plan = planFor(world, [dangling, unclaimed]);
    expect(plan.items.map(({ id }) => id)).toEqual([unclaimed.id]);
    expect(plan.left_out.map(({ reason }) => reason)).toEqual([
      `dataset-unclaimed ${dataset.id} is about the same and comes first: plan again after it`,
    ]);
  });

  test('where it lies inside another planned item', () => {
    const inside = findingOf(
      'enable-share',
      refToNfsShare(anNfsShare({ id: 7, enabled: false, path: `${share.path}/sub` })),
      {
        id: '0000000000000001',
        place: { system: 'nas1', path: `${dataset.id}/sub` },
      },
    );
    const both = anInventory({
      datasets: [dataset],
      nfsShares: [anNfsShare({ id: 7, enabled: false, path: `${share.path}/sub` })],
    });
    // A share of what lies inside is not the dataset's own, so that the dataset is never planned either.
    expect(titlesOf(planFor(both, [unclaimed, inside]))).toEqual([
      `Enable NFS share 7 of ${share.path}/sub`,
    ]);
  });

  test('without a word where nobody asked for it, or could expect anything', () => {
    const selection = { rules: ['pv-*'], findings: [], snapshots: [] };
    expect(planFor(world, [unclaimed], { selection }).left_out).toEqual([]);
    expect(
      planFor(world, [{ ...unclaimed, category: 'health', remedy: remedyTo('none') }]).left_out,
    ).toEqual([]);
  });
});

test('takes what helps first, then the worst, then the oldest, while the limits last', () => {
  const paths = ['a', 'b', 'c'].map((leaf) => aDataset({ id: `${PARENT}/${leaf}${HANDLE}` }));
  const off = anNfsShare({ id: 9, enabled: false });
  const many = anInventory({ datasets: [dataset, ...paths], nfsShares: [off] });
  const [a, b, c] = paths.map((each, index) =>
    findingOf('quarantine-dataset', refToDataset(each), {
      id: `000000000000000${String(index)}`,
      severity: index === 2 ? 'high' : 'medium',
      createdAt: new Date(LONG_AGO.getTime() - index),
    }),
  );
  const enable = findingOf('enable-share', refToNfsShare(off), {
    severity: 'info',
    id: 'ffffffffffffffff',
  });
  const findings = [a, enable, b, c].filter((each) => each !== undefined);
  const settings = { ...BOUNDLESS, maxItems: 2 };
  const plan = planFor(many, findings, { settings });
  expect(plan.items.map(({ id }) => id)).toEqual([enable.id, c?.id, b?.id]);
  expect(plan.left_out).toEqual([
    expect.objectContaining({ id: a?.id, reason: 'max_items allows 2 items within 24 h' }),
  ]);
  expect(planFor(many, findings.toReversed(), { settings })).toEqual(plan);
});

test('leaves to another day what the last 24 h have used up', () => {
  const home = aSystem().hostId ?? '';
  const usage = new Map([[home, { items: 10, bytes: 0, datasets: new Map() }]]);
  const settings = { ...BOUNDLESS, maxItems: 10 };
  expect(reasonOf(planFor(world, [unclaimed], { settings, usage }))).toBe(
    'max_items allows 10 items within 24 h',
  );
  const small = { ...BOUNDLESS, maxBytes: bytes(1024) };
  expect(reasonOf(planFor(world, [unclaimed], { settings: small }))).toBe(
    'max_bytes allows 1 KiB within 24 h',
  );
});

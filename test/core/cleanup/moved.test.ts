import { expect, test } from 'vitest';
import { movedDatasets } from '../../../src/lib/core/cleanup/moved.ts';
import { type PlanStep } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { type RunView, type StepView } from '../../../src/lib/core/cleanup/run-view.ts';

const AT = new Date('2026-11-01T00:00:00Z');
const FROM = 'tank/k8s/vols/pvc-1';
const TO = 'tank/quarantine/pvc-1';
const MARK = `${FROM};2026-11-01T00:00:00Z;plan-7`;

function stepOf(id: string, change: PlanStep['change'], state: StepView['state']): StepView {
  const step: PlanStep = {
    id,
    item: 'i',
    title: 'do it',
    target: { side: 'truenas', system: 'nas1' },
    subject: { type: 'Dataset', name: FROM, namespace: null, cluster: null, system: 'nas1' },
    change,
    before: [
      {
        target: { side: 'truenas', kind: 'dataset', where: { id: FROM } },
        identity: { id: FROM, guid: '77', createtxg: '8' },
      },
    ],
    after: [{ target: { side: 'truenas', kind: 'dataset', where: { id: FROM } }, identity: null }],
    preconditions: [],
    undo: null,
    reversible_until: null,
    bytes: 0,
  };
  const rest = {
    detail: null,
    pending: false,
    attempts: 1,
    undoing: false,
    saved: [],
    observed: [],
  };
  return { step, state, at: AT, ...rest };
}

function runOf(steps: readonly StepView[], over: Partial<RunView> = {}): RunView {
  return {
    id: 'run-1',
    kind: 'apply',
    undoes: null,
    plan: null,
    by: { kind: 'os', name: 'me', host: 'here' },
    approvedBy: [],
    begunAt: AT,
    lastAt: AT,
    state: 'done',
    reason: null,
    steps,
    lost: [],
    clusters: [],
    systems: [{ name: 'nas1', host: 'nas1.example', host_id: 'host-1', version: '25.10' }],
    ...over,
  };
}

const mark = (state: StepView['state'], used: number | null = 4096): StepView => ({
  ...stepOf('s01', { type: 'set-mark', dataset: FROM, mark: MARK }, state),
  observed: [
    {
      target: { side: 'truenas', kind: 'dataset', where: { id: FROM } },
      identity: { id: FROM, used_by_dataset: used },
    },
  ],
});
const move = (state: StepView['state']) =>
  stepOf('s02', { type: 'move-dataset', from: FROM, to: TO }, state);
const known = {
  hostId: 'host-1',
  from: FROM,
  guid: '77',
  createtxg: '8',
  mark: MARK,
  usedByDataset: 4096,
  at: AT,
};

test('what was marked is known by what ZFS and the mark tell, and by what it held then', () => {
  expect(movedDatasets([runOf([mark('done')])])).toEqual([{ ...known, to: FROM }]);
  expect(movedDatasets([runOf([mark('done', null)])])).toMatchObject([{ usedByDataset: null }]);
});

test('what was moved as well is known where it is, and no longer where it was', () => {
  expect(movedDatasets([runOf([mark('done'), move('done')])])).toEqual([{ ...known, to: TO }]);
});

test('what was moved without a mark is known by none', () => {
  expect(movedDatasets([runOf([move('done')])])).toMatchObject([{ to: TO, mark: null }]);
});

test('what was not done, or not for certain, moved nothing', () => {
  for (const state of ['failed', 'skipped', 'unknown', null] as const) {
    expect(movedDatasets([runOf([mark(state), move(state)])])).toEqual([]);
  }
});

test('what was brought back is no longer put aside', () => {
  const undone = runOf([stepOf('s02', { type: 'move-dataset', from: TO, to: FROM }, 'done')], {
    id: 'run-2',
    kind: 'rollback',
    undoes: 'run-1',
  });
  const moved = movedDatasets([runOf([mark('done'), move('done')]), undone]);
  expect(moved.map(({ to }) => to)).toEqual([FROM]);
});

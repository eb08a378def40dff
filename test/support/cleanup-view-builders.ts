import { type CleanupHistory } from '../../src/lib/core/cleanup/cleanup-history.ts';
import { type Actor, type Saved } from '../../src/lib/core/cleanup/journal-schema.ts';
import { planId, sealPlan } from '../../src/lib/core/cleanup/plan-hash.ts';
import {
  type CleanupPlan,
  type PlanBody,
  type PlanItem,
  type PlanStep,
  type PlanSubject,
} from '../../src/lib/core/cleanup/plan-schema.ts';
import { type PlanView } from '../../src/lib/core/cleanup/plan-view.ts';
import { READ_BACK, type RunView, type StepView } from '../../src/lib/core/cleanup/run-view.ts';
import { NOW } from './builders.ts';

const GIB = 1024 ** 3;
const later = (seconds: number): string => new Date(NOW.getTime() + seconds * 1_000).toISOString();

export const ann: Actor = { kind: 'os', name: 'ann', host: 'ops1' };
export const ben: Actor = {
  kind: 'kubernetes',
  name: 'ben@example.com',
  uid: 'u-ben',
  groups: ['storage'],
  cluster: 'prod',
  cluster_uid: '7b0f1a4e-3f52-4d0c-9a51-2f8f5c1d0b77',
};

const LEAF = 'tank/k8s/nfs/vols/pvc-e1187cf1-c41d-4f87-b0aa-b5b326c85eaa';
const DUE = 'tank/k8s/iscsi/vols/pvc-77aa10c2-0a5e-4d43-9a3a-c1f2f7a9d1e0';

export function aSubject(overrides: Partial<PlanSubject> = {}): PlanSubject {
  return {
    ...{ type: 'Dataset', name: LEAF, namespace: null, cluster: null, system: 'nas1' },
    ...overrides,
  };
}

export function anItem(overrides: Partial<PlanItem> = {}): PlanItem {
  return {
    id: '5c63563aad29d238',
    rule: 'dataset-unclaimed',
    severity: 'high',
    intent: 'quarantine',
    subject: aSubject(),
    reason: 'no PersistentVolume in any registered cluster refers to this dataset',
    bytes: 313.5 * GIB,
    dataset: LEAF,
    parent: 'tank/k8s/nfs/vols',
    created_at: later(-21_000_000),
    evidence: [
      {
        check: 'no-pv-with-handle',
        result: 'passed',
        detail: 'no PersistentVolume or pod of any registered cluster uses it',
      },
      {
        check: 'owner-registered',
        result: 'passed',
        detail: "instance_id prod is a registered driver's",
      },
      {
        check: 'no-nfs-client',
        result: 'unknown',
        detail: 'NFS and SMB clients cannot be read per dataset',
      },
    ],
    ...overrides,
  };
}

export function aStep(overrides: Partial<PlanStep> = {}): PlanStep {
  const share = { side: 'truenas' as const, kind: 'nfs-share' as const, where: { id: 20 } };
  const seen = { id: 20, path: `/mnt/${LEAF}`, enabled: true };
  return {
    id: 's01',
    item: '5c63563aad29d238',
    title: `disable the NFS share 20 of /mnt/${LEAF}`,
    target: { side: 'truenas', system: 'nas1' },
    subject: aSubject({ type: 'NfsShare', name: `/mnt/${LEAF}` }),
    change: { type: 'set-enabled', kind: 'nfs-share', id: 20, enabled: false },
    before: [{ target: share, identity: seen }],
    after: [{ target: share, identity: { ...seen, enabled: false } }],
    preconditions: [
      'dataset-unclaimed still holds of it for certain, by a fresh scan of both sides',
      `share 20 still has the path /mnt/${LEAF} and is enabled`,
    ],
    undo: 'enable the share again',
    reversible_until: later(7 * 86_400),
    bytes: 0,
    ...overrides,
  };
}

const MARK = `${LEAF};2026-11-22T12:00:00.000Z;0123456789abcdef`;

const markStep = aStep({
  id: 's02',
  title: `mark the dataset ${LEAF} as quarantined`,
  subject: aSubject(),
  change: { type: 'set-mark', dataset: LEAF, mark: MARK },
  preconditions: ['its guid and createtxg are those of the plan', 'nobody has written to it since'],
  undo: 'remove the mark',
});

const destroyItem = anItem({
  id: '91d0a77b2c3e4f50',
  rule: 'dataset-quarantined',
  severity: 'medium',
  intent: 'destroy',
  subject: aSubject({ type: 'Zvol', name: DUE }),
  reason: 'it was put aside 8d ago, and nobody came for it',
  bytes: 40 * GIB,
  dataset: DUE,
  parent: 'tank/k8s/iscsi/vols',
});

const destroyStep = aStep({
  id: 's03',
  item: destroyItem.id,
  title: `destroy the zvol ${DUE}`,
  subject: destroyItem.subject,
  change: { type: 'destroy-dataset', dataset: DUE },
  preconditions: ['it has no snapshot, no clone and no child', 'its mark names it and is due'],
  undo: null,
  reversible_until: null,
  bytes: 40 * GIB,
});

const policyItem = anItem({
  id: '0f00aa11bb22cc33',
  rule: 'pv-released',
  severity: 'low',
  intent: 'repair',
  subject: aSubject({
    ...{ type: 'PersistentVolume', name: 'pvc-88b9870b-6881', cluster: 'prod', system: null },
  }),
  reason: 'its claim is gone, reclaim policy Delete',
  bytes: 0,
  dataset: null,
  parent: null,
  evidence: [{ check: 'claim-gone', result: 'passed', detail: 'databases/data-0 is gone' }],
});

const policyStep = aStep({
  id: 's04',
  item: policyItem.id,
  title: 'set the reclaim policy of pv/pvc-88b9870b-6881 to Retain',
  target: { side: 'kubernetes', cluster: 'prod' },
  subject: policyItem.subject,
  change: {
    type: 'set-policy',
    kind: 'persistentvolume',
    name: 'pvc-88b9870b-6881',
    policy: 'Retain',
  },
  preconditions: ['its uid and resourceVersion are those of the plan'],
  undo: 'set it to Delete again',
  reversible_until: null,
});

const policyBefore: Saved = {
  target: {
    side: 'kubernetes',
    kind: 'persistentvolume',
    where: { name: 'pvc-88b9870b-6881', namespace: null },
  },
  identity: { policy: 'Delete' },
  raw: {},
};

export function aPlan(overrides: Partial<PlanBody> = {}): CleanupPlan {
  return sealPlan({
    schema_version: 1,
    kind: 'CleanupPlan',
    plan_id: '0123456789abcdef',
    tool_version: '1.2.3',
    created_at: later(-60),
    expires_at: later(3_540),
    clusters: [{ name: 'prod', uid: '7b0f1a4e-3f52-4d0c-9a51-2f8f5c1d0b77' }],
    systems: [{ name: 'nas1', host: 'nas1.example', host_id: 'a1b2c3d4e5f6', version: '25.10.1' }],
    complete: true,
    quarantine_for_seconds: 7 * 86_400,
    limits: { max_items: 10, max_bytes: 1024 * GIB, max_percent: 5 },
    parents: { 'nas1:tank/k8s/nfs/vols': 42, 'nas1:tank/k8s/iscsi/vols': 25 },
    summary: {
      items: 3,
      steps: 4,
      by_intent: { repair: 1, quarantine: 1, destroy: 1 },
      bytes_now: 40 * GIB,
      bytes_later: 313.5 * GIB,
    },
    items: [anItem(), destroyItem, policyItem],
    steps: [aStep(), markStep, destroyStep, policyStep],
    left_out: [
      ...['a', 'b', 'c', 'd', 'e'].map((name) => ({
        id: `00000000000000${name}0`,
        rule: 'zfs-snapshot-unclaimed',
        subject: aSubject({ type: 'ZfsSnapshot', name: `tank/k8s/nfs/vols/pvc-1@${name}` }),
        reason: 'its remedy is not safe to follow blindly; name it with --finding',
      })),
      {
        id: '1111111111111111',
        rule: 'pv-released',
        subject: aSubject({
          ...{ type: 'PersistentVolume', name: 'pvc-1', cluster: 'prod', system: null },
        }),
        reason: 'Argo CD manages it: change it there',
      },
    ],
    ...overrides,
  });
}

export function aPlanView(overrides: Partial<PlanView> = {}): PlanView {
  const plan = overrides.plan ?? aPlan();
  return {
    id: planId(plan),
    plan,
    plannedBy: ann,
    approvals: [],
    rejection: null,
    state: 'awaiting_approval',
    ...overrides,
  };
}

export function aStepView(step: PlanStep, overrides: Partial<StepView> = {}): StepView {
  return {
    ...{ step, state: null, detail: null, at: null, pending: false, attempts: 0 },
    ...{ undoing: false, saved: [], observed: [] },
    ...overrides,
  };
}

export function aRun(overrides: Partial<RunView> = {}): RunView {
  const plan = aPlan();
  const [share, mark, destroy, policy] = plan.steps.map((step) => step);
  const at = NOW;
  return {
    id: '20261122-120100-4f2a',
    kind: 'apply',
    undoes: null,
    plan,
    by: ann,
    approvedBy: [ben],
    begunAt: NOW,
    lastAt: new Date(NOW.getTime() + 42_000),
    state: 'done',
    reason: null,
    steps: [share, mark, destroy, policy].flatMap((step) =>
      step === undefined
        ? []
        : [
            aStepView(step, {
              state: 'done',
              detail: READ_BACK,
              saved: step.change.type === 'set-policy' ? [policyBefore] : [],
              at,
              attempts: 1,
            }),
          ],
    ),
    lost: [],
    clusters: plan.clusters,
    systems: plan.systems,
    ...overrides,
  };
}

/** One that met something it did not expect: of each state a step can have. */
export function aStoppedRun(overrides: Partial<RunView> = {}): RunView {
  const run = aRun();
  const [share, mark, destroy, policy] = run.steps;
  if (!share || !mark || !destroy || !policy) throw new TypeError('the run has four steps');
  return {
    ...run,
    id: '20261122-130100-77aa',
    state: 'unknown',
    reason: `what became of s02 is not known: no answer came from nas1 within 30 s, and the dataset could not be read since`,
    steps: [
      share,
      { ...mark, state: 'unknown', detail: 'no answer within 30 s', attempts: 2 },
      { ...destroy, state: 'skipped', detail: 'there is a new snapshot @manual-1', attempts: 0 },
      { ...policy, state: null, detail: null, at: null, attempts: 0 },
    ],
    ...overrides,
  };
}

export function aRollback(overrides: Partial<RunView> = {}): RunView {
  const run = aRun();
  return {
    ...run,
    id: '20261122-140100-0b1c',
    kind: 'rollback',
    undoes: run.id,
    plan: null,
    approvedBy: [],
    state: 'rolled_back',
    steps: run.steps
      .slice(0, 1)
      .map((each) => ({ ...each, step: { ...each.step, title: 'enable the NFS share 20 again' } })),
    lost: [{ step: 's03', reason: 'the zvol was destroyed' }],
    ...overrides,
  };
}

export function aCleanupHistory(overrides: Partial<CleanupHistory> = {}): CleanupHistory {
  const approval = { by: ben, at: NOW, reason: 'looked at with the team' };
  return {
    damaged: [
      {
        kind: 'run',
        id: '20261101-080000-dead',
        path: '/home/ann/.local/state/truenas-monitor/cleanup/runs/20261101-080000-dead.jsonl',
        reason: 'line 7 is not what was written',
      },
    ],
    plans: [
      aPlanView({ state: 'approved', approvals: [approval] }),
      aPlanView({
        id: 'fedcba9876543210',
        plan: aPlan({ plan_id: 'fedcba9876543210', expires_at: later(-30) }),
        rejection: { by: ann, at: NOW, reason: null },
        state: 'rejected',
      }),
    ],
    runs: [aRun(), aStoppedRun(), aRollback()],
    ...overrides,
  };
}

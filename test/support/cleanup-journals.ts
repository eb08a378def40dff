import {
  type Actor,
  type EntryOf,
  type JournalEntry,
} from '../../src/lib/core/cleanup/journal-schema.ts';
import { type StepState } from '../../src/lib/core/cleanup/lifecycle.ts';
import { sealPlan } from '../../src/lib/core/cleanup/plan-hash.ts';
import {
  type CleanupPlan,
  type PlanBody,
  type PlanItem,
  type PlanStep,
} from '../../src/lib/core/cleanup/plan-schema.ts';

/*
 * Journals for tests: two shares of one dataset that are switched off.
 */

const DATASET = 'tank/k8s/pvc-1';
const START = Date.parse('2026-11-22T01:00:00.000Z');

/** The instant so many seconds after all began. */
export function second(count: number): string {
  return new Date(START + count * 1_000).toISOString();
}

export const ANN: Extract<Actor, { kind: 'kubernetes' }> = {
  kind: 'kubernetes',
  name: 'ann@example.org',
  uid: null,
  groups: ['storage'],
  cluster: 'prod',
  cluster_uid: 'c-1',
};
export const BOB: Actor = { ...ANN, name: 'bob@example.org' };
export const ROOT: Actor = { kind: 'os', name: 'root', host: 'ops1' };
export const POLICY: Actor = { kind: 'policy', name: 'dataset-unclaimed' };

const subject = {
  type: 'NfsShare',
  name: `/mnt/${DATASET}`,
  namespace: null,
  cluster: null,
  system: 'nas1',
} as const;

export function aPlanItem(over: Partial<PlanItem> = {}): PlanItem {
  return {
    id: 'f00d',
    rule: 'dataset-unclaimed',
    severity: 'high',
    intent: 'quarantine',
    subject: { ...subject, type: 'Dataset', name: DATASET },
    reason: 'no PersistentVolume in any registered cluster refers to this dataset',
    bytes: 4096,
    dataset: DATASET,
    parent: 'tank/k8s',
    created_at: second(-86_400),
    evidence: [{ check: 'no-pv-with-handle', result: 'passed', detail: 'none of 12 é\u202e' }],
    ...over,
  };
}

export function aPlanStep(id: string, share: number, over: Partial<PlanStep> = {}): PlanStep {
  const target = { side: 'truenas', kind: 'nfs-share', where: { id: share } } as const;
  return {
    id,
    item: 'f00d',
    title: `disable the NFS share ${String(share)}`,
    target: { side: 'truenas', system: 'nas1' },
    subject,
    change: { type: 'set-enabled', kind: 'nfs-share', id: share, enabled: false },
    before: [{ target, identity: { id: share, enabled: true } }],
    after: [{ target, identity: { id: share, enabled: false } }],
    preconditions: ['it is enabled'],
    undo: 'enable it',
    reversible_until: null,
    bytes: 100,
    ...over,
  };
}

export function aCleanupPlan(over: Partial<PlanBody> = {}): CleanupPlan {
  return sealPlan({
    schema_version: 1,
    kind: 'CleanupPlan',
    plan_id: '0123456789abcdef',
    tool_version: '0.1.0',
    created_at: second(0),
    expires_at: second(3_600),
    clusters: [{ name: 'prod', uid: 'c-1' }],
    systems: [{ name: 'nas1', host: 'nas1.example', host_id: 'h-1', version: '25.10.1' }],
    complete: true,
    quarantine_for_seconds: 604_800,
    limits: { max_items: 10, max_bytes: 1024, max_percent: 5 },
    parents: { 'nas1:tank/k8s': 40 },
    summary: {
      items: 1,
      steps: 2,
      by_intent: { quarantine: 1 },
      bytes_now: 0,
      bytes_later: 4096,
    },
    items: [aPlanItem()],
    steps: [aPlanStep('s01', 1), aPlanStep('s02', 2)],
    left_out: [],
    ...over,
  });
}

export function planned(plan = aCleanupPlan(), by = ROOT): EntryOf<'planned'> {
  return { type: 'planned', at: plan.created_at, plan, by };
}

export function approved(by: Actor, over: Partial<EntryOf<'approved'>> = {}): JournalEntry {
  const { plan_hash } = aCleanupPlan();
  return { type: 'approved', at: second(60), plan_hash, by, reason: null, ...over };
}

export function rejected(by: Actor, over: Partial<EntryOf<'rejected'>> = {}): JournalEntry {
  const { plan_hash } = aCleanupPlan();
  return { type: 'rejected', at: second(90), plan_hash, by, reason: 'still needed', ...over };
}

export function begun(over: Partial<EntryOf<'begun'>> = {}): EntryOf<'begun'> {
  return {
    type: 'begun',
    at: second(120),
    run_id: 'run-1',
    tool_version: '0.1.0',
    by: ROOT,
    approved_by: [ANN],
    work: { kind: 'apply', plan: aCleanupPlan() },
    ...over,
  };
}

export function begunRollback(runId: string, undone: string, ...steps: PlanStep[]): JournalEntry {
  const { clusters, systems } = aCleanupPlan();
  const lost = [{ step: 's09', reason: 'what was destroyed does not come back' }];
  return begun({
    run_id: runId,
    at: second(600),
    work: { kind: 'rollback', run_id: undone, clusters, systems, steps, lost },
  });
}

export function moved(state: EntryOf<'state'>['state'], at = 130): JournalEntry {
  return { type: 'state', at: second(at), state, reason: state === 'failed' ? 'why' : null };
}

export function intent(step: string, attempt = 1): JournalEntry {
  const share = Number(step.slice(1));
  return {
    type: 'intent',
    at: second(140 + share),
    step,
    attempt,
    undo: false,
    saved: [
      {
        target: { side: 'truenas', kind: 'nfs-share', where: { id: share } },
        identity: { id: share, enabled: true },
        raw: { id: share, hosts: [], comment: 'a\nb', nested: { z: 1.5, a: null } },
      },
    ],
  };
}

export function outcome(step: string, state: StepState = 'done'): JournalEntry {
  const share = Number(step.slice(1));
  return {
    type: 'outcome',
    at: second(150 + share),
    step,
    state,
    detail: `the share is ${state}`,
    observed: [
      {
        target: { side: 'truenas', kind: 'nfs-share', where: { id: share } },
        identity: { id: share, enabled: false },
      },
    ],
    found: false,
  };
}

/** A whole run. */
export const RUN: readonly JournalEntry[] = [
  begun(),
  moved('applying'),
  intent('s01'),
  outcome('s01'),
  intent('s02'),
  outcome('s02'),
  moved('done', 200),
];

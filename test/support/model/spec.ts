import fc from 'fast-check';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';

/*
 * What one run of the model is made of, as data: what is left over in its world, who else counts on it, what others do meanwhile, and
 * what goes wrong. Every part is drawn by itself, so that a failure shrinks to the few that matter.
 */

/** What a world may have left over. */
export const LEFTOVERS = [
  'unclaimed-nfs',
  'unclaimed-iscsi',
  'unclaimed-smb',
  'unclaimed-nvmeof',
  'unclaimed-csi-nfs',
  'unclaimed-csi-iscsi',
  'unclaimed-tns-nfs',
  'unclaimed-hashed',
  'half-nfs',
  'half-iscsi',
  'detached-copy',
  'empty-container',
  'dangling-nfs',
  'dangling-smb',
  'dangling-extent',
  'empty-target',
  'dangling-namespace',
  'snapshot',
  'temporary-snapshot',
  'volume-without-backend',
  'content-without-backend',
  'stale-attachment',
  'disabled-share',
  'missing-share',
  'due-nfs',
  'due-iscsi',
  'due-released',
  'due-with-snapshots',
  'not-due',
] as const;
export type LeftoverKind = (typeof LEFTOVERS)[number];

/** Who counts on what is left over, from the beginning. */
export const KEEPERS = [
  'nobody',
  'foreign-cluster',
  'static-volume',
  'inline-volume',
  'clone',
  'held-snapshot',
  'content',
  'task',
  'replication',
  'session',
  'ignored',
  'virtual-machine',
] as const;
export type Keeper = (typeof KEEPERS)[number];

export interface Leftover {
  readonly kind: LeftoverKind;
  readonly keeper: Keeper;
}

/** What others do. */
export const DEEDS = [
  'volume-appears',
  'pod-mounts',
  'clone-made',
  'snapshot-taken',
  'snapshot-held',
  'content-appears',
  'share-enabled',
  'session-opened',
  'recreated',
  'written',
  'moved-away',
  'ignored',
  'destroyed',
  'child-made',
  'share-id-reused',
  'share-deleted',
  'extent-id-reused',
  'target-id-reused',
  'task-made',
  'replication-made',
  'argocd-takes-over',
  'claim-appears',
  'claimed-anew',
  'attached',
  'machine-uses',
  'unmarked',
] as const;
export type DeedKind = (typeof DEEDS)[number];

export interface Deed {
  readonly kind: DeedKind;
  /** Which of the things of the plan, counted around. */
  readonly of: number;
  /** Once so many changes were made, and so many requests after that; or at the very moment a change arrives. */
  readonly afterChanges: number;
  readonly requests: number | 'as-it-arrives';
}

export const FAULTS = [
  'lost-answers',
  'lost-requests',
  'drop-after-acting',
  'drop-connection',
  'drop-mid-reply',
  'deletes-lie',
  'denied',
  'error-once',
  'empty-list',
  'busy',
  'session-expires',
  'page-fails',
  'status-500',
  'cut-answer',
  'kubernetes-request-lost',
  'kubernetes-answer-lost',
  'controllers-stopped',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly from: 'plan' | 'apply';
  readonly pick: number;
  readonly lastsOverResume: boolean;
}

export interface RunSpec {
  readonly version: TrueNasVersion;
  readonly rest: boolean;
  readonly leftovers: readonly Leftover[];
  readonly secondCluster: boolean;
  /** Everything is asked for by name, or only what is safe is planned. */
  readonly named: boolean;
  /** A week goes by between a first look and the plan. */
  readonly watched: boolean;
  readonly move: boolean;
  readonly deeds: readonly Deed[];
  readonly faults: readonly Fault[];
  /** Ends the process at these moments, one after the other. */
  readonly kills: readonly number[];
  /** Minutes that our clock goes ahead, and those of the systems. */
  readonly skew: {
    readonly ours: number;
    readonly systems: number;
    readonly from: 'plan' | 'apply';
  };
  readonly rollback: boolean;
}

const leftover: fc.Arbitrary<Leftover> = fc.record({
  kind: fc.constantFrom(...LEFTOVERS),
  keeper: fc.oneof(
    { weight: 4, arbitrary: fc.constant('nobody' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...KEEPERS) },
  ),
});

const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...DEEDS),
  of: fc.nat(7),
  afterChanges: fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4),
  requests: fc.oneof(
    { weight: 3, arbitrary: fc.nat(70) },
    { weight: 1, arbitrary: fc.constant('as-it-arrives' as const) },
  ),
});

const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom(...FAULTS),
  from: fc.constantFrom('apply', 'apply', 'plan'),
  pick: fc.nat(40),
  lastsOverResume: fc.boolean(),
});

const VERSIONS = ['24.10', '25.04', '25.10', '26'] as const;

const DAY = 24 * 60;

/** A run in which anything may go wrong. */
export const troubledRun: fc.Arbitrary<RunSpec> = fc.record({
  version: fc.constantFrom(...VERSIONS),
  rest: fc.boolean(),
  leftovers: fc.array(leftover, { minLength: 1, maxLength: 3 }),
  secondCluster: fc.boolean(),
  named: fc.constantFrom(true, true, false),
  watched: fc.boolean(),
  move: fc.boolean(),
  deeds: fc.array(deed, { maxLength: 3 }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fault, { maxLength: 2 }) },
  ),
  kills: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(20), { maxLength: 2 }) },
  ),
  skew: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ ours: 0, systems: 0, from: 'apply' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        ours: fc.constantFrom(0, 30, 9 * DAY, -9 * DAY),
        systems: fc.constantFrom(0, 30, 9 * DAY, -9 * DAY),
        from: fc.constantFrom('plan' as const, 'apply' as const),
      }),
    },
  ),
  rollback: fc.constantFrom(true, false, false),
});

/** A run that nobody disturbs. */
export const quietRun: fc.Arbitrary<RunSpec> = troubledRun.map((run) => ({
  ...run,
  leftovers: run.leftovers.map(({ kind }) => ({ kind, keeper: 'nobody' as const })),
  deeds: [],
  faults: [],
  kills: [],
  skew: { ours: 0, systems: 0, from: 'apply' as const },
}));

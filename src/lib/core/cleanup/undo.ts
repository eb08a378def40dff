import {
  type Change,
  type ClusterChange,
  isDestruction,
  isNasChange,
  type JsonObject,
  jsonObjectSchema,
} from './change.ts';
import { type PlanStep } from './plan-schema.ts';
import { type StepView } from './run-view.ts';
import { type Draft, REPLACED, reversed, savedOf, undoOnNas, without } from './undo-on-nas.ts';

/** A step that undoes another and has its id, or why there is none. */
export type Undo = { readonly step: PlanStep } | { readonly lost: string };

/** What nobody claims any more would be deleted by its driver, with all its data, the moment its policy says so again. */
function undoPolicy(
  change: Extract<ClusterChange, { type: 'set-policy' }>,
  view: StepView,
  isUnwanted: boolean,
): Draft {
  const policy = savedOf(view, change.kind)?.identity['policy'];
  if (typeof policy !== 'string') return { lost: 'the journal does not hold the policy it had' };
  if (isUnwanted) {
    return {
      lost: `the policy of ${change.name} stays ${change.policy}: with ${policy} its driver would delete what is behind it`,
    };
  }
  return {
    title: `Set the policy of ${change.name} back to ${policy}`,
    change: { ...change, policy },
    ...reversed(view),
  };
}

/**
 * A content whose VolumeSnapshot was deleted with it is bound by name to the one that is made again, which has another uid: a content
 * that names a uid which nobody has would be taken for one that nobody wants.
 */
function withoutClaimantUid(manifest: JsonObject): JsonObject {
  const spec = jsonObjectSchema.safeParse(manifest['spec']);
  const reference = jsonObjectSchema.safeParse(spec.data?.['volumeSnapshotRef']);
  if (!spec.success || !reference.success) return manifest;
  const named = Object.fromEntries(
    Object.entries(reference.data).filter(([key]) => key !== 'uid' && key !== 'resourceVersion'),
  );
  return { ...manifest, spec: { ...spec.data, volumeSnapshotRef: named } };
}

/** @param aftermath of the whole run */
function undoInCluster(change: ClusterChange, view: StepView, aftermath: Aftermath): Draft {
  const isUnwanted = aftermath.unwanted.has(view.step.item);
  const isFreed =
    change.kind === 'volumesnapshotcontent' && aftermath.unclaimed.has(view.step.item);
  switch (change.type) {
    case 'set-policy':
      return undoPolicy(change, view, isUnwanted);
    case 'delete-resource': {
      const saved = savedOf(view, change.kind);
      if (saved === undefined) return { lost: 'the journal does not hold its manifest' };
      const { target, identity } = saved;
      const manifest = isFreed ? withoutClaimantUid(saved.raw) : saved.raw;
      return {
        title: `Make ${change.name} again from its saved manifest`,
        change: { ...change, type: 'create-resource', manifest },
        before: [{ target, identity: null }],
        after: [{ target, identity: without(identity, REPLACED) }],
      };
    }
    case 'create-resource':
      return { lost: 'what a rollback made is deleted by hand' };
  }
}

interface Aftermath {
  /** Items whose dataset is gone: what exported it is of no use any more. */
  readonly destroyed: ReadonlySet<string>;
  /** Items that were to be deleted, whether or not it came to that. */
  readonly unwanted: ReadonlySet<string>;
  /** Items whose VolumeSnapshot was deleted. */
  readonly unclaimed: ReadonlySet<string>;
}

function isSnapshotDeletion(change: Change): boolean {
  return change.type === 'delete-resource' && change.kind === 'volumesnapshot';
}

function aftermathOf(views: readonly StepView[]): Aftermath {
  const destroyed = new Set<string>();
  const unwanted = new Set<string>();
  const unclaimed = new Set<string>();
  for (const { step, state, pending } of views) {
    if (step.change.type === 'delete-resource') unwanted.add(step.item);
    if (state !== 'done' && !pending) continue;
    if (step.change.type === 'destroy-dataset') destroyed.add(step.item);
    if (isSnapshotDeletion(step.change)) unclaimed.add(step.item);
  }
  return { destroyed, unwanted, unclaimed };
}

function draftOf(view: StepView, aftermath: Aftermath): Draft {
  const { step } = view;
  const { change } = step;
  if (isDestruction(change)) {
    return {
      lost: `nothing brings ${'dataset' in change ? change.dataset : change.snapshot} back`,
    };
  }
  if (!isNasChange(change)) {
    return undoInCluster(change, view, aftermath);
  }
  return aftermath.destroyed.has(step.item)
    ? { lost: 'its dataset was destroyed' }
    : undoOnNas(change, view);
}

/** Turns one done step around. */
export function undoOf(view: StepView, all: readonly StepView[]): Undo {
  const draft = draftOf(view, aftermathOf(all));
  if ('lost' in draft) return draft;
  return {
    step: {
      ...view.step,
      ...draft,
      preconditions: ['it is as this tool left it'],
      undo: null,
      reversible_until: null,
      bytes: 0,
    },
  };
}

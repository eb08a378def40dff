import {
  type Change,
  type ClusterChange,
  isDestruction,
  isNasChange,
  type NasChange,
  type NasObjectKind,
} from './change.ts';
import { type Expectation, type Identity, type NasTarget } from './expectation.ts';
import { type Saved } from './journal-schema.ts';
import { type PlanStep } from './plan-schema.ts';
import { type StepView } from './run-view.ts';

/** A step that undoes another and has its id, or why there is none. */
export type Undo = { readonly step: PlanStep } | { readonly lost: string };

type Draft =
  | { readonly title: string; readonly change: Change; before: Expectation[]; after: Expectation[] }
  | { readonly lost: string };

/** What the same object may have another of once it has been written to, or made again. */
const PASSING = new Set(['resource_version', 'used_by_dataset', 'deleted_at']);
/** And of what it has another once it was deleted and made again. */
const REPLACED = new Set([...PASSING, 'id', 'uid', 'target', 'extent', 'subsystem_id']);

function without(identity: Identity, keys: ReadonlySet<string>): Identity {
  return Object.fromEntries(Object.entries(identity).filter(([key]) => !keys.has(key)));
}

function lasting(expectations: readonly Expectation[]): Expectation[] {
  return expectations.map(({ target, identity }) => ({
    target,
    identity: identity && without(identity, PASSING),
  }));
}

function reversed({ step }: StepView): { before: Expectation[]; after: Expectation[] } {
  return { before: lasting(step.after), after: lasting(step.before) };
}

function savedOf(view: StepView, kind: string): Saved | undefined {
  return view.saved.find(({ target }) => target.kind === kind);
}

/** Names by which what is made again finds what it belongs to, whose ids may be others by then. */
function referencesOf(kind: NasObjectKind, view: StepView): Record<string, string> {
  const name = (of: NasObjectKind): string => String(savedOf(view, of)?.identity['name'] ?? '');
  if (kind === 'iscsi-mapping') {
    return { target: name('iscsi-target'), extent: name('iscsi-extent') };
  }
  return kind === 'nvmet-namespace' ? { subsystem: name('nvmet-subsystem') } : {};
}

/** By what an object is found whose id is not known. */
const FOUND_BY: Readonly<Record<Exclude<NasObjectKind, 'iscsi-mapping'>, string>> = {
  'nfs-share': 'path',
  'smb-share': 'name',
  'iscsi-target': 'name',
  'iscsi-extent': 'name',
  'nvmet-subsystem': 'name',
  'nvmet-namespace': 'device_path',
};

function whereFound(
  kind: NasObjectKind,
  { identity }: Saved,
  refersTo: Readonly<Record<string, string>>,
): Identity {
  if (kind === 'iscsi-mapping') {
    return { target_name: refersTo['target'] ?? null, extent_name: refersTo['extent'] ?? null };
  }
  const key = FOUND_BY[kind];
  return { [key]: identity[key] ?? null };
}

function remake(kind: NasObjectKind, view: StepView): Draft {
  const saved = savedOf(view, kind);
  if (saved === undefined) return { lost: 'the journal does not hold what it was' };
  const refersTo = referencesOf(kind, view);
  if (Object.values(refersTo).includes('')) {
    return { lost: 'the journal does not hold what it belonged to' };
  }
  const target: NasTarget = {
    side: 'truenas',
    kind,
    where: whereFound(kind, saved, refersTo),
  };
  return {
    title: `Make ${view.step.subject.name} again as it was`,
    change: { type: 'create-object', kind, fields: saved.raw, refers_to: refersTo },
    before: [{ target, identity: null }],
    after: [{ target, identity: without(saved.identity, REPLACED) }],
  };
}

/** The id that a thing got when it was made. */
function createdId({ observed }: StepView): number | undefined {
  const id = observed[0]?.identity?.['id'];
  return typeof id === 'number' ? id : undefined;
}

function unmake(kind: NasObjectKind, view: StepView): Draft {
  const id = createdId(view);
  const identity = view.observed[0]?.identity;
  if (id === undefined || !identity) return { lost: 'the journal does not say what was made' };
  const target: NasTarget = { side: 'truenas', kind, where: { id } };
  return {
    title: `Delete ${view.step.subject.name} again`,
    change: { type: 'delete-object', kind, id },
    before: [{ target, identity: without(identity, PASSING) }],
    after: [{ target, identity: null }],
  };
}

type Undoable = Exclude<NasChange, { type: 'destroy-dataset' | 'delete-snapshot' }>;

function undoOnNas(change: Undoable, view: StepView): Draft {
  const { name } = view.step.subject;
  switch (change.type) {
    case 'set-enabled':
      return {
        title: `${change.enabled ? 'Disable' : 'Enable'} ${name} again`,
        change: { ...change, enabled: !change.enabled },
        ...reversed(view),
      };
    case 'set-mark': {
      const mark = savedOf(view, 'dataset')?.identity['mark'];
      return {
        title: `Take the mark off ${change.dataset}`,
        change: { ...change, mark: typeof mark === 'string' ? mark : null },
        ...reversed(view),
      };
    }
    case 'move-dataset':
      return {
        title: `Move ${change.to} back to ${change.from}`,
        change: { ...change, from: change.to, to: change.from },
        ...reversed(view),
      };
    case 'delete-object':
      return remake(change.kind, view);
    case 'create-object':
      return unmake(change.kind, view);
  }
}

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

function undoInCluster(change: ClusterChange, view: StepView, isUnwanted: boolean): Draft {
  switch (change.type) {
    case 'set-policy':
      return undoPolicy(change, view, isUnwanted);
    case 'delete-resource': {
      const saved = savedOf(view, change.kind);
      if (saved === undefined) return { lost: 'the journal does not hold its manifest' };
      const { target, identity } = saved;
      return {
        title: `Make ${change.name} again from its saved manifest`,
        change: { ...change, type: 'create-resource', manifest: saved.raw },
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
}

function aftermathOf(views: readonly StepView[]): Aftermath {
  const destroyed = new Set<string>();
  const unwanted = new Set<string>();
  for (const { step, state, pending } of views) {
    if (step.change.type === 'delete-resource') unwanted.add(step.item);
    if (state !== 'done' && !pending) continue;
    if (step.change.type === 'destroy-dataset') destroyed.add(step.item);
  }
  return { destroyed, unwanted };
}

function draftOf(view: StepView, { destroyed, unwanted }: Aftermath): Draft {
  const { step } = view;
  const { change } = step;
  if (isDestruction(change)) {
    return {
      lost: `nothing brings ${'dataset' in change ? change.dataset : change.snapshot} back`,
    };
  }
  if (!isNasChange(change)) {
    return undoInCluster(change, view, unwanted.has(step.item));
  }
  return destroyed.has(step.item) ? { lost: 'its dataset was destroyed' } : undoOnNas(change, view);
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

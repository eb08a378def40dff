import { z } from 'zod';
import {
  JOIN_KINDS,
  jsonObjectSchema,
  type Change,
  type JoinKind,
  type NasChange,
  type NasObjectKind,
} from './change.ts';
import { type Expectation, type Identity, type NasTarget } from './expectation.ts';
import { type Saved } from './journal-schema.ts';
import { type StepView } from './run-view.ts';

/*
 * How a change of TrueNAS is taken back, from what the journal holds of it.
 */

/** A step that undoes another, or why there is none. */
export type Draft =
  | { readonly title: string; readonly change: Change; before: Expectation[]; after: Expectation[] }
  | { readonly lost: string };

/** What the same object may have another of once it has been written to, or made again. */
const PASSING = new Set(['resource_version', 'used_by_dataset', 'deleted_at']);
/** And of what it has another once it was deleted and made again. */
export const REPLACED = new Set([...PASSING, 'id', 'uid', 'target', 'extent', 'subsystem_id']);

export function without(identity: Identity, keys: ReadonlySet<string>): Identity {
  return Object.fromEntries(Object.entries(identity).filter(([key]) => !keys.has(key)));
}

function lasting(expectations: readonly Expectation[]): Expectation[] {
  return expectations.map(({ target, identity }) => ({
    target,
    identity: identity && without(identity, PASSING),
  }));
}

const KIND_NAMES: Readonly<Record<NasObjectKind, string>> = {
  'nfs-share': 'NFS share',
  'smb-share': 'SMB share',
  'iscsi-target': 'iSCSI target',
  'iscsi-extent': 'iSCSI extent',
  'iscsi-mapping': 'iSCSI mapping of',
  'nvmet-subsystem': 'NVMe-oF subsystem',
  'nvmet-namespace': 'NVMe-oF namespace of',
  'nvmet-port-subsystem': 'port of NVMe-oF subsystem',
  'nvmet-host-subsystem': 'host of NVMe-oF subsystem',
};

/** Several objects of one volume have its name, so that the kind tells them apart. */
function nameOf(kind: NasObjectKind, { step }: StepView): string {
  return `${KIND_NAMES[kind]} ${step.subject.name}`;
}

export function reversed({ step }: StepView): { before: Expectation[]; after: Expectation[] } {
  return { before: lasting(step.after), after: lasting(step.before) };
}

export function savedOf(view: StepView, kind: string): Saved | undefined {
  return view.saved.find(({ target }) => target.kind === kind);
}

/** Names by which what is made again finds what it belongs to, whose ids may be others by then. */
function referencesOf(kind: NasObjectKind, view: StepView): Record<string, string> {
  const name = (of: NasObjectKind): string => String(savedOf(view, of)?.identity['name'] ?? '');
  if (kind === 'iscsi-mapping') {
    return { target: name('iscsi-target'), extent: name('iscsi-extent') };
  }
  const isPart = kind === 'nvmet-namespace' || isJoin(kind);
  return isPart ? { subsystem: name('nvmet-subsystem') } : {};
}

function isJoin(kind: NasObjectKind): kind is JoinKind {
  return (JOIN_KINDS as readonly NasObjectKind[]).includes(kind);
}

/** By what an object is found whose id is not known: of a join, the id of its other side, which nobody deletes. */
const FOUND_BY: Readonly<Record<Exclude<NasObjectKind, 'iscsi-mapping'>, string>> = {
  'nfs-share': 'path',
  'smb-share': 'name',
  'iscsi-target': 'name',
  'iscsi-extent': 'name',
  'nvmet-subsystem': 'name',
  'nvmet-namespace': 'device_path',
  'nvmet-port-subsystem': 'port_id',
  'nvmet-host-subsystem': 'host_id',
};

/** What tells it from others of what it belongs to; undefined where the journal does not hold that. */
function ownName(kind: NasObjectKind, { identity }: Saved): Identity | undefined {
  if (kind === 'iscsi-mapping') return {};
  const key = FOUND_BY[kind];
  const value = identity[key] ?? null;
  return value === null ? undefined : { [key]: value };
}

/** The names of what it joins, where that is what it is found by. */
function sidesOf(kind: NasObjectKind, refersTo: Readonly<Record<string, string>>): Identity {
  if (kind !== 'iscsi-mapping' && !isJoin(kind)) return {};
  return Object.fromEntries(Object.entries(refersTo).map(([side, name]) => [`${side}_name`, name]));
}

/** By what a dataset is the same, whatever has been noted on it or written to it since. */
const SAME_DATASET = ['id', 'kind', 'guid', 'createtxg', 'created_at'] as const;

/**
 * The datasets a step relied on, since what is given back leads to whatever lies at their paths by then.
 *
 * @param more what else they must be as they were before the step
 */
function datasetsBehind({ step }: StepView, more: readonly string[] = []): Expectation[] {
  const keys: readonly string[] = [...SAME_DATASET, ...more];
  return step.before
    .filter(({ target }) => target.kind === 'dataset')
    .map(({ target, identity }) => ({
      target,
      identity:
        identity &&
        Object.fromEntries(Object.entries(identity).filter(([key]) => keys.includes(key))),
    }));
}

function remake(kind: NasObjectKind, view: StepView): Draft {
  const saved = savedOf(view, kind);
  if (saved === undefined) return { lost: 'the journal does not hold what it was' };
  const refersTo = referencesOf(kind, view);
  if (Object.values(refersTo).includes('')) {
    return { lost: 'the journal does not hold what it belonged to' };
  }
  const own = ownName(kind, saved);
  if (own === undefined) return { lost: 'the journal does not hold by what to find it' };
  const target: NasTarget = {
    side: 'truenas',
    kind,
    where: { ...sidesOf(kind, refersTo), ...own },
  };
  // A row tells both sides of a join whole, and takes them by their ids.
  const fields = isJoin(kind) ? { ...own } : saved.raw;
  return {
    title: `Make ${nameOf(kind, view)} again as it was`,
    change: { type: 'create-object', kind, fields, refers_to: refersTo },
    // Where there was no dataset any more, a stranger's may be by now.
    before: [{ target, identity: null }, ...datasetsBehind(view)],
    after: [{ target, identity: without(saved.identity, REPLACED) }],
  };
}

function unmake(kind: NasObjectKind, view: StepView): Draft {
  const identity = view.observed[0]?.identity ?? {};
  const { id } = identity;
  if (typeof id !== 'number') return { lost: 'the journal does not say what was made' };
  const target: NasTarget = { side: 'truenas', kind, where: { id } };
  return {
    title: `Delete ${nameOf(kind, view)} again`,
    change: { type: 'delete-object', kind, id },
    before: [{ target, identity: without(identity, PASSING) }],
    after: [{ target, identity: null }],
  };
}

type ChangeOf<T extends NasChange['type']> = Extract<NasChange, { type: T }>;

/** The mark of the run itself is off by then; another one says that somebody has put the dataset aside since, and it stays so. */
function undoSwitch(change: ChangeOf<'set-enabled'>, view: StepView): Draft {
  const { before, after } = reversed(view);
  return {
    title: `${change.enabled ? 'Disable' : 'Enable'} ${nameOf(change.kind, view)} again`,
    change: { ...change, enabled: !change.enabled },
    before: change.enabled ? before : [...before, ...datasetsBehind(view, ['mark'])],
    after,
  };
}

function undoMark(change: ChangeOf<'set-mark'>, view: StepView): Draft {
  const mark = savedOf(view, 'dataset')?.identity['mark'];
  return {
    title: `Take the mark off ${change.dataset}`,
    change: { ...change, mark: typeof mark === 'string' ? mark : null },
    ...reversed(view),
  };
}

function undoGroups(change: ChangeOf<'set-groups'>, view: StepView): Draft {
  const groups = savedOf(view, change.kind)?.raw['groups'];
  const read = z.array(jsonObjectSchema).safeParse(groups);
  if (!read.success) return { lost: 'the journal does not hold the groups it had' };
  return {
    title: `Set the groups of ${nameOf(change.kind, view)} back`,
    change: { ...change, groups: read.data },
    ...reversed(view),
  };
}

type Undoable = Exclude<NasChange, { type: 'destroy-dataset' | 'delete-snapshot' }>;

export function undoOnNas(change: Undoable, view: StepView): Draft {
  switch (change.type) {
    case 'set-enabled':
      return undoSwitch(change, view);
    case 'set-mark':
      return undoMark(change, view);
    case 'move-dataset':
      return {
        title: `Move ${change.to} back to ${change.from}`,
        change: { ...change, from: change.to, to: change.from },
        ...reversed(view),
      };
    case 'set-groups':
      return undoGroups(change, view);
    case 'delete-object':
    case 'delete-join':
      return remake(change.kind, view);
    case 'create-object':
      return unmake(change.kind, view);
  }
}

import { type Blocker, type BlockerKind, type ChainNode } from './explanation.ts';

/*
 * What each kind of node says of what stands in the way of deleting.
 */

function named({ kind, name, namespace }: ChainNode): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name ?? ''}`.trim();
}

/** A fact in words; undefined where the node has none of that name. */
function factOf({ facts }: ChainNode, name: string): string | undefined {
  const value = facts.find((fact) => fact.name === name)?.value;
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString();
  return String(typeof value === 'object' ? value.bytes : value);
}

function blocker(kind: BlockerKind, what: string, step: string | null): Blocker {
  return { kind, state: 'present', what, step };
}

type Reader = (node: ChainNode, above: ChainNode | undefined) => readonly Blocker[];

/** The tool a node belongs to. */
export function ownersOf(node: ChainNode): Blocker[] {
  const tool = factOf(node, 'managed by');
  if (tool === undefined) return [];
  const step = `Change it in ${tool} first, or it comes back.`;
  return [blocker('owner', `${named(node)} belongs to ${tool}`, step)];
}

const workload: Reader = (node) => {
  const what = `${named(node)} names the claim`;
  return [blocker('workload', what, `Scale ${named(node)} to zero, or take the claim out of it.`)];
};

const pod: Reader = (node) => [
  blocker(
    'pod',
    `${named(node)} uses it`,
    `Stop ${named(node)}, so that nothing mounts the volume.`,
  ),
];

const attachment: Reader = (node) => {
  const what = `${named(node)} attaches it to node ${factOf(node, 'node') ?? ''}`.trim();
  return [
    blocker(
      'attachment',
      what,
      'Wait until it is detached; never remove its finalizer before that.',
    ),
  ];
};

/** What a node hangs on, in words. */
function onto(above: ChainNode | undefined): string {
  return above === undefined ? 'it' : named(above);
}

const session: Reader = (node, above) => {
  const what = `${named(node)} is connected to ${onto(above)}`;
  return [blocker('session', what, 'Log out on that host; whatever it writes now would be lost.')];
};

const share: Reader = (node) => [
  blocker(
    'share',
    `${named(node)} exports it`,
    `Its driver deletes it with the volume; where none does, delete ${named(node)} once nobody uses it.`,
  ),
];

function holdsOf(node: ChainNode): Blocker[] {
  const holds = factOf(node, 'holds');
  if (holds !== undefined) {
    const step = 'Ask whoever set the hold, then release it with zfs release.';
    return [blocker('hold', `${named(node)} is held by ${holds}`, step)];
  }
  if (factOf(node, 'kind') !== 'not looked at' && node.message === null) return [];
  const what = `whether a hold is on ${named(node)} is not known`;
  return [{ kind: 'hold', state: 'unknown', what, step: 'Look with zfs holds.' }];
}

function isClaim({ role, state }: ChainNode): boolean {
  return state === 'present' && (role === 'content' || role === 'volume-snapshot');
}

const snapshot: Reader = (node) => {
  if (node.children.some(isClaim)) return holdsOf(node);
  const step = 'Decide whether anybody wants it, and delete it by itself, never recursively.';
  return [...holdsOf(node), blocker('snapshot', `${named(node)} would go with it`, step)];
};

/** Of a content and its VolumeSnapshot the first is enough to name. */
const claim: Reader = (node, above) => {
  if (above?.role !== 'snapshot' || above.state !== 'present') return [];
  const step =
    'Delete its VolumeSnapshot first, and wait until the driver has removed the snapshot.';
  return [blocker('claimed-snapshot', `${named(node)} counts on ${named(above)}`, step)];
};

const clone: Reader = (node, above) => {
  const owner = node.children.find(({ state }) => state === 'present');
  const whose = owner === undefined ? '' : `, which ${named(owner)} uses`;
  const what = `${named(node)} is a clone of ${onto(above)}${whose}`;
  return [
    blocker('clone', what, 'Delete the clone, or promote it, or copy it to a dataset of its own.'),
  ];
};

const task: Reader = (node) => {
  if (node.beside) return [];
  const step = 'Change the task so that it no longer names the dataset.';
  return [blocker('task', `${named(node)} names it`, step)];
};

const job: Reader = (node) => [
  blocker('job', `${named(node)} runs on it`, 'Wait until the job has ended.'),
];

const child: Reader = (node) => {
  const count = factOf(node, 'count');
  const what =
    count === undefined ? `${named(node)} lies below it` : `${count} datasets lie below it`;
  return [blocker('child', what, 'Find out whose they are; deleting would take them along.')];
};

function marksOf(node: ChainNode): Blocker[] {
  const quarantined = factOf(node, 'quarantined');
  const ignored = factOf(node, 'ignored');
  return [
    ...(quarantined === undefined
      ? []
      : [blocker('mark', `${named(node)} is in quarantine`, 'Wait until its time there is over.')]),
    ...(ignored === undefined
      ? []
      : [
          blocker(
            'mark',
            `${named(node)} is marked to be ignored by ${ignored}`,
            'Ask whoever set truenas-monitor:ignore on it.',
          ),
        ]),
  ];
}

const READERS: Readonly<Partial<Record<ChainNode['role'], Reader>>> = {
  workload,
  pod,
  attachment,
  session,
  share,
  extent: share,
  namespace: share,
  snapshot,
  content: claim,
  'volume-snapshot': claim,
  clone,
  task,
  job,
  child,
  dataset: marksOf,
};

/** What may stand in the way where it could not be seen. */
const UNSEEN: Readonly<Partial<Record<ChainNode['role'], BlockerKind>>> = {
  workload: 'workload',
  pod: 'pod',
  session: 'session',
  share: 'share',
  target: 'share',
  snapshot: 'snapshot',
};

/** What a single node says of it: `above` is the node it hangs on. */
export function readNode(node: ChainNode, above: ChainNode | undefined): readonly Blocker[] {
  if (node.state === 'present')
    return [...ownersOf(node), ...(READERS[node.role]?.(node, above) ?? [])];
  const kind = UNSEEN[node.role];
  if (node.state === 'absent' || kind === undefined || node.message === null) return [];
  return [{ kind, state: 'unknown', what: `${node.kind}: ${node.message}`, step: null }];
}

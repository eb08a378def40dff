import { type ResourceRef } from '../model/resource-ref.ts';
import { type Blocker, type BlockerKind, type ChainNode, type Fact, walk } from './explanation.ts';

/*
 * What stands in the way of deleting, read off the tree: whatever the tree shows as a hole that cannot be told is
 * something that may stand in the way.
 */

/** In the order to resolve them: a tool that makes objects again first, then from whoever uses the data to what is on it. */
const ORDER: readonly BlockerKind[] = [
  'owner',
  'workload',
  'pod',
  'attachment',
  'session',
  'job',
  'clone',
  'hold',
  'claimed-snapshot',
  'snapshot',
  'share',
  'task',
  'child',
  'mark',
];

function named({ kind, name, namespace }: ChainNode): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name ?? ''}`.trim();
}

function factOf({ facts }: ChainNode, name: string): Fact['value'] | undefined {
  return facts.find((fact) => fact.name === name)?.value;
}

function blocker(kind: BlockerKind, what: string, step: string | null): Blocker {
  return { kind, state: 'present', what, step };
}

type Reader = (node: ChainNode, above: ChainNode | undefined) => readonly Blocker[];

function ownersOf(node: ChainNode): Blocker[] {
  const tool = factOf(node, 'managed by');
  if (tool === undefined) return [];
  const step = `Change it in ${String(tool)} first, or it comes back.`;
  return [blocker('owner', `${named(node)} belongs to ${String(tool)}`, step)];
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
  const where = factOf(node, 'node');
  const what = `the volume is attached to node ${String(where)}`;
  return [
    blocker(
      'attachment',
      what,
      'Wait until it is detached; never remove its finalizer before that.',
    ),
  ];
};

const session: Reader = (node, above) => {
  const what = `${node.name ?? ''} is connected to ${above === undefined ? 'it' : named(above)}`;
  return [blocker('session', what, 'Log out on that host; whatever it writes now would be lost.')];
};

const share: Reader = (node) => [
  blocker('share', `${named(node)} exports it`, `Delete ${named(node)} after nobody uses it.`),
];

function holdsOf(node: ChainNode): Blocker[] {
  const holds = factOf(node, 'holds');
  if (holds !== undefined) {
    const step = 'Ask whoever set the hold, then release it with zfs release.';
    return [blocker('hold', `${named(node)} is held by ${String(holds)}`, step)];
  }
  if (factOf(node, 'kind') !== 'not looked at' && node.message === null) return [];
  const what = `whether a hold is on ${named(node)} is not known`;
  return [{ kind: 'hold', state: 'unknown', what, step: 'Look with zfs holds.' }];
}

const snapshot: Reader = (node) => {
  const claimants = node.children.filter(
    ({ role, state }) => state === 'present' && (role === 'content' || role === 'volume-snapshot'),
  );
  const claims = claimants.map((each) =>
    blocker(
      'claimed-snapshot',
      `${named(each)} counts on ${named(node)}`,
      'Delete its VolumeSnapshot first, and wait until the driver has removed the snapshot.',
    ),
  );
  if (claims.length > 0) return [...holdsOf(node), ...claims];
  const step = 'Decide whether anybody wants it, and delete it by itself, never recursively.';
  return [...holdsOf(node), blocker('snapshot', `${named(node)} would go with it`, step)];
};

const clone: Reader = (node, above) => {
  const owner = node.children.find(({ state }) => state === 'present');
  const whose = owner === undefined ? '' : `, which ${named(owner)} uses`;
  const what = `${named(node)} is a clone of ${above === undefined ? 'it' : named(above)}${whose}`;
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
  blocker('job', `job ${node.name ?? ''} runs on it`, 'Wait until the job has ended.'),
];

const child: Reader = (node) => {
  const count = factOf(node, 'count');
  const what =
    count === undefined ? `${named(node)} lies below it` : `${String(count)} datasets lie below it`;
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
            `${named(node)} is marked to be ignored by ${String(ignored)}`,
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

function readNode(node: ChainNode, above: ChainNode | undefined): readonly Blocker[] {
  if (node.state === 'present')
    return [...ownersOf(node), ...(READERS[node.role]?.(node, above) ?? [])];
  const kind = UNSEEN[node.role];
  if (node.state === 'absent' || kind === undefined || node.message === null) return [];
  return [{ kind, state: 'unknown', what: `${node.kind}: ${node.message}`, step: null }];
}

function* readTree(nodes: readonly ChainNode[], above: ChainNode | undefined): Iterable<Blocker> {
  for (const node of nodes) {
    yield* readNode(node, above);
    if (node.role !== 'clone' && node.role !== 'origin') yield* readTree(node.children, node);
  }
}

/** Snapshots that were asked for; a chain has many, and only theirs matter then. */
function askedSnapshots(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
): ChainNode[] {
  const types: readonly string[] = ['ZfsSnapshot', 'VolumeSnapshotContent', 'VolumeSnapshot'];
  if (!subjects.every(({ type }) => types.includes(type))) return [];
  const asked = ({ ref }: ChainNode): boolean =>
    ref !== null &&
    subjects.some(
      ({ type, name, namespace }) =>
        type === ref.type && name === ref.name && namespace === ref.namespace,
    );
  return [...walk(roots)].filter(
    (node) => node.role === 'snapshot' && [...walk([node])].some(asked),
  );
}

/** What stands in the way of deleting what was asked for, in the order to resolve it. */
export function findBlockers(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
): readonly Blocker[] {
  const snapshots = askedSnapshots(roots, subjects);
  const found = [...readTree(snapshots.length > 0 ? snapshots : roots, undefined)].filter(
    ({ kind }) => snapshots.length === 0 || kind !== 'snapshot',
  );
  const distinct = new Map(found.map((each) => [`${each.kind} ${each.what}`, each]));
  return [...distinct.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

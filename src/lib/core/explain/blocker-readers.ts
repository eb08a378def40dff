import { type Blocker, type BlockerKind, type ChainNode } from './explanation.ts';
import { OWN } from './export-owners.ts';
import { unseenAt } from './unseen-blockers.ts';

/*
 * What each kind of node says of what stands in the way of deleting.
 */

/** How an object is called where others may have its name. */
export type Namer = (node: ChainNode) => string;

/** What a node stands in. */
export interface Surroundings {
  readonly above: ChainNode | undefined;
  /** It lies below a volume whose driver deletes what it made when the volume goes. */
  readonly driverDeletes: boolean;
  /** It is a volume or its claim that is to be deleted, and not only what it stands on. */
  readonly volumeAsked: boolean;
  readonly isAsked: (node: ChainNode) => boolean;
  readonly name: Namer;
}

/** A fact in words; undefined where the node has none of that name. */
export function factOf({ facts }: ChainNode, name: string): string | undefined {
  const value = facts.find((fact) => fact.name === name)?.value;
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString();
  return String(typeof value === 'object' ? value.bytes : value);
}

function blocker(kind: BlockerKind, what: string, step: string | null): Blocker {
  return { kind, state: 'present', what, step };
}

function perhaps(kind: BlockerKind, what: string, step: string | null = null): Blocker {
  return { kind, state: 'unknown', what, step };
}

type Reader = (node: ChainNode, around: Surroundings) => readonly Blocker[];

/** The tool a node belongs to. */
export function ownersOf(node: ChainNode, name: Namer): Blocker[] {
  const tool = factOf(node, 'managed by');
  if (tool === undefined) return [];
  const step = `Change it in ${tool} first, or it comes back.`;
  return [blocker('owner', `${name(node)} belongs to ${tool}`, step)];
}

const workload: Reader = (node, { name }) => {
  const step = `Scale ${name(node)} to zero, or take the claim out of it.`;
  return [blocker('workload', `${name(node)} names the claim`, step)];
};

const pod: Reader = (node, { name }) => [
  blocker('pod', `${name(node)} uses it`, `Stop ${name(node)}, so that nothing mounts the volume.`),
];

const attachment: Reader = (node, { name }) => {
  const what = `${name(node)} attaches it to node ${factOf(node, 'node') ?? ''}`.trim();
  const step = 'Wait until it is detached; never remove its finalizer before that.';
  return [blocker('attachment', what, step)];
};

/** What a node hangs on, in words. */
function onto({ above, name }: Surroundings): string {
  return above === undefined ? 'it' : name(above);
}

const session: Reader = (node, around) => {
  const what = `${around.name(node)} is connected to ${onto(around)}`;
  return [blocker('session', what, 'Log out on that host; whatever it writes now would be lost.')];
};

/** A claim goes before its volume: where only the volume is to be deleted, it waits for that. */
const claim: Reader = (node, { isAsked, name }) => {
  if (!node.children.some((each) => each.role === 'volume' && isAsked(each))) return [];
  const step = 'Delete the claim first: its PersistentVolume is kept until the claim is gone.';
  return [blocker('claim', `${name(node)} is bound to it`, step)];
};

/** Another volume on the same data, or whatever stands on what is to be deleted by itself. */
const volume: Reader = (node, { above, isAsked, volumeAsked, name }) => {
  const isClaim = above?.role === 'claim' && above.name !== null;
  // It goes with its claim.
  if (isClaim && isAsked(above)) return [];
  const whose = isClaim ? ` (claim ${above.namespace ?? ''}/${above.name})` : '';
  if (volumeAsked) {
    const step =
      'Set the reclaim policy of every PersistentVolume on it to Retain first: the first that goes under Delete takes the data of all.';
    return [blocker('volume', `${name(node)}${whose} stands on the same data`, step)];
  }
  const step =
    'As long as it is wanted, what it stands on has to stay; where it is not, begin with its claim.';
  return [blocker('volume', `${name(node)}${whose} stands on it`, step)];
};

/** What its driver deletes with the volume needs nobody to resolve it. */
const share: Reader = (node, { driverDeletes, name }) => {
  if (driverDeletes && factOf(node, OWN) === 'true') return [];
  const step = `Delete ${name(node)} once nobody uses it.`;
  return [blocker('share', `${name(node)} exports it`, step)];
};

function holdsOf(node: ChainNode, name: Namer): Blocker[] {
  const holds = factOf(node, 'holds');
  if (holds !== undefined) {
    const step = 'Ask whoever set the hold, then release it with zfs release.';
    return [blocker('hold', `${name(node)} is held by ${holds}`, step)];
  }
  if (factOf(node, 'kind') !== 'not looked at' && node.message === null) return [];
  return [perhaps('hold', `a hold is on ${name(node)}: that was not read`, 'Look with zfs holds.')];
}

function isClaimed({ role, state }: ChainNode): boolean {
  return state === 'present' && (role === 'content' || role === 'volume-snapshot');
}

const snapshot: Reader = (node, { name }) => {
  const holds = holdsOf(node, name);
  if (node.children.some(isClaimed)) return holds;
  const step = 'Decide whether anybody wants it, and delete it by itself, never recursively.';
  return [...holds, blocker('snapshot', `${name(node)} would go with it`, step)];
};

/** Of a content and its VolumeSnapshot the first is enough to name. */
const claimant: Reader = (node, { above, name }) => {
  if (above?.role !== 'snapshot' || above.state !== 'present') return [];
  const step =
    'Delete its VolumeSnapshot first, and wait until the driver has removed the snapshot.';
  return [blocker('claimed-snapshot', `${name(node)} counts on ${name(above)}`, step)];
};

/** A content whose data is a dataset of its own stands above that. */
const content: Reader = (node, around) => {
  const { above, isAsked, name } = around;
  const copy = node.children.find(({ role, state }) => role === 'dataset' && state === 'present');
  if (copy === undefined) return claimant(node, around);
  if (above !== undefined && isAsked(above)) return [];
  const step = 'Delete its VolumeSnapshot first, and wait until the driver has removed the copy.';
  return [blocker('claimed-snapshot', `${name(node)} counts on ${name(copy)}`, step)];
};

const clone: Reader = (node, around) => {
  const { name } = around;
  const owner = node.children.find(({ state }) => state === 'present');
  const whose = owner === undefined ? '' : `, which ${name(owner)} uses`;
  const what = `${name(node)} is a clone of ${onto(around)}${whose}`;
  return [
    blocker('clone', what, 'Delete the clone, or promote it, or copy it to a dataset of its own.'),
  ];
};

const task: Reader = (node, { name }) => {
  if (node.beside) return [];
  const step = 'Change the task so that it no longer names the dataset.';
  return [blocker('task', `${name(node)} names it`, step)];
};

const job: Reader = (node, { name }) => [
  blocker('job', `${name(node)} runs on it`, 'Wait until the job has ended.'),
];

/** TrueNAS tells of a dataset what uses it or something below it. */
const use: Reader = (node, around) => {
  const what = `${around.name(node)} uses ${onto(around)}`;
  return [blocker('use', what, 'Ask whose it is, and change or end it on TrueNAS first.')];
};

const child: Reader = (node, { name }) => {
  const count = factOf(node, 'count');
  const what =
    count === undefined ? `${name(node)} lies below it` : `${count} datasets lie below it`;
  return [blocker('child', what, 'Find out whose they are; deleting would take them along.')];
};

function marksOf(node: ChainNode, name: Namer): Blocker[] {
  const quarantined = factOf(node, 'quarantined');
  const ignored = factOf(node, 'ignored');
  const wait = 'Wait until its time there is over.';
  const ask = 'Ask whoever set truenas-monitor:ignore on it.';
  return [
    ...(quarantined === undefined ? [] : [blocker('mark', `${name(node)} is in quarantine`, wait)]),
    ...(ignored === undefined
      ? []
      : [blocker('mark', `${name(node)} is marked to be ignored by ${ignored}`, ask)]),
  ];
}

const dataset: Reader = (node, { name }) => {
  const marks = marksOf(node, name);
  if (factOf(node, 'kept on purpose') === undefined) return marks;
  const what = `${name(node)} is to outlive its volume: its driver was told to retain it`;
  const step = 'Ask whoever told it so; where nobody wants it, it has to be deleted on TrueNAS.';
  return [blocker('kept', what, step), ...marks];
};

const READERS: Readonly<Partial<Record<ChainNode['role'], Reader>>> = {
  workload,
  pod,
  claim,
  volume,
  attachment,
  session,
  share,
  extent: share,
  namespace: share,
  snapshot,
  content,
  'volume-snapshot': claimant,
  clone,
  task,
  job,
  use,
  child,
  dataset,
};

/** What a single node says of it. */
export function readNode(node: ChainNode, around: Surroundings): readonly Blocker[] {
  if (node.state !== 'present') return unseenAt(node, around.above);
  return [...ownersOf(node, around.name), ...(READERS[node.role]?.(node, around) ?? [])];
}

import { type Saved } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import {
  type KubernetesObject,
  type LabCluster,
  type LabSystem,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';
import { attachmentsOf, isReachable, LISTS, type Need, needsOf, type Thing } from './needs.ts';

/*
 * Stands in the servers, before everything that changes anything, and knows the truth.
 *
 * What nobody could have known is not held against a change. Between the last time a list was asked for and the arrival of a change
 * there is always a moment in which somebody may come to need the thing, and TrueNAS takes no preconditions. So a need is a violation
 * where it was there when the list that tells of it was asked for the last time, and a race where it came after that:
 *
 * - The race of a change that can be taken back is let be: the thing is only out of reach, all of it is still there, and the run
 *   takes it back with its next step, or the next scan tells of it (the test looks whether it does).
 * - The race of a destruction is let be only where nobody could reach the dataset for `quarantine_for`, by the clock of the world and
 *   not by any of those that may be wrong. Whoever came to name it in the last moment named what had been out of reach for a week, and
 *   cannot have read or written anything in it. Clones, holds and children are not left to this: TrueNAS itself refuses to destroy
 *   what has them, since nothing is ever sent with `recursive`, `force` or `defer`; where it went through all the same, it is a
 *   violation whenever they came.
 */

export interface Call {
  readonly system: LabSystem;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Where what is moved away goes to. */
export const QUARANTINE = 'tank/quarantine';
const CHANGING = /\.(?:create|update|delete|do_delete|destroy|rename|set|clone|rollback)$/u;
const OPTIONS = ['recursive', 'force', 'defer', 'remove', 'delete_extents', 'all_snapshots'];

export function isChanging(method: string): boolean {
  return CHANGING.test(method);
}

const KINDS: Readonly<Record<string, string>> = {
  'sharing.nfs': 'nfs-share',
  'sharing.smb': 'smb-share',
  'iscsi.target': 'iscsi-target',
  'iscsi.extent': 'iscsi-extent',
  'iscsi.targetextent': 'iscsi-mapping',
  'nvmet.subsys': 'nvmet-subsystem',
  'nvmet.namespace': 'nvmet-namespace',
};

/** What a call changes, in the words of a plan. */
interface Deed {
  readonly verb:
    'make' | 'enable' | 'disable' | 'unmark' | 'mark' | 'move' | 'move-back' | 'delete' | 'destroy';
  readonly key: string;
  readonly thing: Thing;
  /** How the object behind the id is now, by the names of identities. */
  readonly now: Readonly<Record<string, unknown>> | undefined;
}

const datasetOfPath = (path: string): string =>
  path.replace(/^(?:\/mnt|zvol)\//u, '').replaceAll('+', ' ');

function extentThing(system: LabSystem, ids: readonly number[], names: string[]): Thing {
  const extent = system.iscsiExtents.find(({ id }) => ids.includes(id));
  return {
    system: system.name,
    dataset: extent === undefined ? null : datasetOfPath(extent.path),
    snapshot: null,
    names,
  };
}

/** The row behind an id, and what it is about. */
function rowOf(
  system: LabSystem,
  kind: string,
  id: number,
): { thing: Thing; now: Record<string, unknown> } | undefined {
  const of = (path: string, names: string[] = []): Thing => ({
    system: system.name,
    dataset: datasetOfPath(path),
    snapshot: null,
    names,
  });
  const with_ = <T extends object>(
    row: T | undefined,
    thing: (row: T) => Thing,
  ): { thing: Thing; now: Record<string, unknown> } | undefined =>
    row && { thing: thing(row), now: Object.fromEntries(Object.entries(row)) };
  switch (kind) {
    case 'nfs-share':
      return with_(
        system.nfsShares.find((each) => each.id === id),
        ({ path }) => of(path),
      );
    case 'smb-share':
      return with_(
        system.smbShares.find((each) => each.id === id),
        ({ path }) => of(path),
      );
    case 'iscsi-extent':
      return with_(
        system.iscsiExtents.find((each) => each.id === id),
        ({ path }) => of(path),
      );
    case 'iscsi-mapping':
      return with_(
        system.iscsiTargetExtents.find((each) => each.id === id),
        ({ extent }) => extentThing(system, [extent], []),
      );
    case 'iscsi-target':
      return with_(
        system.iscsiTargets.find((each) => each.id === id),
        ({ name }) => {
          const mapped = system.iscsiTargetExtents.filter(({ target }) => target === id);
          const extents = mapped.map(({ extent }) => extent);
          return extentThing(system, extents, [name]);
        },
      );
    case 'nvmet-namespace':
      return with_(
        system.nvmetNamespaces.find((each) => each.id === id),
        ({ devicePath }) => of(devicePath),
      );
    case 'nvmet-subsystem':
      return with_(
        system.nvmetSubsystems.find((each) => each.id === id),
        ({ name }) => {
          const [space] = system.nvmetNamespaces.filter(({ subsystem }) => subsystem === id);
          return space === undefined
            ? { system: system.name, dataset: null, snapshot: null, names: [name] }
            : of(space.devicePath, [name]);
        },
      );
    default:
      return undefined;
  }
}

function pathDeed(system: LabSystem, verb: Deed['verb'], id: string): Deed {
  const isSnapshot = id.includes('@');
  const found = isSnapshot
    ? system.snapshots.find((each) => each.id === id)
    : system.datasets.find((each) => each.id === id);
  return {
    verb,
    key: `${isSnapshot ? 'snapshot' : 'dataset'} ${id}`,
    thing: {
      system: system.name,
      dataset: id.split('@', 1)[0] ?? id,
      snapshot: isSnapshot ? id : null,
      names: [],
    },
    now: found && { ...found },
  };
}

function recordAt(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function datasetDeed({ system, method, params }: Call, verb: string): Deed | undefined {
  const [id, data] = params;
  if (method === 'zfs.resource.snapshot.destroy') {
    return pathDeed(system, 'destroy', String(recordAt(id)['path']));
  }
  if (typeof id !== 'string') return undefined;
  if (verb === 'rename') {
    const isBack = id.startsWith(`${QUARANTINE}/`);
    return pathDeed(system, isBack ? 'move-back' : 'move', id);
  }
  if (verb === 'delete') return pathDeed(system, 'destroy', id);
  if (verb !== 'update') return undefined;
  const { user_properties_update: updates, ...rest } = recordAt(data);
  if (!Array.isArray(updates) || updates.length !== 1 || Object.keys(rest).length > 0) {
    return undefined;
  }
  const { key, remove } = recordAt(updates[0]);
  if (key !== 'truenas-monitor:quarantined') return undefined;
  return pathDeed(system, remove === true ? 'unmark' : 'mark', id);
}

/** What a call does; undefined for one that nothing of ours ever makes. */
function deedOf(call: Call): Deed | undefined {
  const { system, method, params } = call;
  const service = method.slice(0, method.lastIndexOf('.'));
  const verb = method.slice(method.lastIndexOf('.') + 1);
  const kind = KINDS[service];
  if (kind === undefined) return datasetDeed(call, verb);
  const nothing = { system: system.name, dataset: null, snapshot: null, names: [] };
  if (verb === 'create') return { verb: 'make', key: kind, thing: nothing, now: undefined };
  const [id, data] = params;
  if (typeof id !== 'number') return undefined;
  const row = rowOf(system, kind, id);
  const shared = { key: `${kind} ${String(id)}`, thing: row?.thing ?? nothing, now: row?.now };
  if (verb === 'delete') return { verb: 'delete', ...shared };
  const { enabled, ...rest } = recordAt(data);
  if (typeof enabled !== 'boolean' || Object.keys(rest).length > 0) return undefined;
  return { verb: enabled ? 'enable' : 'disable', ...shared };
}

/** The object a change of a plan is made to, in the same words. */
function keysOf({ step: { change } }: StepView): readonly string[] {
  switch (change.type) {
    case 'set-enabled':
    case 'delete-object':
      return [`${change.kind} ${String(change.id)}`, change.kind];
    case 'create-object':
    case 'delete-join':
      return [change.kind];
    case 'set-groups':
      return [`iscsi-target ${String(change.id)}`, 'iscsi-target'];
    case 'set-mark':
    case 'destroy-dataset':
      return [`dataset ${change.dataset}`];
    case 'move-dataset':
      return [`dataset ${change.from}`, `dataset ${change.to}`];
    case 'delete-snapshot':
      return [`snapshot ${change.snapshot}`];
    case 'set-policy':
    case 'delete-resource':
    case 'create-resource':
      return [`${change.kind} ${change.name}`];
  }
}

/** What tells an object from another that took its id. */
const LASTING = ['path', 'name', 'devicePath', 'target', 'extent', 'guid', 'createtxg'] as const;

/** Why the object is another than the one that was announced; undefined where it is the same. */
function otherThan(deed: Deed, saved: readonly Saved[]): string | undefined {
  if (deed.now === undefined) return undefined;
  const identity = saved[0]?.identity;
  if (identity === undefined) return undefined;
  for (const key of LASTING) {
    const known = identity[key === 'devicePath' ? 'device_path' : key];
    const now = deed.now[key];
    if (known === undefined || known === null) continue;
    if (typeof now !== 'string' && typeof now !== 'number') continue;
    if (String(known) !== String(now)) return `${key} is ${String(now)} and not ${String(known)}`;
  }
  return undefined;
}

export interface Watch {
  readonly world: World;
  readonly quarantineFor: number;
  /** The step that was announced and of which nothing was heard; undefined where there is none. */
  announced(): StepView | undefined;
}

/** A change to what somebody needs since a moment ago. */
export interface Race {
  readonly what: string;
  readonly who: string;
  readonly thing: Thing;
  readonly item: string;
}

const PLURALS: Readonly<Record<string, string>> = {
  persistentvolumes: 'persistentvolume',
  persistentvolumeclaims: 'persistentvolumeclaim',
  volumesnapshots: 'volumesnapshot',
  volumesnapshotcontents: 'volumesnapshotcontent',
  volumeattachments: 'volumeattachment',
};

export class Guardian {
  readonly violations: string[] = [];
  readonly races: Race[] = [];
  readonly arrivals = new Map<string, number>();
  readonly #watch: Watch;
  /** Counts requests, so that two moments can be told apart. */
  #moment = 0;
  /** When each list was last asked for as a whole. */
  readonly #asked = new Map<string, number>();
  /** When each object was last looked at. */
  readonly #looked = new Map<string, number>();
  /** Since when each need is there. */
  readonly #since = new Map<string, number>();
  readonly #touched = new Map<string, number>();
  readonly #things = new Map<string, Thing>();
  readonly #unreachable = new Map<string, number>();
  /** What somebody opened as a change arrived, and since when it had been closed: the change may be what closes it. */
  readonly #openedJustNow = new Map<string, { readonly moment: number; readonly since: number }>();
  /** What was closed by the very change that arrived as it was opened: nobody came between the two. */
  readonly #neverOpen = new Map<string, number>();

  constructor(watch: Watch) {
    this.#watch = watch;
    const { systems } = watch.world;
    for (const system of systems) {
      for (const { id, userProperties } of system.datasets) {
        const instant = userProperties['truenas-monitor:quarantined']?.split(';')[1];
        const since = instant === undefined ? this.#now() : Date.parse(instant);
        if (!isReachable(system, id)) this.#unreachable.set(`${system.name} ${id}`, since);
      }
    }
  }

  #now(): number {
    return Date.parse(this.#watch.world.now);
  }

  /** Begins to watch over what a plan is about. */
  watchOver(things: readonly Thing[]): void {
    for (const thing of things) this.#things.set(JSON.stringify(thing), thing);
    this.noteWorld();
  }

  get things(): readonly Thing[] {
    return [...this.#things.values()];
  }

  /**
   * To be told whenever somebody else has changed something.
   *
   * @param arriving whether a change of ours arrives at this very moment
   */
  noteWorld(touched: readonly string[] = [], arriving = false): void {
    for (const key of touched) this.#touched.set(key, this.#moment);
    for (const thing of this.#things.values()) {
      const there = new Set<string>();
      for (const need of needsOf(this.#watch.world, thing)) {
        const key = `${JSON.stringify(thing)} ${need.who}`;
        there.add(key);
        if (!this.#since.has(key)) this.#since.set(key, this.#moment);
      }
    }
    this.#noteReach(arriving);
  }

  #noteReach(arriving = false): void {
    for (const system of this.#watch.world.systems) {
      for (const { id } of system.datasets) {
        const key = `${system.name} ${id}`;
        const since = this.#unreachable.get(key);
        if (isReachable(system, id)) {
          if (arriving && since !== undefined) {
            this.#openedJustNow.set(key, { moment: this.#moment, since });
          }
          this.#unreachable.delete(key);
        } else if (since === undefined) {
          this.#unreachable.set(key, this.#neverOpen.get(key) ?? this.#now());
        }
        if (!arriving) this.#neverOpen.delete(key);
      }
    }
  }

  /** A change that closes what was opened as it arrived. */
  #noteClosing({ verb, thing }: Deed): void {
    if (verb !== 'delete' && verb !== 'disable') return;
    const key = `${thing.system} ${thing.dataset ?? ''}`;
    const opened = this.#openedJustNow.get(key);
    if (opened?.moment === this.#moment - 1) this.#neverOpen.set(key, opened.since);
  }

  /** Every call of a system, before it is carried out. */
  onCall(call: Call): void {
    this.#moment += 1;
    const { system, method, params } = call;
    if (!isChanging(method)) {
      this.#noteQuestion(system.name, method, params);
      return;
    }
    this.#noteReach();
    const deed = deedOf(call);
    if (deed === undefined) {
      this.violations.push(`${method} ${JSON.stringify(params)}: nothing of ours does that`);
      return;
    }
    this.#count(deed.verb === 'destroy' ? `destroy ${deed.key.split(' ')[0] ?? ''}` : deed.verb);
    this.#noteClosing(deed);
    this.#judge(deed, call);
  }

  #noteQuestion(system: string, method: string, params: readonly unknown[]): void {
    const [first] = params;
    const { paths, get_children: below, recursive } = recordAt(first);
    const listed = Array.isArray(paths)
      ? (below === true || recursive === true) && paths.every((path) => !String(path).includes('/'))
      : !Array.isArray(first) || first.length === 0;
    const name = /dataset\.query|resource\.query/u.test(method)
      ? LISTS.datasets
      : method.includes('snapshot.query')
        ? LISTS.snapshots
        : method;
    this.#looked.set(`${system} ${name}`, this.#moment);
    if (listed) this.#asked.set(`${system} ${name}`, this.#moment);
    if (method === LISTS.attachments) {
      this.#asked.set(attachmentsOf(system, String(first)), this.#moment);
    }
  }

  #count(what: string): void {
    this.arrivals.set(what, (this.arrivals.get(what) ?? 0) + 1);
  }

  #judge(deed: Deed, { system, method, params }: Call): void {
    const what = `${method} ${JSON.stringify(params)}`;
    if (!deed.verb.startsWith('move') && hasOption(params)) {
      this.violations.push(`${what}: takes along more than it names`);
    }
    const view = this.#watch.announced();
    if (view === undefined || !keysOf(view).includes(deed.key)) {
      this.violations.push(`${what}: was not announced (${view?.step.title ?? 'nothing was'})`);
      return;
    }
    if (['make', 'enable', 'unmark'].includes(deed.verb)) return;
    const other = view.undoing ? undefined : otherThan(deed, view.saved);
    if (other !== undefined) {
      this.#another(`${what}: ${other}`, deed, system.name);
      return;
    }
    // Moving back or unmarking in an undo makes available again; deleting what was made in one takes nothing old away.
    if (view.undoing || deed.verb === 'move-back') return;
    for (const need of needsOf(this.#watch.world, deed.thing)) this.#weigh(what, deed, need, view);
    if (deed.verb === 'destroy') this.#requireQuarantine(what, deed, system);
  }

  /** The id belongs to something else by now: known where it was looked at since. */
  #another(what: string, deed: Deed, system: string): void {
    const touched = this.#touched.get(`${system} ${deed.key}`);
    const looked = this.#lookedAt(system, deed.key);
    if (touched === undefined || looked > touched) {
      this.violations.push(`${what}: it is another thing, and that could be seen`);
    } else if (deed.verb === 'destroy') {
      this.violations.push(`${what}: another thing is destroyed`);
    }
  }

  #lookedAt(system: string, key: string): number {
    const [kind] = key.split(' ');
    const service = Object.entries(KINDS).find(([, each]) => each === kind)?.[0];
    const list =
      service === undefined
        ? kind === 'snapshot'
          ? LISTS.snapshots
          : LISTS.datasets
        : `${service}.query`;
    return this.#looked.get(`${system} ${list}`) ?? -1;
  }

  #weigh(what: string, deed: Deed, need: Need, view: StepView): void {
    if (need.onlyAgainstDestruction === true && deed.verb !== 'destroy') return;
    // What was pointed at the thing of somebody else just now is needed since then.
    const since =
      this.#since.get(`${JSON.stringify(deed.thing)} ${need.who}`) ??
      this.#touched.get(`${deed.thing.system} ${deed.key}`) ??
      -1;
    const asked = this.#asked.get(need.list) ?? -1;
    if (asked > since) {
      this.violations.push(
        `${what}: ${need.who} needs it since ${String(since)}, and ${need.list} was asked for at ${String(asked)} of ${String(this.#moment)}`,
      );
      return;
    }
    this.races.push({ what, who: need.who, thing: deed.thing, item: view.step.item });
  }

  #requireQuarantine(what: string, deed: Deed, system: LabSystem): void {
    const { dataset, snapshot } = deed.thing;
    if (snapshot !== null || dataset === null || deed.now === undefined) return;
    const since = this.#unreachable.get(`${system.name} ${dataset}`);
    const spent = since === undefined ? -1 : this.#now() - since;
    if (spent < this.#watch.quarantineFor) {
      this.violations.push(`${what}: it was out of reach for ${String(spent)} ms only`);
    }
  }

  /** What a server did although somebody needed it, whatever anybody could have known. */
  noteLost(what: string): void {
    this.violations.push(`lost: ${what}`);
  }

  /** Every request for objects of a cluster, before it is carried out. */
  onRequest(
    cluster: LabCluster,
    request: {
      readonly method: string;
      readonly resource: string;
      readonly name: string;
      readonly query: URLSearchParams;
    },
  ): void {
    this.#moment += 1;
    const { method, resource, name, query } = request;
    if (method === 'GET') {
      const list = `${cluster.name} ${resource}`;
      this.#looked.set(list, this.#moment);
      if (name === '' && !query.has('continue')) this.#asked.set(list, this.#moment);
      return;
    }
    if (resource === 'leases' || resource.endsWith('reviews')) return;
    if (query.getAll('dryRun').includes('All')) return;
    this.#count(`${method} ${resource}`);
    const kind = PLURALS[resource];
    const view = this.#watch.announced();
    const what = `${cluster.name}: ${method} ${resource}/${name}`;
    if (view === undefined || kind === undefined) {
      this.violations.push(`${what}: was not announced`);
      return;
    }
    const isAnnounced = keysOf(view).some((key) => key === `${kind} ${name}` || name === '');
    if (!isAnnounced) this.violations.push(`${what}: was not announced (${view.step.title})`);
    if (method === 'DELETE') this.#judgeDeletion(what, cluster, resource, name, view);
  }

  #judgeDeletion(
    what: string,
    cluster: LabCluster,
    resource: string,
    name: string,
    view: StepView,
  ): void {
    const object = cluster.objects[resource]?.find(({ metadata }) => metadata.name === name);
    if (object === undefined) return;
    const uid = view.saved[0]?.identity['uid'];
    // Kubernetes itself refuses what has another uid or version than the one that is named.
    if (uid !== object.metadata.uid) return;
    const thing: Thing = { system: '', dataset: null, snapshot: null, names: [] };
    for (const need of this.#needsOfObject(cluster, resource, object)) {
      const since = this.#since.get(`${cluster.name} ${name} ${need.who}`) ?? -1;
      const asked = this.#asked.get(need.list) ?? -1;
      if (asked > since) {
        this.violations.push(`${what}: ${need.who} needs it, and ${need.list} was asked for since`);
      } else this.races.push({ what, who: need.who, thing, item: view.step.item });
    }
  }

  /** To be told of what an object of a cluster is needed for since now. */
  noteNeed(cluster: string, name: string, who: string): void {
    this.#since.set(`${cluster} ${name} ${who}`, this.#moment);
  }

  #needsOfObject(
    cluster: LabCluster,
    resource: string,
    { metadata, ...object }: KubernetesObject,
  ): readonly Need[] {
    const list = (plural: string): string => `${cluster.name} ${plural}`;
    const of = (plural: string): readonly KubernetesObject[] => cluster.objects[plural] ?? [];
    const needs: Need[] = [];
    if (metadata.annotations?.['argocd.argoproj.io/tracking-id'] !== undefined) {
      needs.push({ who: 'argocd', list: list(resource) });
    }
    const spec = recordAt(object['spec']);
    if (resource === 'persistentvolumes') {
      const claim = recordAt(spec['claimRef']);
      for (const each of of('persistentvolumeclaims')) {
        if (each.metadata.uid !== claim['uid']) continue;
        needs.push({
          who: `claim ${each.metadata.name}`,
          list: list('persistentvolumeclaims'),
        });
      }
      for (const each of of('volumeattachments')) {
        const source = recordAt(recordAt(each['spec'])['source']);
        if (source['persistentVolumeName'] !== metadata.name) continue;
        needs.push({ who: `attachment ${each.metadata.name}`, list: list('volumeattachments') });
      }
      if (spec['persistentVolumeReclaimPolicy'] === 'Delete') {
        needs.push({ who: 'its driver would delete the data', list: list(resource) });
      }
    }
    if (resource === 'volumesnapshotcontents' && spec['deletionPolicy'] === 'Delete') {
      needs.push({ who: 'its driver would delete the data', list: list(resource) });
    }
    return needs;
  }
}

/** Whether a call asks for more than it names: an option by its name, or a bare `true` where options are positional. */
function hasOption(params: readonly unknown[]): boolean {
  return params.some((param) => {
    const record = recordAt(param);
    return param === true || OPTIONS.some((key) => record[key] === true);
  });
}

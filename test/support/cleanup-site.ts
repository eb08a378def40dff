import { openCluster } from '../../src/lib/adapters/kubernetes/cluster-reader.ts';
import { openNasWithWriter } from '../../src/lib/adapters/truenas/nas-reader.ts';
import { type CleanupPorts, type CleanupScan } from '../../src/lib/app/cleanup/cleanup-ports.ts';
import { applyPlan } from '../../src/lib/app/cleanup/apply.ts';
import { judgePlan } from '../../src/lib/app/cleanup/approve.ts';
import { nobodyLooksOn } from '../../src/lib/app/cleanup/observer.ts';
import { planAndKeep } from '../../src/lib/app/cleanup/plan.ts';
import { type RunObserver } from '../../src/lib/app/cleanup/requests.ts';
import { type PlanScope } from '../../src/lib/core/cleanup/plan-scope.ts';
import { rollbackRun } from '../../src/lib/app/cleanup/rollback.ts';
import { noHistory } from '../../src/lib/app/no-history.ts';
import { type Change } from '../../src/lib/core/cleanup/change.ts';
import { type JournalEntry } from '../../src/lib/core/cleanup/journal-schema.ts';
import { movedDatasets } from '../../src/lib/core/cleanup/moved.ts';
import { type CleanupPlan } from '../../src/lib/core/cleanup/plan-schema.ts';
import { type RunView, runView } from '../../src/lib/core/cleanup/run-view.ts';
import { type CleanupSettings, DEFAULT_CLEANUP } from '../../src/lib/core/cleanup/settings.ts';
import { secretsDeclaredFor } from '../../src/lib/core/model/driver-config.ts';
import { CleanupLockedError } from '../../src/lib/core/model/errors.ts';
import { type MovedDataset } from '../../src/lib/core/model/moved-dataset.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type Millis, millis } from '../../src/lib/core/model/units.ts';
import { toDriverConfig } from '../../src/lib/lab/scenario/driver-config.ts';
import { type KubernetesObject, type World } from '../../src/lib/lab/scenario/world.ts';
import { type Sent } from '../../src/lib/ports/change-writer.ts';
import { type CleanupStore, type Journal } from '../../src/lib/ports/cleanup-store.ts';
import { objectsOf } from './world-objects.ts';
import { runWorld, type RunningWorld } from './scan-scenario.ts';

/** The process is gone, from one instruction to the next: nothing catches this, and nothing after it is carried out. */
export class Killed extends Error {}

/** Where a run may be killed: around everything that lasts. */
export type Moment =
  | 'before-append'
  | 'after-append'
  /** The request has not left. */
  | 'before-send'
  /** It has arrived and was carried out, and no answer comes. */
  | 'after-send'
  /** The answer was heard. */
  | 'after-answer';

/** Told of every moment; throws `Killed` to end the process there. */
export type AtMoment = (moment: Moment) => void;

const SURVIVES: AtMoment = () => undefined;
const SILENT = { log: () => undefined };

/** Journals that outlive the process of which they are. */
export class Disk {
  readonly plans: Map<string, JournalEntry[]>;
  readonly runs: Map<string, JournalEntry[]>;

  constructor(plans = new Map<string, JournalEntry[]>(), runs = new Map<string, JournalEntry[]>()) {
    this.plans = plans;
    this.runs = runs;
  }

  copy(): Disk {
    return new Disk(structuredClone(this.plans), structuredClone(this.runs));
  }

  store(atMoment: AtMoment): CleanupStore {
    const kept = (kind: 'plan' | 'run') => (kind === 'plan' ? this.plans : this.runs);
    const journal = (id: string, entries: JournalEntry[]): Journal => ({
      id,
      path: `${id}.jsonl`,
      entries,
      damage: null,
      append: (entry) => {
        atMoment('before-append');
        entries.push(entry);
        atMoment('after-append');
        return Promise.resolve();
      },
    });
    const all = (kind: 'plan' | 'run') =>
      Promise.resolve([...kept(kind)].map(([id, entries]) => journal(id, entries)));
    return {
      plans: () => all('plan'),
      runs: () => all('run'),
      create: (kind, id, first) => {
        if (kept(kind).has(id)) throw new Error(`there is a ${kind} ${id} already`);
        atMoment('before-append');
        const created = journal(id, [first]);
        kept(kind).set(id, created.entries as JournalEntry[]);
        atMoment('after-append');
        return Promise.resolve(created);
      },
      open: (kind, id) => {
        const entries = kept(kind).get(id);
        if (entries === undefined) throw new Error(`no ${kind} ${id}`);
        return Promise.resolve(journal(id, entries));
      },
    };
  }
}

/** Everything that outlives processes, and servers too. */
export interface Frozen {
  readonly world: World;
  readonly disk: Disk;
  readonly firstSeen: ReadonlyMap<string, Date>;
}

/** A world that runs, a disk beside it, and the commands of clean-up, each as a process of its own. */
export interface CleanupSite extends AsyncDisposable {
  readonly running: RunningWorld;
  readonly disk: Disk;
  /** Every change that arrived at a server, in its order. */
  readonly sent: readonly Change[];
  /** Of everything as it is now. */
  freeze(): Frozen;
  /** Every object of both sides as it is now, as text to compare. */
  state(): string;
  plan(request?: Partial<PlanScope>): Promise<CleanupPlan>;
  approve(plan: CleanupPlan): Promise<void>;
  reject(plan: CleanupPlan): Promise<void>;
  apply(plan: CleanupPlan, atMoment?: AtMoment): Promise<RunView>;
  /** @param note told of what is said beside it */
  rehearse(plan: CleanupPlan, note?: (line: string) => void): Promise<RunView>;
  rollback(runId: string, atMoment?: AtMoment): Promise<RunView>;
  runs(): readonly RunView[];
  /** Moves every clock of the world on. */
  pass(hours: number): void;
}

export interface SiteOptions {
  /** What was before. */
  readonly disk?: Disk;
  readonly firstSeen?: ReadonlyMap<string, Date>;
  /** What journals that are not on the disk tell. */
  readonly moved?: readonly MovedDataset[];
  readonly settings?: Partial<CleanupSettings>;
  readonly transport?: 'auto' | 'jsonrpc' | 'rest';
  /** For one request or call. */
  readonly timeout?: Millis;
  /** Told of what a CSI driver now deletes the data of. */
  readonly onDriverDelete?: (object: KubernetesObject) => void;
  /** What somebody at the screen says of each item; everything is wanted where nobody is there. */
  readonly confirm?: RunObserver['confirm'];
  /** Put around what a process works with. */
  readonly around?: (ports: CleanupPorts) => CleanupPorts;
}

/** Starts both sides of a world. */
export async function cleanupSite(
  world: World,
  {
    settings = {},
    transport = 'auto',
    timeout = millis(10_000),
    onDriverDelete = () => undefined,
    around = (ports) => ports,
    confirm = () => Promise.resolve('yes'),
    disk = new Disk(),
    firstSeen: seenBefore = new Map(),
    moved = [],
  }: SiteOptions = {},
): Promise<CleanupSite> {
  // The users of the worlds may only read.
  for (const { apiKeys } of world.systems) for (const key of apiKeys) key.roles = ['FULL_ADMIN'];
  const running = await runWorld(world, onDriverDelete);
  let firstSeen: ReadonlyMap<string, Date> = seenBefore;
  const sent: Change[] = [];
  const observer: RunObserver = {
    ...nobodyLooksOn,
    confirm: async (...of) => await confirm(...of),
  };
  const locks = new Set<string>();

  const scanning = (): CleanupScan => ({
    drivers: world.drivers.map(toDriverConfig),
    policy: DEFAULT_POLICY,
    ignore: [],
    wholeEstate: true,
    cacheKey: 'test',
    signal: AbortSignal.timeout(60_000),
    settings: { ...DEFAULT_CLEANUP, maxItems: 100, maxPercent: 100, ...settings },
    toolVersion: '0.0.0-test',
  });

  const process = async <T>(
    atMoment: AtMoment,
    work: (ports: CleanupPorts) => Promise<T>,
  ): Promise<T> => {
    const sides = await open(running, transport, timeout);
    const clock = { now: () => new Date(world.now) };
    const held = { here: false };
    const ports: CleanupPorts = {
      clusters: sides.clusters,
      systems: sides.systems.map(({ reader }) => reader),
      clock,
      logger: SILENT,
      progress: { step: () => undefined, finish: () => undefined },
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      history: noHistory,
      memory: { release: () => undefined, rest: () => undefined },
      firstSeen: {
        load: () => Promise.resolve(firstSeen),
        save: (seen) => {
          firstSeen = seen;
          return Promise.resolve();
        },
      },
      movedDatasets: { load: () => Promise.resolve([...moved, ...movedDatasets(runsOf(disk))]) },
      writers: {
        systems: sides.systems.map(({ writer }) => ({
          name: writer.name,
          observe: async (target, signal) => await writer.observe(target, signal),
          lacking: async (changes, signal) => await writer.lacking(changes, signal),
          send: async (change, signal) =>
            await mortal(atMoment, async () => {
              sent.push(change);
              return await writer.send(change, signal);
            }),
        })),
        clusters: sides.clusters.map(({ writer }) => ({
          name: writer.name,
          observe: async (target, signal) => await writer.observe(target, signal),
          lacking: async (changes, signal) => await writer.lacking(changes, signal),
          rehearse: async (change, guard, signal) => await writer.rehearse(change, guard, signal),
          send: async (change, guard, signal) =>
            await mortal(atMoment, async () => {
              sent.push(change);
              return await writer.send(change, guard, signal);
            }),
        })),
      },
      store: disk.store(atMoment),
      lock: {
        acquire: (runId) => {
          if (locks.size > 0) {
            throw new CleanupLockedError('somebody else cleans up', { remediation: [] });
          }
          locks.add(runId);
          held.here = true;
          return Promise.resolve({
            stillHeld: () => Promise.resolve(),
            [Symbol.asyncDispose]: () => {
              locks.clear();
              return Promise.resolve();
            },
          });
        },
      },
      operator: { identify: () => Promise.resolve({ kind: 'os', name: 'ada', host: 'desk' }) },
      pause: () => Promise.resolve(),
    };
    try {
      return await work(around(ports));
    } finally {
      // The lock dies with its process.
      if (held.here) locks.clear();
      await Promise.all([
        ...sides.clusters.map((each) => each.close()),
        ...sides.systems.map(({ reader }) => reader.close()),
      ]);
    }
  };

  const judge = async (plan: CleanupPlan, verdict: 'approve' | 'reject'): Promise<void> => {
    await process(SURVIVES, async (ports) => {
      await judgePlan(ports, scanning(), { plan, verdict, reason: null });
    });
  };

  return {
    running,
    disk,
    sent,
    state: () =>
      JSON.stringify([...objectsOf(world).values()].map((text): unknown => JSON.parse(text))),
    freeze: () => ({ world: structuredClone(world), disk: disk.copy(), firstSeen }),
    plan: async (request = {}) =>
      await process(SURVIVES, async (ports) => {
        const { view } = await planAndKeep(ports, scanning(), {
          rules: null,
          findings: [],
          includeSnapshots: [],
          filter: NO_FILTER,
          ...request,
        });
        return view.plan;
      }),
    approve: async (plan) => {
      await judge(plan, 'approve');
    },
    reject: async (plan) => {
      await judge(plan, 'reject');
    },
    apply: async (plan, atMoment = SURVIVES) =>
      await process(
        atMoment,
        async (ports) => await applyPlan(ports, scanning(), { plan, mode: 'execute', observer }),
      ),
    rehearse: async (plan, note = () => undefined) =>
      await process(
        SURVIVES,
        async (ports) =>
          await applyPlan(ports, scanning(), {
            ...{ plan, mode: 'rehearse' },
            observer: { ...nobodyLooksOn, note },
          }),
      ),
    rollback: async (runId, atMoment = SURVIVES) =>
      await process(
        atMoment,
        async (ports) =>
          await rollbackRun(ports, scanning(), {
            runId,
            mode: 'execute',
            observer: nobodyLooksOn,
          }),
      ),
    runs: () => runsOf(disk),
    pass: (hours) => {
      world.now = new Date(Date.parse(world.now) + hours * 3_600_000).toISOString();
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
    },
  };
}

function runsOf(disk: Disk): readonly RunView[] {
  return [...disk.runs.values()].flatMap((entries) => runView(entries) ?? []);
}

async function mortal(atMoment: AtMoment, send: () => Promise<Sent>): Promise<Sent> {
  atMoment('before-send');
  const sent = await send();
  atMoment('after-send');
  atMoment('after-answer');
  return sent;
}

async function open(
  { world, clusters, systems }: RunningWorld,
  transport: 'auto' | 'jsonrpc' | 'rest',
  timeout: Millis,
) {
  const drivers = world.drivers.map(toDriverConfig);
  const timing = { random: () => 0, sleep: () => Promise.resolve() };
  return {
    clusters: await Promise.all(
      clusters.map(
        async (lab) =>
          await openCluster(
            {
              name: lab.cluster.name,
              kubeconfig: null,
              kubeconfigText: lab.kubeconfig(),
              context: null,
              inCluster: false,
              namespaces: [],
              declaredSecrets: secretsDeclaredFor(lab.cluster.name, drivers),
              timeout,
              logger: SILENT,
            },
            { timing, rootDirectory: '' },
          ),
      ),
    ),
    systems: await Promise.all(
      systems.map(async (lab) => {
        const [key] = lab.system.apiKeys;
        return await openNasWithWriter(
          {
            name: lab.system.name,
            url: lab.url,
            username: key?.username ?? null,
            apiKey: key === undefined ? null : `${key.id}-${key.secret}`,
            password: null,
            timeout,
            tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
            transport,
            logger: SILENT,
          },
          timing,
        );
      }),
    ),
  };
}

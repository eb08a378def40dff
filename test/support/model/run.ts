import { runView, type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import { type CleanupPlan, type PlanStep } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { MonitorError } from '../../../src/lib/core/model/errors.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type RunView } from '../../../src/lib/core/cleanup/run-view.ts';
import { journalsOf } from '../journalled.ts';
import { type CleanupSite, cleanupSite, Killed, type AtMoment } from '../cleanup-site.ts';
import { carryOut, type Scene } from './deeds.ts';
import { setFaults } from './faults.ts';
import { Guardian, isChanging, QUARANTINE } from './guardian.ts';
import { type Thing } from './needs.ts';
import { type Deed, type Fault, type RunSpec } from './spec.ts';
import { modelWorld, type ModelWorld } from './world.ts';

/** What came of a run. */
export interface Outcome {
  readonly violations: readonly string[];
  readonly races: number;
  readonly silentRaces: readonly string[];
  readonly planned: readonly string[];
  /** How each step ended, by the type of its change. */
  readonly ended: readonly (readonly [type: string, state: string])[];
  readonly runState: string;
  readonly arrivals: ReadonlyMap<string, number>;
  readonly deeds: readonly string[];
  readonly rolledBack: boolean;
  readonly refused: readonly string[];
  readonly plan: CleanupPlan | undefined;
  readonly stateBefore: string;
  readonly stateAfter: string;
}

const LOOKS = 4;
const BETWEEN_LOOKS = 2 * 24;

/** What the steps of a plan are about, as far as their preconditions tell. */
function thingsOf({ steps }: CleanupPlan): readonly Thing[] {
  return steps.flatMap((step) => thingOf(step) ?? []);
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function thingOf({ target, change, before }: PlanStep): Thing | undefined {
  if (target.side !== 'truenas') return undefined;
  const { system } = target;
  const path = (value: string): string => value.replace(/^(?:\/mnt|zvol)\//u, '');
  switch (change.type) {
    case 'set-mark':
    case 'destroy-dataset':
      return { system, dataset: change.dataset, snapshot: null, names: [] };
    case 'delete-snapshot': {
      const [dataset = ''] = change.snapshot.split('@', 1);
      return { system, dataset, snapshot: change.snapshot, names: [] };
    }
    case 'delete-object':
    case 'set-enabled': {
      const identity = before[0]?.identity ?? {};
      const where = text(identity['path']) ?? text(identity['device_path']);
      const name = text(identity['name']);
      const names =
        change.kind === 'iscsi-target' || change.kind === 'nvmet-subsystem' ? [name ?? ''] : [];
      return { system, dataset: where === null ? null : path(where), snapshot: null, names };
    }
    case 'create-object':
    case 'set-groups':
    case 'delete-join':
    case 'move-dataset':
    case 'set-policy':
    case 'delete-resource':
    case 'create-resource':
      return undefined;
  }
}

const PLURALS: Readonly<Record<string, string>> = {
  persistentvolume: 'persistentvolumes',
  volumesnapshotcontent: 'volumesnapshotcontents',
  volumeattachment: 'volumeattachments',
};

function objectsOf({ steps }: CleanupPlan): Scene['objects'] {
  return steps.flatMap(({ change }) =>
    change.type === 'delete-resource'
      ? [{ resource: PLURALS[change.kind] ?? '', name: change.name }]
      : [],
  );
}

/** Counts what happens, and lets the deeds of others happen at their moments. */
class Meanwhile {
  readonly done: string[] = [];
  #left: Deed[];
  #changes = 0;
  #since = 0;
  #scene: Scene | undefined;

  constructor(deeds: readonly Deed[]) {
    this.#left = [...deeds];
  }

  begin(scene: Scene): void {
    this.#scene = scene;
  }

  /** Before a request is carried out. */
  request(): void {
    this.#since += 1;
    this.#let(
      ({ afterChanges, requests }) =>
        requests !== 'as-it-arrives' && afterChanges <= this.#changes && requests <= this.#since,
    );
  }

  change(): void {
    this.#let(
      ({ afterChanges, requests }) => requests === 'as-it-arrives' && afterChanges <= this.#changes,
    );
    this.#changes += 1;
    this.#since = 0;
  }

  #let(isDue: (deed: Deed) => boolean): void {
    const scene = this.#scene;
    if (scene === undefined) return;
    const due = this.#left.filter(isDue);
    this.#left = this.#left.filter((each) => !due.includes(each));
    for (const deed of due) {
      this.done.push(deed.kind);
      carryOut(scene, deed, `${this.done.length}${deed.of}`);
    }
  }
}

function announcedIn(site: CleanupSite): StepView | undefined {
  const last = [...site.disk.runs.values()].at(-1);
  return last && runView(last)?.steps.find(({ pending }) => pending);
}

function settingsOf({ move }: RunSpec) {
  return { quarantineParent: move ? QUARANTINE : null };
}

/** Watches every request of both sides. */
function listen(site: CleanupSite, guardian: Guardian, meanwhile: Meanwhile): void {
  for (const lab of site.running.systems) {
    lab.faults.onCall = (method, params) => {
      if (isChanging(method)) meanwhile.change();
      else meanwhile.request();
      guardian.onCall({ system: lab.system, method, params });
    };
  }
  for (const lab of site.running.clusters) {
    lab.faults.onRequest = (request) => {
      const { method, resource } = request;
      const isChange = ['DELETE', 'PATCH', 'POST'].includes(method) && resource !== 'leases';
      if (isChange && !resource.endsWith('reviews')) meanwhile.change();
      else meanwhile.request();
      guardian.onRequest(lab.cluster, request);
    };
  }
}

/** Ends the process at moments that are counted over all of its lives. */
function mortality(kills: readonly number[]): AtMoment {
  const left = [...kills];
  let passed = 0;
  return () => {
    passed += 1;
    const [next] = left;
    if (next === undefined || passed <= next) return;
    left.shift();
    passed = 0;
    throw new Killed('killed');
  };
}

const LIVES = 5;

type Command = () => Promise<RunView>;

interface Life {
  readonly view: RunView | undefined;
  readonly refused: string[];
}

/** Runs a command until it comes to an end, as somebody would who finds it interrupted. */
async function live(command: Command, revive: () => void): Promise<Life> {
  const refused: string[] = [];
  let view: RunView | undefined;
  for (let life = 0; life < LIVES; life += 1) {
    try {
      view = await command();
      if (view.state !== 'unknown' && view.state !== 'stopped') return { view, refused };
    } catch (error) {
      if (error instanceof MonitorError) refused.push(error.message);
      else if (!(error instanceof Killed)) throw error;
      if (error instanceof MonitorError && life > 1) return { view, refused };
    }
    revive();
  }
  return { view, refused };
}

/** A plan of what the run asks for; or why none can be made. */
async function planFor(spec: RunSpec, site: CleanupSite): Promise<CleanupPlan | string> {
  try {
    if (spec.watched) {
      // What was not watched all the while is not destroyed.
      for (let look = 0; look < LOOKS; look += 1) {
        await site.plan();
        site.pass(BETWEEN_LOOKS);
      }
    }
    const first = await site.plan();
    if (!spec.named) return first;
    site.pass(1 / 60);
    const findings = [...first.items, ...first.left_out].map(({ id }) => id);
    const includeSnapshots = site.running.systems.flatMap(({ system }) =>
      system.snapshots.map(({ id }) => id).filter((id) => !/@(?:held|cloned|snapshot-)/u.test(id)),
    );
    return await site.plan({ findings, includeSnapshots });
  } catch (error) {
    if (error instanceof MonitorError) return error.message;
    throw error;
  }
}

const vain = (site: CleanupSite): Omit<Outcome, 'violations' | 'arrivals'> => ({
  races: 0,
  silentRaces: [],
  planned: [],
  ended: [],
  runState: 'no plan',
  deeds: [],
  rolledBack: false,
  refused: [],
  plan: undefined,
  stateBefore: site.state(),
  stateAfter: site.state(),
});

function skewed(spec: RunSpec, phase: { now: 'plan' | 'apply' }): number {
  const { skew } = spec;
  return skew.from === 'plan' || phase.now === 'apply' ? skew.ours * 60_000 : 0;
}

function skewSystems({ skew }: RunSpec, { world }: ModelWorld): void {
  for (const system of world.systems) system.clockSkewSeconds = skew.systems * 60;
}

/** One run of the model. */
export async function modelRun(spec: RunSpec): Promise<Outcome> {
  const model = modelWorld(spec);
  const phase: { now: 'plan' | 'apply' } = { now: 'plan' };
  const deletedByDriver: string[] = [];
  const fast = spec.faults.some(({ kind }) => kind === 'lost-answers');
  await using site = await cleanupSite(model.world, {
    moved: journalsOf(model.world),
    settings: settingsOf(spec),
    ...(spec.rest && (spec.version === '24.10' || spec.version === '25.04')
      ? { transport: 'rest' as const }
      : {}),
    ...(fast ? { timeout: millis(700) } : {}),
    onDriverDelete: ({ kind, metadata }) => deletedByDriver.push(`${kind} ${metadata.name}`),
    around: (ports) => ({
      ...ports,
      clock: { now: () => new Date(Date.parse(model.world.now) + skewed(spec, phase)) },
    }),
  });
  const guardian = new Guardian({
    world: model.world,
    quarantineFor: DEFAULT_POLICY.quarantineFor,
    announced: () => announcedIn(site),
  });
  const meanwhile = new Meanwhile(spec.deeds);
  listen(site, guardian, meanwhile);
  const broken = (from: Fault['from']) => spec.faults.filter((each) => each.from === from);
  setFaults(site.running, broken('plan'));
  if (spec.skew.from === 'plan') skewSystems(spec, model);
  const plan = await planFor(spec, site);
  if (typeof plan === 'string' || plan.steps.length === 0) {
    const { violations, arrivals } = guardian;
    const refused = typeof plan === 'string' ? [plan] : [];
    return { ...vain(site), violations, arrivals, refused };
  }
  guardian.watchOver(thingsOf(plan));
  const approved = await attempt(async () => {
    await site.approve(plan);
  });
  phase.now = 'apply';
  skewSystems(spec, model);
  meanwhile.begin({ model, guardian, objects: objectsOf(plan) });
  setFaults(site.running, spec.faults);
  const stateBefore = site.state();
  const atMoment = mortality(spec.kills);
  const revive = (): void => {
    setFaults(
      site.running,
      spec.faults.filter(({ lastsOverResume }) => lastsOverResume),
    );
  };
  const applied = await live(() => site.apply(plan, atMoment), revive);
  const runs = site.runs();
  const id = runs[0]?.id;
  let rolledBack = false;
  if (spec.rollback && id !== undefined) {
    const { view } = await live(() => site.rollback(id, atMoment), revive);
    rolledBack = view?.state === 'rolled_back';
  }
  setFaults(site.running, []);
  const deleted = deletedByDriver.map((each) => `the driver deleted the data of ${each}`);
  const steps = site.runs()[0]?.steps ?? [];
  return {
    violations: [...guardian.violations, ...deleted],
    races: guardian.races.length,
    // What was taken back is out of nobody's reach.
    silentRaces: rolledBack ? [] : await silent(site, guardian, spec),
    planned: plan.steps.map(({ change }) => change.type),
    ended: steps.map(({ step, state, pending }) => [
      step.change.type,
      pending ? 'pending' : (state ?? 'untouched'),
    ]),
    runState: applied.view?.state ?? 'none',
    arrivals: guardian.arrivals,
    deeds: meanwhile.done,
    rolledBack,
    refused: [...(approved ?? []), ...applied.refused],
    plan,
    stateBefore,
    stateAfter: site.state(),
  };
}

async function attempt(work: () => Promise<void>): Promise<string[] | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof MonitorError) return [error.message];
    throw error;
  }
}

/** Races that neither the run nor the next scan tells of: what somebody needs is out of reach, and nobody says so. */
async function silent(site: CleanupSite, guardian: Guardian, spec: RunSpec): Promise<string[]> {
  const all = site.runs().flatMap(({ steps }) => steps);
  const left = guardian.races.filter(({ item, thing }) => {
    const isDone = all.some(({ step, state }) => step.item === item && state === 'done');
    const system = site.running.world.systems.find(({ name }) => name === thing.system);
    const stays = system?.datasets.some(({ id }) => id === thing.dataset) === true;
    return isDone && stays && thing.snapshot === null;
  });
  if (left.length === 0 || spec.skew.ours !== 0 || spec.skew.systems !== 0) return [];
  const { findings, suppressed } = await site.running.scan();
  const said = [...findings, ...suppressed.map(({ finding }) => finding)];
  return left
    .filter(
      ({ thing }) => !said.some((each) => JSON.stringify(each).includes(thing.dataset ?? '?')),
    )
    .map(({ what, who }) => `${what}: ${who} needs it, and nobody says so`);
}

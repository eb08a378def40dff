import { type Change } from '../../src/lib/core/cleanup/change.ts';
import { type JournalEntry } from '../../src/lib/core/cleanup/journal-schema.ts';
import { type PlanStep } from '../../src/lib/core/cleanup/plan-schema.ts';
import { type RunView } from '../../src/lib/core/cleanup/run-view.ts';
import { CleanupRefusedError } from '../../src/lib/core/model/errors.ts';
import { type TrueNasVersion, type World } from '../../src/lib/lab/scenario/world.ts';
import {
  type AtMoment,
  type CleanupSite,
  cleanupSite,
  type Frozen,
  Killed,
  type SiteOptions,
} from './cleanup-site.ts';
import { type CrashCase } from './crash-cases.ts';
import { differences, objectsOf, type WorldObjects } from './world-objects.ts';

/** Something a process does that may be killed, and begun again. */
export type Deed = (site: CleanupSite, atMoment: AtMoment) => Promise<RunView>;

/** Where a deed starts from, again and again. */
export interface Beginning {
  readonly frozen: Frozen;
  readonly options: SiteOptions;
  readonly deed: Deed;
  /** Steps that may be carried out. */
  readonly steps: readonly PlanStep[];
  /** Changes the world as soon as an entry is on the disk; once. */
  readonly meanwhile?: (entry: JournalEntry, world: World) => boolean;
}

/** How it ends. */
export interface Ending {
  readonly run: RunView;
  readonly objects: WorldObjects;
  readonly world: World;
  readonly sent: readonly string[];
  /** How many moments there were to be killed at, in each life. */
  readonly moments: readonly number[];
}

/** Counts moments, and ends the process at one of them: nothing that lasts happens after it. */
class Life {
  count = 0;
  readonly #deadline: number;

  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  readonly atMoment: AtMoment = () => {
    if (this.count >= this.#deadline) throw new Killed();
    this.count += 1;
  };
}

function keyOf(change: Change): string {
  return JSON.stringify(change);
}

/** The run that came of it; undefined where it was killed. One that was over when it was killed is not begun again. */
async function lifeOf(
  site: CleanupSite,
  deed: Deed,
  atMoment: AtMoment,
  wasKilled: boolean,
): Promise<RunView | undefined> {
  try {
    return await deed(site, atMoment);
  } catch (error) {
    if (error instanceof Killed) return undefined;
    const run = site.runs().at(-1);
    const isRefused = wasKilled && error instanceof CleanupRefusedError;
    if (isRefused && run !== undefined && OVER.has(run.state)) return run;
    throw error;
  }
}

const OVER: ReadonlySet<string> = new Set(['done', 'rolled_back']);

/** Lets a deed be done, killed once in each life but the last. */
export async function live(
  { frozen, options, deed, meanwhile }: Beginning,
  deadlines: readonly number[],
): Promise<Ending> {
  const world = structuredClone(frozen.world);
  const { disk, firstSeen } = frozen;
  await using site = await cleanupSite(world, { ...options, disk: disk.copy(), firstSeen });
  let isOver = meanwhile === undefined;
  const moments: number[] = [];
  for (const deadline of [...deadlines, Number.POSITIVE_INFINITY]) {
    const life = new Life(deadline);
    const atMoment: AtMoment = (moment) => {
      const last = [...site.disk.runs.values()].at(-1)?.at(-1);
      if (!isOver && moment === 'after-append' && last !== undefined) {
        isOver = meanwhile?.(last, world) ?? true;
      }
      life.atMoment(moment);
    };
    const run = await lifeOf(site, deed, atMoment, moments.length > 0);
    moments.push(life.count);
    if (run === undefined) continue;
    const sent = site.sent.map(keyOf);
    return { run, objects: objectsOf(world), world, sent, moments };
  }
  throw new Error('it never ended');
}

/** Brings a case to where its plan is to be carried out. */
export async function beforeApply(each: CrashCase, version: TrueNasVersion): Promise<Beginning> {
  const { options } = each;
  await using site = await cleanupSite(each.build(version), options);
  const plan = await each.plan(site);
  const deed: Deed = async (at, atMoment) => await at.apply(plan, atMoment);
  return { frozen: site.freeze(), options, deed, steps: plan.steps };
}

/** The same, and then to where the run is to be undone. */
export async function beforeRollback(
  each: CrashCase,
  version: TrueNasVersion,
): Promise<Beginning & { readonly original: World }> {
  const { options } = each;
  await using site = await cleanupSite(each.build(version), options);
  const plan = await each.plan(site);
  const original = site.freeze().world;
  const { id } = await site.apply(plan);
  const deed: Deed = async (at, atMoment) => await at.rollback(id, atMoment);
  return { frozen: site.freeze(), options, deed, steps: plan.steps, original };
}

const PLURALS = {
  persistentvolume: 'persistentvolumes',
  persistentvolumeclaim: 'persistentvolumeclaims',
  volumesnapshot: 'volumesnapshots',
  volumesnapshotcontent: 'volumesnapshotcontents',
  volumeattachment: 'volumeattachments',
} as const;

/** Whether a step is about an object; what is made is told by its kind, since its id is not known before. */
function isNamedBy({ change }: PlanStep, key: string): boolean {
  const isBelow = (dataset: string): boolean =>
    key === `dataset ${dataset}` ||
    key.startsWith(`dataset ${dataset}/`) ||
    key.startsWith(`snapshot ${dataset}@`);
  switch (change.type) {
    case 'set-enabled':
    case 'delete-object':
      return key === `${change.kind} ${String(change.id)}`;
    case 'set-groups':
      return key === `iscsi-target ${String(change.id)}`;
    case 'create-object':
      return key.startsWith(`${change.kind} `);
    // Joins are part of the subsystem they belong to.
    case 'delete-join':
      return key.startsWith('nvmet-subsystem ');
    case 'set-mark':
    case 'destroy-dataset':
      return key === `dataset ${change.dataset}`;
    case 'delete-snapshot':
      return key === `snapshot ${change.snapshot}`;
    case 'move-dataset':
      return isBelow(change.from) || isBelow(change.to);
    case 'set-policy':
      return key === `${PLURALS[change.kind]} /${change.name}`;
    case 'delete-resource':
    case 'create-resource':
      return key === `${PLURALS[change.kind]} ${change.namespace ?? ''}/${change.name}`;
  }
}

/** Objects that are not as they were, and that no step names. */
export function unexplained(
  { frozen, steps }: Beginning,
  { objects }: Pick<Ending, 'objects'>,
): readonly string[] {
  return differences(objectsOf(frozen.world), objects).filter(
    (key) => !steps.some((step) => isNamedBy(step, key)),
  );
}

/** The state and the steps of a run, without the words that tell how it came to them. */
export function outcomeOf({ run }: Ending): unknown {
  return { state: run.state, steps: run.steps.map(({ step, state }) => [step.id, state]) };
}

import { type ChildProcess } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { type CleanupPlan } from '../../src/lib/core/cleanup/plan-schema.ts';
import { type RunWire } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { addOne, addSound, finish, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import {
  type LabCluster,
  type LabSystem,
  type TrueNasVersion,
  type World,
} from '../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type CliResult, ended, PROGRAM, start } from './built-cli.ts';
import { Sandbox } from './run-command.ts';

/*
 * Clean-up as its users have it: servers on loopback, a configuration, a kubeconfig and a state directory, and every command a process
 * of its own, which can be killed.
 */

const CLOCK = pathToFileURL(resolve(import.meta.dirname, 'moved-clock.ts')).href;
/** The built program, whose clock can be moved. */
export const MOVABLE: Program = [process.execPath, '--import', CLOCK, PROGRAM];
export type Program = readonly [file: string, ...argv: string[]];

const HOUR = 3_600_000;

/** A small world with something of each kind to clean up, at the very instant that the machine has. */
export function worldToCleanUp(version: TrueNasVersion): World {
  const site = newSite(version);
  addSound(site.nfs, 5);
  addSound(site.iscsi, 4);
  addOne(site.nfs, 'apps/forgotten-files', { gone: ['pv', 'claim'] });
  addOne(site.iscsi, 'apps/forgotten-disk', { gone: ['pv', 'claim'] });
  addOne(site.nfs, 'apps/destroyed', { gone: ['claim', 'dataset', 'share'], releasedDays: 60.5 });
  addOne(site.nfs, 'apps/dangling', { gone: ['pv', 'claim', 'dataset'] });
  addOne(site.nfs, 'apps/unshared', { gone: ['share'] });
  const { world } = finish(site, []);
  for (const { apiKeys } of world.systems) for (const key of apiKeys) key.roles = ['FULL_ADMIN'];
  return atThisInstant(world);
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Moves every instant of a world by the same span, so that its now is that of the machine. */
function atThisInstant(world: World): World {
  const span = Math.floor((Date.now() - Date.parse(world.now)) / 1000) * 1000;
  const text = JSON.stringify(world).replace(INSTANT, (instant) => {
    const moved = new Date(Date.parse(instant) + span).toISOString();
    return instant.includes('.') ? moved : `${moved.slice(0, 19)}Z`;
  });
  return JSON.parse(text) as World; // it is the same world
}

export interface RealCleanupOptions {
  readonly version?: TrueNasVersion;
  readonly world?: World;
  /** Of the configuration. */
  readonly cleanup?: Readonly<Record<string, unknown>>;
  readonly program?: Program;
  /** State of an earlier site to begin with. */
  readonly state?: string;
}

export interface RunOptions {
  /** Another state directory than the usual one. */
  readonly state?: string;
  readonly program?: Program;
}

/** That of the servers, which processes are told of. */
class MovableClock {
  ahead = 0;
  readonly now = (): Date => new Date(Date.now() + this.ahead);
}

/** Both sides of a world as servers, and the commands of clean-up as processes. */
export class RealCleanup implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly kubernetes: KubernetesLab;
  readonly #options: Required<Pick<RealCleanupOptions, 'cleanup' | 'program'>>;
  readonly #clock: MovableClock;
  readonly #children = new Set<ChildProcess>();
  #truenas: TrueNasLab;

  private constructor(
    sandbox: Sandbox,
    world: World,
    labs: { readonly truenas: TrueNasLab; readonly kubernetes: KubernetesLab },
    options: Required<Pick<RealCleanupOptions, 'cleanup' | 'program'>>,
    clock: MovableClock,
  ) {
    this.sandbox = sandbox;
    this.world = world;
    this.#truenas = labs.truenas;
    this.kubernetes = labs.kubernetes;
    this.#options = options;
    this.#clock = clock;
  }

  static async start({
    version = '25.10',
    world = worldToCleanUp(version),
    cleanup = {},
    program = MOVABLE,
    state,
  }: RealCleanupOptions = {}): Promise<RealCleanup> {
    const { cluster, system } = sidesOf(world);
    const sandbox = await Sandbox.create();
    if (state !== undefined) await cp(state, sandbox.path('state'), { recursive: true });
    const clock = new MovableClock();
    const kubernetes = await startKubernetesLab(cluster, clock);
    const truenas = await startTrueNasLab(system, clock);
    await writeFile(sandbox.path('kubeconfig'), kubernetes.kubeconfig(), { mode: 0o600 });
    const labs = { kubernetes, truenas };
    const site = new RealCleanup(sandbox, world, labs, { cleanup, program }, clock);
    await site.#writeConfig();
    return site;
  }

  async #writeConfig(): Promise<void> {
    const { cluster, system } = sidesOf(this.world);
    const [key] = system.apiKeys;
    if (key === undefined) throw new Error('the world has no key');
    const kubeconfig = this.sandbox.path('kubeconfig');
    const config = {
      kubernetes: { name: cluster.name, kubeconfig, context: cluster.name },
      truenas: {
        name: system.name,
        url: this.#truenas.url,
        username: key.username,
        api_key: `${key.id}-${key.secret}`,
      },
      drivers: this.world.drivers,
      cleanup: { max_percent: 100, ...this.#options.cleanup },
    };
    // JSON is YAML.
    await writeFile(this.sandbox.path('config.yaml'), JSON.stringify(config), { mode: 0o600 });
  }

  get truenas(): TrueNasLab {
    return this.#truenas;
  }

  /** The same TrueNAS at another address, as after it was started again elsewhere. */
  async restartTrueNas(): Promise<void> {
    this.#truenas = await startTrueNasLab(this.system, this.#clock);
    await this.#writeConfig();
  }

  get system(): LabSystem {
    return sidesOf(this.world).system;
  }

  get stateDirectory(): string {
    return this.sandbox.path('state', 'truenas-monitor', 'cleanup');
  }

  /** Moves every clock on: of the servers, and of the processes that are started from now on. */
  pass(hours: number): void {
    this.#clock.ahead += hours * HOUR;
  }

  start(
    argv: readonly string[],
    { state, program = this.#options.program }: RunOptions = {},
  ): ChildProcess {
    const child = start(
      this.sandbox,
      [...program, 'cleanup', ...argv, '--config', this.sandbox.path('config.yaml')],
      {
        TEST_CLOCK_AHEAD_MS: String(this.#clock.ahead),
        ...(state !== undefined && { XDG_STATE_HOME: this.sandbox.path(state) }),
      },
    );
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CliResult> {
    return await ended(this.start(argv, options));
  }

  /** What a command says as JSON, where it ends as expected. */
  async json<T>(argv: readonly string[], code = 0, options: RunOptions = {}): Promise<T> {
    const result = await this.run([...argv, '-o', 'json'], options);
    expect(result.code, `${result.stdout}${result.stderr}`).toBe(code);
    return JSON.parse(result.stdout) as T; // compared with its published schema elsewhere
  }

  async plan(...argv: readonly string[]): Promise<CleanupPlan> {
    return await this.json<CleanupPlan>(['plan', ...argv]);
  }

  /** Flags that name whatever can be planned: what somebody might regret is planned only so, and nothing beside what is named. */
  async everything(): Promise<readonly string[]> {
    const { items, left_out: leftOut } = await this.plan();
    return [...items, ...leftOut].flatMap(({ id }) => ['--finding', id]);
  }

  async approved(...argv: readonly string[]): Promise<CleanupPlan> {
    const plan = await this.plan(...argv);
    const { code, stderr } = await this.run(['approve', plan.plan_id]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return plan;
  }

  async apply(code = 0, ...argv: readonly string[]): Promise<RunWire> {
    return await this.json<RunWire>(['apply', '--execute', ...argv], code);
  }

  /** A second state directory with all that the first one has. */
  async copyState(name: string): Promise<string> {
    await cp(this.sandbox.path('state'), this.sandbox.path(name), { recursive: true });
    return name;
  }

  /** Journals of runs; a process that is killed may leave a draft of one beside them. */
  async runFiles(): Promise<readonly string[]> {
    const names = await readdir(join(this.stateDirectory, 'runs')).catch(() => []);
    return names
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(this.stateDirectory, 'runs', name));
  }

  objects(): ReadonlyMap<string, string> {
    return objectsOf(this.world);
  }

  leases(): readonly unknown[] {
    return (this.kubernetes.cluster.objects['leases'] ?? [])
      .filter(({ metadata }) => metadata.name.startsWith('truenas-monitor-cleanup-'))
      .map(({ metadata, spec }) => ({ namespace: metadata.namespace, spec }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all([this.truenas.close(), this.kubernetes.close()]);
    await this.sandbox[Symbol.asyncDispose]();
  }
}

export function sidesOf(world: World): {
  readonly cluster: LabCluster;
  readonly system: LabSystem;
} {
  const [cluster] = world.clusters;
  const [system] = world.systems;
  if (cluster === undefined || system === undefined) throw new Error('a world has two sides');
  return { cluster, system };
}

/** Everything that both sides hold, each object by a name of its own; what changes by being looked at left out. */
export function objectsOf(world: World): ReadonlyMap<string, string> {
  const { cluster, system } = sidesOf(world);
  const objects = new Map<string, string>();
  for (const [plural, list] of Object.entries(cluster.objects)) {
    if (plural === 'leases') continue;
    for (const { metadata, ...object } of list) {
      const name = `${metadata.namespace ?? ''}/${metadata.name}`;
      objects.set(
        `${plural} ${name}`,
        JSON.stringify({ ...object, metadata: { ...metadata, resourceVersion: undefined } }),
      );
    }
  }
  for (const [list, rows] of Object.entries(system)) {
    if (!Array.isArray(rows)) continue;
    for (const row of rows as readonly LabRow[])
      objects.set(nameOf(list, row), JSON.stringify(row));
  }
  return objects;
}

interface LabRow {
  readonly id?: string | number;
  readonly path?: string;
  readonly name?: string;
}

/** What is made again gets another id; what it is about stays. */
function nameOf(list: string, row: LabRow): string {
  const { path, name, id } = row;
  return `${list} ${String(path ?? name ?? id ?? JSON.stringify(row))}`;
}

/** Names of the objects that are other than before, or there in only one of the two. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .toSorted();
}

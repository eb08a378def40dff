import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readPrivateFile, writePrivateFile } from '../adapters/store/private-file.ts';
import { stateDirectory } from '../adapters/store/xdg.ts';
import { UsageError } from '../core/model/errors.ts';
import { demo } from '../lab/scenario/demo.ts';
import { fleet } from '../lab/scenario/fleet.ts';
import { type KeptWorld, parseWorld, serialiseWorld } from '../lab/scenario/serialise.ts';
import { type Clock } from '../ports/clock.ts';
import { type ClockChange } from './flag-values.ts';
import { type DemoRequest } from './scan-flags.ts';

/** The newest release that most people run. */
const DEMO_VERSION = '25.10';

/** File that keeps since when undated objects of the demo have been there. */
export const DEMO_FIRST_SEEN = 'first-seen.json';

/** File that keeps the past scans of the demo. */
export const DEMO_HISTORY = 'history.db';

/** Where the demo keeps its world, and everything else it writes. */
export function demoDirectory({ stateDirectory: wanted }: DemoRequest): string {
  return wanted === null ? join(stateDirectory(process.env), 'demo') : resolve(wanted);
}

function worldFile(directory: string): string {
  return join(directory, 'world.json');
}

/** Where the demo keeps its plans and runs. */
export function demoCleanupDirectory(directory: string): string {
  return join(directory, 'cleanup');
}

/** The kept world, or a new one where there is none or it is unwanted; its clock put where the user wants it. */
export async function keptWorld(request: DemoRequest): Promise<KeptWorld> {
  const directory = demoDirectory(request);
  const path = worldFile(directory);
  const kept = await (request.reset ? forgetPast(directory) : readWorld(path));
  const wanted = request.size === null ? undefined : `fleet-${request.size}`;
  if (kept !== undefined && wanted !== undefined && kept.scenario !== wanted) {
    throw new UsageError(`the demo world that is kept in ${directory} is another one`, {
      remediation: ['Add --demo-reset to replace it, or --demo-state DIR to keep both.'],
      details: { kept: kept.scenario, wanted },
    });
  }
  if (kept !== undefined && request.clock === null) return kept;
  const current = kept ?? newWorld(request.size);
  if (request.clock !== null) {
    current.world.now = changed(current.world.now, request.clock).toISOString();
  }
  await writeWorld(path, current);
  return current;
}

/** Where the plans and runs of a demo world are kept, and its clock, where nothing else of it is wanted. */
export async function demoCleanup(
  request: DemoRequest,
): Promise<{ readonly directory: string; readonly clock: Clock }> {
  const { world } = await keptWorld(request);
  return {
    directory: demoCleanupDirectory(demoDirectory(request)),
    clock: { now: () => new Date(world.now) },
  };
}

/** What was kept of the old world would be taken for the past of the new one. */
async function forgetPast(directory: string): Promise<undefined> {
  const names = await readdir(directory).catch(() => []);
  const past = names.filter(
    (name) =>
      name === DEMO_FIRST_SEEN ||
      // Beside the store lie its journal, and what was put aside of it.
      name.startsWith(DEMO_HISTORY) ||
      /^scan-[\da-f]+\.jsonl$/.test(name),
  );
  await Promise.all(past.map((name) => rm(join(directory, name), { force: true })));
  await rm(demoCleanupDirectory(directory), { recursive: true, force: true });
  return undefined;
}

function newWorld(size: number | null): KeptWorld {
  const scenario = size === null ? demo : fleet(size);
  return { scenario: scenario.name, world: scenario.build(DEMO_VERSION) };
}

function changed(now: string, change: ClockChange): Date {
  return change.kind === 'at' ? change.instant : new Date(Date.parse(now) + change.by);
}

async function readWorld(path: string): Promise<KeptWorld | undefined> {
  try {
    const text = await readPrivateFile(path);
    return text === undefined ? undefined : parseWorld(text);
  } catch (cause) {
    throw new UsageError(`the demo world in ${path} cannot be used`, {
      cause,
      remediation: ['Make it anew with --demo-reset.'],
    });
  }
}

/** Writes the world back whenever it was changed. */
export interface WorldKeeper {
  /** Why it must not be changed: another command has written it since, and what that did would be lost. Undefined where it may. */
  whyNot(): Promise<string | undefined>;
  keep(): Promise<void>;
}

/** @param kept the world as `keptWorld` gave it, to be written as it is at each moment */
export async function worldKeeper(request: DemoRequest, kept: KeptWorld): Promise<WorldKeeper> {
  const path = worldFile(demoDirectory(request));
  const fileNow = async (): Promise<string> => {
    const { ino, mtimeMs } = await stat(path);
    return `${ino} ${mtimeMs}`;
  };
  let last = await fileNow();
  return {
    async whyNot() {
      const now = await fileNow().catch(() => undefined);
      return now === last ? undefined : 'another command has changed the demo world meanwhile';
    },
    async keep() {
      await writeWorld(path, kept);
      last = await fileNow();
    },
  };
}

async function writeWorld(path: string, kept: KeptWorld): Promise<void> {
  try {
    await writePrivateFile(path, [serialiseWorld(kept)]);
  } catch (cause) {
    throw new UsageError(`the demo world cannot be kept in ${path}`, {
      cause,
      remediation: ['Name a directory of yours: --demo-state DIR.'],
    });
  }
}

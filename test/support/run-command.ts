import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command } from '@oclif/core';

const ROOT = resolve(import.meta.dirname, '../..');

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

type CommandClass = typeof Command & {
  run(argv: string[], options: { root: string }): Promise<unknown>;
};

/** Variables that would let the machine a test runs on into the test. */
const FOREIGN = /^(?:TRUENAS_|XDG_|KUBECONFIG$|NO_COLOR$|FORCE_COLOR$|COLUMNS$|KUBERNETES_)/;

/** A home of its own for commands: nothing of the user's is read or written. */
export class Sandbox implements AsyncDisposable {
  readonly directory: string;
  readonly environment: Record<string, string>;

  constructor(directory: string) {
    this.directory = directory;
    this.environment = {
      HOME: directory,
      XDG_CONFIG_HOME: join(directory, 'config'),
      XDG_CACHE_HOME: join(directory, 'cache'),
      XDG_STATE_HOME: join(directory, 'state'),
      XDG_DATA_HOME: join(directory, 'data'),
    };
  }

  static async create(): Promise<Sandbox> {
    return new Sandbox(await realpath(await mkdtemp(join(tmpdir(), 'truenas-monitor-test-'))));
  }

  path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }

  /** Runs a command class from the sources with these arguments, and returns what it said. */
  async run(
    command: typeof Command,
    argv: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const restoreEnvironment = replaceEnvironment({ ...this.environment, ...environment });
    const before = process.cwd();
    process.chdir(this.directory);
    const output = captureStreams();
    const codeBefore = process.exitCode;
    process.exitCode = undefined;
    try {
      await (command as CommandClass).run([...argv], { root: ROOT });
      return { ...output.texts(), exitCode: codeOf(process.exitCode) };
    } finally {
      output.restore();
      process.exitCode = codeBefore;
      process.chdir(before);
      restoreEnvironment();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

function replaceEnvironment(wanted: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (FOREIGN.test(name)) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, wanted);
  return () => {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  };
}

/** What the process would end with; the type of the property forgets that a command sets it. */
function codeOf(code: unknown): number {
  return typeof code === 'number' ? code : 0;
}

function captureStreams(): { texts(): { stdout: string; stderr: string }; restore(): void } {
  const captured = { stdout: '', stderr: '' };
  const restores = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const original = stream.write.bind(stream);
    stream.write = (
      chunk: string | Uint8Array,
      encoding?: unknown,
      callback?: (error?: Error | null) => void,
    ): boolean => {
      captured[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      // The encoding may be left out, and the callback stands in its place.
      for (const done of [encoding, callback]) {
        if (typeof done === 'function') process.nextTick(done);
      }
      return true;
    };
    return () => {
      stream.write = original;
    };
  });
  return {
    texts: () => ({ ...captured }),
    restore: () => {
      for (const restore of restores) restore();
    },
  };
}

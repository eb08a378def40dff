import { Script } from 'node:vm';

/** Where the chunks of the program are: in the executable, or in a folder while it is being built. */
export interface ChunkStore {
  /** Text of a chunk; throws where there is none of this name. */
  source(name: string): string;
  /** Compiled code V8 made of it earlier; undefined where there is none. */
  cache(name: string): Buffer | undefined;
  /** Text of a script that runs a chunk in a thread of its own. */
  thread(chunk: string): string;
}

/** One chunk as it was loaded. */
export interface LoadedChunk {
  readonly name: string;
  readonly script: Script;
}

export interface ChunkLoader {
  /** Exports of a chunk, which runs when it is first asked for. */
  load(name: string): unknown;
  /** What was loaded so far, in that order. */
  readonly loaded: readonly LoadedChunk[];
}

interface Module {
  exports: unknown;
}

type ChunkFunction = (
  exports: unknown,
  require: (id: string) => unknown,
  module: Module,
  __filename: string,
  __dirname: string,
) => void;

/** Module by which a chunk learns how threads are started here. */
const THREADS = 'program:threads';

/** The folder that chunks are told they are in. There is none: nothing is ever read from it. */
const NOWHERE = '/truenas-monitor';

function builtin(id: string): unknown {
  const found: unknown = process.getBuiltinModule(id);
  if (found === undefined) {
    throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
  }
  return found;
}

/**
 * Loads chunks as CommonJS modules. V8 refuses compiled code of another version, or made with other flags, and compiles the
 * text instead: slower, and the same.
 */
export function chunkLoader(store: ChunkStore): ChunkLoader {
  const modules = new Map<string, Module>();
  const loaded: LoadedChunk[] = [];
  const load = (name: string): unknown => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module: Module = { exports: {} };
    modules.set(name, module);
    const cachedData = store.cache(name);
    const script = new Script(
      `(function (exports, require, module, __filename, __dirname) {${store.source(name)}\n})`,
      {
        filename: `truenas-monitor/${name}`,
        ...(cachedData && { cachedData }),
      },
    );
    loaded.push({ name, script });
    // The wrapper above is a function of this shape.
    const run = script.runInThisContext() as ChunkFunction;
    run(module.exports, requireFrom, module, `${NOWHERE}/${name}`, NOWHERE);
    return module.exports;
  };
  const requireFrom = (id: string): unknown => {
    if (id === THREADS) return { threadText: (chunk: string) => store.thread(chunk) };
    return id.startsWith('./') ? load(id.slice('./'.length)) : builtin(id);
  };
  return { load, loaded };
}

import { type Command, type Interfaces } from '@oclif/core';
import { commands, hooks, manifest, pjson, version } from 'virtual:program';

/** What the bundler knows of the program: see `scripts/binary/program.ts`. */
type Loaders = Readonly<Record<string, () => Promise<unknown>>>;

/** Root of a program that has no folder: nothing is ever read from there. */
const NOWHERE = '/truenas-monitor';

function commandIn(module: unknown): Command.Class {
  // Every command module exports its class as the default, which the manifest was made from.
  return (module as { readonly default: Command.Class }).default;
}

async function loadCommand(id: string): Promise<Command.Class> {
  const load = (commands as Loaders)[id];
  if (load === undefined) throw new Error(`there is no command ${id}`);
  const command = commandIn(await load());
  command.id = id;
  command.plugin = rootPlugin;
  return command;
}

/** The program as oclif's loader would have found it on disk. */
export const rootPlugin: Interfaces.Plugin & {
  readonly loadModule: (target: string) => Promise<unknown>;
} = {
  _base: 'truenas-monitor',
  alias: pjson.name,
  commandIDs: Object.keys(manifest),
  commands: Object.values(manifest).map((cached) => ({
    ...cached,
    load: async () => await loadCommand(cached.id),
  })),
  commandsDir: undefined,
  findCommand: async (id: string) => await loadCommand(id),
  hasManifest: true,
  hooks: Object.fromEntries(
    Object.keys(hooks).map((event) => [event, [{ identifier: 'default', target: event }]]),
  ),
  isRoot: true,
  load: () => Promise.resolve(),
  loadModule: async (target) => await (hooks as Loaders)[target]?.(),
  moduleType: 'commonjs',
  name: pjson.name,
  options: { root: NOWHERE },
  pjson,
  root: NOWHERE,
  topics: Object.entries(pjson.oclif.topics ?? {}).map(([name, { description }]) => ({
    name,
    description,
  })),
  type: 'core',
  valid: true,
  version,
};

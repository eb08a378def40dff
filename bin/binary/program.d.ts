/** What the bundler writes into the executable: see `scripts/binary/program.ts`. */
declare module 'virtual:program' {
  import { type Command, type Interfaces } from '@oclif/core';

  /** Commands of the program and of its plugins, by id. */
  export const manifest: Readonly<Record<string, Command.Cached>>;
  /** Loads the module of each command. */
  export const commands: Readonly<Record<string, () => Promise<unknown>>>;
  /** Loads the module of the hook of each event. */
  export const hooks: Readonly<Record<string, () => Promise<unknown>>>;
  export const pjson: Interfaces.PJSON;
  /** With the commit behind a plus sign. */
  export const version: string;
}

/** How threads are started: see `modules.ts`. */
declare module 'program:threads' {
  /** Text of a script that runs this chunk. */
  export function threadText(chunk: string): string;
}

import { type MonitorError } from '../core/model/errors.ts';

/** Flags of the running command without which another one would act on other servers, or look at other journals. */
export interface RepeatedFlags {
  /** For commands that connect to servers. */
  readonly connecting: readonly string[];
  /** For those that only read journals. */
  readonly reading: readonly string[];
}

/** Commands of this tool that what there is to do may name. Flags may stand before arguments, so that nothing behind matters. */
const COMMANDS =
  /\b(?:truenas-monitor orphans|cleanup (?:plan|approve|apply|rollback|history|adopt))\b/g;

/** An error whose commands are for the servers of the command that failed: use cases know the command, and not its flags. */
export function withFlags<E extends MonitorError>(
  error: E,
  { connecting, reading }: RepeatedFlags,
): E {
  if (connecting.length === 0) return error;
  const complete = (command: string): string =>
    [command, ...(command.endsWith(' history') ? reading : connecting)].join(' ');
  return error.withRemediation(
    error.remediation.map((text) => text.replaceAll(COMMANDS, complete)),
  );
}

import { type Hook } from '@oclif/core';
import { findNearest } from '../core/model/did-you-mean.ts';
import { UsageError } from '../core/model/errors.ts';
import { formatError } from './error-output.ts';
import { EXIT } from './exit-codes.ts';

function describeUnknown(typed: string, names: readonly string[], bin: string): UsageError {
  // oclif takes whatever follows a command for a part of its name.
  const command = names.find((name) => typed.startsWith(`${name} `));
  if (command !== undefined) {
    const rest = typed.slice(command.length + 1);
    return new UsageError(`${command} takes no argument ${JSON.stringify(rest)}`, {
      remediation: [`See every option: ${bin} ${command} --help.`],
    });
  }
  const meant = findNearest(typed, names);
  return new UsageError(`there is no command ${JSON.stringify(typed)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean ${bin} ${meant}?`]),
      `Use one of ${names.join(', ')}; see ${bin} --help.`,
    ],
  });
}

/** Says which command was meant; oclif calls it for one that does not exist. */
const unknownCommand: Hook.CommandNotFound = function ({ id, argv = [], config }) {
  const typed = id.replaceAll(':', ' ');
  const names = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '))
    .sort();
  const error = describeUnknown(typed, names, config.bin);
  process.stderr.write(formatError(error, argv));
  process.exitCode = EXIT.failed;
  return Promise.resolve();
};

export default unknownCommand;

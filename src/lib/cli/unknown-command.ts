import { type Hook } from '@oclif/core';
import { findNearest } from '../core/model/did-you-mean.ts';
import { UsageError } from '../core/model/errors.ts';
import { formatError } from './error-output.ts';
import { EXIT } from './exit-codes.ts';

/** Says which command was meant; oclif calls it for one that does not exist. */
const unknownCommand: Hook.CommandNotFound = function ({ id, argv = [], config }) {
  const typed = id.replaceAll(':', ' ');
  const names = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '))
    .sort();
  const meant = findNearest(typed, names);
  const error = new UsageError(`there is no command ${JSON.stringify(typed)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean ${config.bin} ${meant}?`]),
      `Use one of ${names.join(', ')}; see ${config.bin} --help.`,
    ],
  });
  process.stderr.write(formatError(error, argv));
  process.exitCode = EXIT.failed;
  return Promise.resolve();
};

export default unknownCommand;

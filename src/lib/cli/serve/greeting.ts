import { type Logger } from '../../ports/logger.ts';
import { type Console } from '../base-command.ts';
import { currentTerminal } from '../terminal.ts';

/** Where something is served. */
export interface Served {
  readonly address: string;
  /** Null where there are none. */
  readonly metrics: string | null;
}

/** Says where to look: a person in some lines, a log in one. */
export function greeting({ version }: Console, logger: Logger, { address, metrics }: Served): void {
  logger.log('info', 'listening', {
    address,
    docs: `${address}/docs`,
    version,
    ...(metrics !== null && { metrics }),
  });
  if (!currentTerminal().stderrIsTerminal) return;
  const lines = [
    `truenas-monitor ${version} serves at ${address}`,
    `  what there is  ${address}/docs`,
    ...(metrics === null ? [] : [`  metrics        ${metrics}`]),
    `  state          ${address}/ready`,
    'Ctrl-C ends it.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

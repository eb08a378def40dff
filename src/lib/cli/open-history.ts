import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { openHistory } from '../adapters/store/history/open-history.ts';
import { dataDirectory } from '../adapters/store/xdg.ts';
import { type Millis } from '../core/model/units.ts';
import { type HistoryMaintenance, type HistoryStore } from '../ports/history.ts';
import { type Logger } from '../ports/logger.ts';
import { type Console } from './base-command.ts';
import { loadUserConfig } from './load-config.ts';
import { readDemo } from './scan-flags.ts';
import { type OpenHistory } from './wiring.ts';

/** The history of the user's own scans; its file is made by the first of them. */
export function userHistory(
  { path, retention }: { readonly path: string | null; readonly retention: Millis },
  logger: Logger,
): HistoryStore & HistoryMaintenance {
  return openHistory({
    path: path ?? join(dataDirectory(process.env), 'history.db'),
    retention,
    clock: systemClock,
    logger,
  });
}

/** The history that the flags lead to: the user's, or that of the demo. */
export async function historyFor(
  flags: Parameters<typeof readDemo>[0],
  { logger }: Console,
): Promise<OpenHistory> {
  const demo = readDemo(flags);
  if (demo !== null) {
    const { openDemoHistory } = await import('./demo-history.ts');
    return await openDemoHistory(demo, logger);
  }
  const { config, warnings } = await loadUserConfig({ file: flags.config ?? null });
  for (const warning of warnings) logger.log('warn', warning);
  return { history: userHistory(config.history, logger), clock: systemClock };
}

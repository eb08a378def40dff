import { join } from 'node:path';
import { openHistory } from '../adapters/store/history/open-history.ts';
import { MonitorError } from '../core/model/errors.ts';
import { type HistoryRecord } from '../core/model/history.ts';
import { millis } from '../core/model/units.ts';
import { historyOf } from '../lab/scenario/demo-history.ts';
import { type KeptWorld } from '../lab/scenario/serialise.ts';
import { type Clock } from '../ports/clock.ts';
import { type HistoryMaintenance, type HistoryStore } from '../ports/history.ts';
import { type Logger } from '../ports/logger.ts';
import { DEMO_HISTORY, demoDirectory, keptWorld } from './demo-world.ts';
import { type DemoRequest } from './scan-flags.ts';
import { type OpenHistory } from './wiring.ts';

type History = HistoryStore & HistoryMaintenance;

const RETENTION = millis(400 * 86_400_000);

/** The history of a demo world, which begins with a past that goes with it. */
export function demoHistory(
  { scenario, world }: KeptWorld,
  directory: string,
  clock: Clock,
  logger: Logger,
): History {
  const path = join(directory, DEMO_HISTORY);
  const history = openHistory({ path, retention: RETENTION, clock, logger });
  return withPast(history, () => historyOf(world, scenario), logger);
}

/** The same, where nothing else of the world is wanted. */
export async function openDemoHistory(request: DemoRequest, logger: Logger): Promise<OpenHistory> {
  const kept = await keptWorld(request);
  const clock: Clock = { now: () => new Date(kept.world.now) };
  return { history: demoHistory(kept, demoDirectory(request), clock, logger), clock };
}

/** Begins with a past where there is nothing yet, as soon as anybody wants to know. */
function withPast(history: History, past: () => Iterable<HistoryRecord>, logger: Logger): History {
  let begun: Promise<void> | undefined;
  const begin = async (): Promise<void> => {
    await (begun ??= fill(history, past, logger));
  };
  return {
    async record(sample) {
      await begin();
      return await history.record(sample);
    },
    async recordReport(estate, at) {
      await begin();
      return await history.recordReport(estate, at);
    },
    async open() {
      await begin();
      return await history.open();
    },
    async status() {
      await begin();
      return await history.status();
    },
    async *export() {
      await begin();
      yield* history.export();
    },
    async import(records) {
      await begin();
      return await history.import(records);
    },
    async prune(before) {
      await begin();
      return await history.prune(before);
    },
  };
}

async function fill(
  history: History,
  past: () => Iterable<HistoryRecord>,
  logger: Logger,
): Promise<void> {
  const { state } = await history.status();
  if (state.kind !== 'absent') return;
  try {
    await history.import(eachOf(past()));
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    logger.log('warn', `the demo has no past: ${error.message}`);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- all of it is there already
async function* eachOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

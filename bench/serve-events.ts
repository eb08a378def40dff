// A hundred clients listen while findings come and go, beside one that reads nothing.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type LabProcess } from './lab-client.ts';
import { type Heard, type Last, type Question } from './serve-events-client.ts';
import { type Measurements } from './serve-load.ts';
import { type ServeProcess } from './serve-process.ts';
import { budgetRow, fixed, noneRow, table } from './table.ts';

export interface EventSetting {
  readonly served: ServeProcess;
  readonly lab: LabProcess;
  readonly clients: number;
  readonly scans: number;
}

/** Volumes that are whose datasets go before each scan, while those of the last time come back. */
const CHANGED = 20;
/** From the first client that hears of something to the last, 95 times of 100, in milliseconds. */
const BUDGET = 1_000;
/** How long it may take until the slow one is dropped: it is given 30 s, and its socket holds some megabytes before that. */
const DROPPED_WITHIN = 180_000;
const PATIENCE = 30_000;
const DROPPED = 'truenas_monitor_event_clients_dropped_total';

class Clients implements Disposable {
  readonly #child: ChildProcess = fork(new URL('serve-events-client.ts', import.meta.url), {
    execArgv: [],
  });

  async ask<T>(question: Question): Promise<T> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
    this.#child.send(question);
    const [message] = (await answer) as [T];
    return message;
  }

  /** Waits until all of them have heard the same, and nothing more comes. */
  async settle(): Promise<void> {
    const started = performance.now();
    for (let before = -1; performance.now() - started < PATIENCE;) {
      await wait(1_000);
      const { least, most } = await this.ask<Last>({ ask: 'last' });
      if (least === most && most === before) return;
      before = most;
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

async function droppedOf(served: ServeProcess): Promise<readonly [slow: number, silent: number]> {
  return [
    await served.numberOf(`${DROPPED}{reason="slow"}`),
    await served.numberOf(`${DROPPED}{reason="silent"}`),
  ];
}

async function scanAndHear({ served, lab, scans }: EventSetting, clients: Clients): Promise<Heard> {
  await clients.ask<Heard>({ ask: 'heard' });
  for (let scan = 0; scan < scans; scan += 1) {
    await lab.change(CHANGED);
    await served.scan();
    await clients.settle();
  }
  return await clients.ask<Heard>({ ask: 'heard' });
}

function row(when: string, { events, open, spread, bytes }: Heard): readonly string[] {
  return [
    when,
    String(open),
    String(events),
    fixed(bytes / 1024 / 1024, 1),
    ...[spread.p50, spread.p95, spread.most].map((ms) => fixed(ms, 1)),
  ];
}

function budgetsOf(when: string, clients: number, result: Heard): readonly (readonly string[])[] {
  const { lost, anew, open, spread } = result;
  return [
    budgetRow(`${when}: first to last client, p95, ms`, BUDGET, spread.p95),
    noneRow(`${when}: events that a client did not get, or not in order`, lost),
    noneRow(`${when}: clients told everything anew`, anew),
    noneRow(`${when}: clients dropped`, clients - open),
  ];
}

export async function measureEvents(setting: EventSetting): Promise<Measurements> {
  const { served, clients: count } = setting;
  const address = `${served.api.replace('http', 'ws')}/api/v1/events`;
  using clients = new Clients();
  await clients.ask({ ask: 'open', address, clients: count });
  const { most: begun } = await clients.ask<Last>({ ask: 'last' });
  const alone = await scanAndHear(setting, clients);
  const before = await droppedOf(served);
  await clients.ask({ ask: 'dawdle', address, after: begun });
  const started = performance.now();
  const beside = await scanAndHear(setting, clients);
  let after = await droppedOf(served);
  while (after[0] + after[1] === before[0] + before[1]) {
    if (performance.now() - started > DROPPED_WITHIN) break;
    await wait(500);
    after = await droppedOf(served);
  }
  const droppedAfter = (performance.now() - started) / 1000;
  const [slow, silent] = [after[0] - before[0], after[1] - before[1]];
  const head = ['while', 'clients', 'events', 'MB heard', 'p50 ms', 'p95 ms', 'most ms'];
  return {
    lines: [
      `${count} clients hear of ${setting.scans} scans, before each of which the datasets of ${CHANGED} volumes went out of the system and those of the time before came back. Times are from the first`,
      'client that heard of an event to the last, as one process that is all of them sees it; what a scan found is told at once, so that they are',
      'about the time in which all of it is written to everybody. Then the same again beside one client that asks for everything and reads nothing.',
      '',
      table(head, [row('nobody is slow', alone), row('one reads nothing', beside)]),
      '',
      slow + silent === 0
        ? 'The one that reads nothing was not dropped.'
        : `The one that reads nothing was dropped within ${fixed(droppedAfter)} s, as one that is ${slow > 0 ? 'slow' : 'silent'}.`,
      ...[...new Set([...alone.ended, ...beside.ended])].map((each) => `- a client ended: ${each}`),
    ],
    budgets: [
      ...budgetsOf('nobody is slow', count, alone),
      ...budgetsOf('one reads nothing', count, beside),
      noneRow('slow clients that were not dropped', 1 - slow - silent),
    ],
  };
}

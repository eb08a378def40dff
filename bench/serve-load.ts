// A hundred clients ask for findings and metrics, while nothing else happens and while scans run.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type LabProcess } from './lab-client.ts';
import { type ServeProcess } from './serve-process.ts';
import { type KindResult, type LoadPlan, type LoadResult, WARM_UP } from './serve-load-plan.ts';
import { median } from './statistics.ts';
import { budgetRow, fixed, noneRow, table } from './table.ts';

export interface LoadSetting {
  readonly served: ServeProcess;
  readonly lab: LabProcess;
  readonly clients: number;
  readonly seconds: number;
}

export interface Measurements {
  readonly lines: readonly string[];
  readonly budgets: readonly (readonly string[])[];
}

/** Volumes whose datasets go first, so that there is much to tell: about four findings each. */
const MISSING = 200;
const EVERY = 1_000;
/** What 95 of 100 answers may take, in milliseconds. */
const BUDGET = 50;
/** As much as a page of findings is when it is packed, about. */
const BARE_ANSWER = Buffer.alloc(4 * 1024, 'x');

async function run(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(new URL('serve-load-client.ts', import.meta.url), { execArgv: [] });
  const late = setTimeout(() => child.kill('SIGKILL'), (plan.seconds + 60) * 1000);
  try {
    const answer = Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('the clients ended before they had said what came of it');
      }),
    ]);
    child.send(plan);
    const [result] = (await answer) as [LoadResult];
    return result;
  } finally {
    clearTimeout(late);
    child.kill();
  }
}

/** Scans one after the other while something else goes on. */
async function scanDuring<T>(
  served: ServeProcess,
  work: Promise<T>,
): Promise<{ readonly result: T; readonly scans: readonly number[] }> {
  const state = { over: false };
  const watched = work.finally(() => {
    state.over = true;
  });
  const scans: number[] = [];
  const scanning = async (): Promise<void> => {
    while (!state.over) scans.push(await served.scan());
  };
  const [result] = await Promise.all([watched, scanning()]);
  return { result, scans };
}

function row(when: string, what: string, result: KindResult): readonly string[] {
  return [
    `${when}: ${what}`,
    String(result.requests),
    String(result.errors),
    fixed(result.bytes / 1024, 1),
    ...[result.p50, result.p95, result.p99, result.most].map((ms) => fixed(ms, 1)),
  ];
}

function rowsOf(when: string, { kinds }: LoadResult): readonly (readonly string[])[] {
  return [
    row(when, 'a page of orphans', kinds.orphans),
    row(when, 'the same, asked with its ETag', kinds.known),
    row(when, 'all orphans', kinds.all),
    row(when, 'metrics', kinds.metrics),
    row(when, 'a server that does nothing', kinds.bare),
  ];
}

function budgetsOf(when: string, result: LoadResult): readonly (readonly string[])[] {
  const { findings, kinds } = result;
  return [
    budgetRow(`${when}: orphans, p95, ms`, BUDGET, findings.p95),
    budgetRow(`${when}: metrics, p95, ms`, BUDGET, kinds.metrics.p95),
    noneRow(`${when}: errors`, findings.errors + kinds.metrics.errors),
  ];
}

/** Of one request, those before it was counted included: they are as many a second. */
function cpuOf(cpuMs: number, { perSecond }: LoadResult, seconds: number): number {
  return cpuMs / (perSecond * (seconds + WARM_UP / 1000));
}

export async function measureLoad({
  served,
  lab,
  clients,
  seconds,
}: LoadSetting): Promise<Measurements> {
  await lab.change(MISSING);
  await served.scan();
  const nothing = createServer((_request, response) => response.end(BARE_ANSWER));
  await once(nothing.listen(0, '127.0.0.1'), 'listening');
  const bare = `http://127.0.0.1:${(nothing.address() as AddressInfo).port}`;
  const plan = { api: served.api, metrics: served.metrics, bare, clients, seconds };
  try {
    const before = served.cpuMs();
    const calm = await run({ ...plan, every: EVERY });
    const calmCpu = served.cpuMs() - before;
    const busy = await scanDuring(served, run({ ...plan, every: EVERY }));
    const beforeMost = served.cpuMs();
    const most = await run({ ...plan, seconds: Math.ceil(seconds / 3), every: null });
    const mostCpu = served.cpuMs() - beforeMost;
    const scanned = busy.scans.map((ms) => ms / 1000);
    const head = ['while', 'requests', 'errors', 'KB', 'p50 ms', 'p95 ms', 'p99 ms', 'most ms'];
    return {
      lines: [
        `${clients} clients with connections of their own ask once a second each, half of the time for metrics: ${fixed(calm.perSecond)} requests a second, for ${seconds} s. Each question is`,
        'due at a moment drawn beforehand, and its time is counted from then, so that a slow answer is not spared those that wait behind it. The time of',
        'answers that are asked for at once again is the number of clients over the rate, whatever the server: it is there to know the rate. The server that',
        'does nothing is asked at the same time by ten further clients: what it takes is taken by the machine and the clients. KB are as sent, packed with gzip.',
        '',
        table(head, [
          ...rowsOf('nothing', calm),
          ...rowsOf('scans', busy.result),
          ...rowsOf('at once again', most),
        ]),
        '',
        `The service takes ${fixed(cpuOf(calmCpu, calm, seconds), 2)} ms of the processor for a request while nothing else happens, ${fixed(cpuOf(mostCpu, most, plan.seconds / 3), 2)} at once again, that of packing included.`,
        '',
        `While scans run: ${busy.scans.length} one after the other, ${fixed(median(scanned), 1)} s each. At once again: ${fixed(most.perSecond)} requests a second.`,
        ...[...calm.troubles, ...busy.result.troubles, ...most.troubles].map((each) => `- ${each}`),
      ],
      budgets: [
        ...budgetsOf('nothing else', calm),
        ...budgetsOf('while scans run', busy.result),
        noneRow('at once again: errors', most.findings.errors + most.kinds.metrics.errors),
      ],
    };
  } finally {
    nothing.close();
  }
}

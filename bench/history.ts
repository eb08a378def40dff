// What the history of a large fleet takes: space, time and memory.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { openHistory } from '../src/lib/adapters/store/history/open-history.ts';
import { type HistoryRecord, type ScanSample, type Space } from '../src/lib/core/model/history.ts';
import { bytes, millis } from '../src/lib/core/model/units.ts';
import { median } from './statistics.ts';
import { budgetRow, fixed, table } from './table.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-29T12:00:00Z');
const ESTATE = { clusters: ['c1'], systems: ['h1'] };
const POOLS = 4;
const CLASSES = 12;
/** Daily points of each volume in the large store. */
const DAYS = 400;
const VOLUMES = 10_000;
const RUNS = 7;
const GI = 2 ** 30;

const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);

function space(which: number, day: number): Space {
  const used = (10 + (which % 90)) * GI + Math.round(day * (which % 7) * 1_234_567) + which * 4_096;
  return {
    used: bytes(used),
    snapshots: bytes((which % 5) * 654_321_000),
    logical: bytes(Math.round(used * 1.7)),
    provisioned: bytes(100 * GI),
    snapshotCount: which % 40,
  };
}

function sample(volumes: number, day: number): ScanSample {
  return {
    at: daysAgo(day),
    clusters: [{ id: 'c1', name: 'prod' }],
    systems: [{ id: 'h1', name: 'nas1' }],
    pools: Array.from({ length: POOLS }, (_, which) => ({
      hostId: 'h1',
      pool: `pool-${which}`,
      name: `tank${which}`,
      capacity: bytes(5_000_000 * GI),
      ...space(which, DAYS - day),
    })),
    classes: Array.from({ length: CLASSES }, (_, which) => ({
      clusterUid: 'c1',
      storageClass: `class-${which}`,
      volumes: 9,
      ...space(which, DAYS - day),
    })),
    volumes: Array.from({ length: volumes }, (_, which) => ({
      hostId: 'h1',
      dataset: `tank/k8s/volumes/pvc-${String(which).padStart(8, '0')}-3b7a-4c55-9a31-0d5b8e7f2a10`,
      createdAt: daysAgo(500 + (which % 100)),
      clusterUid: 'c1',
      volume: `pvc-${String(which).padStart(8, '0')}-3b7a-4c55-9a31-0d5b8e7f2a10`,
      namespace: `team-${which % 50}`,
      claim: `data-${which}`,
      storageClass: `class-${which % CLASSES}`,
      ...space(which, DAYS - day),
    })),
    findings: [],
    judged: [],
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a file is read with waits in between
async function* recordsOf(samples: Iterable<ScanSample>): AsyncGenerator<HistoryRecord> {
  for (const { at, clusters, systems, pools, classes, volumes } of samples) {
    yield { kind: 'scan', at, clusters, systems };
    for (const pool of pools) yield { kind: 'pool', ...pool, point: { at, ...pool } };
    for (const one of classes) yield { kind: 'class', ...one, point: { at, ...one } };
    for (const volume of volumes) yield { kind: 'volume', ...volume, point: { at, ...volume } };
  }
}

function* samplesOf(volumes: number, days: number): Generator<ScanSample> {
  for (let day = days; day > 0; day -= 1) yield sample(volumes, day);
}

const history = (file: string): ReturnType<typeof openHistory> =>
  openHistory({
    path: file,
    retention: millis(1_000 * DAY),
    clock: { now: () => NOW },
    logger: {
      log: (level, message) => {
        throw new Error(`${level}: ${message}`);
      },
    },
  });

type Timed = Pick<Step, 'ms' | 'cpuMs'>;

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1_000 };
}

async function record(file: string, scan: ScanSample): Promise<void> {
  const recorded = await history(file).record(scan);
  if (recorded.state !== 'kept') throw new Error(recorded.reason);
}

async function readPool(file: string): Promise<void> {
  using reader = await history(file).open();
  const pools = reader?.pools(ESTATE, daysAgo(90)) ?? [];
  if (pools[0]?.points.length === undefined) throw new Error('there is no pool');
}

async function readVolumes(file: string): Promise<number> {
  using reader = await history(file).open();
  let points = 0;
  for (const volume of reader?.volumes(ESTATE, daysAgo(90)) ?? []) points += volume.points.length;
  return points;
}

/** What one step costs in a process of its own. */
interface Step {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly baseMb: number;
}

const STEPS: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  small: (file) => record(file, sample(45, 0)),
  seed: (file) => history(file).import(recordsOf([...samplesOf(45, 120)])),
  pool: readPool,
  volumes: readVolumes,
};

const [, , step, target = ''] = process.argv;
const own = step === undefined ? undefined : STEPS[step];
if (own === undefined) await main();
else {
  const baseMb = process.resourceUsage().maxRSS / 1024;
  const cost = await timed(() => own(target));
  const rssMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ ...cost, rssMb, baseMb } satisfies Step));
}

function apart(name: string, file: string): Step {
  const script = path.join(import.meta.dirname, 'history.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [script, name, file], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Step;
}

function middle(runs: number, run: (index: number) => Step): Step {
  const steps = Array.from({ length: runs }, (_, index) => run(index));
  return {
    ms: median(steps.map(({ ms }) => ms)),
    cpuMs: median(steps.map(({ cpuMs }) => cpuMs)),
    rssMb: median(steps.map(({ rssMb }) => rssMb)),
    baseMb: median(steps.map(({ baseMb }) => baseMb)),
  };
}

async function main(): Promise<void> {
  const work = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-bench-'));
  const file = (name: string): string => path.join(work, name);
  const small = middle(RUNS, (index) => apart('small', file(`small-${index}.db`)));
  const seed = middle(RUNS, (index) => apart('seed', file(`seed-${index}.db`)));
  const large = file('large.db');
  const importCost = await timed(() => history(large).import(recordsOf(samplesOf(VOLUMES, DAYS))));
  const status = await history(large).status();
  const pool = middle(RUNS, () => apart('pool', large));
  const volumes = middle(3, () => apart('volumes', large));
  const firstCost = await timed(() => record(large, sample(VOLUMES, 0)));
  const scan = sample(VOLUMES, -0.1);
  const againCost = await timed(() => record(large, scan));
  const pruneCost = await timed(() => history(large).prune(daysAgo(200)));
  const pruned = await history(large).status();
  rmSync(work, { recursive: true });

  const mb = (size: number): number => size / 1e6;
  const costs = ({ ms, cpuMs }: Timed, step?: Step): readonly string[] => [
    fixed(ms),
    fixed(cpuMs),
    step === undefined ? '' : fixed(step.rssMb - step.baseMb),
  ];
  const rows: readonly (readonly [what: string, ...costs: readonly string[]])[] = [
    ['a first scan of 45 volumes, into a store that is not there yet', ...costs(small)],
    ['120 scans of 45 volumes brought in', ...costs(seed)],
    [`${VOLUMES} volumes × ${DAYS} days brought in (${status.points} rows)`, ...costs(importCost)],
    ['90 days of the pools of it', ...costs(pool, pool)],
    ['90 days of all volumes of it, one after the other', ...costs(volumes, volumes)],
    ['one scan more, the first of a day, with what is due once a day', ...costs(firstCost)],
    ['one scan more on the same day', ...costs(againCost)],
    ['half of it pruned', ...costs(pruneCost)],
  ];
  const budgets = [
    budgetRow(`${VOLUMES} volumes × ${DAYS} days, MB`, 300, mb(status.bytes)),
    budgetRow('90 days of the pools, ms', 50, pool.ms),
    budgetRow('120 scans of 45 volumes brought in, ms', 100, seed.ms),
    budgetRow('first scan of 45 volumes, ms', 30, small.ms),
  ];
  const text = [
    '# Results of the history store',
    '',
    `Written by \`npm run bench:history\`. Medians of ${RUNS} runs where a run is short, each in a process of its own, loading SQLite included; memory is what is added to that of the process before. After half of it was pruned the`,
    `store has ${fixed(mb(pruned.bytes))} MB. Measured ${new Date().toISOString().slice(0, 10)}, ${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}.`,
    '',
    table(['what', 'wall ms', 'CPU ms', 'MB of memory'], rows),
    '',
    table(['what', 'budget', 'measured', ''], budgets),
    '',
  ].join('\n');
  writeFileSync(path.join(import.meta.dirname, 'results-history.md'), text);
  process.stdout.write(text);
}

// What a report of a large fleet with a past takes, beside the scan it rests on, and what the history takes of a scan.
// Usage: npm run bench:report -- [--size 10000] [--days 90] [--runs 3] [--output FILE]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openHistory } from '../src/lib/adapters/store/history/open-history.ts';
import { type HistoryRecord } from '../src/lib/core/model/history.ts';
import { millis } from '../src/lib/core/model/units.ts';
import { fleet } from '../src/lib/lab/scenario/fleet.ts';
import {
  allInstants,
  type Instants,
  instantsBefore,
} from '../src/lib/lab/scenario/history/instants.ts';
import { SpaceRecords } from '../src/lib/lab/scenario/history/space-records.ts';
import { type World } from '../src/lib/lab/scenario/world.ts';
import { type Cost, interleaved, type Measured, middle, ratio } from './cost.ts';
import { startLabProcess } from './lab-client.ts';
import { budgetRow, fixed, table } from './table.ts';
import { homeIn, writeConnection } from './workplace.ts';

const VERSION = '25.10';
/** What a report may take, in seconds and MB. */
const BUDGET = { wallS: 10, peakRssMb: 400 } as const;
const FORMATS = {
  'report, html': 'html',
  'report, pdf': 'pdf',
  'report, markdown': 'markdown',
  'report, json': 'json',
  'report, yaml': 'yaml',
  'report, csv': 'csv',
  'report, all six': 'html,pdf,markdown,json,yaml,csv',
} as const;

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '10000' },
    days: { type: 'string', default: '90' },
    runs: { type: 'string', default: '3' },
    output: { type: 'string', default: 'bench/results-report.md' },
  },
});
const root = path.join(import.meta.dirname, '..');
const [size, days, runs] = [Number(options.size), Number(options.days), Number(options.runs)];
const work = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-bench-'));

// eslint-disable-next-line @typescript-eslint/require-await -- a file is read with waits in between
async function* pastOf(world: World, instants: Instants): AsyncGenerator<HistoryRecord> {
  const clusters = world.clusters.map(({ uid, name }) => ({ id: uid, name }));
  const systems = world.systems.map(({ hostId, name }) => ({ id: hostId, name }));
  for (const at of allInstants(instants)) {
    yield { kind: 'scan', at: new Date(at), clusters, systems };
  }
  const records = new SpaceRecords(world, instants);
  yield* records.pools();
  yield* records.classes();
  yield* records.volumes();
}

/** Leaves what scans of the fleet would have left in the store before now. */
async function fillHistory(home: string): Promise<number> {
  const now = new Date();
  const world = fleet(size).build(VERSION);
  world.now = now.toISOString();
  const history = openHistory({
    path: path.join(home, 'data/truenas-monitor/history.db'),
    retention: millis(400 * 86_400_000),
    clock: { now: () => now },
    logger: {
      log: (level, message) => {
        throw new Error(`${level}: ${message}`);
      },
    },
  });
  const { added } = await history.import(pastOf(world, instantsBefore(now.getTime(), days)));
  return added;
}

function measured(home: string, args: readonly string[]): Measured {
  const traceFile = path.join(work, 'trace.json');
  return {
    command: [path.join(root, 'dist/truenas-monitor'), ...args],
    env: { ...homeIn(home), TRUENAS_MONITOR_TRACE_FILE: traceFile },
    traceFile,
    codes: [0, 1],
  };
}

const cpu = ({ cpuMs }: Cost): number => cpuMs;

try {
  const home = path.join(work, 'home');
  const nowhere = path.join(work, 'nowhere');
  for (const each of [home, nowhere]) mkdirSync(each);
  // A file where the directory should be: nothing can be kept there.
  writeFileSync(path.join(nowhere, 'data'), '');
  const points = await fillHistory(home);
  using lab = await startLabProcess(size, VERSION);
  const { config } = writeConnection(work, lab.address);
  const common = ['--config', config, '--quiet'];
  const reports = Object.entries(FORMATS).map(([name, formats]) => {
    const args = ['report', ...common, '-o', formats, '--output-file', path.join(work, 'reports/')];
    return [name, measured(home, args)] as const;
  });
  mkdirSync(path.join(work, 'reports'));
  const costs: Readonly<Record<string, readonly Cost[]>> = await interleaved(runs, {
    'orphans that are not kept': measured(nowhere, ['orphans', ...common, '-o', 'json']),
    orphans: measured(home, ['orphans', ...common, '-o', 'json']),
    analyze: measured(home, ['analyze', ...common, '-o', 'json']),
    ...Object.fromEntries(reports),
  });
  const base = costs['orphans'] ?? [];
  const rows = Object.entries(costs).map(([name, each]) => {
    const { wallMs, cpuMs, peakRssMb } = middle(each);
    const times = fixed(ratio(each, base, cpu), 2);
    return [name, fixed(wallMs), fixed(cpuMs), fixed(peakRssMb), times];
  });
  const budgets = ['report, html', 'report, pdf', 'report, all six'].flatMap((name) => {
    const { wallMs, peakRssMb = NaN } = middle(costs[name] ?? []);
    return [
      budgetRow(`${name}: wall, s`, BUDGET.wallS, wallMs / 1000),
      budgetRow(`${name}: peak RSS, MB`, BUDGET.peakRssMb, peakRssMb),
    ];
  });
  const text = [
    '# Results of reports',
    '',
    `Written by \`npm run bench:report\` from the executable. Medians of ${runs} interleaved runs, each a process of its own, against a fleet of ${size} volumes and a store with ${days} days of its past`,
    `(${points} rows); the lab runs in another process on the same machine. Measured ${new Date().toISOString().slice(0, 10)}, ${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}.`,
    'Machines differ and are noisy: compare the ratios.',
    '',
    table(['command', 'wall ms', 'CPU ms', 'peak RSS MB', 'CPU, × orphans'], rows),
    '',
    table(['what', 'budget', 'measured', ''], budgets),
    '',
  ].join('\n');
  writeFileSync(path.resolve(root, options.output), text);
  process.stdout.write(text);
} finally {
  rmSync(work, { recursive: true, force: true });
}

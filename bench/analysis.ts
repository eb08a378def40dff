// What it costs to say of every volume of a large estate how it grows, when it fills, and what stood out.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { anomaliesIn } from '../src/lib/core/analysis/anomalies.ts';
import { forecastOf } from '../src/lib/core/analysis/forecast.ts';
import { growthOf } from '../src/lib/core/analysis/growth.ts';
import { type DailyValue } from '../src/lib/core/model/analysis.ts';
import {
  daily,
  GIB,
  noise,
  type NoiseKind,
  noonAfter,
  randomFrom,
} from '../test/support/daily-series.ts';
import { median } from './statistics.ts';
import { budgetRow, fixed, table } from './table.ts';

const VOLUMES = 10_000;
const DAYS = 90;
const RUNS = 3;
/** CPU seconds for all volumes, if every one of them changes every day, which few do. */
const BUDGET = 2.5;

const now = noonAfter(DAYS);
const limit = 300 * GIB;

function seriesOf(kind: NoiseKind): readonly (readonly DailyValue[])[] {
  return Array.from({ length: VOLUMES }, (_, seed) =>
    daily(noise(kind, DAYS, randomFrom(seed)).map((value, day) => GIB * (100 + day + value))),
  );
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Of new lists each time, since what was worked out of a list is kept. */
function measure(kind: NoiseKind, work: (series: readonly DailyValue[]) => void): number {
  const costs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const all = seriesOf(kind);
    costs.push(
      cpuSeconds(() => {
        for (const series of all) work(series);
      }),
    );
  }
  return median(costs);
}

function everything(series: readonly DailyValue[]): void {
  growthOf(series);
  forecastOf(series, limit, now);
  anomaliesIn(series);
}

const rows: string[][] = [];
const totals: number[] = [];
for (const kind of ['gaussian', 'wandering'] as const) {
  const total = measure(kind, everything);
  totals.push(total);
  rows.push([`growth, forecast and anomalies, ${kind} noise`, fixed(total, 2)]);
}
const parts: Readonly<Record<string, (series: readonly DailyValue[]) => void>> = {
  'growth alone': growthOf,
  'anomalies alone': anomaliesIn,
};
for (const [what, work] of Object.entries(parts)) {
  rows.push([`${what}, gaussian noise`, fixed(measure('gaussian', work), 2)]);
}
const text = [
  '# Results of analysis',
  '',
  `Written by \`npm run bench:analysis\`. ${VOLUMES} volumes with ${DAYS} days each, every one of which changes every day; medians of ${RUNS} runs in one process.`,
  `Measured ${new Date().toISOString().slice(0, 10)}, ${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}.`,
  '',
  table(['what', 'CPU s'], rows),
  '',
  table(
    ['what', 'budget', 'measured', ''],
    [budgetRow('all of it, the costliest kind of noise, CPU s', BUDGET, Math.max(...totals))],
  ),
  '',
].join('\n');
writeFileSync(path.join(import.meta.dirname, 'results-analysis.md'), text);
process.stdout.write(text);

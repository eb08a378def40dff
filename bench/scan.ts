// Measures a full scan against a floor program that only fetches the same bytes and parses them.
// Usage: npm run bench -- [--size 10000] [--runs 7] [--versions 25.10,24.10]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureJudging } from './judge.ts';
import { type LabAddress, startLabProcess } from './lab-client.ts';
import { type Phase, phasesOf } from './phases.ts';
import { median } from './statistics.ts';

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssMb: number;
}

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '7' },
    versions: { type: 'string', default: '25.10,24.10' },
    output: { type: 'string', default: 'bench/results.md' },
  },
});
const size = Number(options.size);
const runs = Number(options.runs);
const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'truenas-monitor-bench-'));

/** Runs one Node process and reads what it says it cost. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const costFile = join(work, 'cost.json');
  const child = spawn(process.execPath, ['--import', join(root, 'bench/measure.ts'), ...args], {
    cwd: root,
    env: { ...process.env, ...env, BENCH_COST_FILE: costFile },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
  // Written by bench/measure.ts in exactly this shape.
  return JSON.parse(readFileSync(costFile, 'utf8')) as Cost;
}

/** One more scan, which writes down what it does and when. */
async function runPhases(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly Phase[]> {
  const started = Date.now();
  const flags = ['--log-level', 'debug', '--log-format', 'json'];
  const child = spawn(process.execPath, [...args, ...flags], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return phasesOf(log, started, Date.now());
}

function writeConfig(address: LabAddress): string {
  const kubeconfig = join(work, 'kubeconfig.yaml');
  const config = join(work, 'config.yaml');
  writeFileSync(kubeconfig, address.kubeconfig, { mode: 0o600 });
  const content = {
    kubernetes: { kubeconfig, name: address.cluster },
    truenas: {
      name: address.system,
      url: address.truenasUrl,
      username: address.username,
      api_key: address.apiKey,
    },
    drivers: address.drivers,
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(content), { mode: 0o600 });
  return config;
}

interface Row {
  readonly version: string;
  readonly scan: Cost;
  readonly floor: Cost;
  readonly cpuRatio: number;
  readonly wallRatio: number;
  readonly phases: readonly Phase[];
}

const middle = (costs: readonly Cost[]): Cost => ({
  wallMs: median(costs.map(({ wallMs }) => wallMs)),
  cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
  peakRssMb: median(costs.map(({ peakRssMb }) => peakRssMb)),
});

async function measure(version: string): Promise<Row> {
  using lab = await startLabProcess(size, version);
  const config = writeConfig(lab.address);
  const env = {
    HOME: work,
    XDG_CACHE_HOME: join(work, 'cache'),
    XDG_STATE_HOME: join(work, 'state'),
  };
  const scanArgs = ['bin/run.js', 'orphans', '--config', config, '-o', 'json', '--quiet'];
  await run(scanArgs, env);
  const planFile = join(work, 'floor.json');
  writeFileSync(planFile, JSON.stringify({ address: lab.address, traffic: await lab.traffic() }));
  const floorArgs = ['bench/floor.ts', planFile];
  await run(floorArgs, env);
  const scans: Cost[] = [];
  const floors: Cost[] = [];
  for (let round = 0; round < runs; round += 1) {
    scans.push(await run(scanArgs, env));
    floors.push(await run(floorArgs, env));
  }
  const ratio = (pick: (cost: Cost) => number): number =>
    median(scans.map((scan, at) => pick(scan) / pick(floors[at] ?? scan)));
  return {
    version,
    scan: middle(scans),
    floor: middle(floors),
    cpuRatio: ratio(({ cpuMs }) => cpuMs),
    wallRatio: ratio(({ wallMs }) => wallMs),
    phases: await runPhases(
      scanArgs.filter((arg) => arg !== '--quiet'),
      env,
    ),
  };
}

const fixed = (value: number, digits = 0): string => value.toFixed(digits);

function budgetRow(what: string, budget: number, measured: number): string {
  const digits = budget < 10 ? 2 : 0;
  const over = Math.round((measured / budget - 1) * 100);
  const verdict = over <= 0 ? 'met' : `missed by ${over} %`;
  return `| ${what} | ${budget} | ${fixed(measured, digits)} | ${verdict} |`;
}

function report(rows: readonly Row[], judgingMs: number): string {
  return [
    '# Results',
    '',
    'Written by `npm run bench`. Medians of interleaved runs, each a process of its own, start-up included; the lab runs in',
    'another process on the same machine. *floor* sends the same requests, parses the same replies and does nothing else.',
    'Machines differ and are noisy: compare the ratios.',
    '',
    `Measured ${new Date().toISOString().slice(0, 10)}, ${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}, ${runs} runs,`,
    `${size} PersistentVolumes, as many claims and datasets, twice as many snapshots, shares and extents.`,
    '',
    '| TrueNAS | scan wall ms | floor wall ms | scan CPU ms | floor CPU ms | CPU ratio | wall ratio | scan peak RSS MB | floor peak RSS MB |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map(
      ({ version, scan, floor, cpuRatio, wallRatio }) =>
        `| ${version} | ${fixed(scan.wallMs)} | ${fixed(floor.wallMs)} | ${fixed(scan.cpuMs)} | ${fixed(floor.cpuMs)} | ${fixed(cpuRatio, 2)} | ${fixed(wallRatio, 2)} | ${fixed(scan.peakRssMb)} | ${fixed(floor.peakRssMb)} |`,
    ),
    '',
    'Phases of one scan in milliseconds of wall time, with its log on:',
    '',
    ...rows.map(
      ({ version, phases }) =>
        `- ${version}: ${phases.map(({ name, ms }) => `${name} ${fixed(ms)}`).join(', ')}`,
    ),
    '',
    `Correlate and evaluate, ${size} volumes, all rules, in a warm process: ${fixed(judgingMs)} ms.`,
    '',
    '## Against the budgets for 10,000 volumes',
    '',
    '| what | budget | measured | |',
    '|---|--:|--:|---|',
    ...rows.flatMap(({ version, scan, cpuRatio }) => [
      budgetRow(`${version}: wall, s`, 3, scan.wallMs / 1000),
      budgetRow(`${version}: CPU, × floor`, 2, cpuRatio),
      budgetRow(`${version}: peak RSS, MB`, 250, scan.peakRssMb),
    ]),
    budgetRow('correlate and evaluate, ms', 150, judgingMs),
    '',
    'Of the memory, a bare fetch and parse needs what the floor column shows, and the modules of a command take 120 MB before the',
    'first byte is read: on this runtime the budget lies below the floor. Of the wall time, the second read and judging again are',
    'the price of confirming every candidate.',
    '',
  ].join('\n');
}

try {
  const rows: Row[] = [];
  for (const version of options.versions.split(',')) rows.push(await measure(version));
  using lab = await startLabProcess(size, '25.10');
  const text = report(rows, await measureJudging(lab.address));
  writeFileSync(resolve(root, options.output), text);
  process.stdout.write(text);
} finally {
  rmSync(work, { recursive: true, force: true });
}

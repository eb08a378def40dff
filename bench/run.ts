// Measures start-up and scans of the executable, and writes what came of it.
// Usage: npm run bench -- [--size 10000] [--large 100000] [--runs 7] [--versions 25.10,24.10] [--output FILE]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureJudging } from './judge.ts';
import { startLabProcess } from './lab-client.ts';
import { measureScan, type ScanResult } from './scan.ts';
import { measureStartup } from './startup.ts';
import { type Cost } from './cost.ts';
import { budgetRow, fixed, table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '10000' },
    large: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '7' },
    'large-runs': { type: 'string', default: '3' },
    versions: { type: 'string', default: '25.10,25.04,26,24.10' },
    output: { type: 'string', default: 'bench/results.md' },
  },
});
const root = path.join(import.meta.dirname, '..');
const binary = path.join(root, 'dist/truenas-monitor');
const work = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-bench-'));
const [size, large] = [Number(options.size), Number(options.large)];
const setting = { root, work, binary, runs: Number(options.runs) };

const seconds = ({ wallMs }: { readonly wallMs: number }): number => wallMs / 1000;

function scanRow({
  version,
  size: volumes,
  scan,
  floor,
  cpuRatio,
  wallRatio,
}: ScanResult): readonly string[] {
  return [
    `${version}, ${volumes} volumes`,
    fixed(scan.wallMs),
    fixed(floor.wallMs),
    fixed(scan.cpuMs),
    fixed(floor.cpuMs),
    fixed(cpuRatio, 2),
    fixed(wallRatio, 2),
    fixed(scan.peakRssMb),
    fixed(floor.peakRssMb),
  ];
}

const SCAN_HEAD = [
  'scan',
  'wall ms',
  'floor wall ms',
  'CPU ms',
  'floor CPU ms',
  'CPU ratio',
  'wall ratio',
  'peak RSS MB',
  'floor peak RSS MB',
];

function scanBudgets({
  version,
  scan,
  floor,
  cpuRatio,
}: ScanResult): readonly (readonly string[])[] {
  return [
    budgetRow(`${version}: wall, s`, 3, seconds(scan)),
    budgetRow(`${version}: CPU, × floor`, 2, cpuRatio),
    budgetRow(`${version}: peak RSS, MB`, 250, scan.peakRssMb ?? NaN),
    // What ADR 0011 puts in its place.
    budgetRow(
      `${version}: peak RSS, × floor`,
      1.2,
      (scan.peakRssMb ?? NaN) / (floor.peakRssMb ?? NaN),
    ),
  ];
}

function largeBudget(
  small: ScanResult | undefined,
  big: ScanResult,
): readonly (readonly string[])[] {
  const times = (of: (cost: Cost) => number): number =>
    of(big.scan) / (small === undefined ? NaN : of(small.scan));
  return [
    // The lab, which answers on the same two cores, has its share in the one and none in the other.
    budgetRow(
      `${big.version}: ten times the size, × the time`,
      12,
      times(({ wallMs }) => wallMs),
    ),
    budgetRow(
      `${big.version}: ten times the size, × the CPU`,
      12,
      times(({ cpuMs }) => cpuMs),
    ),
  ];
}

function kubernetesHalf({
  version,
  kubernetesHalf: half,
}: ScanResult): readonly (readonly string[])[] {
  if (half === undefined) return [];
  const { scan, kubectl, cpuRatio } = half;
  return [
    [
      version,
      fixed(scan.cpuMs),
      fixed(scan.wallMs),
      fixed(kubectl.cpuMs),
      fixed(kubectl.wallMs),
      fixed(cpuRatio, 2),
    ],
  ];
}

try {
  const startup = await measureStartup(root, binary, Math.max(setting.runs, 15));
  const scans: ScanResult[] = [];
  for (const version of options.versions.split(',')) {
    const kubernetesHalf = scans.length === 0;
    scans.push(await measureScan({ ...setting, size, version, kubernetesHalf }));
  }
  const [first] = scans;
  const small = await measureScan({
    ...setting,
    size: Math.ceil(size / 10),
    version: '25.10',
    kubernetesHalf: false,
  });
  const big =
    large === 0
      ? []
      : [
          await measureScan({
            ...setting,
            runs: Number(options['large-runs']),
            size: large,
            version: '25.10',
            kubernetesHalf: false,
          }),
        ];
  using lab = await startLabProcess(size, '25.10');
  const judging = await measureJudging(lab.address);
  const text = [
    '# Results',
    '',
    'Written by `npm run bench` from the executable of `npm run build:binary`. Medians of interleaved runs, each a process of its own,',
    'start-up included; the lab runs in another process on the same machine. *floor* sends the same requests, parses the same',
    'replies and does nothing else. Machines differ and are noisy: compare the ratios.',
    '',
    `Measured ${new Date().toISOString().slice(0, 10)}, ${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}, ${setting.runs} runs (${options['large-runs']} of the large fleet).`,
    'A volume is a PersistentVolume with claim, dataset, pod, attachment, share or extent, and two snapshots.',
    '',
    '## Start-up',
    '',
    startup.text,
    '',
    '## Scans',
    '',
    table(SCAN_HEAD, [small, ...scans, ...big].map(scanRow)),
    '',
    'Phases of one scan in milliseconds of wall time, with its log on:',
    '',
    ...[...scans, ...big].map(
      ({ version, size: volumes, phases }) =>
        `- ${version}, ${volumes}: ${phases.map(({ name, ms }) => `${name} ${fixed(ms)}`).join(', ')}`,
    ),
    '',
    `Correlate and evaluate, ${size} volumes, all rules, in a warm process: ${fixed(judging)} ms.`,
    '',
    '## The Kubernetes half',
    '',
    'Rules that need volumes and claims, against `kubectl get pv,pvc -A -o json` from the same server. The scan reads each list twice, and the',
    'datasets and pools of TrueNAS as well.',
    '',
    table(
      ['TrueNAS', 'scan CPU ms', 'scan wall ms', 'kubectl CPU ms', 'kubectl wall ms', 'CPU ratio'],
      scans.flatMap(kubernetesHalf),
    ),
    '',
    '## Against the budgets',
    '',
    table(
      ['what', 'budget', 'measured', ''],
      [
        ...startup.budgets,
        ...scans.flatMap(scanBudgets),
        ...big.flatMap((each) => largeBudget(first, each)),
        budgetRow('correlate and evaluate 10,000 volumes, ms', 150, judging),
      ],
    ),
    '',
  ].join('\n');
  writeFileSync(path.resolve(root, options.output), text);
  process.stdout.write(text);
} finally {
  rmSync(work, { recursive: true, force: true });
}

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { median } from './statistics.ts';

/** What a process cost from its start to its end, as the system counts it. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Undefined for programs that do not say. */
  readonly peakRssMb: number | undefined;
}

export interface Measured {
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: NodeJS.ProcessEnv;
  /** File in which the program itself leaves its `peakRssMb`. */
  readonly traceFile?: string;
  /** Exit codes that are no failure. */
  readonly codes?: readonly number[];
}

/** The shell counts to the millisecond what a command and its children cost; what the command complains of goes another way. */
const TIME = `TIMEFORMAT='%U %S %R'; time "$@" >/dev/null 2>&3`;

/** Runs a command to its end. */
export async function costOf({ command, env, traceFile, codes = [0] }: Measured): Promise<Cost> {
  const child = spawn('bash', ['-c', TIME, 'bash', ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const said = ['', ''];
  [child.stderr, child.stdio[3]].forEach((stream, index) => {
    stream?.on('data', (text: Buffer) => {
      said[index] = `${said[index] ?? ''}${text.toString()}`;
    });
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const [times = '', complaint = ''] = said;
  if (typeof code !== 'number' || !codes.includes(code)) {
    throw new Error(`${command.join(' ')} ended with ${String(code)}: ${complaint}`);
  }
  const [user = NaN, system = NaN, real = NaN] = times.trim().split(/\s+/).map(Number);
  return {
    wallMs: real * 1000,
    cpuMs: (user + system) * 1000,
    peakRssMb: traceFile === undefined ? undefined : readPeak(traceFile),
  };
}

function readPeak(file: string): number {
  // Written by bench/measure.ts, or by the executable, in this shape.
  return (JSON.parse(readFileSync(file, 'utf8')) as { peakRssMb: number }).peakRssMb;
}

/** Runs several commands in turn, so that whatever the machine does meanwhile is done to all of them. */
export async function interleaved<K extends string>(
  runs: number,
  measured: Readonly<Record<K, Measured>>,
): Promise<Readonly<Record<K, readonly Cost[]>>> {
  const names = Object.keys(measured) as K[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Record<K, Cost[]>;
  // One round that is not counted: files come into memory.
  for (let round = -1; round < runs; round += 1) {
    for (const name of names) {
      const cost = await costOf(measured[name]);
      if (round >= 0) costs[name].push(cost);
    }
  }
  return costs;
}

export function middle(costs: readonly Cost[]): Cost {
  const peaks = costs.flatMap(({ peakRssMb }) => peakRssMb ?? []);
  return {
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    peakRssMb: peaks.length === 0 ? undefined : median(peaks),
  };
}

/** Median of the ratios round by round: what slows a round down slows down both sides of it. */
export function ratio(
  costs: readonly Cost[],
  base: readonly Cost[],
  pick: (cost: Cost) => number,
): number {
  return median(costs.map((cost, at) => pick(cost) / pick(base[at] ?? cost)));
}

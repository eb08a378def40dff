// `serve` as its users have it: a process of its own, a configuration, and the lab at the other end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type ScanRunWire } from '../src/lib/core/serve/scan-run-schema.ts';
import { type LabAddress } from './lab-client.ts';
import { homeIn, writeConnection } from './workplace.ts';

/** How long it may take to end by itself, in milliseconds. */
const LAST_MOMENT = 12_000;
/** How long anything that is waited for may take. */
const PATIENCE = 120_000;

/** No client of a benchmark is one too many, and nothing is scanned but what is asked for. */
const SERVE = {
  server: { listen: '127.0.0.1:0', rate_limit: { max: 100_000_000, window: '1m' } },
  metrics: { listen: '127.0.0.1', port: 0 },
  monitor: { scan_interval: '1d' },
} as const;

export interface Memory {
  readonly rssMb: number;
  /** The most it ever was. */
  readonly peakMb: number;
}

export interface ServeStart {
  readonly work: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly lab: LabAddress;
}

export class ServeProcess implements AsyncDisposable {
  readonly api: string;
  readonly metrics: string;
  readonly #child: ChildProcess;
  readonly #token: string;

  private constructor(
    child: ChildProcess,
    token: string,
    { api, metrics }: Readonly<Record<'api' | 'metrics', string>>,
  ) {
    this.#child = child;
    this.#token = token;
    this.api = api;
    this.metrics = metrics;
  }

  /** Starts it, and waits until it has a result. */
  static async start({ work, command, lab }: ServeStart): Promise<ServeProcess> {
    mkdirSync(work, { recursive: true });
    const { config } = writeConnection(work, lab, SERVE);
    const [program, ...args] = command;
    const flags = ['--config', config, '--log-level', 'info', '--log-format', 'json'];
    const child = spawn(program, [...args, 'serve', ...flags], {
      env: { ...process.env, ...homeIn(work) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const served = new ServeProcess(child, lab.token, await addressesOf(child));
      await served.#untilReady();
      return served;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Asks for a scan and waits for its end; says how long both took, in milliseconds. */
  async scan(): Promise<number> {
    const started = performance.now();
    const asked = await fetch(`${this.api}/api/v1/scans`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}` },
    });
    if (asked.status !== 202) throw new Error(`${asked.status}: ${await asked.text()}`);
    const { href } = (await asked.json()) as ScanRunWire;
    while (performance.now() - started < PATIENCE) {
      const run = (await (await fetch(this.api + href)).json()) as ScanRunWire;
      if (run.state === 'done') return performance.now() - started;
      if (run.state === 'failed') throw new Error(`a scan failed: ${JSON.stringify(run)}`);
      await wait(50);
    }
    throw new Error('a scan never ended');
  }

  memory(): Memory {
    const status = readFileSync(`/proc/${String(this.#child.pid)}/status`, 'utf8');
    const mb = (key: string): number =>
      Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
  }

  /** What it took of the processor so far, in milliseconds: that depends on what else runs here far less than time does. */
  cpuMs(): number {
    const [, rest = ''] = readFileSync(`/proc/${String(this.#child.pid)}/stat`, 'utf8').split(') ');
    // In hundredths of a second, as Linux has it on every architecture.
    const [user = NaN, system = NaN] = rest.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10;
  }

  /** What it says of itself. */
  async numberOf(metric: string): Promise<number> {
    const text = await (await fetch(this.metrics)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${metric} `));
    return Number(line?.slice(metric.length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), LAST_MOMENT);
    await ended;
    clearTimeout(late);
  }

  async #untilReady(): Promise<void> {
    for (const started = performance.now(); performance.now() - started < PATIENCE;) {
      if ((await fetch(`${this.api}/ready`)).status === 200) return;
      await wait(50);
    }
    throw new Error('it never became ready');
  }
}

/** Where it says that it listens. */
async function addressesOf(
  child: ChildProcess,
): Promise<Readonly<Record<'api' | 'metrics', string>>> {
  let log = '';
  return await new Promise((found, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // Once it listens the log is of no use any more, but has to be read on.
      if (log.length < 1_000_000) log += text;
      const [, api, metrics] = /"address":"([^"]+)".*"metrics":"([^"]+)"/.exec(log) ?? [];
      if (api !== undefined && metrics !== undefined) found({ api, metrics });
    });
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`it ended before it listened: ${log}`));
    });
  });
}

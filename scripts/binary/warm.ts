import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs that between them do what the program does, so that V8 has compiled it by then. Each adds to what the ones before left, and
 * none needs a server or a terminal.
 */
const RUNS: readonly (readonly string[])[] = [
  ['--version'],
  ['--help'],
  ['orphans', '--help'],
  ['explain', '--help'],
  ['config', 'check', '--help'],
  ['no-such-command'],
  ['orphans', '--no-such-flag'],
  ['orphans', '--demo', '--demo-reset', '--fail-on', 'none'],
  ['orphans', '--demo', '-o', 'wide'],
  ['orphans', '--demo', '-o', 'json'],
  ['orphans', '--demo', '-o', 'yaml', '--max-age', '1h'],
  ['orphans', '--demo', '-o', 'csv', '--type', 'pv', '--min-severity', 'low'],
  ['orphans', '--demo', '-o', 'name', '-l', 'app=x', '-n', 'media'],
  ['orphans', '--demo', '-o', 'jsonpath={.summary.total_orphans}'],
  ['explain', '--demo', 'pvc/search/data-opensearch-2'],
  ['explain', '--demo', '-o', 'yaml', 'dataset', 'tank/k8s/nfs/vols'],
  ['validate', '--help'],
  ['validate', '--demo', '--fail-on', 'none'],
  ['validate', '--demo', '-o', 'json', '--min-severity', 'high', '--fail-on', 'none'],
  ['health', '--demo', '-o', 'yaml', '--fail-on', 'none'],
  ['health', '--demo', '--max-age', '1h', '--fail-on', 'none'],
  ['report', '--help'],
  ['report', '--demo', '-o', 'html,pdf,markdown,json', '--output-file', './'],
  ['config', 'init', '--output-file', '-'],
  ['config', 'check', '--demo'],
  ['config', 'view', '--demo'],
  ['config', 'check', '--config', '/nowhere.yaml'],
  ['autocomplete', 'bash'],
  ['complete', '--', 'orphans', '--r'],
  ['complete', '--', 'orphans', '--rule', 'pv'],
  ['complete', '--', 'orphans', '--context', ''],
  ['complete', '--', 'validate', '--component', ''],
  ['complete', '--', 'explain', '--demo', 'pvc/'],
  ['serve', '--demo', '--demo-reset', '--listen', '127.0.0.1:0'],
];

interface Warming {
  /** Folder of the chunks, and of what is made of them. */
  readonly folder: string;
  /** The Node whose V8 will run them. */
  readonly node: string;
  /** Flags it will run with: V8 takes no compiled code that was made with others. */
  readonly flags: readonly string[];
}

/** Requests that between them do what a server does. */
const REQUESTS = [
  '/health',
  '/version',
  '/metrics',
  '/openapi.json',
  '/api/v1/orphans',
  '/api/v1/resources/pvs',
  '/api/v1/reports/summary',
  '/api/v1/explain?object=dataset/tank/k8s/nfs/vols',
  '/api/v1/no-such-thing',
];

async function isReady(address: string): Promise<boolean> {
  const { ready } = (await (await fetch(`${address}/ready`)).json()) as { ready: boolean };
  return ready;
}

/** Asks a server once for everything as soon as it has something to say, and ends it. */
async function askAndEnd(address: string, child: ChildProcess): Promise<void> {
  try {
    while (!(await isReady(address))) await wait(100);
    for (const request of REQUESTS) await (await fetch(`${address}${request}`)).arrayBuffer();
  } finally {
    child.kill('SIGTERM');
  }
}

async function run(
  { node, flags, folder }: Warming,
  home: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<void> {
  const main = path.join(import.meta.dirname, 'warm-main.ts');
  const child = spawn(node, [...flags, main, folder, ...args], {
    cwd: home,
    env: { HOME: home, NO_COLOR: '1', ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    // Only a server says where it is, once.
    const [, address] = /"address":"([^"]+)"/.exec(text) ?? [];
    if (address !== undefined) void askAndEnd(address, child);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  // Some runs are meant to fail; one that could not load what it needs is not among them.
  if (
    /Cannot find module|internal error|ERR_|\n {4}at /.test(said) ||
    (code !== 0 && more['WARM_CHUNKS'] !== undefined)
  ) {
    throw new Error(`truenas-monitor ${args.join(' ')}: ${said}`);
  }
}

/** Leaves compiled code beside each chunk: by what the runs use of it, or by its being loaded where none does. */
export async function warm(warming: Warming): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'truenas-monitor-warm-'));
  try {
    for (const args of RUNS) await run(warming, home, args);
    const files = new Set(await readdir(warming.folder));
    const cold = [...files].filter((name) => name.endsWith('.js') && !files.has(`${name}.cache`));
    await run(warming, home, [], { WARM_CHUNKS: cold.join(' ') });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

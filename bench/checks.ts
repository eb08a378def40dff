// What `validate` and `health` take of a fleet with many classes and machines, over connections that are not near.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { startKubernetesLab } from '../src/lib/lab/kubernetes/server.ts';
import { fleet } from '../src/lib/lab/scenario/fleet.ts';
import { startTrueNasLab } from '../src/lib/lab/truenas/server.ts';
import { costOf, type Cost, middle } from './cost.ts';
import { budgetRow, fixed, table } from './table.ts';
import { homeIn, writeConnection } from './workplace.ts';

const VOLUMES = 1_000;
const CLASSES = 50;
const MACHINES = 30;
/** How long each request and call waits for its answer, in milliseconds. */
const LATENCY = 20;
const RUNS = 7;
/** How long a command may take, in seconds. */
const BUDGETS = { validate: 5, health: 2 } as const;

const root = path.join(import.meta.dirname, '..');
const work = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-bench-'));
const world = fleet(VOLUMES, { machines: MACHINES, storageClasses: CLASSES }).build('25.10');
// The program has no clock but this machine's.
world.now = new Date().toISOString();
const [cluster] = world.clusters;
const [system] = world.systems;
const [key] = system?.apiKeys ?? [];
if (cluster === undefined || system === undefined || key === undefined) {
  throw new Error('the fleet has no cluster, no system or no key');
}
const now = (): Date => new Date(world.now);
const faults = { latencyMs: LATENCY };
const kubernetes = await startKubernetesLab(cluster, { now, faults });
const truenas = await startTrueNasLab(system, { now, faults });
const { config } = writeConnection(work, {
  cluster: cluster.name,
  system: system.name,
  kubeconfig: kubernetes.kubeconfig(),
  truenasUrl: truenas.url,
  username: key.username,
  apiKey: `${key.id}-${key.secret}`,
  drivers: world.drivers,
});

async function measure(command: keyof typeof BUDGETS): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    costs.push(
      await costOf({
        command: [
          path.join(root, 'dist/truenas-monitor'),
          command,
          '--config',
          config,
          '-o',
          'json',
          '--quiet',
        ],
        env: homeIn(work),
        codes: [0, 1],
      }),
    );
  }
  return middle(costs);
}

const requests = (): number => kubernetes.requests.length + truenas.calls.length;
const rows: string[][] = [];
const budgets: (readonly string[])[] = [];
for (const command of ['validate', 'health'] as const) {
  const before = requests();
  const { wallMs, cpuMs } = await measure(command);
  const asked = (requests() - before) / RUNS;
  rows.push([command, fixed(wallMs), fixed(cpuMs), fixed(asked)]);
  budgets.push(budgetRow(`${command}: wall, s`, BUDGETS[command], wallMs / 1000));
}
const text = [
  '# Results of checks',
  '',
  `Written by \`npm run bench:checks\` from the executable. Medians of ${RUNS} runs against a fleet of ${VOLUMES} volumes, ${CLASSES} StorageClasses and ${MACHINES} nodes; each request and`,
  `call is answered after ${LATENCY} ms. Measured ${new Date().toISOString().slice(0, 10)}, ${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}.`,
  '',
  table(['command', 'wall ms', 'CPU ms', 'requests and calls'], rows),
  '',
  table(['what', 'budget', 'measured', ''], budgets),
  '',
].join('\n');
writeFileSync(path.join(root, 'bench/results-checks.md'), text);
process.stdout.write(text);
await Promise.all([kubernetes.close(), truenas.close()]);

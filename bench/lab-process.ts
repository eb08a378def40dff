// The lab in a process of its own, so that what it costs is not counted as the scan's.
import { readFileSync } from 'node:fs';
import { fleet } from '../src/lib/lab/scenario/fleet.ts';
import { type TrueNasVersion } from '../src/lib/lab/scenario/world.ts';
import { startKubernetesLab } from '../src/lib/lab/kubernetes/server.ts';
import { startTrueNasLab } from '../src/lib/lab/truenas/server.ts';
import { type LabAddress, type LabTraffic } from './lab-client.ts';

const [size = '10000', version = '25.10', secure] = process.argv.slice(2);
const world = fleet(Number(size)).build(version as TrueNasVersion);
const now = (): Date => new Date(world.now);
const [cluster] = world.clusters;
const [system] = world.systems;
const [key] = system?.apiKeys ?? [];
if (cluster === undefined || system === undefined || key === undefined) {
  throw new Error('the fleet has no cluster, no system or no key');
}
const certificate = (file: string): string =>
  readFileSync(new URL(`../test/fixtures/tls/${file}.pem`, import.meta.url), 'utf8');
const tls =
  secure === undefined
    ? {}
    : {
        tls: {
          cert: certificate('server'),
          key: certificate('server-key'),
          ca: certificate('ca'),
        },
      };
const kubernetes = await startKubernetesLab(cluster, { now, ...tls });
const truenas = await startTrueNasLab(system, { now });

const { datasets } = truenas.system;
let away: typeof datasets = [];

/** Takes what volumes lie on out of the system, others each time, and puts back what was away: findings come and go. */
function change(count: number): void {
  const back = away;
  away = datasets.filter(({ id }) => /\/pvc-[^/]+$/.test(id)).slice(0, count);
  const gone = new Set(away);
  const left = datasets.filter((each) => !gone.has(each));
  datasets.splice(0, datasets.length, ...left, ...back);
  truenas.touch();
}

// Whoever started it may be killed before it can end it.
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message === 'traffic') {
    const traffic: LabTraffic = {
      paths: kubernetes.requests.map(({ path }) => path),
      calls: [...truenas.calls],
    };
    process.send?.(traffic);
  }
  if (message === 'stop') process.exit(0);
  const [, count] = typeof message === 'string' ? (/^change (\d+)$/.exec(message) ?? []) : [];
  if (count !== undefined) {
    change(Number(count));
    process.send?.('changed');
  }
});

const address: LabAddress = {
  cluster: cluster.name,
  system: system.name,
  kubernetesUrl: kubernetes.url,
  token: kubernetes.token,
  kubeconfig: kubernetes.kubeconfig(),
  truenasUrl: truenas.url,
  username: key.username,
  apiKey: `${key.id}-${key.secret}`,
  now: world.now,
  drivers: world.drivers,
};
process.send?.(address);

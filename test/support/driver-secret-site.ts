import { writeFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import {
  type KubernetesObject,
  type LabCluster,
  type LabSystem,
  type TrueNasVersion,
} from '../../src/lib/lab/scenario/world.ts';
import {
  startTrueNasLab,
  type TrueNasLab,
  type TrueNasLabOptions,
} from '../../src/lib/lab/truenas/server.ts';
import { Sandbox } from './run-command.ts';

/** What the drivers of a site log in with: nothing but TrueNAS may ever be shown it. */
export const DRIVER_KEY = '7-plantedKeyOfTheDriverThatNobodyMaySee';
export const DRIVER_PASSWORD = 'plantedPasswordOfTheDriver';

export const NFS = 'nas-nfs-democratic-csi-driver-config';
export const ISCSI = 'nas-iscsi-democratic-csi-driver-config';
export const LAB = 'nas-iscsi-lab-democratic-csi-driver-config';
export const ARCHIVE = 'nas-nfs-archive-democratic-csi-driver-config';

/** What `httpConnection` says, each on a line. */
export type Connect = (lab: TrueNasLab) => Readonly<Record<string, string | number | boolean>>;

/** As people write it who have TrueNAS on their own machine. */
export const byKey: Connect = ({ url }) => ({
  protocol: new URL(url).protocol.slice(0, -1),
  host: new URL(url).hostname,
  port: Number(new URL(url).port),
  apiKey: DRIVER_KEY,
});

/** The demo world, whose drivers reach the TrueNAS of the lab, and somebody who has configured nothing. */
export interface Site {
  readonly kubernetes: KubernetesLab;
  readonly cluster: LabCluster;
  readonly truenas: TrueNasLab;
  readonly sandbox: Sandbox;
  readonly environment: Readonly<Record<string, string>>;
  /** Writes the `httpConnection` of the drivers of these Secrets; of all where none is named. */
  connect(connection: ReturnType<Connect>, names?: readonly string[]): void;
  /** Replaces what a Secret holds. */
  write(name: string, text: string): void;
  /** Leaves this driver alone, as if the others had been removed. */
  keepOnly(name: string): void;
}

export interface SiteOptions {
  readonly version?: TrueNasVersion;
  readonly connect?: Connect;
  readonly truenas?: Partial<TrueNasLabOptions>;
}

export async function aSite(options: SiteOptions = {}): Promise<Site> {
  const { version = '25.10', connect = byKey } = options;
  const world = demo.build(version);
  const [cluster] = world.clusters;
  const [system] = world.systems;
  if (cluster === undefined || system === undefined) throw new Error('an empty world');
  const now = (): Date => new Date(world.now);
  const kubernetes = await startKubernetesLab(cluster, { now });
  const truenas = await startTrueNas(system, { now, ...options.truenas });
  const sandbox = await Sandbox.create();
  await writeFile(sandbox.path('kubeconfig'), kubernetes.kubeconfig(), { mode: 0o600 });
  onTestFinished(async () => {
    await kubernetes.close();
    await sandbox[Symbol.asyncDispose]();
  });
  const site: Site = {
    kubernetes,
    cluster,
    truenas,
    sandbox,
    environment: { KUBECONFIG: sandbox.path('kubeconfig') },
    connect: (connection, names = [NFS, ISCSI, LAB, ARCHIVE]) => {
      for (const name of names) site.write(name, withConnection(textOf(cluster, name), connection));
    },
    write: (name, text) => {
      secretOf(cluster, name)['data'] = {
        'driver-config-file.yaml': Buffer.from(text).toString('base64'),
      };
    },
    keepOnly: (name) => {
      cluster.objects['pods'] = (cluster.objects['pods'] ?? []).filter((pod) => {
        const mounted = JSON.stringify(pod['spec']);
        return !mounted.includes('-driver-config"') || mounted.includes(`"${name}"`);
      });
    },
  };
  site.connect(connect(truenas));
  return site;
}

/** A system that takes what drivers log in with, as a full administrator. */
export async function startTrueNas(
  system: LabSystem,
  options: TrueNasLabOptions,
): Promise<TrueNasLab> {
  const [id = '', secret = ''] = DRIVER_KEY.split('-');
  const roles = ['FULL_ADMIN'];
  system.apiKeys.push({ id: Number(id), secret, username: 'root', roles });
  system.users = [{ username: 'csi', password: DRIVER_PASSWORD, roles }];
  const lab = await startTrueNasLab(system, options);
  onTestFinished(() => lab.close());
  return lab;
}

/** Whether any of this holds something that only TrueNAS may be shown. */
export function hasSecret(texts: readonly string[]): boolean {
  const encoded = [DRIVER_KEY, DRIVER_PASSWORD].map((text) =>
    Buffer.from(text).toString('base64').slice(0, 12),
  );
  return texts.some((text) => ['planted', ...encoded].some((each) => text.includes(each)));
}

function secretOf(cluster: LabCluster, name: string): KubernetesObject {
  const secret = cluster.objects['secrets']?.find(({ metadata }) => metadata.name === name);
  if (secret === undefined) throw new Error(`no secret ${name}`);
  return secret;
}

function textOf(cluster: LabCluster, name: string): string {
  const data = secretOf(cluster, name)['data'] as Record<string, string>; // as the lab writes it
  return Buffer.from(data['driver-config-file.yaml'] ?? '', 'base64').toString();
}

function withConnection(text: string, connection: ReturnType<Connect>): string {
  const lines = Object.entries(connection).map(([key, value]) => `  ${key}: ${String(value)}\n`);
  return text.replace(/httpConnection:\n(?: {2}.*\n)+/, `httpConnection:\n${lines.join('')}`);
}

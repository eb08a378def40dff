import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import {
  openCluster,
  type ClusterOptions,
  type OpenedCluster,
} from '../../../src/lib/adapters/kubernetes/cluster-reader.ts';
import { type RetryTiming } from '../../../src/lib/adapters/http/retry.ts';
import { millis, type Millis } from '../../../src/lib/core/model/units.ts';
import { startKubernetesLab, type KubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { type KubernetesFaults } from '../../../src/lib/lab/kubernetes/faults.ts';
import { type KubernetesObject, type LabCluster } from '../../../src/lib/lab/scenario/world.ts';
import { type LogLevel } from '../../../src/lib/ports/logger.ts';

export const NOW = new Date('2026-11-22T01:00:00Z');

export const NEVER = new AbortController().signal;

export function aClaim(name: string, namespace = 'databases'): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, uid: `claim-${name}`, creationTimestamp: '2026-10-01T08:00:00Z' },
    spec: { resources: { requests: { storage: '1Gi' } }, volumeName: `pvc-${name}` },
    status: { phase: 'Bound' },
  };
}

export function aVolume(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, uid: `volume-${name}`, creationTimestamp: '2026-10-01T08:00:00Z' },
    spec: {
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      csi: { driver: 'org.democratic-csi.nfs', volumeHandle: name, volumeAttributes: {} },
    },
    status: { phase: 'Bound' },
  };
}

/** Volumes whose names sort by number. */
export function volumes(count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, index) =>
    aVolume(`pvc-${String(index).padStart(5, '0')}`),
  );
}

export function aCluster(overrides: Partial<LabCluster> = {}): LabCluster {
  return {
    name: 'prod',
    uid: 'kube-system-uid',
    createdAt: '2025-01-01T00:00:00Z',
    version: 'v1.35.2',
    platform: 'kubernetes',
    objects: {},
    ...overrides,
  };
}

/** What was waited for and logged, instead of waiting and printing. */
export interface Watched {
  readonly slept: Millis[];
  readonly logged: { level: LogLevel; message: string }[];
}

export function quickTiming(slept: Millis[] = []): RetryTiming {
  return {
    random: () => 0.5,
    sleep: (span) => {
      slept.push(span);
      return Promise.resolve();
    },
  };
}

/** Opens a reader that waits for nothing, and closes it when the test is over. */
export async function open(
  options: Partial<ClusterOptions>,
  rootDirectory = '',
): Promise<{ reader: OpenedCluster } & Watched> {
  const watched: Watched = { slept: [], logged: [] };
  const reader = await openCluster(
    {
      name: 'prod',
      kubeconfig: null,
      context: null,
      inCluster: false,
      namespaces: [],
      timeout: millis(10_000),
      logger: {
        log: (level, message) => {
          watched.logged.push({ level, message });
        },
      },
      ...options,
    },
    { timing: quickTiming(watched.slept), rootDirectory },
  );
  onTestFinished(() => reader.close());
  return { reader, ...watched };
}

/** A lab with a reader connected to it. */
export async function openLab(
  cluster: LabCluster,
  faults: KubernetesFaults = {},
  options: Partial<ClusterOptions> = {},
): Promise<{ lab: KubernetesLab; reader: OpenedCluster } & Watched> {
  const lab = await startKubernetesLab(cluster, { now: () => NOW, faults });
  onTestFinished(() => lab.close());
  return { lab, ...(await open({ kubeconfigText: lab.kubeconfig(), ...options })) };
}

/** A server that answers as told, for what no API server would say. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** A kubeconfig with one context, as JSON, which is YAML too. */
export function kubeconfigFor(server: string, user: object = { token: 'test-token' }): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'ctx', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'ctx',
  });
}

/** Everything an error says, its causes included, as a logger might print it. */
export function everythingIn(error: unknown): string {
  const parts: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    parts.push(each.message, each.stack ?? '', JSON.stringify(each));
  }
  return parts.join('\n');
}

/** Any text that contains or matches this. */
export function matching(text: string | RegExp): unknown {
  return typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);
}

import {
  type KubernetesLab,
  type KubernetesLabOptions,
  startKubernetesLab,
} from '../../src/lib/lab/kubernetes/server.ts';
import { type KubernetesObject, type LabCluster } from '../../src/lib/lab/scenario/world.ts';

export const NOW = new Date('2026-11-22T01:00:00.000Z');

export function anObject(
  kind: string,
  name: string,
  rest: {
    apiVersion?: string;
    namespace?: string;
    metadata?: Record<string, unknown>;
    [key: string]: unknown;
  } = {},
): KubernetesObject {
  const { apiVersion = 'v1', namespace, metadata, ...content } = rest;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: `uid-${name}`,
      creationTimestamp: '2026-10-01T08:00:00Z',
      ...metadata,
    },
    ...content,
  };
}

export function volumes(count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, index) =>
    anObject('PersistentVolume', `pv-${String(index).padStart(6, '0')}`, {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'nfs',
        claimRef: { namespace: 'media', name: `claim-${index}` },
      },
      status: { phase: 'Bound' },
    }),
  );
}

export function aCluster(overrides: Partial<LabCluster> = {}): LabCluster {
  return {
    name: 'prod',
    uid: '0d6f4f0e-5a53-4c0c-9d54-2f4f1a2b3c4d',
    createdAt: '2026-01-01T00:00:00Z',
    version: 'v1.35.2',
    platform: 'kubernetes',
    objects: {},
    ...overrides,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The decoded body; undefined when it is not JSON. */
  readonly body: Json;
}

/** What an answer may hold, all as if it were there: an assertion on a missing part fails by itself. */
export interface Json {
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp: string;
    readonly labels: unknown;
    readonly annotations: unknown;
    readonly continue: string | undefined;
    readonly remainingItemCount: number | undefined;
  };
  readonly spec: {
    readonly capacity: unknown;
    readonly accessModes: unknown;
    readonly [key: string]: unknown;
  };
  readonly status: { readonly phase: unknown; readonly [key: string]: unknown };
  readonly items: readonly Json[];
  readonly object: Json;
  readonly rows: readonly { readonly cells: readonly string[]; readonly object: Json }[];
  readonly groups: readonly Json[];
  readonly resources: readonly unknown[];
  readonly preferredVersion: { readonly groupVersion: string };
  readonly reason: string;
  readonly message: string;
}

export interface LabClient {
  readonly lab: KubernetesLab;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function startLab(
  cluster: Partial<LabCluster> = {},
  options: Partial<KubernetesLabOptions> = {},
): Promise<LabClient> {
  const lab = await startKubernetesLab(aCluster(cluster), { now: () => NOW, ...options });
  const ask = async (method: string, path: string, headers: object, body?: string) => {
    const response = await fetch(lab.url + path, {
      method,
      headers: { authorization: `Bearer ${lab.token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const decoded = (isJson ? JSON.parse(text) : {}) as Json;
    return { status: response.status, headers: response.headers, text, body: decoded };
  };
  return {
    lab,
    get: (path, headers = {}) => ask('GET', path, headers),
    send: (method, path, body, contentType = 'application/json') =>
      ask(
        method,
        path,
        { 'content-type': contentType },
        body === undefined ? undefined : JSON.stringify(body),
      ),
    close: () => lab.close(),
  };
}

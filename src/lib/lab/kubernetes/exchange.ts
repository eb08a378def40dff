import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type LabCluster } from '../scenario/world.ts';
import { type KubernetesFaults } from './faults.ts';
import { type LabUser } from './lab-user.ts';
import { type ListSnapshots } from './list-snapshots.ts';
import { type Resource } from './resources.ts';
import { badRequest, tooLarge, unsupportedMediaType } from './status.ts';
import { type ObjectStore } from './store.ts';

/** Who acts on what was changed. */
interface ControllerManager {
  /** Something was made or changed, or is to be deleted. */
  notice(target: Pick<Target, 'resource' | 'namespace' | 'name'>): void;
  /** Does what there is to do by now. */
  act(lab: LabState): void;
}

/** What the handlers share. */
export interface LabState {
  readonly cluster: LabCluster;
  readonly store: ObjectStore;
  readonly snapshots: ListSnapshots;
  readonly controllers: ControllerManager;
  readonly faults: KubernetesFaults;
  readonly token: string;
  /** Others whom reviews know. */
  readonly users: readonly LabUser[];
  /** The cluster's own clock. */
  now(): Date;
}

export interface Exchange {
  readonly lab: LabState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

/** What a path names. `namespace` and `name` are empty where the path has none. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: Iterable<string>;
}

export function json(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, contentType: 'application/json', headers, chunks: [body] };
}

export function plainText(status: number, body: string): Reply {
  const headers = { 'x-content-type-options': 'nosniff' };
  return { status, contentType: 'text/plain; charset=utf-8', headers, chunks: [body] };
}

const BODY_LIMIT = 3 * 1024 * 1024;

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The decoded body; undefined when there is none. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (!type.includes('json')) throw unsupportedMediaType(['application/json']);
  const text = await readText(request);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'not JSON';
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}

export function isTrue(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === 'true' || value === '1';
}

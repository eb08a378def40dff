import { type IncomingMessage } from 'node:http';
import { type KubernetesObject } from '../scenario/world.ts';
import { type Entry } from './entry.ts';
import { type Exchange, json, type Reply } from './exchange.ts';
import { isRecord, textAt, valueAt } from './json.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** kubectl asks for a table first and takes plain JSON as its second choice. */
export function wantsTable(request: IncomingMessage): boolean {
  return /^application\/json;[^,]*\bas=Table\b/.test(request.headers.accept ?? '');
}

/** Objects as `kubectl get` prints them. */
export function tableOf(
  { lab, query }: Exchange,
  resource: Resource,
  entries: readonly Entry[],
  metadata: Record<string, unknown>,
): Reply {
  const includeObject = query.get('includeObject') ?? 'Metadata';
  const now = lab.now().getTime();
  const table = {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columnDefinitions(resource),
    rows: entries.map(({ object }) => ({
      cells: cellsOf(resource, object, now),
      object: rowObject(resource, object, includeObject),
    })),
  };
  return json(200, `${JSON.stringify(table)}\n`);
}

/** One row as a watch sends it. */
export function tableText(
  exchange: Exchange,
  resource: Resource,
  entry: Entry,
  metadata: Record<string, unknown>,
): string {
  return [...tableOf(exchange, resource, [entry], metadata).chunks].join('').trimEnd();
}

function columnDefinitions(resource: Resource): Record<string, unknown>[] {
  const titles = ['Name', ...resource.columns.map(([title]) => title), 'Age'];
  return titles.map((name) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: 0,
  }));
}

function cellsOf(resource: Resource, object: KubernetesObject, now: number): string[] {
  const { name, creationTimestamp } = object.metadata;
  return [
    name,
    ...resource.columns.map(([, path]) => cellText(valueAt(object, path))),
    ageText(now - Date.parse(creationTimestamp)),
  ];
}

function cellText(value: unknown): string {
  if (Array.isArray(value)) return value.map(cellText).join(',');
  if (isRecord(value)) {
    const namespace = textAt(value, 'namespace');
    const name = textAt(value, 'name') ?? '';
    return namespace === undefined ? name : `${namespace}/${name}`;
  }
  if (typeof value === 'string') return ACCESS_MODES[value] ?? value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

function ageText(millis: number): string {
  if (Number.isNaN(millis)) return '<unknown>';
  for (const [unit, length] of UNITS) {
    if (millis >= 2 * length) return `${Math.floor(millis / length)}${unit}`;
  }
  return `${Math.max(0, Math.floor(millis / 1000))}s`;
}

function rowObject(resource: Resource, object: KubernetesObject, include: string): unknown {
  if (include === 'None') return undefined;
  if (include === 'Object') {
    return { ...object, kind: resource.kind, apiVersion: apiVersionOf(resource) };
  }
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata,
  };
}

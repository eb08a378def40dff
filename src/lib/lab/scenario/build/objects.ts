import { type KubernetesObject } from '../world.ts';
import { uuidOf } from './identity.ts';
import { ago, objectsOf, type Cluster } from './stage.ts';

/** Who wrote which part of an object, for its `managedFields`. */
export interface Writer {
  readonly manager: string;
  readonly subresource?: string;
  /** Top-level keys it owns. */
  readonly keys: readonly string[];
}

export interface ObjectOptions {
  readonly resource: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly days: number;
  readonly labels?: Record<string, string> | undefined;
  readonly annotations?: Record<string, string> | undefined;
  readonly finalizers?: string[] | undefined;
  readonly body: Record<string, unknown>;
  readonly writers: readonly Writer[];
  /** Objects of one kind and shape share their field sets; this tells shapes apart. */
  readonly shape?: string;
}

/** Adds an object with all the metadata a real API server serves. */
export function addObject(cluster: Cluster, options: ObjectOptions): KubernetesObject {
  const { name, namespace, kind, resource } = options;
  const createdAt = ago(cluster.stage, options.days);
  cluster.versions.last += 1;
  const metadata: KubernetesObject['metadata'] = {
    name,
    uid: options.uid ?? uuidOf(`${cluster.cluster.name} ${kind} ${namespace ?? ''}/${name}`),
    resourceVersion: String(cluster.versions.last),
    creationTimestamp: createdAt,
  };
  if (namespace !== undefined) metadata.namespace = namespace;
  if (options.labels !== undefined) metadata.labels = options.labels;
  if (options.annotations !== undefined) metadata.annotations = options.annotations;
  if (options.finalizers !== undefined) metadata.finalizers = options.finalizers;
  const object: KubernetesObject = {
    apiVersion: options.apiVersion,
    kind,
    metadata,
    ...options.body,
  };
  metadata['managedFields'] = options.writers.map((writer) => ({
    manager: writer.manager,
    operation: 'Update',
    apiVersion: options.apiVersion,
    time: createdAt,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldSet(cluster, `${kind} ${options.shape ?? ''}`, object, writer),
    ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
  }));
  objectsOf(cluster.cluster, resource).push(object);
  return object;
}

function fieldSet(
  cluster: Cluster,
  shape: string,
  object: KubernetesObject,
  writer: Writer,
): object {
  const key = `${shape} ${writer.manager} ${writer.subresource ?? ''}`;
  const known = cluster.fieldSets.get(key);
  if (known !== undefined) return known;
  const fields: Record<string, unknown> = {};
  for (const part of writer.keys) {
    if (part === 'metadata') fields['f:metadata'] = metadataFields(object.metadata);
    else if (part in object) fields[`f:${part}`] = fieldsOf(object[part]);
  }
  cluster.fieldSets.set(key, fields);
  return fields;
}

function metadataFields(metadata: KubernetesObject['metadata']): object {
  const fields: Record<string, unknown> = {};
  if (metadata.annotations !== undefined) fields['f:annotations'] = fieldsOf(metadata.annotations);
  if (metadata.labels !== undefined) fields['f:labels'] = fieldsOf(metadata.labels);
  if (metadata.finalizers !== undefined) {
    const items = metadata.finalizers.map((finalizer) => [`v:"${finalizer}"`, {}] as const);
    fields['f:finalizers'] = { '.': {}, ...Object.fromEntries(items) };
  }
  return fields;
}

/** Ownership as the API server writes it: a leaf is an empty object, a map owns itself through `.`. */
function fieldsOf(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const fields = Object.entries(value).map(([key, part]) => [`f:${key}`, fieldsOf(part)] as const);
  return { '.': {}, ...Object.fromEntries(fields) };
}

/** `namespace/name`, taken apart. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  if (slash < 0) throw new RangeError(`not namespace/name: ${key}`);
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

const BINARY_UNITS = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** A size as people write it in a manifest: in the largest unit that fits without a fraction. */
export function quantityOf(size: number): string {
  let factor = 2 ** 60;
  for (const unit of BINARY_UNITS) {
    if (size >= factor && size % factor === 0) return `${size / factor}${unit}`;
    factor /= 1024;
  }
  return String(size);
}

import { randomUUID } from 'node:crypto';
import { type KubernetesObject } from '../scenario/world.ts';
import { Entry } from './entry.ts';
import { type Exchange, json, readJson, type Reply, type Target } from './exchange.ts';
import { isRecord, type JsonRecord, recordAt, textAt } from './json.ts';
import { patcherFor } from './patch.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { alreadyExists, badRequest, conflict, invalid, MODIFIED_MEANWHILE } from './status.ts';
import { existing, hasFinalizers, instant, isDryRun } from './stored-object.ts';
import { requireMicroTimes } from './leases.ts';
import { tableOf, wantsTable } from './table.ts';

export function get(exchange: Exchange, target: Target): Reply {
  const entry = existing(exchange.lab, target);
  if (!wantsTable(exchange.request)) return json(200, entry.text);
  const { resourceVersion } = entry.object.metadata;
  return tableOf(exchange, target.resource, [entry], { resourceVersion });
}

export async function create(exchange: Exchange, target: Target): Promise<Reply> {
  const { lab, query, request } = exchange;
  const { resource, namespace } = target;
  const dryRun = isDryRun(query.getAll('dryRun'));
  const body = bodyOf(resource, await readJson(request));
  const metadata = recordAt(body, 'metadata');
  const name = textAt(metadata, 'name') ?? generatedName(metadata);
  if (name === undefined) {
    throw invalid(
      resource,
      '',
      'metadata.name',
      'Required value: name or generateName is required',
    );
  }
  requireSameNamespace(target, metadata);
  if (lab.store.find(resource, namespace, name) !== undefined) throw alreadyExists(resource, name);
  const object: KubernetesObject = {
    ...body,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: {
      ...metadata,
      name,
      ...(namespace === '' ? {} : { namespace }),
      uid: randomUUID(),
      creationTimestamp: instant(lab.now()),
    },
  };
  delete object.metadata.resourceVersion;
  delete object.metadata.deletionTimestamp;
  if (dryRun) return json(201, new Entry(resource, object).text);
  lab.store.put(resource, object, undefined);
  lab.controllers.notice({ ...target, name });
  return json(201, existing(lab, { ...target, name }).text);
}

export async function update(exchange: Exchange, target: Target): Promise<Reply> {
  const { request } = exchange;
  const body = bodyOf(target.resource, await readJson(request));
  const metadata = recordAt(body, 'metadata');
  const name = textAt(metadata, 'name');
  if (name !== target.name) {
    throw badRequest(
      `the name of the object (${name ?? ''}) does not match the name on the URL (${target.name})`,
    );
  }
  requireSameNamespace(target, metadata);
  if (target.resource.plural === 'leases' && textAt(metadata, 'resourceVersion') === undefined) {
    const rule = 'Invalid value: 0: must be specified for an update';
    throw invalid(target.resource, name, 'metadata.resourceVersion', rule);
  }
  return replace(exchange, target, existing(exchange.lab, target), body);
}

export async function patch(exchange: Exchange, target: Target): Promise<Reply> {
  const { lab, request } = exchange;
  const apply = patcherFor(request.headers['content-type']);
  const change = await readJson(request);
  // Read after the body has arrived: a patch applies to what is there when it is applied.
  const entry = existing(lab, target);
  const patched = apply(JSON.parse(entry.text), change);
  if (!isRecord(patched)) throw badRequest('the patch leaves no object');
  return replace(exchange, target, entry, patched);
}

/** Puts `wanted` in the place of an object, with what no client may change kept. */
function replace(exchange: Exchange, target: Target, entry: Entry, wanted: JsonRecord): Reply {
  const { lab, query } = exchange;
  const { resource, name, subresource } = target;
  const old = entry.object;
  const metadata = recordAt(wanted, 'metadata');
  requireUnchanged(resource, old, metadata);
  const object: KubernetesObject = {
    ...(subresource === 'status' ? { ...old, status: wanted['status'] } : wanted),
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: keptMetadata(old, subresource === 'status' ? { ...old.metadata } : metadata),
  };
  const replaced = new Entry(resource, object);
  if (isDryRun(query.getAll('dryRun')) || replaced.itemText === entry.itemText) {
    return json(200, replaced.text);
  }
  if (old.metadata.deletionTimestamp !== undefined && !hasFinalizers(object)) {
    lab.store.remove(resource, entry);
    return json(200, replaced.text);
  }
  lab.store.put(resource, object, entry);
  lab.controllers.notice(target);
  return json(200, existing(lab, { ...target, name }).text);
}

function requireUnchanged(resource: Resource, old: KubernetesObject, metadata: JsonRecord): void {
  const { name, uid, resourceVersion } = old.metadata;
  const wantedUid = textAt(metadata, 'uid');
  if (wantedUid !== undefined && wantedUid !== uid) {
    const why = `Precondition failed: UID in precondition: ${wantedUid}, UID in object meta: ${uid}`;
    throw conflict(resource, name, why);
  }
  const wantedVersion = textAt(metadata, 'resourceVersion');
  if (wantedVersion !== undefined && wantedVersion !== '' && wantedVersion !== resourceVersion) {
    throw conflict(resource, name, MODIFIED_MEANWHILE);
  }
}

function keptMetadata(old: KubernetesObject, wanted: JsonRecord): KubernetesObject['metadata'] {
  const { name, namespace, uid, creationTimestamp, deletionTimestamp, resourceVersion } =
    old.metadata;
  return {
    ...wanted,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function bodyOf(resource: Resource, body: unknown): JsonRecord {
  if (!isRecord(body)) throw badRequest('the body is not an object');
  const kind = textAt(body, 'kind');
  const apiVersion = textAt(body, 'apiVersion');
  if (resource.plural === 'leases') requireMicroTimes(body);
  if (kind === resource.kind && apiVersion === apiVersionOf(resource)) return body;
  throw badRequest(
    `the object provided is unrecognized (apiVersion: ${apiVersion ?? ''}, kind: ${kind ?? ''})`,
  );
}

function requireSameNamespace({ namespace }: Target, metadata: JsonRecord): void {
  const own = textAt(metadata, 'namespace') ?? '';
  if (own !== '' && own !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
}

function generatedName(metadata: JsonRecord): string | undefined {
  const prefix = textAt(metadata, 'generateName');
  return prefix === undefined ? undefined : prefix + randomUUID().slice(0, 5);
}

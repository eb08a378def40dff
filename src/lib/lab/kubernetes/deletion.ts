import { type KubernetesObject } from '../scenario/world.ts';
import { Entry } from './entry.ts';
import { type Exchange, json, readJson, type Reply, type Target } from './exchange.ts';
import { isRecord, type JsonRecord, recordAt, textsAt } from './json.ts';
import { type Resource } from './resources.ts';
import { badRequest, conflict, forbidden } from './status.ts';
import { existing, hasFinalizers, instant, isDryRun } from './stored-object.ts';

/** Every finalizer must be gone before the object goes; until then it is marked. */
export async function remove(exchange: Exchange, target: Target): Promise<Reply> {
  const { lab, query, request } = exchange;
  const { resource, name } = target;
  if (resource.plural === 'namespaces' && name === 'kube-system') {
    throw forbidden(resource, name, 'this namespace may not be deleted');
  }
  const options = await deleteOptions(request);
  const entry = existing(lab, target);
  requirePreconditions(resource, entry.object, recordAt(options, 'preconditions'));
  // Options in the body are all there is: the query is only looked at where there is none.
  const dryRun = isDryRun(
    options === undefined ? query.getAll('dryRun') : textsAt(options, 'dryRun'),
  );
  if (hasFinalizers(entry.object)) return markDeleted(exchange, target, entry, dryRun);
  if (!dryRun) lab.store.remove(resource, entry);
  const { uid } = entry.object.metadata;
  const details = {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
    uid,
  };
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return json(200, JSON.stringify(status));
}

function markDeleted({ lab }: Exchange, target: Target, entry: Entry, dryRun: boolean): Reply {
  if (entry.object.metadata.deletionTimestamp !== undefined) return json(200, entry.text);
  const marked: KubernetesObject = {
    ...entry.object,
    metadata: {
      ...entry.object.metadata,
      deletionTimestamp: instant(lab.now()),
      deletionGracePeriodSeconds: 0,
    },
  };
  if (dryRun) return json(200, new Entry(target.resource, marked).text);
  lab.store.put(target.resource, marked, entry);
  lab.controllers.notice(target);
  return json(200, existing(lab, target).text);
}

async function deleteOptions(request: Exchange['request']): Promise<JsonRecord | undefined> {
  const options = await readJson(request);
  if (options === undefined) return undefined;
  if (!isRecord(options)) throw badRequest('DeleteOptions is an object');
  return options;
}

function requirePreconditions(
  resource: Resource,
  { metadata }: KubernetesObject,
  { uid, resourceVersion }: JsonRecord,
): void {
  const fail = (what: string, wanted: string, actual: string): never => {
    const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual}`;
    throw conflict(resource, metadata.name, why);
  };
  if (typeof uid === 'string' && uid !== metadata.uid) fail('UID', uid, metadata.uid);
  const version = metadata.resourceVersion ?? '';
  if (typeof resourceVersion === 'string' && resourceVersion !== version) {
    fail('ResourceVersion', resourceVersion, version);
  }
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  anObject,
  type Json,
  type LabClient,
  startLab,
  volumes,
} from '../../support/kubernetes-lab.ts';

const PV = '/api/v1/persistentvolumes';
const MERGE = 'application/merge-patch+json';

let client: LabClient;
let leave: AbortController;
beforeEach(async () => {
  leave = new AbortController();
  client = await startLab({ objects: { persistentvolumes: volumes(2) } });
});
afterEach(async () => {
  leave.abort();
  await client.close();
});

/** Events one by one, as they arrive. */
async function watch(query: string, path = PV, accept = 'application/json') {
  const response = await fetch(`${client.lab.url}${path}?watch=1&${query}`, {
    headers: { authorization: `Bearer ${client.lab.token}`, accept },
    signal: leave.signal,
  });
  const lines = linesOf(response);
  return {
    status: response.status,
    next: async (): Promise<Json | undefined> => {
      const { value, done } = await lines.next();
      return done === true ? undefined : (JSON.parse(value) as Json);
    },
  };
}

async function* linesOf(response: Response): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let buffered = '';
  for await (const chunk of response.body ?? []) {
    buffered += decoder.decode(chunk, { stream: true });
    const lines = buffered.split('\n');
    buffered = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}

const brief = (event: Json | undefined) => [event?.type, event?.object.metadata.name];

const version = async () => (await client.get(`${PV}?limit=1`)).body.metadata.resourceVersion;

describe('a watch', () => {
  it('tells what was added, modified and deleted since a version, and what is from then on', async () => {
    const since = await version();
    const volume = anObject('PersistentVolume', 'new', { status: { phase: 'Available' } });
    await client.send('POST', PV, volume);
    const events = await watch(`resourceVersion=${since}`);
    expect(brief(await events.next())).toEqual(['ADDED', 'new']);
    await client.send('PATCH', `${PV}/new`, { status: { phase: 'Bound' } }, MERGE);
    const modified = await events.next();
    expect(brief(modified)).toEqual(['MODIFIED', 'new']);
    expect(modified?.object).toMatchObject({ kind: 'PersistentVolume', apiVersion: 'v1' });
    await client.send('DELETE', `${PV}/new`);
    const deleted = await events.next();
    expect(brief(deleted)).toEqual(['DELETED', 'new']);
    expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(modified?.object.metadata.resourceVersion),
    );
  });

  it('begins with everything that exists when it names no version', async () => {
    const events = await watch('resourceVersion=0');
    expect(brief(await events.next())).toEqual(['ADDED', 'pv-000000']);
    expect(brief(await events.next())).toEqual(['ADDED', 'pv-000001']);
  });

  it('marks the end of the initial events', async () => {
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1';
    const events = await watch(query);
    await events.next();
    await events.next();
    expect(await events.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    expect((await watch('sendInitialEvents=true')).status).toBe(422);
  });

  it('ends in time, with a bookmark to resume from', async () => {
    const since = await version();
    const events = await watch(
      `resourceVersion=${since}&timeoutSeconds=1&allowWatchBookmarks=true`,
    );
    expect(await events.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'PersistentVolume', metadata: { resourceVersion: since } },
    });
    expect(await events.next()).toBeUndefined();
    const plain = await watch(`resourceVersion=${since}&timeoutSeconds=1`);
    expect(await plain.next()).toBeUndefined();
  });

  it('answers a compacted version with 200 and one ERROR event', async () => {
    const events = await watch('resourceVersion=7');
    expect(events.status).toBe(200);
    expect(await events.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    expect(await events.next()).toBeUndefined();
  });

  it('expires when a fault says so, once', async () => {
    client.lab.faults.expireWatches = 1;
    const since = await version();
    const events = await watch(`resourceVersion=${since}`);
    expect((await events.next())?.type).toBe('ERROR');
    const again = await watch(`resourceVersion=${since}&timeoutSeconds=1`);
    expect(await again.next()).toBeUndefined();
  });

  it('refuses a version from the future', async () => {
    expect((await watch('resourceVersion=999999')).status).toBe(504);
  });

  it('adds and deletes what begins and ceases to match its selector', async () => {
    const since = await version();
    const events = await watch(`resourceVersion=${since}&labelSelector=tier%3Dgold`);
    const label = (tier: string) =>
      client.send('PATCH', `${PV}/pv-000000`, { metadata: { labels: { tier } } }, MERGE);
    await client.send('PATCH', `${PV}/pv-000001`, { metadata: { labels: { a: 'b' } } }, MERGE);
    await label('gold');
    expect(brief(await events.next())).toEqual(['ADDED', 'pv-000000']);
    await label('silver');
    const deleted = await events.next();
    expect(brief(deleted)).toEqual(['DELETED', 'pv-000000']);
    expect(deleted?.object.metadata.labels).toEqual({ tier: 'gold' });
  });

  it('sees one namespace alone where it asks for one', async () => {
    const since = await version();
    const path = '/api/v1/namespaces/media/persistentvolumeclaims';
    const events = await watch(`resourceVersion=${since}`, path);
    const claim = anObject('PersistentVolumeClaim', 'mine');
    await client.send('POST', '/api/v1/namespaces/other/persistentvolumeclaims', claim);
    await client.send('POST', path, claim);
    const event = await events.next();
    expect(event?.object.metadata.namespace).toBe('media');
  });

  it('hears of changes made to the cluster directly', async () => {
    const since = await version();
    const events = await watch(`resourceVersion=${since}&labelSelector=!gone`);
    const objects = client.lab.cluster.objects['persistentvolumes'] ?? [];
    const [first] = objects;
    if (first !== undefined) first['status'] = { phase: 'Released' };
    client.lab.refresh();
    const event = await events.next();
    expect(event?.object.status.phase).toBe('Released');
    if (first !== undefined) first.metadata.labels = { gone: 'yes' };
    client.lab.refresh();
    expect(brief(await events.next())).toEqual(['DELETED', 'pv-000000']);
    objects.pop();
    client.lab.refresh();
    expect(brief(await events.next())).toEqual(['DELETED', 'pv-000001']);
  });

  it('sends tables to who asks for tables', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const events = await watch('', PV, accept);
    const event = await events.next();
    expect(event?.object).toMatchObject({ kind: 'Table' });
    expect(event?.object.rows[0]?.cells[0]).toBe('pv-000000');
  });
});

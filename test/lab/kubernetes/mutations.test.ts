import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anObject, type LabClient, startLab, volumes } from '../../support/kubernetes-lab.ts';

const PV = '/api/v1/persistentvolumes';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

let client: LabClient;
beforeEach(async () => {
  client = await startLab({ objects: { persistentvolumes: volumes(2) } });
});
afterEach(() => client.close());

const stored = () => client.lab.cluster.objects['persistentvolumes'] ?? [];

describe('create', () => {
  it('gives the object a uid, a version and a creation time', async () => {
    const { status, body } = await client.send('POST', PV, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'new', resourceVersion: '7' },
    });
    expect(status).toBe(201);
    expect(body.metadata.creationTimestamp).toBe('2026-11-22T01:00:00Z');
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(1000);
    expect(stored()).toHaveLength(3);
  });

  it('makes up the end of a generated name', async () => {
    const body = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { generateName: 'pv-' } };
    const answer = await client.send('POST', PV, body);
    expect(answer.body.metadata.name).toMatch(/^pv-[0-9a-f]{5}$/);
  });

  it('stores nothing in a dry run', async () => {
    const answer = await client.send('POST', `${PV}?dryRun=All`, anObject('PersistentVolume', 'n'));
    expect(answer.status).toBe(201);
    expect(stored()).toHaveLength(2);
  });

  it.each([
    ['a name that exists', PV, anObject('PersistentVolume', 'pv-000000'), 409, 'AlreadyExists'],
    ['another kind', PV, anObject('Pod', 'x'), 400, 'BadRequest'],
    ['a list', PV, [], 400, 'BadRequest'],
    ['no body', PV, undefined, 400, 'BadRequest'],
    [
      'an unknown dry run',
      `${PV}?dryRun=Some`,
      anObject('PersistentVolume', 'x'),
      400,
      'BadRequest',
    ],
    ['no name', PV, { apiVersion: 'v1', kind: 'PersistentVolume' }, 422, 'Invalid'],
    [
      'another namespace than the path',
      LEASES,
      anObject('Lease', 'x', { apiVersion: 'coordination.k8s.io/v1', namespace: 'other' }),
      400,
      'BadRequest',
    ],
    ['no namespace', '/api/v1/pods', anObject('Pod', 'x'), 405, 'MethodNotAllowed'],
  ])('refuses %s', async (_, path, body, code, reason) => {
    const answer = await client.send('POST', path, body);
    expect([answer.status, answer.body.reason]).toEqual([code, reason]);
  });

  it('refuses what is not JSON, and what is too large', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf';
    expect((await client.send('POST', PV, {}, protobuf)).status).toBe(415);
    const headers = { authorization: `Bearer ${client.lab.token}` };
    const broken = await fetch(client.lab.url + PV, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(415);
    const json = { ...headers, 'content-type': 'application/json' };
    const cut = await fetch(client.lab.url + PV, { method: 'POST', headers: json, body: '{' });
    expect(cut.status).toBe(400);
    expect((await client.send('POST', PV, { text: 'x'.repeat(4_000_000) })).status).toBe(413);
  });
});

describe('update', () => {
  it('replaces the object and raises its version', async () => {
    const { body } = await client.get(`${PV}/pv-000000`);
    const answer = await client.send('PUT', `${PV}/pv-000000`, { ...body, spec: { a: 1 } });
    expect(answer.status).toBe(200);
    expect(answer.body.spec).toEqual({ a: 1 });
    expect(Number(answer.body.metadata.resourceVersion)).toBeGreaterThan(
      Number(body.metadata.resourceVersion),
    );
  });

  it('leaves the version alone when nothing changes', async () => {
    const { body } = await client.get(`${PV}/pv-000000`);
    const answer = await client.send('PUT', `${PV}/pv-000000`, body);
    expect(answer.body).toEqual(body);
  });

  it('keeps the creation time and uid whatever the client says', async () => {
    const { metadata } = (await client.get(`${PV}/pv-000000`)).body;
    const answer = await client.send('PUT', `${PV}/pv-000000`, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv-000000', creationTimestamp: '1999-01-01T00:00:00Z' },
    });
    expect(answer.body.metadata.creationTimestamp).toBe(metadata.creationTimestamp);
    expect(answer.body.metadata.uid).toBe(metadata.uid);
  });

  it('conflicts when the object was changed in between', async () => {
    const { body } = await client.get(`${PV}/pv-000000`);
    await client.send('PATCH', `${PV}/pv-000000`, { metadata: { labels: { a: 'b' } } }, MERGE);
    const answer = await client.send('PUT', `${PV}/pv-000000`, body);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ reason: 'Conflict', details: { name: 'pv-000000' } });
  });

  it('conflicts when the object is another of the same name', async () => {
    const answer = await client.send(
      'PUT',
      `${PV}/pv-000000`,
      anObject('PersistentVolume', 'pv-000000', { metadata: { uid: 'other' } }),
    );
    expect([answer.status, answer.body.reason]).toEqual([409, 'Conflict']);
  });

  it('refuses another name than the path, and an object that does not exist', async () => {
    const body = anObject('PersistentVolume', 'pv-000001');
    expect((await client.send('PUT', `${PV}/pv-000000`, body)).status).toBe(400);
    const missing = anObject('PersistentVolume', 'missing');
    expect((await client.send('PUT', `${PV}/missing`, missing)).status).toBe(404);
  });

  it('touches only the status through the status subresource', async () => {
    const { body } = await client.get(`${PV}/pv-000000`);
    const wanted = { ...body, spec: {}, status: { phase: 'Failed' } };
    const answer = await client.send('PUT', `${PV}/pv-000000/status`, wanted);
    expect(answer.body.status).toEqual({ phase: 'Failed' });
    expect(answer.body.spec).toEqual(body.spec);
    expect((await client.get(`${PV}/pv-000000/status`)).status).toBe(200);
  });

  it('lets one of two holders renew a lease', async () => {
    const lease = anObject('Lease', 'lock', {
      apiVersion: 'coordination.k8s.io/v1',
      spec: { holderIdentity: 'a' },
    });
    const { body } = await client.send('POST', LEASES, lease);
    const claim = (holderIdentity: string) =>
      client.send('PUT', `${LEASES}/lock`, { ...body, spec: { holderIdentity } });
    const statuses = (await Promise.all([claim('b'), claim('c')])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
    const metadata = { ...body.metadata, resourceVersion: undefined };
    const blind = await client.send('PUT', `${LEASES}/lock`, { ...body, metadata });
    expect(blind.status).toBe(422);
  });
});

describe('patch', () => {
  it('merges, and removes what is null', async () => {
    const change = { spec: { storageClassName: null, capacity: { storage: '2Gi' } } };
    const { body } = await client.send('PATCH', `${PV}/pv-000000`, change, MERGE);
    expect(body.spec.capacity).toEqual({ storage: '2Gi' });
    expect(body.spec).not.toHaveProperty('storageClassName');
    expect(body.spec.accessModes).toEqual(['ReadWriteOnce']);
  });

  it('takes a strategic merge for a merge', async () => {
    const type = 'application/strategic-merge-patch+json';
    const change = { metadata: { annotations: { a: 'b' } } };
    const { body } = await client.send('PATCH', `${PV}/pv-000000`, change, type);
    expect(body.metadata.annotations).toEqual({ a: 'b' });
  });

  it('stores nothing in a dry run', async () => {
    const path = `${PV}/pv-000000?dryRun=All`;
    const { body } = await client.send('PATCH', path, { spec: null }, MERGE);
    expect(body).not.toHaveProperty('spec');
    expect((await client.get(`${PV}/pv-000000`)).body).toHaveProperty('spec');
  });

  it('applies every operation of a JSON patch', async () => {
    const change = [
      { op: 'test', path: '/status', value: { phase: 'Bound' } },
      { op: 'test', path: '/spec/accessModes', value: ['ReadWriteOnce'] },
      { op: 'add', path: '/metadata/labels', value: { 'a/b': '1' } },
      { op: 'replace', path: '/metadata/labels/a~1b', value: '2' },
      { op: 'add', path: '/spec/accessModes/-', value: 'ReadOnlyMany' },
      { op: 'add', path: '/spec/accessModes/0', value: 'ReadWriteMany' },
      { op: 'replace', path: '/spec/accessModes/1', value: 'ReadWriteOncePod' },
      { op: 'remove', path: '/spec/accessModes/2' },
      { op: 'copy', from: '/spec/capacity', path: '/spec/copied' },
      { op: 'move', from: '/spec/storageClassName', path: '/spec/moved' },
      { op: 'add', path: '/spec/list', value: [{ a: 1 }] },
      { op: 'replace', path: '/spec/list/0/a', value: 2 },
      { op: 'remove', path: '/spec/claimRef' },
    ];
    const { status, body } = await client.send('PATCH', `${PV}/pv-000000`, change, JSON_PATCH);
    expect(status).toBe(200);
    expect(body.metadata.labels).toEqual({ 'a/b': '2' });
    expect(body.spec).toEqual({
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteMany', 'ReadWriteOncePod'],
      persistentVolumeReclaimPolicy: 'Delete',
      copied: { storage: '1Gi' },
      moved: 'nfs',
      list: [{ a: 2 }],
    });
  });

  it.each([
    ['a failed test', [{ op: 'test', path: '/status/phase', value: 'Lost' }], 422],
    ['a failed test of a list', [{ op: 'test', path: '/spec/accessModes', value: [] }], 422],
    ['a failed test of an object', [{ op: 'test', path: '/status', value: {} }], 422],
    ['a missing path', [{ op: 'remove', path: '/spec/nothing' }], 422],
    ['a path through a text', [{ op: 'add', path: '/status/phase/x', value: 1 }], 422],
    ['an index out of bounds', [{ op: 'add', path: '/spec/accessModes/9', value: 1 }], 422],
    ['an unknown operation', [{ op: 'swap', path: '/spec' }], 400],
    ['a path that is no pointer', [{ op: 'remove', path: 'spec' }], 400],
    ['something else than operations', ['x'], 400],
    ['something else than a list', {}, 400],
    ['the removal of everything', [{ op: 'remove', path: '' }], 400],
  ])('refuses %s and changes nothing', async (_, change, code) => {
    const before = await client.get(`${PV}/pv-000000`);
    const answer = await client.send('PATCH', `${PV}/pv-000000`, change, JSON_PATCH);
    expect(answer.status).toBe(code);
    expect((await client.get(`${PV}/pv-000000`)).text).toBe(before.text);
  });

  it('refuses a version that is not the current one, and other kinds of patch', async () => {
    const change = { metadata: { resourceVersion: '1' } };
    expect((await client.send('PATCH', `${PV}/pv-000000`, change, MERGE)).status).toBe(409);
    const apply = 'application/apply-patch+yaml';
    expect((await client.send('PATCH', `${PV}/pv-000000`, {}, apply)).status).toBe(415);
  });
});

describe('delete', () => {
  it('removes the object and says which', async () => {
    const { status, body } = await client.send('DELETE', `${PV}/pv-000000`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'pv-000000', kind: 'persistentvolumes', uid: 'uid-pv-000000' },
    });
    expect(stored().map(({ metadata }) => metadata.name)).toEqual(['pv-000001']);
    expect((await client.get(`${PV}/pv-000000`)).body).toMatchObject({
      kind: 'Status',
      reason: 'NotFound',
      details: { name: 'pv-000000', kind: 'persistentvolumes' },
    });
  });

  it('acts only when its preconditions hold', async () => {
    const { metadata } = (await client.get(`${PV}/pv-000000`)).body;
    const tryWith = async (preconditions: object) =>
      (await client.send('DELETE', `${PV}/pv-000000`, { preconditions })).status;
    expect(await tryWith({ uid: 'other' })).toBe(409);
    expect(await tryWith({ uid: metadata.uid, resourceVersion: '1' })).toBe(409);
    expect(stored()).toHaveLength(2);
    const { uid, resourceVersion } = metadata;
    expect(await tryWith({ uid, resourceVersion })).toBe(200);
    expect(stored()).toHaveLength(1);
  });

  it('checks everything and removes nothing in a dry run', async () => {
    expect((await client.send('DELETE', `${PV}/pv-000000?dryRun=All`)).status).toBe(200);
    const inBody = await client.send('DELETE', `${PV}/pv-000000`, { dryRun: ['All'] });
    expect(inBody.status).toBe(200);
    expect((await client.send('DELETE', `${PV}/missing?dryRun=All`)).status).toBe(404);
    expect(stored()).toHaveLength(2);
  });

  it('waits for finalizers', async () => {
    const finalizers = ['kubernetes.io/pv-protection'];
    await client.send('PATCH', `${PV}/pv-000000`, { metadata: { finalizers } }, MERGE);
    const dry = await client.send('DELETE', `${PV}/pv-000000?dryRun=All`);
    expect(dry.body.metadata.deletionTimestamp).toBe('2026-11-22T01:00:00Z');
    expect((await client.get(`${PV}/pv-000000`)).body.metadata).not.toHaveProperty(
      'deletionTimestamp',
    );
    const marked = await client.send('DELETE', `${PV}/pv-000000`);
    expect(marked.body.metadata.deletionTimestamp).toBe('2026-11-22T01:00:00Z');
    const again = await client.send('DELETE', `${PV}/pv-000000`);
    expect(again.body).toEqual(marked.body);
    expect(stored()).toHaveLength(2);
    await client.send('PATCH', `${PV}/pv-000000`, { metadata: { finalizers: null } }, MERGE);
    expect((await client.get(`${PV}/pv-000000`)).status).toBe(404);
  });

  it('refuses kube-system, a whole collection, and options that are none', async () => {
    expect((await client.send('DELETE', '/api/v1/namespaces/kube-system')).status).toBe(403);
    expect((await client.send('DELETE', PV)).status).toBe(405);
    expect((await client.send('DELETE', `${PV}/pv-000000`, [])).status).toBe(400);
  });
});

it('a delete with options does not look at its query, so that a dry run is said in the options', async () => {
  const options = { kind: 'DeleteOptions', apiVersion: 'v1' };
  const dry = { ...options, dryRun: ['All'] };
  await client.send('DELETE', `${PV}/pv-000000`, dry);
  await client.send('DELETE', `${PV}/pv-000000?dryRun=All`);
  expect(stored()).toHaveLength(2);
  await client.send('DELETE', `${PV}/pv-000000?dryRun=All`, options);
  expect(stored()).toHaveLength(1);
});

it('a lease has its instants with six digits', async () => {
  const leaseOf = (renewTime: string) =>
    anObject('Lease', 'lock', { apiVersion: 'coordination.k8s.io/v1', spec: { renewTime } });
  const short = await client.send('POST', LEASES, leaseOf('2026-11-22T01:00:00.000Z'));
  expect(short.status).toBe(400);
  const whole = await client.send('POST', LEASES, leaseOf('2026-11-22T01:00:00.000000Z'));
  expect(whole.status).toBe(201);
});

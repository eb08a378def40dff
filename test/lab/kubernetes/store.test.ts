import { afterEach, describe, expect, it } from 'vitest';
import { anObject, type LabClient, startLab, volumes } from '../../support/kubernetes-lab.ts';

const PV = '/api/v1/persistentvolumes';

let client: LabClient;
afterEach(() => client.close());

const first = () => client.lab.cluster.objects['persistentvolumes']?.[0];

describe('the live cluster', () => {
  it('counts versions on from the highest that the world brings along', async () => {
    const [volume] = volumes(1);
    if (volume !== undefined) volume.metadata.resourceVersion = '52000';
    client = await startLab({
      objects: { persistentvolumes: volume === undefined ? [] : [volume] },
    });
    const before = (await client.get(PV)).body;
    expect(before.items[0]?.metadata.resourceVersion).toBe('52000');
    client.lab.cluster.objects['pods'] = [anObject('Pod', 'p', { namespace: 'media' })];
    const { metadata } = (await client.get('/api/v1/namespaces/media/pods/p')).body;
    expect(Number(metadata.resourceVersion)).toBeGreaterThan(52000);
  });

  it('answers with what was added, removed and changed in place', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(2) } });
    client.lab.cluster.objects['persistentvolumes']?.push(anObject('PersistentVolume', 'new'));
    expect((await client.get(`${PV}/new`)).status).toBe(200);
    const before = (await client.get(`${PV}/pv-000000`)).body;
    const volume = first();
    if (volume !== undefined) volume['status'] = { phase: 'Released' };
    const after = (await client.get(`${PV}/pv-000000`)).body;
    expect(after.status.phase).toBe('Released');
    expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
    client.lab.cluster.objects['persistentvolumes'] = [];
    expect((await client.get(PV)).body.items).toEqual([]);
  });

  it('notices changes within one of many objects when it is told', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(2000) } });
    await client.get(PV);
    const volume = first();
    if (volume !== undefined) volume['status'] = { phase: 'Released' };
    client.lab.refresh();
    const { body } = await client.get(`${PV}/pv-000000`);
    expect(body.status.phase).toBe('Released');
  });

  it('serves kube-system with the uid and birth of the cluster', async () => {
    client = await startLab();
    const path = '/api/v1/namespaces/kube-system';
    expect((await client.get(path)).body).toMatchObject({
      kind: 'Namespace',
      metadata: { uid: client.lab.cluster.uid, creationTimestamp: '2026-01-01T00:00:00Z' },
    });
    client.lab.cluster.uid = 'rebuilt';
    expect((await client.get(path)).body.metadata.uid).toBe('rebuilt');
    client.lab.cluster.objects['namespaces'] = [
      anObject('Namespace', 'kube-system', { metadata: { uid: 'own' } }),
    ];
    expect((await client.get(path)).body.metadata.uid).toBe('own');
  });

  it('labels kube-system like any other namespace', async () => {
    client = await startLab();
    const change = { metadata: { labels: { a: 'b' } } };
    const type = 'application/merge-patch+json';
    await client.send('PATCH', '/api/v1/namespaces/kube-system', change, type);
    const { body } = await client.get('/api/v1/namespaces?labelSelector=a%3Db');
    expect(body.items).toHaveLength(1);
  });

  it('compacts its history, so that a watch cannot start before it', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(11_000) } });
    const since = (await client.get(`${PV}?limit=1`)).body.metadata.resourceVersion;
    client.lab.cluster.objects['persistentvolumes'] = [];
    await client.get(PV);
    const { body } = await client.get(`${PV}?watch=1&resourceVersion=${since}&timeoutSeconds=1`);
    expect(body).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });
});

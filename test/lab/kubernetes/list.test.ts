import { afterEach, describe, expect, it } from 'vitest';
import {
  anObject,
  type Answer,
  type Json,
  type LabClient,
  NOW,
  startLab,
  volumes,
} from '../../support/kubernetes-lab.ts';

const PV = '/api/v1/persistentvolumes';
const PVC = '/api/v1/persistentvolumeclaims';

const names = (answer: Answer) => (answer.body.items as Json[]).map((item) => item.metadata.name);

function claims(count: number, namespace: string) {
  return Array.from({ length: count }, (_, index) =>
    anObject('PersistentVolumeClaim', `claim-${index}`, { namespace }),
  );
}

let client: LabClient;
afterEach(() => client.close());

describe('a list', () => {
  it('serves items without kind and apiVersion, in the order of their names', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(3).reverse() } });
    const { status, body } = await client.get(PV);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'PersistentVolumeList', apiVersion: 'v1' });
    expect(body.items[0]).not.toHaveProperty('kind');
    expect(body.items[0]).not.toHaveProperty('apiVersion');
    expect(body.items.map((item: Json) => item.metadata.name)).toEqual([
      'pv-000000',
      'pv-000001',
      'pv-000002',
    ]);
    expect(body.metadata).toEqual({ resourceVersion: expect.any(String) as string });
  });

  it('is paged, with one resource version and the number of items that remain', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(1203) } });
    const seen: string[] = [];
    const remaining: unknown[] = [];
    const versions = new Set<unknown>();
    let token = '';
    do {
      const page = await client.get(`${PV}?limit=500&continue=${token}`);
      seen.push(...names(page));
      remaining.push(page.body.metadata.remainingItemCount);
      versions.add(page.body.metadata.resourceVersion);
      token = page.body.metadata.continue ?? '';
    } while (token !== '');
    expect(new Set(seen).size).toBe(1203);
    expect(remaining).toEqual([703, 203, undefined]);
    expect(versions.size).toBe(1);
  });

  it('shows the world of its first page on every page', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(4) } });
    const first = await client.get(`${PV}?limit=2`);
    await client.send('DELETE', `${PV}/pv-000002`);
    await client.send('PATCH', `${PV}/pv-000003`, { status: { phase: 'Released' } }, MERGE);
    await client.send('POST', PV, anObject('PersistentVolume', 'pv-000009'));
    const { body } = await client.get(`${PV}?continue=${first.body.metadata.continue}`);
    expect(body.items.map((item: Json) => [item.metadata.name, item.status.phase])).toEqual([
      ['pv-000002', 'Bound'],
      ['pv-000003', 'Bound'],
    ]);
    expect(names(await client.get(PV))).not.toContain('pv-000002');
  });

  it('goes over one namespace or all of them, page by page', async () => {
    client = await startLab({
      objects: { persistentvolumeclaims: [...claims(3, 'media'), ...claims(2, 'media-2')] },
    });
    expect(names(await client.get(PVC))).toHaveLength(5);
    const first = await client.get('/api/v1/namespaces/media/persistentvolumeclaims?limit=2');
    expect(names(first)).toEqual(['claim-0', 'claim-1']);
    expect(first.body.metadata.remainingItemCount).toBe(1);
    const { continue: token } = first.body.metadata;
    const rest = await client.get(
      `/api/v1/namespaces/media/persistentvolumeclaims?limit=2&continue=${token}`,
    );
    expect(names(rest)).toEqual(['claim-2']);
    expect(names(await client.get('/api/v1/namespaces/nobody/persistentvolumeclaims'))).toEqual([]);
  });

  it('does not count what remains where a selector is given', async () => {
    const objects = volumes(5);
    objects.forEach(({ metadata }, index) => (metadata.labels = { even: String(index % 2 === 0) }));
    client = await startLab({ objects: { persistentvolumes: objects } });
    const first = await client.get(`${PV}?limit=2&labelSelector=even%3Dtrue`);
    expect(names(first)).toEqual(['pv-000000', 'pv-000002']);
    expect(first.body.metadata).not.toHaveProperty('remainingItemCount');
    const { continue: token } = first.body.metadata;
    const rest = await client.get(`${PV}?limit=2&labelSelector=even%3Dtrue&continue=${token}`);
    expect(names(rest)).toEqual(['pv-000004']);
  });

  it.each([
    ['labelSelector=tier', ['a', 'b']],
    ['labelSelector=!tier', ['c']],
    ['labelSelector=tier=gold', ['a']],
    ['labelSelector=tier==gold', ['a']],
    ['labelSelector=tier!=gold', ['b', 'c']],
    ['labelSelector=tier in (gold, silver)', ['a', 'b']],
    ['labelSelector=tier notin (gold),app', ['b']],
    ['fieldSelector=metadata.name=b', ['b']],
    ['fieldSelector=metadata.name!=b', ['a', 'c']],
    ['fieldSelector=metadata.namespace=media,spec.nodeName=n1', ['a']],
    ['fieldSelector=status.phase=', ['a', 'b', 'c']],
  ])('selects by %s', async (selector, expected) => {
    client = await startLab({
      objects: {
        pods: [
          anObject('Pod', 'a', {
            namespace: 'media',
            metadata: { labels: { tier: 'gold' } },
            spec: { nodeName: 'n1' },
          }),
          anObject('Pod', 'b', {
            namespace: 'media',
            metadata: { labels: { tier: 'silver', app: 'x' } },
            spec: { nodeName: 'n2' },
          }),
          anObject('Pod', 'c', { namespace: 'other' }),
        ],
      },
    });
    expect(names(await client.get(`/api/v1/pods?${selector}`))).toEqual(expected);
  });

  it.each([
    ['labelSelector=a in b', 'unable to parse requirement'],
    ['fieldSelector=spec.capacity=1', 'field label not supported: spec.capacity'],
    ['fieldSelector=metadata.namespace=x', 'field label not supported: metadata.namespace'],
    ['fieldSelector=nonsense', 'invalid selector'],
    ['limit=many', 'invalid syntax'],
    ['continue=nonsense', 'continue key is not valid'],
    [`continue=${Buffer.from('{"v":"other"}').toString('base64url')}`, 'continue key is not valid'],
    [`continue=${Buffer.from('{"v":"meta.k8s.io/v1"}').toString('base64url')}`, 'not valid'],
    ['resourceVersion=abc', 'resourceVersion'],
  ])('refuses %s with 400', async (query, message) => {
    client = await startLab({ objects: { persistentvolumes: volumes(1) } });
    const { status, body } = await client.get(`${PV}?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ kind: 'Status', reason: 'BadRequest', code: 400 });
    expect(body.message).toContain(message);
  });

  it('refuses a continue token together with a resource version', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(3) } });
    const { body } = await client.get(`${PV}?limit=1`);
    const token = String(body.metadata.continue);
    const answer = await client.get(`${PV}?limit=1&continue=${token}&resourceVersion=1001`);
    expect(answer.status).toBe(400);
  });

  it('answers an expired token with 410 and a token to go on with', async () => {
    let now = NOW;
    client = await startLab({ objects: { persistentvolumes: volumes(3) } }, { now: () => now });
    const first = await client.get(`${PV}?limit=1`);
    now = new Date(NOW.getTime() + 6 * 60_000);
    const gone = await client.get(`${PV}?limit=1&continue=${first.body.metadata.continue}`);
    expect(gone.status).toBe(410);
    expect(gone.body).toMatchObject({ kind: 'Status', reason: 'Expired', code: 410 });
    await client.send('POST', PV, anObject('PersistentVolume', 'pv-000001a'));
    const rest = await client.get(`${PV}?continue=${gone.body.metadata.continue}`);
    expect(names(rest)).toEqual(['pv-000001', 'pv-000001a', 'pv-000002']);
  });

  it('serves an exact version while it has it', async () => {
    client = await startLab({ objects: { persistentvolumes: volumes(3) } });
    const { body } = await client.get(`${PV}?limit=1`);
    const version = Number(body.metadata.resourceVersion);
    const exact = `resourceVersionMatch=Exact&resourceVersion=`;
    expect(names(await client.get(`${PV}?${exact}${version}`))).toHaveLength(3);
    await client.send('DELETE', `${PV}/pv-000000`);
    expect(names(await client.get(`${PV}?${exact}${version}`))).toHaveLength(3);
    expect((await client.get(`${PV}?${exact}${version - 1}`)).status).toBe(410);
  });

  it('answers a version from the future with 504 and when to ask again', async () => {
    client = await startLab();
    const answer = await client.get(`${PV}?resourceVersionMatch=Exact&resourceVersion=999999`);
    expect(answer.status).toBe(504);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body).toMatchObject({
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    });
  });
});

describe('a table', () => {
  const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

  it('carries as much of each object as is asked for', async () => {
    const aged = ['2026-11-22T00:59:30Z', '2026-11-21T22:00:00Z', '2026-11-22T00:50:00Z', 'never'];
    const objects = volumes(4);
    objects.forEach(({ metadata }, index) => (metadata.creationTimestamp = aged[index] ?? ''));
    client = await startLab({ objects: { persistentvolumes: objects } });
    const { body } = await client.get(PV, accept);
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(body.rows.map((row) => row.cells.at(-1))).toEqual(['30s', '3h', '10m', '<unknown>']);
    expect(body.rows[0]?.object.kind).toBe('PartialObjectMetadata');
    const whole = await client.get(`${PV}?includeObject=Object`, accept);
    expect(whole.body.rows[0]?.object.kind).toBe('PersistentVolume');
    const none = await client.get(`${PV}?includeObject=None`, accept);
    expect(none.body.rows[0]).not.toHaveProperty('object');
  });

  it('shows a single object too', async () => {
    client = await startLab({
      objects: {
        volumeattachments: [
          anObject('VolumeAttachment', 'va', {
            apiVersion: 'storage.k8s.io/v1',
            spec: { attacher: 'org.democratic-csi.iscsi', source: {} },
            status: { attached: true },
          }),
        ],
      },
    });
    const { body } = await client.get('/apis/storage.k8s.io/v1/volumeattachments/va', accept);
    expect(body.rows[0]?.cells).toEqual(['va', 'org.democratic-csi.iscsi', '', '', 'true', '51d']);
  });
});

const MERGE = 'application/merge-patch+json';

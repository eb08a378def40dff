import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LabClient, startLab, volumes } from '../../support/kubernetes-lab.ts';

const PV = '/api/v1/persistentvolumes';

let client: LabClient;
beforeEach(async () => {
  client = await startLab({ objects: { persistentvolumes: volumes(5) } });
});
afterEach(() => client.close());

const page = async (number: number) => {
  let token = '';
  for (let turn = 1; turn < number; turn += 1) {
    const { body } = await client.get(`${PV}?limit=1&continue=${token}`);
    token = String(body.metadata.continue);
  }
  return client.get(`${PV}?limit=1&continue=${token}`);
};

describe('a fault', () => {
  it('fails one page of a list, as often as it says', async () => {
    client.lab.faults.failPage = { resource: 'persistentvolumes', page: 3, status: 503, times: 1 };
    expect((await page(2)).status).toBe(200);
    const failed = await page(3);
    expect(failed.body).toMatchObject({ kind: 'Status', code: 503, reason: 'ServiceUnavailable' });
    expect((await page(3)).status).toBe(200);
  });

  it('drops the connection on a page, or answers it as a proxy would', async () => {
    client.lab.faults.failPage = { resource: 'persistentvolumes', page: 2, status: 'drop' };
    await expect(page(2)).rejects.toThrow('fetch failed');
    client.lab.faults.failPage = { resource: 'persistentvolumes', page: 1, status: 'html' };
    const answer = await page(1);
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^<!doctype html>/);
    expect((await client.get(`${PV}?continue=nonsense`)).status).toBe(400);
  });

  it('expires tokens that are still good', async () => {
    client.lab.faults.expireTokens = 1;
    const gone = await page(2);
    expect(gone.body).toMatchObject({ code: 410, reason: 'Expired' });
    expect((await page(2)).status).toBe(200);
  });

  it('answers a resource with a status, and says when to come back', async () => {
    client.lab.faults.status = {
      persistentvolumes: { status: 429, times: 2, retryAfterSeconds: 3 },
    };
    const busy = await client.get(PV);
    expect(busy.status).toBe(429);
    expect(busy.headers.get('retry-after')).toBe('3');
    expect(busy.body).toMatchObject({ details: { retryAfterSeconds: 3 } });
    expect((await client.get('/api/v1/pods')).status).toBe(200);
    expect((await client.get(`${PV}/pv-000000`)).status).toBe(429);
    expect((await client.get(PV)).status).toBe(200);
  });

  it('answers every resource with a status, known or not', async () => {
    client.lab.faults.status = { '*': { status: 418 } };
    expect((await client.get('/api/v1/pods')).body).toMatchObject({ code: 418 });
    expect((await client.get('/version')).status).toBe(200);
  });

  it('cuts an answer short', async () => {
    client.lab.faults.dropAfterBytes = { resource: 'persistentvolumes', bytes: 300, times: 1 };
    const headers = { authorization: `Bearer ${client.lab.token}` };
    const response = await fetch(client.lab.url + PV, { headers });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect((await client.get(PV)).body.items).toHaveLength(5);
  });

  it('refuses every token, answers HTML, or takes its time', async () => {
    client.lab.faults.unauthorized = true;
    expect((await client.get(PV)).body).toMatchObject({ code: 401, reason: 'Unauthorized' });
    client.lab.faults.unauthorized = undefined;
    client.lab.faults.html = true;
    const html = await client.get('/version');
    expect(html.headers.get('content-type')).toBe('text/html');
    client.lab.faults.html = undefined;
    client.lab.faults.latencyMs = 1;
    expect((await client.get(PV)).status).toBe(200);
  });

  it('loses a request before anything is done, or the answer after', async () => {
    const about = { method: 'DELETE', resource: 'persistentvolumes', times: 1 };
    client.lab.faults.loseRequest = { ...about };
    await expect(client.send('DELETE', `${PV}/pv-000000`)).rejects.toThrow('fetch failed');
    expect((await client.get(`${PV}/pv-000000`)).status).toBe(200);
    client.lab.faults.loseAnswer = { ...about, skip: 1 };
    expect((await client.send('DELETE', `${PV}/pv-000001`)).status).toBe(200);
    await expect(client.send('DELETE', `${PV}/pv-000000`)).rejects.toThrow('fetch failed');
    expect((await client.get(`${PV}/pv-000000`)).status).toBe(404);
    expect((await client.send('DELETE', `${PV}/pv-000002`)).status).toBe(200);
  });

  it('stops accepting, on open connections and new ones', async () => {
    await client.get(PV);
    client.lab.faults.stopAccepting = true;
    await expect(client.get(PV)).rejects.toThrow('fetch failed');
    await expect(client.get(PV)).rejects.toThrow('fetch failed');
    client.lab.faults.stopAccepting = false;
    expect((await client.get(PV)).status).toBe(200);
  });
});

describe('the server', () => {
  it('wants its token', async () => {
    const response = await fetch(client.lab.url + PV);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
    const headers = { authorization: `Bearer ${'x'.repeat(client.lab.token.length)}` };
    expect((await fetch(client.lab.url + '/nowhere', { headers })).status).toBe(401);
  });

  it('shows the clock of its cluster in every answer', async () => {
    client.lab.cluster.clockSkewSeconds = 90;
    const { headers } = await client.get(PV);
    expect(headers.get('date')).toBe('Sun, 22 Nov 2026 01:01:30 GMT');
  });

  it('writes down what it was asked', async () => {
    await client.get(`${PV}?limit=1`);
    await client.send('DELETE', `${PV}/pv-000000`);
    expect(client.lab.requests).toEqual([
      { method: 'GET', path: `${PV}?limit=1` },
      { method: 'DELETE', path: `${PV}/pv-000000` },
    ]);
  });

  it('closes while clients are connected, watch, or say nothing, and closes twice', async () => {
    const silent = connect(Number(new URL(client.lab.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const headers = { authorization: `Bearer ${client.lab.token}` };
    const watching = await fetch(`${client.lab.url}${PV}?watch=1`, { headers });
    const cut = once(silent, 'close');
    await client.close();
    await cut;
    await expect(watching.text()).rejects.toThrow('terminated');
    await client.close();
    await expect(client.get(PV)).rejects.toThrow('fetch failed');
  });

  it('forbids one verb where its cluster does, everywhere or in one namespace', async () => {
    client.lab.cluster.forbidden = ['delete:persistentvolumes', 'create:pods@media'];
    expect((await client.get(`${PV}/pv-000000`)).status).toBe(200);
    const { body } = await client.send('DELETE', `${PV}/pv-000000`);
    expect(body).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(body.message).toContain('cannot delete resource "persistentvolumes"');
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } };
    expect((await client.send('POST', '/api/v1/namespaces/media/pods', pod)).status).toBe(403);
    expect((await client.send('POST', '/api/v1/namespaces/other/pods', pod)).status).toBe(201);
  });

  it('forbids what its cluster forbids, with a Status that names it', async () => {
    client.lab.cluster.forbidden = ['persistentvolumes', 'namespaces'];
    const { body } = await client.get(`${PV}/pv-000000`);
    expect(body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      details: { name: 'pv-000000', kind: 'persistentvolumes' },
    });
    expect(body.message).toContain('cannot get resource "persistentvolumes" in API group ""');
    expect((await client.get('/api/v1/namespaces/kube-system')).status).toBe(403);
  });
});

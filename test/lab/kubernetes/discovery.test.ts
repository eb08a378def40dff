import { afterEach, describe, expect, it } from 'vitest';
import { type Json, type LabClient, startLab } from '../../support/kubernetes-lab.ts';

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

let client: LabClient;
afterEach(() => client.close());

describe('discovery', () => {
  it('tells the version', async () => {
    client = await startLab({ version: 'v1.29.4' });
    const { body } = await client.get('/version');
    expect(body).toMatchObject({ major: '1', minor: '29', gitVersion: 'v1.29.4' });
    expect((await client.get('/readyz')).text).toBe('ok');
  });

  it('lists groups, and the resources of each', async () => {
    client = await startLab();
    expect((await client.get('/api')).body).toMatchObject({ versions: ['v1'] });
    const { body } = await client.get('/apis');
    const groups = (body.groups as Json[]).map((group) => group.name);
    expect(groups).toContain('snapshot.storage.k8s.io');
    expect(groups).not.toContain('config.openshift.io');
    const core = (await client.get('/api/v1')).body;
    expect(core.resources).toContainEqual({
      name: 'persistentvolumes',
      singularName: 'persistentvolume',
      namespaced: false,
      kind: 'PersistentVolume',
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['pv'],
    });
    for (const group of groups) {
      const { preferredVersion } = (await client.get(`/apis/${group}`)).body;
      const { body: list } = await client.get(`/apis/${preferredVersion.groupVersion}`);
      expect(list.resources.length).toBeGreaterThan(0);
    }
  });

  it('says everything in one document to who asks for it', async () => {
    client = await startLab();
    const answer = await client.get('/apis', { accept: AGGREGATED });
    expect(answer.headers.get('content-type')).toContain('as=APIGroupDiscoveryList');
    const list = JSON.parse(answer.text) as { items: { metadata: { name: string } }[] };
    expect(list.items.map(({ metadata }) => metadata.name)).toContain('storage.k8s.io');
    const core = await client.get('/api', { accept: AGGREGATED });
    expect(JSON.parse(core.text)).toMatchObject({ items: [{ metadata: { name: '' } }] });
  });

  it.each([
    '/apis/snapshot.storage.k8s.io/v1',
    '/apis/snapshot.storage.k8s.io/v1/volumesnapshots',
    '/apis/snapshot.storage.k8s.io/v1/namespaces/media/volumesnapshots',
    '/apis/storage.k8s.io/v1beta1/storageclasses',
    '/apis/storage.k8s.io/v1beta1',
    '/api/v1/widgets',
    '/api/v1/persistentvolumes/pv/log',
    '/api/v1/persistentvolumes/pv/log/more',
    '/api/v1/persistentvolumes/',
    '/api/v1/pods/without-namespace',
    '/apis/config.openshift.io/v1/clusterversions',
    '/apis//v1/pods',
    '/api/v1/%E0%A4%A',
    '/nowhere',
  ])('answers %s, which is not installed, in plain text', async (path) => {
    client = await startLab({ missingGroups: ['snapshot.storage.k8s.io'] });
    const { status, text, headers } = await client.get(path);
    expect([status, text]).toEqual([404, '404 page not found\n']);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect((await client.send('POST', path, {})).status).toBe(404);
  });

  it('has the groups of OpenShift on OpenShift', async () => {
    client = await startLab({ platform: 'openshift' });
    const path = '/apis/config.openshift.io/v1/clusterversions';
    expect((await client.get(path)).body).toMatchObject({ kind: 'ClusterVersionList', items: [] });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { anObject, type Json, type LabClient, startLab } from '../../support/kubernetes-lab.ts';

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

  it('has KubeVirt where the world has its objects, or says that it could', async () => {
    const machines = '/apis/kubevirt.io/v1/virtualmachines';
    const disks = '/apis/cdi.kubevirt.io/v1beta1/datavolumes';
    const groupsOf = async (): Promise<unknown[]> =>
      ((await client.get('/apis')).body.groups as Json[]).map((group) => group.name);
    client = await startLab();
    expect((await client.get(machines)).text).toBe('404 page not found\n');
    expect((await client.get('/apis/kubevirt.io')).status).toBe(404);
    expect(await groupsOf()).not.toContain('kubevirt.io');
    await client.close();
    const vm = anObject('VirtualMachine', 'db', { apiVersion: 'kubevirt.io/v1', namespace: 'vms' });
    client = await startLab({ objects: { virtualmachines: [vm], datavolumes: [] } });
    expect((await client.get(machines)).body).toMatchObject({
      kind: 'VirtualMachineList',
      items: [{ metadata: { name: 'db' } }],
    });
    expect((await client.get(disks)).body).toMatchObject({ kind: 'DataVolumeList', items: [] });
    expect(await groupsOf()).toContain('cdi.kubevirt.io');
  });

  it('denies what is not installed to who would have no right to it', async () => {
    client = await startLab({ forbidden: ['virtualmachines'] });
    const { status, body } = await client.get('/apis/kubevirt.io/v1/virtualmachines');
    expect(status).toBe(403);
    expect(body).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    expect((await client.get('/apis/kubevirt.io')).text).toBe('404 page not found\n');
  });

  it('has the groups of OpenShift on OpenShift, and nowhere else', async () => {
    const paths = [
      ['/apis/config.openshift.io/v1/clusterversions', 'ClusterVersionList'],
      ['/apis/route.openshift.io/v1/routes', 'RouteList'],
    ] as const;
    client = await startLab();
    for (const [path] of paths) expect((await client.get(path)).status).toBe(404);
    await client.close();
    client = await startLab({ platform: 'openshift' });
    for (const [path, kind] of paths) {
      expect((await client.get(path)).body).toMatchObject({ kind, items: [] });
    }
  });

  it('takes what an application is installed with, and keeps nothing of it in a dry run', async () => {
    client = await startLab({ objects: { servicemonitors: [] } });
    const monitor = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'a' },
    };
    const path = '/apis/monitoring.coreos.com/v1/namespaces/x/servicemonitors';
    expect((await client.send('POST', `${path}?dryRun=All`, monitor)).status).toBe(201);
    expect((await client.get(path)).body).toMatchObject({ items: [] });
    expect((await client.send('POST', path, { ...monitor, kind: 'PodMonitor' })).status).toBe(400);
    await client.close();
    client = await startLab();
    expect((await client.send('POST', path, monitor)).text).toBe('404 page not found\n');
  });
});

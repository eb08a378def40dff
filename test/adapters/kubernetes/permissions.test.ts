import { describe, expect, it } from 'vitest';
import { LIST_SPECS } from '../../../src/lib/adapters/kubernetes/sources.ts';
import { type Permission } from '../../../src/lib/core/model/kubernetes-surroundings.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { type LabCluster } from '../../../src/lib/lab/scenario/world.ts';
import { aCluster, kubeconfigFor, matching, NEVER, open, openLab, serve } from './support.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** One permission as one line, such as `list storage.k8s.io/csinodes`, with what is denied behind a `!`. */
function line({ verb, group, resource, namespace, name, allowed }: Permission): string {
  const where = namespace === null ? '' : ` in ${namespace}`;
  const which = name === null ? '' : ` ${name}`;
  return `${allowed ? '' : '! '}${verb} ${group}/${resource}${which}${where}`;
}

function demoCluster(over: Partial<LabCluster> = {}): LabCluster {
  const [cluster] = demo.build('25.10').clusters;
  if (cluster === undefined) throw new Error('a world without a cluster');
  return { ...cluster, ...over };
}

const LISTS = Object.values(LIST_SPECS)
  .map(({ group, resource, namespace }) => {
    const name = /^\/apis\/([^/]+)\//.exec(group)?.[1] ?? '';
    return `list ${name}/${resource}${namespace === undefined ? '' : ` in ${namespace}`}`;
  })
  .filter((each) => !each.includes('kubevirt.io'));

describe('permissions', () => {
  it('are asked for everything that is read, by kind and for each Secret, and in no other way', async () => {
    const { lab, reader } = await openLab(demoCluster());
    const { coverage, items } = await reader.list('permissions', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items.map(line).sort()).toEqual(
      [
        ...LISTS,
        'get /namespaces kube-system',
        'get /secrets nas-iscsi-democratic-csi-driver-config in democratic-csi',
        'get /secrets nas-iscsi-lab-democratic-csi-driver-config in democratic-csi',
        'get /secrets nas-nfs-archive-democratic-csi-driver-config in democratic-csi',
        'get /secrets nas-nfs-democratic-csi-driver-config in democratic-csi',
      ].sort(),
    );
    const posts = lab.requests.filter(({ method }) => method !== 'GET');
    expect(posts).toEqual(items.map(() => ({ method: 'POST', path: REVIEWS })));
  });

  it('are asked for a Secret that is declared, and for machines where they are installed', async () => {
    const objects = { virtualmachines: [], datavolumes: [] };
    const secret = { namespace: 'storage', name: 'nas' };
    const { reader } = await openLab(
      aCluster({ objects }),
      {},
      { declaredSecrets: [{ driver: 'a', secret }] },
    );
    const { items } = await reader.list('permissions', NEVER);
    expect(items.map(line)).toEqual(
      expect.arrayContaining([
        'list kubevirt.io/virtualmachines',
        'list cdi.kubevirt.io/datavolumes',
        'get /secrets nas in storage',
      ]),
    );
  });

  it('that are denied are answers too, and then single namespaces are asked about', async () => {
    const { reader } = await openLab(
      aCluster({ forbidden: ['nodes', 'pods@*', 'volumesnapshots', 'events'] }),
      {},
      { namespaces: ['media'], driverNamespaces: ['democratic-csi', 'media'] },
    );
    const { coverage, items } = await reader.list('permissions', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    const lines = items.map(line);
    expect(lines.filter((each) => each.startsWith('!'))).toEqual([
      '! list snapshot.storage.k8s.io/volumesnapshots',
      '! list /nodes',
      '! list /events in default',
      '! list /pods',
      '! list snapshot.storage.k8s.io/volumesnapshots in media',
    ]);
    expect(lines.filter((each) => each.includes('/pods'))).toEqual([
      '! list /pods',
      'list /pods in media',
      'list /pods in democratic-csi',
    ]);
  });

  it('know that one namespace may be read where all of them may not be listed', async () => {
    const { reader } = await openLab(aCluster({ forbidden: ['namespaces@*'] }));
    const { items } = await reader.list('permissions', NEVER);
    expect(items.map(line).filter((each) => each.includes('/namespaces'))).toEqual([
      '! list /namespaces',
      'get /namespaces kube-system',
    ]);
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
    await expect(reader.list('namespaces', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed' },
    });
  });

  it('cannot be had where nobody may ask', async () => {
    const { reader } = await openLab(aCluster({ forbidden: ['selfsubjectaccessreviews'] }));
    await expect(reader.list('permissions', NEVER)).resolves.toEqual({
      coverage: {
        state: 'failed',
        reason:
          'cluster prod: may not ask what it may do; grant the verb create on selfsubjectaccessreviews',
      },
      items: [],
    });
  });

  it('cannot be had from a proxy that lets only reads through', async () => {
    const url = await serve((request, response) => {
      response.statusCode = request.method === 'POST' ? 405 : 404;
      response.end('{"kind":"Status"}');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('permissions', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching('refused to say') },
    });
  });

  it('cannot be had from an answer that does not say', async () => {
    const url = await serve((_, response) => response.end('{"metadata":{},"items":[]}'));
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('permissions', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching('without saying what is allowed') },
    });
  });

  it('are asked for again where the server could not answer', async () => {
    const { lab, reader } = await openLab(aCluster(), {
      status: { selfsubjectaccessreviews: { status: 503, times: 2 } },
    });
    const { coverage, items } = await reader.list('permissions', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    const posts = lab.requests.filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(items.length + 2);
  });

  it('throw the reason of an abort, and nothing else', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const url = await serve((request, response) => {
      if (request.method === 'POST') controller.abort(reason);
      else response.end('{"metadata":{},"items":[]}');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('permissions', controller.signal)).rejects.toBe(reason);
  });
});

describe('the groups of an API', () => {
  it('are read with their versions, the one without a name too', async () => {
    const { reader } = await openLab(aCluster());
    const { coverage, items } = await reader.list('apiGroups', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items).toEqual(
      expect.arrayContaining([
        { cluster: 'prod', name: '', versions: ['v1'] },
        { cluster: 'prod', name: 'snapshot.storage.k8s.io', versions: ['v1'] },
      ]),
    );
    expect(items.map(({ name }) => name)).not.toContain('kubevirt.io');
  });

  it('lack what is not installed', async () => {
    const { reader } = await openLab(aCluster({ missingGroups: ['snapshot.storage.k8s.io'] }));
    const { items } = await reader.list('apiGroups', NEVER);
    expect(items.map(({ name }) => name)).not.toContain('snapshot.storage.k8s.io');
  });

  it.each([
    [403, /grant get on the nonResourceURLs \/api and \/apis$/],
    [404, /refused to list the groups of its API \(404\)$/],
    [503, /while it listed the groups of its API$/],
  ])('cannot be had where the server answers %d', async (status, reason) => {
    const url = await serve((_, response) => {
      response.statusCode = status;
      response.end('{"kind":"Status"}');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('apiGroups', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching(reason) },
      items: [],
    });
  });
});

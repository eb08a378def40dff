import { describe, expect, it } from 'vitest';
import { NO_DRIVER_SETTINGS } from '../../../src/lib/core/model/driver-settings.ts';
import { type KubernetesObject, type LabCluster } from '../../../src/lib/lab/scenario/world.ts';
import { aCluster, kubeconfigFor, matching, NEVER, open, openLab, serve } from './support.ts';

const createdAt = { creationTimestamp: '2026-10-01T08:00:00Z' };

interface DriverParts {
  readonly secret?: string;
  readonly namespace?: string;
  readonly driver?: string;
  readonly labels?: Record<string, string>;
}

/** A pod as the chart of democratic-csi makes it. */
function aDriverPod(name: string, parts: DriverParts = {}): KubernetesObject {
  const {
    secret = 'nfs-config',
    namespace = 'democratic-csi',
    driver = 'org.democratic-csi.nfs',
    labels = { 'app.kubernetes.io/csi-role': 'controller' },
  } = parts;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: `pod-${name}`, labels, ...createdAt },
    spec: {
      containers: [
        {
          name: 'csi-driver',
          args: [`--csi-name=${driver}`, '--driver-config-file=/config/driver-config-file.yaml'],
          volumeMounts: [{ name: 'config', mountPath: '/config' }],
        },
      ],
      volumes: [{ name: 'config', secret: { secretName: secret } }],
    },
    status: { phase: 'Running' },
  };
}

function aSecret(
  name: string,
  text: string,
  namespace = 'democratic-csi',
  key = 'driver-config-file.yaml',
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, uid: `secret-${name}`, ...createdAt },
    type: 'Opaque',
    data: { [key]: Buffer.from(text).toString('base64') },
  };
}

const CONFIG = `
driver: freenas-api-nfs
httpConnection: {host: nas1.example, apiKey: 1-PLANTED}
zfs: {datasetParentName: tank/nfs}
`;

function inCluster(objects: LabCluster['objects'], more: Partial<LabCluster> = {}): LabCluster {
  return aCluster({ objects, ...more });
}

const nfs = {
  cluster: 'prod',
  namespace: 'democratic-csi',
  name: 'nfs-config',
  driver: 'org.democratic-csi.nfs',
  kind: 'freenas-api-nfs',
  instanceId: null,
  hosts: ['nas1.example'],
  parent: 'tank/nfs',
  detachedSnapshotsParent: null,
  handleRule: 'name',
  keepsDeleted: false,
  settings: { ...NO_DRIVER_SETTINGS, hasApiKey: true },
};

describe('the configurations of drivers', () => {
  it('are read from the Secrets that their pods mount, each once and by its name', async () => {
    const { lab, reader } = await openLab(
      inCluster({
        pods: [
          aDriverPod('nfs-controller-0'),
          aDriverPod('nfs-node-1'),
          aDriverPod('iscsi-controller-0', {
            secret: 'iscsi-config',
            driver: 'org.democratic-csi.iscsi',
            namespace: 'storage',
          }),
        ],
        secrets: [
          aSecret('nfs-config', CONFIG),
          aSecret('iscsi-config', CONFIG.replaceAll('nfs', 'iscsi'), 'storage'),
          aSecret('other', CONFIG),
        ],
      }),
    );
    const listing = await reader.list('driverSecrets', NEVER);
    expect(listing).toEqual({
      coverage: { state: 'complete' },
      items: [
        nfs,
        {
          ...nfs,
          namespace: 'storage',
          name: 'iscsi-config',
          driver: 'org.democratic-csi.iscsi',
          kind: 'freenas-api-iscsi',
          parent: 'tank/iscsi',
        },
      ],
    });
    expect(JSON.stringify(listing)).not.toContain('PLANTED');
    expect(lab.requests.map(({ path }) => path)).toEqual([
      '/api/v1/pods?labelSelector=app.kubernetes.io%2Fcsi-role&limit=500',
      '/api/v1/namespaces/democratic-csi/secrets/nfs-config',
      '/api/v1/namespaces/storage/secrets/iscsi-config',
    ]);
  });

  it('are none where no such driver runs', async () => {
    const pods = [aDriverPod('web-0', { labels: {} })];
    const { reader } = await openLab(inCluster({ pods, secrets: [aSecret('nfs-config', CONFIG)] }));
    await expect(reader.list('driverSecrets', NEVER)).resolves.toEqual({
      coverage: { state: 'complete' },
      items: [],
    });
  });

  it('are found without the label where the namespace of the driver is known', async () => {
    const pods = [aDriverPod('nfs-0', { labels: {} })];
    const { reader } = await openLab(
      inCluster({ pods, secrets: [aSecret('nfs-config', CONFIG)] }),
      {},
      { driverNamespaces: ['democratic-csi'] },
    );
    await expect(reader.list('driverSecrets', NEVER)).resolves.toMatchObject({ items: [nfs] });
  });

  it('are read from the Secret that is declared', async () => {
    const secret = { namespace: 'democratic-csi', name: 'nfs-config' };
    const { lab, reader } = await openLab(
      inCluster({ pods: [aDriverPod('nfs-0')], secrets: [aSecret('nfs-config', CONFIG)] }),
      {},
      {
        declaredSecrets: [
          { driver: 'org.democratic-csi.nfs', secret },
          { driver: 'com.example.nfs', secret },
        ],
      },
    );
    await expect(reader.list('driverSecrets', NEVER)).resolves.toEqual({
      coverage: { state: 'complete' },
      items: [nfs, { ...nfs, driver: 'com.example.nfs' }],
    });
    expect(lab.requests.filter(({ path }) => path.includes('/secrets/'))).toHaveLength(1);
  });

  it('may be denied, and the scan is whole without them', async () => {
    const { reader } = await openLab(
      inCluster(
        { pods: [aDriverPod('nfs-0')], secrets: [aSecret('nfs-config', CONFIG)] },
        { forbidden: ['secrets'] },
      ),
    );
    await expect(reader.list('driverSecrets', NEVER)).resolves.toEqual({
      coverage: {
        state: 'not_applicable',
        reason:
          'cluster prod: may not read secret democratic-csi/nfs-config, so the parents of its driver are inferred from volumes, unless drivers: declares them',
      },
      items: [],
    });
  });

  it('are read as far as they may be', async () => {
    const pods = [
      aDriverPod('nfs-0'),
      aDriverPod('iscsi-0', { secret: 'iscsi-config', namespace: 'locked' }),
    ];
    const secrets = [aSecret('nfs-config', CONFIG), aSecret('iscsi-config', CONFIG, 'locked')];
    const { reader } = await openLab(
      inCluster({ pods, secrets }, { forbidden: ['secrets@locked'] }),
    );
    await expect(reader.list('driverSecrets', NEVER)).resolves.toMatchObject({
      coverage: { state: 'not_applicable', reason: matching('secret locked/iscsi-config') },
      items: [nfs],
    });
  });

  it('may be gone', async () => {
    const { reader } = await openLab(inCluster({ pods: [aDriverPod('nfs-0')] }));
    await expect(reader.list('driverSecrets', NEVER)).resolves.toMatchObject({
      coverage: {
        state: 'not_applicable',
        reason: matching('there is no secret democratic-csi/nfs-config, so the parents'),
      },
    });
  });

  it('cannot be found where pods may not be listed', async () => {
    const { reader } = await openLab(
      inCluster(
        { pods: [aDriverPod('nfs-0')], secrets: [aSecret('nfs-config', CONFIG)] },
        { forbidden: ['pods@*', 'pods@storage'] },
      ),
      {},
      { driverNamespaces: ['democratic-csi', 'storage'] },
    );
    await expect(reader.list('driverSecrets', NEVER)).resolves.toEqual({
      coverage: {
        state: 'not_applicable',
        reason:
          'cluster prod: may not list pods in all namespaces (403), storage (403), so parents of drivers there are inferred from volumes, unless drivers: declares them',
      },
      items: [nfs],
    });
  });

  it.each([
    ['is not YAML', 'driver: [1-PLANTED\n'],
    ['names no driver', 'apiKey: 1-PLANTED\n'],
    ['has no zfs.datasetParentName that can be read', 'driver: freenas-nfs\napiKey: 1-PLANTED\n'],
  ])('that cannot be understood are named: %s', async (fault, text) => {
    const pods = [aDriverPod('nfs-0'), aDriverPod('nfs-1', { driver: 'org.democratic-csi.nfs-2' })];
    const { reader, logged } = await openLab(
      inCluster({ pods, secrets: [aSecret('nfs-config', text)] }),
    );
    const listing = await reader.list('driverSecrets', NEVER);
    expect(listing).toEqual({
      coverage: {
        state: 'partial',
        reason: `cluster prod: secret democratic-csi/nfs-config ${fault}`,
      },
      items: [],
      unreadable: ['secret democratic-csi/nfs-config'],
    });
    expect(JSON.stringify([listing, logged])).not.toContain('PLANTED');
  });

  it('that lack the file are named', async () => {
    const secrets = [aSecret('nfs-config', CONFIG, 'democratic-csi', 'driver.yaml')];
    const { reader } = await openLab(inCluster({ pods: [aDriverPod('nfs-0')], secrets }));
    await expect(reader.list('driverSecrets', NEVER)).resolves.toMatchObject({
      coverage: {
        state: 'partial',
        reason: 'cluster prod: secret democratic-csi/nfs-config has no key driver-config-file.yaml',
      },
      unreadable: ['secret democratic-csi/nfs-config'],
    });
  });

  it('of drivers that make nothing on a NAS do not count', async () => {
    const secrets = [aSecret('nfs-config', 'driver: node-manual\n')];
    const { reader } = await openLab(inCluster({ pods: [aDriverPod('nfs-0')], secrets }));
    await expect(reader.list('driverSecrets', NEVER)).resolves.toEqual({
      coverage: { state: 'complete' },
      items: [],
    });
  });

  it('are a failed list where the server does not answer', async () => {
    const { reader } = await openLab(
      inCluster({ pods: [aDriverPod('nfs-0')], secrets: [aSecret('nfs-config', CONFIG)] }),
      { status: { secrets: { status: 500 } } },
    );
    await expect(reader.list('driverSecrets', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching(/while it read the secrets of drivers$/) },
      items: [],
    });
  });

  it('are left where they are when the scan is interrupted', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const url = await serve(() => {
      controller.abort(reason);
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('driverSecrets', controller.signal)).rejects.toBe(reason);
  });

  it('cannot be understood where the server answers with what no API server would say', async () => {
    const url = await serve((request, response) => {
      if (request.url?.includes('/secrets/') === true) {
        response.writeHead(418).end('{"kind":"Status","message":"PLANTED"}');
      } else {
        response.end(JSON.stringify({ metadata: {}, items: [aDriverPod('nfs-0')] }));
      }
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('driverSecrets', NEVER)).resolves.toMatchObject({
      coverage: {
        state: 'partial',
        reason: 'cluster prod: secret democratic-csi/nfs-config could not be read (418)',
      },
      unreadable: ['secret democratic-csi/nfs-config'],
    });
  });
});

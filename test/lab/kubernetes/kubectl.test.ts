import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKubectl, type Kubectl, kubectlFor } from '../../support/kubectl.ts';
import { anObject, type LabClient, startLab, volumes } from '../../support/kubernetes-lab.ts';
import { needsTool } from '../../support/missing-tool.ts';

const tlsFile = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/tls', name), 'utf8');

const kubectl = findKubectl();
const path = 'path' in kubectl ? kubectl.path : '';

describe('the real kubectl', needsTool('kubectl', path !== ''), () => {
  let client: LabClient;
  let k: Kubectl;

  beforeEach(async () => {
    const claims = Array.from({ length: 12 }, (_, index) =>
      anObject('PersistentVolumeClaim', `claim-${String(index).padStart(2, '0')}`, {
        namespace: index % 2 === 0 ? 'media' : 'databases',
        spec: { volumeName: `pv-${index}`, accessModes: ['ReadWriteMany'] },
        status: { phase: 'Bound' },
      }),
    );
    client = await startLab(
      { objects: { persistentvolumes: volumes(3), persistentvolumeclaims: claims } },
      {
        tls: { cert: tlsFile('server.pem'), key: tlsFile('server-key.pem'), ca: tlsFile('ca.pem') },
      },
    );
    k = kubectlFor(path, client.lab.kubeconfig());
  });

  afterEach(async () => {
    await client.close();
    await k.dispose();
  });

  it('prints volumes as a table with the columns it always had', async () => {
    const { code, stdout } = await k.run('get', 'pv');
    expect(code).toBe(0);
    const [header, first] = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(header).toEqual([
      'NAME', 'CAPACITY', 'ACCESS MODES', 'RECLAIM POLICY', 'STATUS', 'CLAIM', 'STORAGECLASS', 'AGE',
    ]); // prettier-ignore
    expect(first?.slice(0, 7)).toEqual([
      'pv-000000', '1Gi', 'RWO', 'Delete', 'Bound', 'media/claim-0', 'nfs',
    ]); // prettier-ignore
  });

  it('reads whole objects', async () => {
    const { stdout } = await k.run('get', 'pv', 'pv-000001', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv-000001', uid: 'uid-pv-000001' },
      status: { phase: 'Bound' },
    });
    const list = await k.run('get', 'pv', '-o', 'json');
    expect((JSON.parse(list.stdout) as { items: unknown[] }).items).toHaveLength(3);
  });

  it('pages through all namespaces', async () => {
    const { stdout } = await k.run('get', 'pvc', '-A', '--chunk-size=5', '-o', 'name');
    expect(stdout.trim().split('\n')).toHaveLength(12);
    const pages = client.lab.requests.filter(({ path: asked }) => asked.includes('limit=5'));
    expect(pages).toHaveLength(3);
  });

  it('selects by label and by name', async () => {
    await k.run('label', 'pv', 'pv-000002', 'tier=gold');
    const { stdout } = await k.run('get', 'pv', '-l', 'tier in (gold)', '-o', 'name');
    expect(stdout).toBe('persistentvolume/pv-000002\n');
  });

  it('watches', async () => {
    const watching = k.start('get', 'pv', '-w', '--output-watch-events', '--no-headers');
    let printed = '';
    const seen = async (text: RegExp) => {
      while (!text.test(printed)) {
        const [chunk] = (await once(watching.stdout ?? watching, 'data')) as [Buffer];
        printed += chunk.toString();
      }
    };
    await seen(/ADDED +pv-000002/);
    client.lab.cluster.objects['persistentvolumes']?.splice(1, 1);
    client.lab.refresh();
    await seen(/DELETED +pv-000001/);
    watching.kill();
    await once(watching, 'close');
    expect(printed).toMatch(/ADDED +pv-000000/);
  });

  it('deletes nothing in a dry run on the server', async () => {
    const { stdout } = await k.run('delete', 'pv', 'pv-000000', '--dry-run=server');
    expect(stdout).toContain('deleted (server dry run)');
    expect(client.lab.cluster.objects['persistentvolumes']).toHaveLength(3);
    expect(client.lab.requests.some(({ method }) => method === 'DELETE')).toBe(true);
  });

  it('deletes, and sees that it is gone', async () => {
    const { code } = await k.run('delete', 'pv', 'pv-000000');
    expect(code).toBe(0);
    expect(client.lab.cluster.objects['persistentvolumes']).toHaveLength(2);
    const { stderr } = await k.run('get', 'pv', 'pv-000000');
    expect(stderr).toBe('Error from server (NotFound): persistentvolumes "pv-000000" not found\n');
  });

  it('finds kube-system by the uid of the cluster', async () => {
    const { stdout } = await k.run('get', 'ns', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
    expect(stdout).toBe(client.lab.cluster.uid);
  });

  it('finds what makes pods, and where volumes are attached', async () => {
    const spec = { replicas: 1, template: { spec: {} } };
    Object.assign(client.lab.cluster.objects, {
      deployments: [anObject('Deployment', 'web', { namespace: 'media', spec })],
      replicationcontrollers: [
        anObject('ReplicationController', 'old', { namespace: 'media', spec }),
      ],
      virtualmachines: [anObject('VirtualMachine', 'db', { namespace: 'vms', spec })],
      volumeattachments: [
        anObject('VolumeAttachment', 'csi-1', {
          spec: { attacher: 'd', nodeName: 'n1', source: { persistentVolumeName: 'pv-000000' } },
        }),
      ],
    });
    const makers = await k.run('get', 'deploy,rc,vm', '-A', '-o', 'name');
    expect(makers.stdout.trim().split('\n')).toEqual([
      'deployment.apps/web',
      'replicationcontroller/old',
      'virtualmachine.kubevirt.io/db',
    ]);
    const { stdout } = await k.run('get', 'volumeattachments');
    expect(stdout).toMatch(/csi-1 +d +pv-000000 +n1/);
  });

  it('shows the warnings about a volume', async () => {
    client.lab.cluster.objects['events'] = ['PersistentVolume', 'Pod'].map((kind) =>
      anObject('Event', `event-of-a-${kind.toLowerCase()}`, {
        namespace: 'default',
        involvedObject: { kind, name: 'pv-000000' },
        type: 'Warning',
        reason: 'VolumeFailedDelete',
        message: 'busy',
      }),
    );
    const selector = 'involvedObject.kind=PersistentVolume,type=Warning';
    const { stdout } = await k.run('get', 'events', `--field-selector=${selector}`, '-o', 'name');
    expect(stdout).toBe('event/event-of-a-persistentvolume\n');
  });

  it('is told that it is forbidden', async () => {
    client.lab.cluster.forbidden = ['secrets', 'persistentvolumeclaims@*'];
    const secrets = await k.run('get', 'secrets', '-n', 'media');
    expect(secrets.code).toBe(1);
    expect(secrets.stderr).toContain('Error from server (Forbidden): secrets is forbidden');
    const all = await k.run('get', 'pvc', '-A');
    expect(all.stderr).toContain('at the cluster scope');
    expect((await k.run('get', 'pvc', '-n', 'media', '-o', 'name')).code).toBe(0);
  });

  it('is refused with a wrong token', async () => {
    const { code, stderr } = await k.run('get', 'pv', '--token=wrong');
    expect(code).toBe(1);
    expect(stderr).toContain('You must be logged in to the server');
  });

  it('knows no snapshots where their API is not installed', async () => {
    client.lab.cluster.missingGroups = ['snapshot.storage.k8s.io'];
    const { stderr } = await k.run('get', 'volumesnapshots', '-A');
    expect(stderr).toContain('the server doesn\'t have a resource type "volumesnapshots"');
  });

  it('reads the version of the server', async () => {
    expect((await k.run('version')).stdout).toContain('Server Version: v1.35.2');
  });
});

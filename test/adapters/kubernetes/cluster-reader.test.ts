import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ClusterAuthError,
  ClusterProtocolError,
  ClusterUnreachableError,
  TlsError,
} from '../../../src/lib/core/model/errors.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { startKubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { type KubernetesObject } from '../../../src/lib/lab/scenario/world.ts';
import { CLUSTER_SOURCES } from '../../../src/lib/core/model/inventory.ts';
import {
  aClaim,
  aCluster,
  aVolume,
  everythingIn,
  kubeconfigFor,
  matching,
  NEVER,
  NOW,
  open,
  openLab,
  serve,
  volumes,
} from './support.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('identify', () => {
  it('says uid, age, version, platform and clock of a cluster', async () => {
    const { reader } = await openLab(aCluster({ clockSkewSeconds: 90 }));
    await expect(reader.identify(NEVER)).resolves.toEqual({
      name: 'prod',
      uid: 'kube-system-uid',
      createdAt: new Date('2025-01-01T00:00:00Z'),
      version: 'v1.35.2',
      platform: 'kubernetes',
      clock: new Date(NOW.getTime() + 90_000),
    });
  });

  it('tells OpenShift by its configuration group', async () => {
    const { reader } = await openLab(aCluster({ platform: 'openshift' }));
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ platform: 'openshift' });
  });

  it('leaves out what may not be read of kube-system', async () => {
    const { reader } = await openLab(aCluster({ forbidden: ['namespaces'] }));
    await expect(reader.identify(NEVER)).resolves.toMatchObject({
      uid: null,
      createdAt: null,
      version: 'v1.35.2',
    });
  });

  it('leaves out a version that may not be read', async () => {
    const url = await serve((request, response) => {
      response.statusCode = request.url === '/version' ? 403 : 404;
      response.end('{"kind":"Status"}');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ version: null, uid: null });
  });

  it('refuses a server that answers JSON but is no API server', async () => {
    const url = await serve((_, response) => response.end('{"status":"ok"}'));
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.identify(NEVER)).rejects.toThrow(ClusterProtocolError);
  });

  it('names the wrong port or a proxy where HTML comes back', async () => {
    const { reader } = await openLab(aCluster(), { html: true });
    const error: unknown = await reader.identify(NEVER).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClusterProtocolError);
    expect(error).toMatchObject({
      message: matching(/^cluster prod \(127\.0\.0\.1:\d+\) answered with HTML/),
      remediation: [matching(/port/), matching(/proxy/)],
    });
  });

  it('names a redirect to a login page', async () => {
    const url = await serve((_, response) => {
      response.writeHead(302, { location: 'https://login.invalid/' }).end();
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.identify(NEVER)).rejects.toThrow(/redirect \(302\)/);
  });

  it('says that the credentials are refused, after it has tried them afresh once', async () => {
    const { lab, reader } = await openLab(aCluster(), { unauthorized: true });
    await expect(reader.identify(NEVER)).rejects.toThrow(ClusterAuthError);
    expect(lab.requests.filter(({ path }) => path === '/version')).toHaveLength(2);
  });

  it('takes a uid it cannot see for one it may not', async () => {
    const url = await serve((_, response) => response.end('{"gitVersion":"v1.30.0"}'));
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: null, createdAt: null });
  });

  it('says that nobody answers at the address', async () => {
    const { lab, reader, slept } = await openLab(aCluster());
    await lab.close();
    const failure = reader.identify(NEVER);
    await expect(failure).rejects.toThrow(ClusterUnreachableError);
    await expect(failure).rejects.toThrow(/^cluster prod .* cannot be reached \(ECONNREFUSED\)$/);
    expect(slept.length).toBeGreaterThanOrEqual(2);
  });

  it('says that the server took too long', async () => {
    const url = await serve(() => undefined);
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url), timeout: millis(50) });
    await expect(reader.identify(NEVER)).rejects.toThrow(/did not answer within 0.05 s/);
  });

  it('ends with the reason of the abort', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const url = await serve(() => {
      controller.abort(reason);
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.identify(controller.signal)).rejects.toBe(reason);
  });
});

describe('connection', () => {
  it('says where the server is, how many answers there were, and how long they took', async () => {
    const { lab, reader } = await openLab(aCluster(), { latencyMs: 30 });
    expect(reader.connection()).toEqual({
      side: 'kubernetes',
      name: 'prod',
      host: new URL(lab.url).host,
      secure: false,
      loopback: true,
      tls: null,
      requests: 0,
      latency: null,
      failure: null,
    });
    await reader.identify(NEVER);
    await reader.list('pods', NEVER);
    const { requests, latency } = reader.connection();
    expect(requests).toBe(4);
    expect(latency?.p50).toBeGreaterThanOrEqual(29);
    expect(latency?.p95).toBeGreaterThanOrEqual(latency?.p50 ?? Infinity);
  });

  it('counts answers that are errors, and no request that nobody answered', async () => {
    const { lab, reader } = await openLab(aCluster(), { status: { pods: { status: 503 } } });
    await reader.list('pods', NEVER);
    expect(reader.connection().requests).toBe(3);
    await lab.close();
    await reader.list('pods', NEVER);
    expect(reader.connection().requests).toBe(3);
  });

  it('knows a server that is elsewhere', async () => {
    const at = async (server: string) =>
      (await open({ kubeconfigText: kubeconfigFor(server) })).reader.connection();
    await expect(at('https://k8s.example:443/k8s/clusters/c-1')).resolves.toMatchObject({
      host: 'k8s.example',
      secure: true,
      loopback: false,
    });
    await expect(at('https://[::1]:6443')).resolves.toMatchObject({
      host: '[::1]:6443',
      loopback: true,
    });
  });
});

describe('TLS', () => {
  async function openTls(certificate: string, cluster: object, user: object = { token: 't' }) {
    const cert = fixture(`${certificate}.pem`);
    const key = fixture(`${certificate}-key.pem`);
    const lab = await startKubernetesLab(aCluster(), { now: () => NOW, tls: { cert, key } });
    const text = kubeconfigFor(lab.url, { ...user, token: lab.token });
    const kubeconfig = JSON.parse(text) as { clusters: { cluster: object }[] };
    kubeconfig.clusters[0] = {
      ...kubeconfig.clusters[0],
      cluster: { server: lab.url, ...cluster },
    };
    const opened = await open({ kubeconfigText: JSON.stringify(kubeconfig) });
    return { lab, ...opened };
  }

  const ca = Buffer.from(fixture('ca.pem')).toString('base64');

  it('trusts the authority of the kubeconfig', async () => {
    const { lab, reader } = await openTls('server', { 'certificate-authority-data': ca });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ version: 'v1.35.2' });
    await lab.close();
  });

  it('is told of as it was met: whose certificate, until when, and that it was checked', async () => {
    const { lab, reader } = await openTls('server', { 'certificate-authority-data': ca });
    expect(reader.connection().tls).toBeNull();
    await reader.identify(NEVER);
    const { subject, issuer, validFrom, validTo } = new X509Certificate(fixture('server.pem'));
    expect(reader.connection()).toMatchObject({
      host: new URL(lab.url).host,
      secure: true,
      loopback: true,
      tls: {
        protocol: 'TLSv1.3',
        subject: subject.replace('CN=', ''),
        issuer: issuer.replace('CN=', ''),
        validFrom: new Date(validFrom),
        validTo: new Date(validTo),
        trusted: true,
        distrust: null,
        verified: true,
        pinned: null,
      },
    });
    await lab.close();
  });

  it('that is not checked is told of as such', async () => {
    const { lab, reader } = await openTls('self-signed', { 'insecure-skip-tls-verify': true });
    await reader.identify(NEVER);
    expect(reader.connection().tls).toMatchObject({
      trusted: false,
      distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      verified: false,
    });
    await lab.close();
  });

  it('that was refused shows nothing', async () => {
    const { lab, reader } = await openTls('self-signed', {});
    await expect(reader.identify(NEVER)).rejects.toThrow(TlsError);
    expect(reader.connection()).toMatchObject({ tls: null, requests: 0, latency: null });
    await lab.close();
  });

  it.each([
    ['expired', { 'certificate-authority-data': ca }, /CERT_HAS_EXPIRED/],
    ['self-signed', {}, /DEPTH_ZERO_SELF_SIGNED_CERT/],
    ['other-host', { 'certificate-authority-data': ca }, /ERR_TLS_CERT_ALTNAME_INVALID/],
  ])('refuses a certificate that is %s', async (certificate, cluster, message) => {
    const { lab, reader } = await openTls(certificate, cluster);
    const failure = reader.identify(NEVER);
    await expect(failure).rejects.toThrow(TlsError);
    await expect(failure).rejects.toThrow(message);
    expect(lab.requests).toEqual([]);
    await lab.close();
  });

  it('asks for the name that the kubeconfig says, and shows the certificate it has', async () => {
    const user = {
      'client-certificate-data': Buffer.from(fixture('server.pem')).toString('base64'),
      'client-key-data': Buffer.from(fixture('server-key.pem')).toString('base64'),
    };
    const cluster = { 'certificate-authority-data': ca, 'tls-server-name': 'localhost' };
    const { lab, reader } = await openTls('server', cluster, user);
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
    await lab.close();
  });

  it('stays checked whatever the environment of the process says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { lab, reader } = await openTls('self-signed', {});
    await expect(reader.identify(NEVER)).rejects.toThrow(TlsError);
    await lab.close();
  });

  it('takes any certificate where the kubeconfig says so, and warns', async () => {
    const { lab, reader, logged } = await openTls('self-signed', {
      'insecure-skip-tls-verify': true,
    });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
    expect(logged.filter(({ level }) => level === 'warn')).toHaveLength(1);
    await lab.close();
  });

  it('says that a port does not speak TLS', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const { reader } = await open({
      kubeconfigText: kubeconfigFor(url.replace('http:', 'https:')),
    });
    const failure = reader.identify(NEVER);
    await expect(failure).rejects.toThrow(TlsError);
    await expect(failure).rejects.toThrow(/does not speak TLS/);
  });

  it('says that a certificate of the kubeconfig is no PEM', async () => {
    const user = {
      'client-certificate-data': Buffer.from('rubbish').toString('base64'),
      'client-key-data': Buffer.from('rubbish').toString('base64'),
    };
    const { lab, reader } = await openTls('server', { 'certificate-authority-data': ca }, user);
    await expect(reader.identify(NEVER)).rejects.toMatchObject({ code: 'KUBECONFIG_INVALID' });
    await lab.close();
  });
});

/** What even an empty cluster has: it is a namespace itself, it has an API, and something is allowed there or not. */
const NEVER_EMPTY: ReadonlySet<string> = new Set(['namespaces', 'apiGroups', 'permissions']);

describe('leases', () => {
  const lease = (name: string, namespace: string): KubernetesObject => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace,
      uid: `${namespace} ${name}`,
      creationTimestamp: '2026-10-01T08:00:00Z',
    },
    spec: {
      holderIdentity: 'somebody',
      leaseDurationSeconds: 15,
      renewTime: '2026-11-22T00:59:55.000000Z',
    },
  });
  const leases = [
    lease('worker-1', 'kube-node-lease'),
    lease('external-attacher-leader-org-democratic-csi-nfs', 'democratic-csi'),
    lease('snapshot-controller-leader', 'kube-system'),
  ];

  it('are read of every namespace but that in which nodes say that they live', async () => {
    const { reader } = await openLab(aCluster({ objects: { leases } }));
    const { items } = await reader.list('leases', NEVER);
    expect(items.map(({ namespace }) => namespace)).toEqual(['democratic-csi', 'kube-system']);
  });

  it('are read of the namespaces that may be read', async () => {
    const { reader } = await openLab(
      aCluster({ objects: { leases }, forbidden: ['leases@*'] }),
      {},
      { namespaces: ['democratic-csi'] },
    );
    const { coverage, items } = await reader.list('leases', NEVER);
    expect(coverage.state).toBe('partial');
    expect(items.map(({ name }) => name)).toEqual([leases[1]?.metadata.name]);
  });
});

describe('list', () => {
  it('reads every page of a list, as one version of it', async () => {
    const { lab, reader } = await openLab(
      aCluster({ objects: { persistentvolumes: volumes(1_201) } }),
    );
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items.map(({ name }) => name)).toEqual(
      volumes(1_201).map(({ metadata }) => metadata.name),
    );
    expect(lab.requests.map(({ path }) => path.replace(/continue=.+/, 'continue=…'))).toEqual([
      '/api/v1/persistentvolumes?limit=500',
      '/api/v1/persistentvolumes?limit=500&continue=…',
      '/api/v1/persistentvolumes?limit=500&continue=…',
    ]);
  });

  it('reads every source of an empty cluster as complete and empty', async () => {
    const objects = { virtualmachines: [], datavolumes: [] };
    const { reader } = await openLab(aCluster({ objects }));
    for (const source of CLUSTER_SOURCES.filter((each) => !NEVER_EMPTY.has(each))) {
      await expect(reader.list(source, NEVER)).resolves.toEqual({
        coverage: { state: 'complete' },
        items: [],
      });
    }
  });

  it('reads a list behind a path in front of the API', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.end('{"metadata":{},"items":null}');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(`${url}/k8s/clusters/c-1/`) });
    await expect(reader.list('pods', NEVER)).resolves.toMatchObject({ items: [] });
    expect(seen).toEqual(['/k8s/clusters/c-1/api/v1/pods?limit=500']);
  });

  it('says which right is missing', async () => {
    const { reader } = await openLab(aCluster({ forbidden: ['persistentvolumes'] }));
    await expect(reader.list('persistentVolumes', NEVER)).resolves.toEqual({
      coverage: {
        state: 'failed',
        reason:
          'cluster prod: may not list persistentvolumes; grant the verb list on persistentvolumes',
      },
      items: [],
    });
  });

  it('takes a refusal by a proxy as one', async () => {
    const url = await serve((_, response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<html>no</html>');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const { coverage } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching('may not list'),
    });
  });

  it('reads the namespaces it may where all of them together are denied', async () => {
    const objects = {
      persistentvolumeclaims: [aClaim('a', 'one'), aClaim('b', 'two'), aClaim('c', 'three')],
    };
    const { reader } = await openLab(
      aCluster({
        objects,
        forbidden: ['persistentvolumeclaims@*', 'persistentvolumeclaims@three'],
      }),
      {},
      { namespaces: ['one', 'two', 'three'] },
    );
    const { coverage, items } = await reader.list('persistentVolumeClaims', NEVER);
    expect(items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(coverage).toEqual({
      state: 'partial',
      reason:
        'cluster prod: may not list persistentvolumeclaims in all namespaces, only in one, two; not in three (403)',
    });
  });

  it('fails where not one namespace may be read', async () => {
    const { reader } = await openLab(
      aCluster({ forbidden: ['pods'] }),
      {},
      { namespaces: ['one', 'two'] },
    );
    const { coverage } = await reader.list('pods', NEVER);
    expect(coverage).toEqual({
      state: 'failed',
      reason: 'cluster prod: may not list pods in all namespaces, nor in one (403), two (403)',
    });
  });

  it('fails where no namespaces are named to try', async () => {
    const { lab, reader } = await openLab(aCluster({ forbidden: ['pods@*'] }));
    const { coverage } = await reader.list('pods', NEVER);
    expect(coverage.state).toBe('failed');
    expect(lab.requests).toHaveLength(1);
  });

  it('knows that an add-on is not installed', async () => {
    const { reader } = await openLab(aCluster({ missingGroups: ['snapshot.storage.k8s.io'] }));
    await expect(reader.list('volumeSnapshotContents', NEVER)).resolves.toEqual({
      coverage: {
        state: 'not_applicable',
        reason: 'cluster prod: volumesnapshotcontents are not installed',
      },
      items: [],
    });
  });

  it.each(['virtualMachines', 'dataVolumes'] as const)(
    'takes %s for not installed where nobody says otherwise, with or without the right to them',
    async (source) => {
      for (const forbidden of [[], [source.toLowerCase()]]) {
        const { reader } = await openLab(aCluster({ forbidden }));
        await expect(reader.list(source, NEVER)).resolves.toMatchObject({
          coverage: { state: 'not_applicable', reason: matching(/are not installed$/) },
        });
      }
    },
  );

  it('says which right is missing to an add-on that is there', async () => {
    const { reader } = await openLab(
      aCluster({ objects: { virtualmachines: [] }, forbidden: ['virtualmachines'] }),
    );
    await expect(reader.list('virtualMachines', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching('grant the verb list on virtualmachines') },
    });
  });

  it('reads the last warning of each kind about a volume, and no other event', async () => {
    const event = (name: string, changes: object): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name,
        namespace: 'default',
        uid: `event-${name}`,
        creationTimestamp: '2026-11-20T00:00:00Z',
      },
      involvedObject: { kind: 'PersistentVolume', name: 'pvc-1', uid: 'volume-1' },
      type: 'Warning',
      reason: 'VolumeFailedDelete',
      message: 'filesystem has dependent clones',
      lastTimestamp: '2026-11-20T00:00:00Z',
      ...changes,
    });
    const { lab, reader } = await openLab(
      aCluster({
        objects: {
          events: [
            event('older', {}),
            event('newer', { lastTimestamp: '2026-11-21T00:00:00Z' }),
            event('normal', { type: 'Normal', reason: 'Resized' }),
            event('of-a-pod', { involvedObject: { kind: 'Pod', name: 'pvc-1' } }),
          ],
        },
      }),
    );
    const { coverage, items } = await reader.list('events', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items.map(({ name, volumeName, reason }) => [name, volumeName, reason])).toEqual([
      ['newer', 'pvc-1', 'VolumeFailedDelete'],
    ]);
    expect(lab.requests.map(({ path }) => path.split('?')[0])).toEqual([
      '/api/v1/namespaces/default/events',
    ]);
  });

  it('asks for events in no other namespace than the one they are in', async () => {
    const { lab, reader } = await openLab(
      aCluster({ forbidden: ['events'] }),
      {},
      { namespaces: ['media'] },
    );
    await expect(reader.list('events', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching('may not list events') },
    });
    expect(lab.requests).toHaveLength(1);
  });

  it('fails where the add-on is there, but not in the version it reads', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/apis/snapshot.storage.k8s.io') {
        response.end('{"kind":"APIGroup","versions":[{"version":"v1beta1"}]}');
      } else response.writeHead(404).end('404 page not found\n');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const { coverage } = await reader.list('volumeSnapshots', NEVER);
    expect(coverage).toEqual({
      state: 'failed',
      reason:
        'cluster prod: the server does not know volumesnapshots in /apis/snapshot.storage.k8s.io/v1',
    });
  });

  it('fails where a server does not even know what every cluster has', async () => {
    const url = await serve((_, response) => {
      response.writeHead(404).end('404 page not found\n');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const { coverage } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toMatchObject({ state: 'failed' });
  });

  it('fails on a 404 that comes with a Status', async () => {
    const { reader } = await openLab(aCluster(), {
      status: { volumesnapshots: { status: 404 } },
    });
    const { coverage } = await reader.list('volumeSnapshots', NEVER);
    expect(coverage).toEqual({
      state: 'failed',
      reason: 'cluster prod: the server refused to list volumesnapshots (404)',
    });
  });

  it('does not take the 404 page of a web server for a missing add-on', async () => {
    const url = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const { coverage } = await reader.list('volumeSnapshots', NEVER);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching('answered with HTML (404)'),
    });
  });

  it('starts again once when the continue token has expired', async () => {
    const { lab, reader } = await openLab(
      aCluster({ objects: { persistentvolumes: volumes(600) } }),
      { expireTokens: 1 },
    );
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(new Set(items.map(({ name }) => name)).size).toBe(600);
    expect(items).toHaveLength(600);
    expect(lab.requests).toHaveLength(4);
  });

  it('gives up when the continue token expires again', async () => {
    const { lab, reader } = await openLab(
      aCluster({ objects: { persistentvolumes: volumes(600) } }),
      { expireTokens: 2 },
    );
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching(/gave up.*410/),
    });
    expect(items).toEqual([]);
    expect(lab.requests).toHaveLength(4);
  });

  it.each([429, 500, 503, 504])('tries again when the server answers %d', async (status) => {
    const { reader, slept } = await openLab(
      aCluster({ objects: { persistentvolumes: [aVolume('a')] } }),
      { status: { persistentvolumes: { status, times: 2 } } },
    );
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items).toHaveLength(1);
    expect(slept).toHaveLength(2);
  });

  it('waits as long as the server asks', async () => {
    const { reader, slept } = await openLab(aCluster(), {
      status: { pods: { status: 429, times: 1, retryAfterSeconds: 3 } },
    });
    await expect(reader.list('pods', NEVER)).resolves.toMatchObject({
      coverage: { state: 'complete' },
    });
    expect(slept).toEqual([3_000]);
  });

  it('gives up at once where the server asks for more patience than there is', async () => {
    const { reader, slept } = await openLab(aCluster(), {
      status: { pods: { status: 429, times: 1, retryAfterSeconds: 300 } },
    });
    await expect(reader.list('pods', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching('429') },
    });
    expect(slept).toEqual([]);
  });

  it('reads from a Status how long to wait', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      if (calls > 1) response.end('{"metadata":{},"items":[]}');
      else response.writeHead(504).end('{"kind":"Status","details":{"retryAfterSeconds":2}}');
    });
    const { reader, slept } = await open({ kubeconfigText: kubeconfigFor(url) });
    await reader.list('pods', NEVER);
    expect(slept).toEqual([2_000]);
  });

  it('fails when the server stays ill', async () => {
    const { lab, reader } = await openLab(aCluster(), { status: { pods: { status: 503 } } });
    const { coverage } = await reader.list('pods', NEVER);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching(/^cluster prod .*503.* while it listed pods$/),
    });
    expect(lab.requests).toHaveLength(3);
  });

  it('goes on with the list after a connection was cut once', async () => {
    const { reader } = await openLab(aCluster({ objects: { persistentvolumes: volumes(700) } }), {
      failPage: { resource: 'persistentvolumes', page: 2, status: 'drop', times: 1 },
    });
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items).toHaveLength(700);
  });

  it('fails, and keeps nothing, when a list always breaks off in the middle', async () => {
    const { lab, reader } = await openLab(
      aCluster({ objects: { persistentvolumes: volumes(700) } }),
      { failPage: { resource: 'persistentvolumes', page: 2, status: 'drop' } },
    );
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching('cannot be reached'),
    });
    expect(items).toEqual([]);
    expect(lab.requests).toHaveLength(8);
  });

  it('reads the list afresh after a page that was no JSON', async () => {
    const { lab, reader } = await openLab(
      aCluster({ objects: { persistentvolumes: volumes(700) } }),
      { failPage: { resource: 'persistentvolumes', page: 2, status: 'html', times: 1 } },
    );
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items).toHaveLength(700);
    expect(lab.requests).toHaveLength(4);
  });

  it('reads a page again whose body was cut', async () => {
    const { reader } = await openLab(aCluster({ objects: { persistentvolumes: volumes(20) } }), {
      dropAfterBytes: { resource: 'persistentvolumes', bytes: 900, times: 1 },
    });
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items).toHaveLength(20);
  });

  it('fails where rights are taken away in the middle', async () => {
    const { reader } = await openLab(aCluster({ objects: { persistentvolumes: volumes(700) } }), {
      failPage: { resource: 'persistentvolumes', page: 2, status: 403 },
    });
    const { coverage, items } = await reader.list('persistentVolumes', NEVER);
    expect(coverage.state).toBe('failed');
    expect(items).toEqual([]);
  });

  it('fails where the credentials are refused', async () => {
    const { reader } = await openLab(aCluster(), { unauthorized: true });
    await expect(reader.list('pods', NEVER)).resolves.toMatchObject({
      coverage: { state: 'failed', reason: matching('credentials') },
    });
  });

  it('names and counts what it cannot read, and does not call the list complete', async () => {
    const broken = { ...aVolume('broken'), spec: { csi: { driver: 'org.democratic-csi.nfs' } } };
    const { reader } = await openLab(
      aCluster({ objects: { persistentvolumes: [aVolume('a'), broken] } }),
    );
    const listing = await reader.list('persistentVolumes', NEVER);
    const { coverage, items, unreadable } = listing;
    expect(coverage).toEqual({
      state: 'partial',
      reason: 'cluster prod: 1 of 2 persistentvolumes could not be read',
    });
    expect(unreadable).toEqual(['broken']);
    expect(items.map(({ name }) => name)).toEqual(['a']);
  });

  it('names no more than the first of many, and those without a name by their place', async () => {
    const claims = Array.from({ length: 30 }, (_, index) => ({ metadata: { name: `c-${index}` } }));
    const url = await serve((_, response) => {
      const items = ['rubbish', { metadata: { name: 'a', namespace: 'n' } }, ...claims];
      response.end(JSON.stringify({ metadata: {}, items }));
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const { coverage, unreadable } = await reader.list('persistentVolumeClaims', NEVER);
    expect(coverage).toMatchObject({ reason: matching('32 of 32 persistentvolumeclaims') });
    expect(unreadable).toHaveLength(20);
    expect(unreadable?.slice(0, 3)).toEqual(['item 1', 'n/a', 'c-0']);
  });

  it('names and counts what it cannot read in single namespaces too', async () => {
    const { reader } = await openLab(
      aCluster({
        objects: { persistentvolumeclaims: [{ ...aClaim('a', 'one'), spec: 'rubbish' }] },
        forbidden: ['persistentvolumeclaims@*'],
      }),
      {},
      { namespaces: ['one'] },
    );
    const { coverage, unreadable } = await reader.list('persistentVolumeClaims', NEVER);
    expect(unreadable).toEqual(['one/a']);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: matching(/only in one; 1 of 1 persistentvolumeclaims could not be read$/),
    });
  });

  it('throws the reason of an abort, and nothing else', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const url = await serve(() => {
      controller.abort(reason);
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.list('pods', controller.signal)).rejects.toBe(reason);
  });

  it('reads at most four lists at a time', async () => {
    let running = 0;
    let most = 0;
    const url = await serve((_, response) => {
      running += 1;
      most = Math.max(most, running);
      setImmediate(() => {
        running -= 1;
        response.end('{"metadata":{},"items":[]}');
      });
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const lists = [...CLUSTER_SOURCES, ...CLUSTER_SOURCES].map((source) =>
      reader.list(source, NEVER),
    );
    await Promise.all(lists);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('pages that do not fit together', () => {
  async function list(pages: readonly object[]) {
    const left = [...pages];
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.end(JSON.stringify(left.shift() ?? pages.at(-1)));
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    const listing = await reader.list('persistentVolumes', NEVER);
    return { ...listing, calls };
  }

  const first = { metadata: { resourceVersion: '7', continue: 'x' }, items: [aVolume('a')] };
  const second = { metadata: { resourceVersion: '7' }, items: [aVolume('b')] };
  const later = { metadata: { resourceVersion: '8' }, items: [aVolume('b')] };

  it('are read afresh once when the version changes', async () => {
    const { coverage, items, calls } = await list([first, later, first, second]);
    expect(coverage).toEqual({ state: 'complete' });
    expect(items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(calls).toBe(4);
  });

  it('fail the list when the version changes again', async () => {
    const { coverage, items } = await list([first, later, first, later]);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching('changed the list'),
    });
    expect(items).toEqual([]);
  });

  it('fail the list when it never gets on', async () => {
    const { coverage, calls } = await list([first, first, first, first]);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching('same page'),
    });
    expect(calls).toBe(4);
  });

  it('fail the list when it ends before it should', async () => {
    const short = { metadata: { remainingItemCount: 3 }, items: [] };
    const { coverage } = await list([short]);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: matching('3 items early'),
    });
  });

  it.each([[{ kind: 'Status' }], [{ metadata: {}, items: {} }], [{ metadata: null, items: [] }]])(
    'fail the list when one is no list: %j',
    async (page) => {
      const { coverage } = await list([page]);
      expect(coverage).toMatchObject({
        state: 'failed',
        reason: matching('no list'),
      });
    },
  );
});

describe('secrets', () => {
  const SECRET = 'hunter2-never-to-be-seen';

  it('in annotations and attributes are in no list', async () => {
    const volume = aVolume('a');
    volume.metadata.annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': SECRET,
      'pv.kubernetes.io/provisioned-by': 'org.democratic-csi.nfs',
      password: SECRET,
    };
    volume['spec'] = {
      csi: {
        driver: 'csi.truenas.io',
        volumeHandle: 'tank/a',
        volumeAttributes: { 'iscsi.chapSecret': SECRET, chapPassword: SECRET, nfsPath: '/mnt/a' },
        nodeStageSecretRef: { name: SECRET },
      },
    };
    const { reader } = await openLab(aCluster({ objects: { persistentvolumes: [volume] } }));
    const listing = await reader.list('persistentVolumes', NEVER);
    expect(listing.items).toMatchObject([
      {
        annotations: { 'pv.kubernetes.io/provisioned-by': 'org.democratic-csi.nfs' },
        source: { attributes: { nfsPath: '/mnt/a' } },
      },
    ]);
    expect(JSON.stringify(listing)).not.toContain(SECRET);
  });

  it.each([400, 401, 403, 404, 409, 410, 429, 500])(
    'that a server echoes with a %d are in no message',
    async (status) => {
      const url = await serve((request, response) => {
        const echo = `${String(request.headers.authorization)} ${SECRET}`;
        response.writeHead(status, { 'x-echo': echo });
        response.end(JSON.stringify({ kind: 'Status', reason: echo, message: echo }));
      });
      const { reader, logged } = await open({
        kubeconfigText: kubeconfigFor(url, { token: SECRET }),
      });
      const error: unknown = await reader.identify(NEVER).catch((thrown: unknown) => thrown);
      const listing = await reader.list('persistentVolumes', NEVER);
      expect(listing.coverage.state).toBe('failed');
      expect(everythingIn(error) + JSON.stringify([listing, logged])).not.toContain(SECRET);
    },
  );

  it('that a page shows instead of JSON are in no message', async () => {
    const url = await serve((request, response) => {
      response.end(`oops ${String(request.headers.authorization)}`);
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url, { token: SECRET }) });
    const error: unknown = await reader.identify(NEVER).catch((thrown: unknown) => thrown);
    const listing = await reader.list('pods', NEVER);
    expect(error).toBeInstanceOf(ClusterProtocolError);
    expect(everythingIn(error) + JSON.stringify(listing)).not.toContain(SECRET);
  });
});

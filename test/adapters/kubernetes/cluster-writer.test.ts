import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClusterChange, type ResourceKind } from '../../../src/lib/core/cleanup/change.ts';
import { identityOf } from '../../../src/lib/core/cleanup/identity.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type KubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { type KubernetesObject } from '../../../src/lib/lab/scenario/world.ts';
import { type ResourceGuard } from '../../../src/lib/ports/change-writer.ts';
import {
  aCluster,
  aVolume,
  kubeconfigFor,
  matching,
  NEVER,
  open,
  openLab,
  serve,
} from './support.ts';

const SNAPSHOTS = 'snapshot.storage.k8s.io';
const PV = '/api/v1/persistentvolumes';

function released(name: string): KubernetesObject {
  const volume = aVolume(name);
  return {
    ...volume,
    metadata: { ...volume.metadata, managedFields: [{ manager: 'kubectl' }] },
    spec: {
      ...(volume['spec'] as object),
      claimRef: { namespace: 'databases', name, uid: `gone-${name}`, resourceVersion: '7' },
    },
    status: { phase: 'Released' },
  };
}

function aContent(name: string, source: object, status: object = {}): KubernetesObject {
  return {
    apiVersion: `${SNAPSHOTS}/v1`,
    kind: 'VolumeSnapshotContent',
    metadata: { name, uid: `content-${name}`, creationTimestamp: '2026-10-01T08:00:00Z' },
    spec: {
      driver: 'org.democratic-csi.nfs',
      deletionPolicy: 'Delete',
      source,
      volumeSnapshotRef: { namespace: 'databases', name, uid: `gone-${name}` },
    },
    status,
  };
}

function anAttachment(name: string): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name, uid: `attachment-${name}`, creationTimestamp: '2026-10-01T08:00:00Z' },
    spec: {
      attacher: 'org.democratic-csi.nfs',
      nodeName: 'gone',
      source: { persistentVolumeName: 'pv-a' },
    },
  };
}

function aClaim(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: 'databases',
      uid: `claim-${name}`,
      creationTimestamp: '2026-10-01T08:00:00Z',
    },
    spec: {},
  };
}

async function aSite(options: { timeout?: number } = {}) {
  const objects = {
    persistentvolumes: [released('pv-a'), aVolume('pv-b')],
    persistentvolumeclaims: [aClaim('data')],
    volumesnapshotcontents: [
      aContent('snap-a', { volumeHandle: 'pv-a' }, { snapshotHandle: 'pv-a@s' }),
    ],
    volumeattachments: [anAttachment('csi-a')],
  };
  const timeout = millis(options.timeout ?? 10_000);
  const { lab, reader } = await openLab(aCluster({ objects }), {}, { timeout });
  return { lab, reader, writer: reader.writer };
}

const volumeNamed = (name: string) =>
  ({ side: 'kubernetes', kind: 'persistentvolume', where: { name, namespace: null } }) as const;

const retain = (name: string): ClusterChange => ({
  type: 'set-policy',
  kind: 'persistentvolume',
  name,
  policy: 'Retain',
});

const removal = (name: string, kind: ResourceKind = 'persistentvolume'): ClusterChange => ({
  type: 'delete-resource',
  kind,
  namespace: null,
  name,
});

function stored(lab: KubernetesLab, name: string, plural = 'persistentvolumes') {
  return lab.cluster.objects[plural]?.find(({ metadata }) => metadata.name === name);
}

function guardOf(object: KubernetesObject | undefined): ResourceGuard {
  const { uid = '', resourceVersion = '' } = object?.metadata ?? {};
  return { uid, resourceVersion };
}

/** What was sent that is not a read. */
function changesAt(lab: KubernetesLab): readonly string[] {
  return lab.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);
}

describe('observe', () => {
  it.each([
    ['persistentvolume', 'persistentVolumes', 'pv-a', identityOf.persistentVolume],
    ['volumesnapshotcontent', 'volumeSnapshotContents', 'snap-a', identityOf.snapshotContent],
    ['volumeattachment', 'volumeAttachments', 'csi-a', identityOf.volumeAttachment],
  ] as const)('knows a %s as the inventory does', async (kind, source, name, identify) => {
    const { reader, writer } = await aSite();
    const { items } = await reader.list(source, NEVER);
    const listed = items.find((item) => item.name === name);
    const [seen] = await writer.observe(
      { side: 'kubernetes', kind, where: { name, namespace: null } },
      NEVER,
    );
    expect(seen?.identity).toEqual((identify as (item: unknown) => unknown)(listed));
    expect(seen?.identity['resource_version']).toMatch(/^\d+$/);
  });

  it('knows a claim as the inventory does', async () => {
    const { reader, writer } = await aSite();
    const { items } = await reader.list('persistentVolumeClaims', NEVER);
    const where = { name: 'data', namespace: 'databases' };
    const [seen] = await writer.observe(
      { side: 'kubernetes', kind: 'persistentvolumeclaim', where },
      NEVER,
    );
    expect(items.map(identityOf.persistentVolumeClaim)).toEqual([seen?.identity]);
  });

  it('keeps the whole manifest, but for who wrote which field', async () => {
    const { lab, writer } = await aSite();
    const [seen] = await writer.observe(volumeNamed('pv-a'), NEVER);
    const { managedFields, ...metadata } = {
      managedFields: null,
      ...stored(lab, 'pv-a')?.metadata,
    };
    expect(managedFields).toEqual([{ manager: 'kubectl' }]);
    expect(seen?.raw).toEqual({ ...stored(lab, 'pv-a'), metadata });
  });

  it('sees nothing where the server says that there is no such object', async () => {
    const { writer } = await aSite();
    expect(await writer.observe(volumeNamed('pv-z'), NEVER)).toEqual([]);
  });

  it('sees when an object was deleted that finalizers still hold', async () => {
    const { lab, writer } = await aSite();
    const volume = stored(lab, 'pv-a');
    if (volume) volume.metadata.deletionTimestamp = '2026-11-21T00:00:00Z';
    const [seen] = await writer.observe(volumeNamed('pv-a'), NEVER);
    expect(seen?.identity['deleted_at']).toBe('2026-11-21T00:00:00.000Z');
  });

  it('does not take an API that is not installed for an object that is gone', async () => {
    const { lab, writer } = await aSite();
    lab.cluster.missingGroups = [SNAPSHOTS];
    const where = { name: 'snap-a', namespace: null };
    const target = { side: 'kubernetes', kind: 'volumesnapshotcontent', where } as const;
    await expect(writer.observe(target, NEVER)).rejects.toMatchObject({ code: 'CLUSTER_PROTOCOL' });
  });

  it.each([
    ['another object', { name: 'other', kind: 'persistentvolumes' }],
    ['another kind', { name: 'pv-a', kind: 'namespaces' }],
    ['nothing at all', undefined],
  ])('does not take an absence of %s for one of this object', async (_, details) => {
    const status = { kind: 'Status', reason: 'NotFound', code: 404, details };
    const url = await serve((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(status));
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await expect(reader.writer.observe(volumeNamed('pv-a'), NEVER)).rejects.toMatchObject({
      code: 'CLUSTER_PROTOCOL',
    });
  });

  it('says what to grant where it may not look', async () => {
    const { lab, writer } = await aSite();
    lab.cluster.forbidden = ['get:persistentvolumes'];
    await expect(writer.observe(volumeNamed('pv-a'), NEVER)).rejects.toMatchObject({
      code: 'CLUSTER_FORBIDDEN',
      message: 'cluster prod: persistentvolumes pv-a may not be read',
    });
  });

  it('does not guess at an object that it cannot read', async () => {
    const { lab, writer } = await aSite();
    const volume = stored(lab, 'pv-a');
    if (volume) volume['spec'] = { csi: { driver: 'no handle' } };
    await expect(writer.observe(volumeNamed('pv-a'), NEVER)).rejects.toThrow('cannot be read');
  });
});

describe('a change', () => {
  it('sets the policy of a volume, and of a snapshot content', async () => {
    const { lab, writer } = await aSite();
    const sent = await writer.send(retain('pv-a'), guardOf(stored(lab, 'pv-a')), NEVER);
    expect(sent).toEqual({ state: 'answered', created: null });
    expect(stored(lab, 'pv-a')?.['spec']).toMatchObject({
      persistentVolumeReclaimPolicy: 'Retain',
    });
    const content: ClusterChange = {
      type: 'set-policy',
      kind: 'volumesnapshotcontent',
      name: 'snap-a',
      policy: 'Retain',
    };
    const guard = guardOf(stored(lab, 'snap-a', 'volumesnapshotcontents'));
    expect(await writer.send(content, guard, NEVER)).toMatchObject({ state: 'answered' });
    expect(stored(lab, 'snap-a', 'volumesnapshotcontents')?.['spec']).toMatchObject({
      deletionPolicy: 'Retain',
    });
    expect(changesAt(lab)).toEqual([
      `PATCH ${PV}/pv-a`,
      `PATCH /apis/${SNAPSHOTS}/v1/volumesnapshotcontents/snap-a`,
    ]);
  });

  it.each([
    ['persistentvolume', 'persistentvolumes', 'pv-a'],
    ['volumesnapshotcontent', 'volumesnapshotcontents', 'snap-a'],
    ['volumeattachment', 'volumeattachments', 'csi-a'],
  ] as const)('deletes a %s', async (kind, plural, name) => {
    const { lab, writer } = await aSite();
    const guard = guardOf(stored(lab, name, plural));
    const sent = await writer.send(removal(name, kind), guard, NEVER);
    expect(sent).toEqual({ state: 'answered', created: null });
    expect(stored(lab, name, plural)).toBeUndefined();
  });

  it('leaves finalizers to whom they belong to, and what they hold is seen as deleted', async () => {
    const { lab, writer } = await aSite();
    const volume = stored(lab, 'pv-b');
    if (volume) volume.metadata.finalizers = ['kubernetes.io/pv-protection'];
    const [before] = await writer.observe(volumeNamed('pv-b'), NEVER);
    const guard = guardOf(stored(lab, 'pv-b'));
    expect(before?.identity['deleted_at']).toBeNull();
    expect(await writer.send(removal('pv-b'), guard, NEVER)).toMatchObject({ state: 'answered' });
    const [after] = await writer.observe(volumeNamed('pv-b'), NEVER);
    expect(after?.identity).toMatchObject({
      uid: 'volume-pv-b',
      deleted_at: matching('2026-11-22'),
    });
    expect(stored(lab, 'pv-b')?.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  });

  it.each([retain('pv-a'), removal('pv-a')])(
    'is refused where the object is no longer the one that was seen: $type',
    async (change) => {
      const { lab, writer } = await aSite();
      const { uid, resourceVersion } = guardOf(stored(lab, 'pv-a'));
      const before = structuredClone(lab.cluster.objects);
      for (const guard of [
        { uid: 'another', resourceVersion },
        { uid, resourceVersion: '1' },
      ]) {
        expect(await writer.send(change, guard, NEVER)).toEqual({
          state: 'refused',
          reason: matching(/^cluster prod: Operation cannot be fulfilled/),
        });
        expect(await writer.rehearse(change, guard, NEVER)).toMatch('cannot be fulfilled');
      }
      expect(lab.cluster.objects).toEqual(before);
    },
  );

  it('does not leave without saying which object is meant', async () => {
    const { lab, writer } = await aSite();
    for (const change of [retain('pv-a'), removal('pv-a')]) {
      expect(await writer.send(change, null, NEVER)).toMatchObject({ state: 'not-sent' });
    }
    expect(lab.requests).toEqual([]);
  });

  it('never deletes a claim', async () => {
    const { lab, writer } = await aSite();
    const change = removal('data', 'persistentvolumeclaim');
    const sent = await writer.send(change, { uid: 'claim-data', resourceVersion: '1' }, NEVER);
    expect(sent).toMatchObject({ state: 'not-sent' });
    expect(lab.requests).toEqual([]);
  });

  it('gives a volume the policy Delete only while a claim holds it', async () => {
    const { lab, writer } = await aSite();
    const toDelete = (name: string): ClusterChange => ({
      type: 'set-policy',
      kind: 'persistentvolume',
      name,
      policy: 'Delete',
    });
    const guard = guardOf(stored(lab, 'pv-a'));
    expect(await writer.send(toDelete('pv-a'), guard, NEVER)).toEqual({
      state: 'not-sent',
      reason: matching('would delete the data'),
    });
    expect(await writer.rehearse(toDelete('pv-a'), guard, NEVER)).toMatch('would delete the data');
    expect(changesAt(lab)).toEqual([]);
    const bound = guardOf(stored(lab, 'pv-b'));
    expect(await writer.send(toDelete('pv-b'), bound, NEVER)).toMatchObject({ state: 'answered' });
  });
});

describe('what is created', () => {
  const creation = (
    manifest: unknown,
    name: string,
    kind: ResourceKind = 'persistentvolume',
  ): ClusterChange => ({
    type: 'create-resource',
    kind,
    namespace: null,
    name,
    manifest: JSON.parse(JSON.stringify(manifest)) as Record<string, never>,
  });

  async function deleted(kind: ResourceKind, name: string, plural: string) {
    const site = await aSite();
    const { lab, writer } = site;
    if (kind === 'persistentvolume') {
      await writer.send(retain(name), guardOf(stored(lab, name)), NEVER);
    }
    const object = stored(lab, name, plural);
    if (object) object.metadata['ownerReferences'] = [{ kind: 'Node', name: 'gone', uid: 'x' }];
    const where = { name, namespace: null };
    const [saved] = await writer.observe({ side: 'kubernetes', kind, where }, NEVER);
    await writer.send(removal(name, kind), guardOf(stored(lab, name, plural)), NEVER);
    return { ...site, saved: saved?.raw };
  }

  it('is a volume as it was, reserved for the claim that it had', async () => {
    const { lab, writer, saved } = await deleted('persistentvolume', 'pv-a', 'persistentvolumes');
    const change = creation(saved, 'pv-a');
    expect(await writer.rehearse(change, null, NEVER)).toBeUndefined();
    expect(stored(lab, 'pv-a')).toBeUndefined();
    const sent = await writer.send(change, null, NEVER);
    const [seen] = await writer.observe(volumeNamed('pv-a'), NEVER);
    const volume = stored(lab, 'pv-a');
    expect(sent).toEqual({
      state: 'answered',
      created: { ...seen?.identity, resource_version: matching(/^\d+$/) },
    });
    expect(volume?.['spec']).toMatchObject({
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: 'databases', name: 'pv-a', uid: 'gone-pv-a', resourceVersion: '7' },
    });
    expect(volume?.metadata.uid).not.toBe('volume-pv-a');
    expect(volume?.metadata['ownerReferences']).toBeUndefined();
    expect(volume?.['status']).toEqual({ phase: 'Released' });
  });

  it('is no volume that its driver would delete at once', async () => {
    const { lab, writer } = await aSite();
    const change = creation({ ...released('pv-n') }, 'pv-n');
    expect(await writer.send(change, null, NEVER)).toEqual({
      state: 'not-sent',
      reason: matching('would be deleted by its driver'),
    });
    expect(await writer.rehearse(change, null, NEVER)).toMatch('would be deleted by its driver');
    expect(lab.requests).toEqual([]);
  });

  it('is a snapshot content that stands for its snapshot, and does not ask for another', async () => {
    const kind = 'volumesnapshotcontent';
    const plural = 'volumesnapshotcontents';
    const { lab, writer, saved } = await deleted(kind, 'snap-a', plural);
    const sent = await writer.send(creation(saved, 'snap-a', kind), null, NEVER);
    expect(sent).toMatchObject({ state: 'answered', created: { name: 'snap-a' } });
    expect(stored(lab, 'snap-a', plural)?.['spec']).toMatchObject({
      source: { snapshotHandle: 'pv-a@s' },
    });
    const unready = creation(aContent('snap-n', { volumeHandle: 'pv-a' }), 'snap-n', kind);
    expect(await writer.send(unready, null, NEVER)).toEqual({
      state: 'not-sent',
      reason: matching('does not name the snapshot'),
    });
  });

  it('is refused where there is one, and where the manifest is that of another', async () => {
    const { writer } = await aSite();
    const retained = { ...aVolume('pv-b'), spec: { persistentVolumeReclaimPolicy: 'Retain' } };
    expect(await writer.send(creation(retained, 'pv-b'), null, NEVER)).toEqual({
      state: 'refused',
      reason: matching('already exists'),
    });
    expect(await writer.send(creation(retained, 'pv-c'), null, NEVER)).toMatchObject({
      state: 'not-sent',
    });
  });
});

describe('what is sent', () => {
  it('is a rehearsal that changes nothing', async () => {
    const { lab, writer } = await aSite();
    const before = structuredClone(lab.cluster.objects);
    const guard = guardOf(stored(lab, 'pv-a'));
    expect(await writer.rehearse(retain('pv-a'), guard, NEVER)).toBeUndefined();
    expect(await writer.rehearse(removal('pv-a'), guard, NEVER)).toBeUndefined();
    expect(lab.cluster.objects).toEqual(before);
    expect(changesAt(lab)).toEqual([`PATCH ${PV}/pv-a?dryRun=All`, `DELETE ${PV}/pv-a?dryRun=All`]);
  });

  it.each([
    ['loseAnswer', true],
    ['loseRequest', false],
  ] as const)('goes once where nobody answers: %s', async (fault, acted) => {
    const { lab, writer } = await aSite();
    const guard = guardOf(stored(lab, 'pv-a'));
    await writer.observe(volumeNamed('pv-a'), NEVER);
    lab.faults[fault] = { method: 'DELETE', resource: 'persistentvolumes' };
    expect(await writer.send(removal('pv-a'), guard, NEVER)).toEqual({
      state: 'no-answer',
      reason: matching('cluster prod'),
    });
    expect(changesAt(lab)).toHaveLength(1);
    expect(stored(lab, 'pv-a') === undefined).toBe(acted);
  });

  it('goes once where the answer is cut off', async () => {
    const { lab, writer } = await aSite();
    const guard = guardOf(stored(lab, 'pv-a'));
    lab.faults.dropAfterBytes = { resource: 'persistentvolumes', bytes: 10 };
    expect(await writer.send(retain('pv-a'), guard, NEVER)).toMatchObject({ state: 'no-answer' });
    expect(changesAt(lab)).toHaveLength(1);
  });

  it.each([500, 503, 504])(
    'goes once where the server has an error of its own: %i',
    async (status) => {
      const { lab, writer } = await aSite();
      lab.faults.status = { persistentvolumes: { status } };
      const sent = await writer.send(removal('pv-a'), guardOf(stored(lab, 'pv-a')), NEVER);
      expect(sent).toEqual({ state: 'no-answer', reason: matching(`(${status})`) });
      expect(changesAt(lab)).toHaveLength(1);
    },
  );

  it.each([400, 403, 429])('goes once where the server refuses it: %i', async (status) => {
    const { lab, writer } = await aSite();
    lab.faults.status = { persistentvolumes: { status, retryAfterSeconds: 1 } };
    const sent = await writer.send(removal('pv-a'), guardOf(stored(lab, 'pv-a')), NEVER);
    expect(sent).toMatchObject({ state: 'refused' });
    expect(changesAt(lab)).toHaveLength(1);
  });

  it('goes once where the credentials have expired, and the next one has new ones', async () => {
    const { lab, writer } = await aSite();
    lab.faults.unauthorized = true;
    const guard = guardOf(stored(lab, 'pv-a'));
    expect(await writer.send(removal('pv-a'), guard, NEVER)).toEqual({
      state: 'refused',
      reason: 'cluster prod: Unauthorized',
    });
    expect(lab.requests).toHaveLength(1);
    lab.faults.unauthorized = false;
    expect(await writer.send(removal('pv-a'), guard, NEVER)).toMatchObject({ state: 'answered' });
  });

  it('may have been done where somebody else answers in place of the server', async () => {
    const { lab, writer } = await aSite();
    lab.faults.html = true;
    expect(await writer.send(removal('pv-a'), guardOf(stored(lab, 'pv-a')), NEVER)).toEqual({
      state: 'no-answer',
      reason: matching('HTML'),
    });
    expect(changesAt(lab)).toHaveLength(1);
  });

  it('may have been done where no answer comes in time', async () => {
    const { lab, writer } = await aSite({ timeout: 50 });
    const guard = guardOf(stored(lab, 'pv-a'));
    lab.faults.latencyMs = 300;
    expect(await writer.send(removal('pv-a'), guard, NEVER)).toEqual({
      state: 'no-answer',
      reason: matching('did not answer within'),
    });
    expect(changesAt(lab)).toHaveLength(1);
  });

  it('may have been done where it is interrupted once it has left, and throws nothing', async () => {
    const { lab, writer } = await aSite();
    const guard = guardOf(stored(lab, 'pv-a'));
    lab.faults.latencyMs = 200;
    const interrupt = new AbortController();
    const sending = writer.send(removal('pv-a'), guard, interrupt.signal);
    await expect.poll(() => lab.requests).toHaveLength(1);
    interrupt.abort();
    expect(await sending).toEqual({
      state: 'no-answer',
      reason: 'interrupted before the answer came',
    });
  });

  it('never leaves where it is interrupted before', async () => {
    const { lab, writer } = await aSite();
    const guard = guardOf(stored(lab, 'pv-a'));
    const sending = writer.send(removal('pv-a'), guard, AbortSignal.abort());
    await expect(sending).rejects.toThrow('abort');
    expect(lab.requests).toEqual([]);
  });

  it('never leaves where nobody listens', async () => {
    const { lab, writer } = await aSite();
    const guard = guardOf(stored(lab, 'pv-a'));
    await lab.close();
    expect(await writer.send(removal('pv-a'), guard, NEVER)).toEqual({
      state: 'not-sent',
      reason: matching('cannot be reached (ECONNREFUSED)'),
    });
    await expect(writer.rehearse(removal('pv-a'), guard, NEVER)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
    });
  });

  it('never leaves where the server does not speak TLS', async () => {
    const url = await serve(() => undefined);
    const { reader } = await open({
      kubeconfigText: kubeconfigFor(url.replace('http:', 'https:')),
    });
    const guard = { uid: 'u', resourceVersion: '1' };
    expect(await reader.writer.send(removal('pv-a'), guard, NEVER)).toEqual({
      state: 'not-sent',
      reason: matching('TLS'),
    });
  });

  it('never leaves where there are no credentials', async () => {
    const url = await serve(() => undefined);
    const { reader } = await open({
      kubeconfigText: kubeconfigFor(url, { tokenFile: '/nowhere/token' }),
    });
    const guard = { uid: 'u', resourceVersion: '1' };
    expect(await reader.writer.send(removal('pv-a'), guard, NEVER)).toEqual({
      state: 'not-sent',
      reason: matching('token file'),
    });
  });

  it('is repeated by nobody where the server drops a connection that it kept open', async () => {
    let deletes = 0;
    const url = await serve((request, response) => {
      if (request.method === 'DELETE') {
        deletes += 1;
        request.socket.destroy();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...aVolume('pv-a'), metadata: { name: 'pv-a', uid: 'u' } }));
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    await reader.writer.observe(volumeNamed('pv-a'), NEVER);
    const guard = { uid: 'u', resourceVersion: '1' };
    const sent = await reader.writer.send(removal('pv-a'), guard, NEVER);
    expect(sent).toMatchObject({ state: 'no-answer' });
    expect(deletes).toBe(1);
  });
});

describe('lacking', () => {
  const changes: readonly ClusterChange[] = [
    retain('pv-a'),
    retain('pv-b'),
    removal('pv-a'),
    removal('snap-a', 'volumesnapshotcontent'),
  ];

  it('is nothing where everything is allowed, which is asked once each', async () => {
    const { lab, writer } = await aSite();
    expect(await writer.lacking(changes, NEVER)).toEqual([]);
    // Of volumes get, patch and delete, of contents get and delete, of Leases get, create and update.
    expect(changesAt(lab)).toHaveLength(8);
  });

  it('names each right that is missing', async () => {
    const { lab, writer } = await aSite();
    lab.cluster.forbidden = [
      'delete:persistentvolumes',
      'get:volumesnapshotcontents',
      'update:leases@kube-system',
      'create:volumeattachments',
    ];
    expect(await writer.lacking(changes, NEVER)).toEqual([
      'delete persistentvolumes is not allowed in cluster prod',
      `get volumesnapshotcontents.${SNAPSHOTS} is not allowed in cluster prod`,
      'update leases.coordination.k8s.io in the namespace kube-system is not allowed in cluster prod',
    ]);
  });

  it('asks for the namespace of what is created there', async () => {
    const { lab, writer } = await aSite();
    lab.cluster.forbidden = ['create:persistentvolumeclaims@media'];
    const manifest = { metadata: { name: 'data', namespace: 'media' } };
    const change: ClusterChange = {
      type: 'create-resource',
      kind: 'persistentvolumeclaim',
      namespace: 'media',
      name: 'data',
      manifest,
    };
    expect(await writer.lacking([change], NEVER)).toEqual([
      'create persistentvolumeclaims in the namespace media is not allowed in cluster prod',
    ]);
  });

  it('is everything where nobody says what is allowed', async () => {
    const { lab, writer } = await aSite();
    lab.cluster.forbidden = ['selfsubjectaccessreviews'];
    expect(await writer.lacking(changes, NEVER)).toEqual([
      'cluster prod: may not ask what it may do; grant the verb create on selfsubjectaccessreviews',
    ]);
  });

  it('cannot be told where the cluster does not answer', async () => {
    const { lab, writer } = await aSite();
    onTestFinished(() => lab.close());
    await lab.close();
    await expect(writer.lacking(changes, NEVER)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
    });
  });
});

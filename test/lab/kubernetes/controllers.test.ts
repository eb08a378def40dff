import { describe, expect, it, onTestFinished } from 'vitest';
import { type KubernetesObject } from '../../../src/lib/lab/scenario/world.ts';
import { anObject, startLab } from '../../support/kubernetes-lab.ts';

const DRIVER = 'org.democratic-csi.nfs';
const PV = '/api/v1/persistentvolumes';
const CONTENTS = '/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents';
const ATTACHMENTS = '/apis/storage.k8s.io/v1/volumeattachments';
const PV_PROTECTION = 'kubernetes.io/pv-protection';
const PROVISIONER = 'external-provisioner.volume.kubernetes.io/finalizer';
const BOUND_PROTECTION = 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection';
const ATTACHER = 'external-attacher/org-democratic-csi-nfs';

const driver = anObject('CSIDriver', DRIVER, { apiVersion: 'storage.k8s.io/v1' });

function aVolume(policy: string, phase: string, finalizers: string[]) {
  return anObject('PersistentVolume', 'pv', {
    metadata: { finalizers, annotations: { 'pv.kubernetes.io/provisioned-by': DRIVER } },
    spec: {
      persistentVolumeReclaimPolicy: policy,
      csi: { driver: DRIVER, volumeHandle: 'pv' },
      claimRef: { namespace: 'media', name: 'data', uid: 'uid-data' },
    },
    status: { phase },
  });
}

function aContent(deletionPolicy: string, source: object = { volumeHandle: 'pv' }) {
  return anObject('VolumeSnapshotContent', 'content', {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    metadata: { finalizers: [BOUND_PROTECTION] },
    spec: { deletionPolicy, driver: DRIVER, source, volumeSnapshotRef: { uid: 'uid-snap' } },
  });
}

async function aSite(objects: Record<string, KubernetesObject[]>) {
  const deleted: string[] = [];
  const client = await startLab(
    { objects: { csidrivers: [driver], ...objects } },
    { onDriverDelete: ({ kind, metadata }) => deleted.push(`${kind} ${metadata.name}`) },
  );
  onTestFinished(() => client.close());
  const finalizers = async (path: string) => {
    const { status, body } = await client.get(path);
    const metadata = body.metadata as unknown as KubernetesObject['metadata'];
    return status === 404 ? 'gone' : metadata.finalizers;
  };
  const toPolicy = (policy: string) => {
    const patch = { spec: { persistentVolumeReclaimPolicy: policy } };
    return client.send('PATCH', `${PV}/pv`, patch, 'application/merge-patch+json');
  };
  return { client, deleted, finalizers, toPolicy };
}

describe('a volume', () => {
  it('that is deleted goes with the next request, unless a claim holds it', async () => {
    for (const [phase, left] of [
      ['Released', 'gone'],
      ['Bound', [PV_PROTECTION]],
    ] as const) {
      const site = await aSite({ persistentvolumes: [aVolume('Retain', phase, [PV_PROTECTION])] });
      const { body } = await site.client.send('DELETE', `${PV}/pv`);
      expect(body.metadata.deletionTimestamp).toBe('2026-11-22T01:00:00Z');
      expect(await site.finalizers(`${PV}/pv`)).toEqual(left);
      expect(site.deleted).toEqual([]);
    }
  });

  it('that is to be retained is let go by its provisioner, which changes its version', async () => {
    const finalizers = [PROVISIONER, PV_PROTECTION];
    const site = await aSite({ persistentvolumes: [aVolume('Delete', 'Released', finalizers)] });
    const patched = await site.toPolicy('Retain');
    const { body } = await site.client.get(`${PV}/pv`);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(
      Number(patched.body.metadata.resourceVersion),
    );
    expect(await site.finalizers(`${PV}/pv`)).toEqual([PV_PROTECTION]);
    await site.client.send('DELETE', `${PV}/pv`);
    expect(await site.finalizers(`${PV}/pv`)).toBe('gone');
    expect(site.deleted).toEqual([]);
  });

  it('that is deleted with the policy Delete takes its data with it', async () => {
    const finalizers = [PROVISIONER, PV_PROTECTION];
    const site = await aSite({ persistentvolumes: [aVolume('Delete', 'Released', finalizers)] });
    await site.client.send('DELETE', `${PV}/pv`);
    expect(await site.finalizers(`${PV}/pv`)).toBe('gone');
    expect(site.deleted).toEqual(['PersistentVolume pv']);
  });

  it('that no provisioner guards leaves its data where it is', async () => {
    const site = await aSite({
      persistentvolumes: [aVolume('Delete', 'Released', [PV_PROTECTION])],
    });
    await site.client.send('DELETE', `${PV}/pv`);
    expect(await site.finalizers(`${PV}/pv`)).toBe('gone');
    expect(site.deleted).toEqual([]);
  });

  it('that gets the policy Delete back while nobody holds it is deleted, data and all', async () => {
    const site = await aSite({
      persistentvolumes: [aVolume('Retain', 'Released', [PV_PROTECTION])],
    });
    await site.toPolicy('Delete');
    expect(await site.finalizers(`${PV}/pv`)).toBe('gone');
    expect(site.deleted).toEqual(['PersistentVolume pv']);
  });

  it('stays with the finalizers of a driver that is not there, or does not act', async () => {
    for (const cripple of ['driver', 'controllers'] as const) {
      const finalizers = [PROVISIONER, ATTACHER];
      const site = await aSite({
        persistentvolumes: [aVolume('Delete', 'Released', finalizers)],
        ...(cripple === 'driver' ? { csidrivers: [] } : {}),
      });
      site.client.lab.faults.controllersStopped = cripple === 'controllers';
      await site.client.send('DELETE', `${PV}/pv`);
      expect(await site.finalizers(`${PV}/pv`)).toEqual(finalizers);
      expect(site.deleted).toEqual([]);
    }
  });

  it('is let go by its attacher once no node has it, in a later request', async () => {
    const attachment = anObject('VolumeAttachment', 'csi-a', {
      apiVersion: 'storage.k8s.io/v1',
      metadata: { finalizers: [ATTACHER] },
      spec: { attacher: DRIVER, source: { persistentVolumeName: 'pv' } },
    });
    const site = await aSite({
      persistentvolumes: [aVolume('Retain', 'Released', [ATTACHER])],
      volumeattachments: [attachment],
    });
    await site.client.send('DELETE', `${PV}/pv`);
    expect(await site.finalizers(`${PV}/pv`)).toEqual([ATTACHER]);
    await site.client.send('DELETE', `${ATTACHMENTS}/csi-a`);
    expect(await site.finalizers(`${ATTACHMENTS}/csi-a`)).toBe('gone');
    expect(await site.finalizers(`${PV}/pv`)).toBe('gone');
  });

  it.each([
    ['names no claim by uid', { namespace: 'media', name: 'data' }, 'Available'],
    ['names a claim that is there', { uid: 'uid-data' }, 'Bound'],
    ['names a claim that is gone', { uid: 'uid-gone' }, 'Released'],
  ])('that is created and %s has the phase that follows', async (_, claimRef, phase) => {
    const claim = anObject('PersistentVolumeClaim', 'data', { namespace: 'media' });
    const site = await aSite({ persistentvolumeclaims: [claim] });
    const spec = { persistentVolumeReclaimPolicy: 'Retain', csi: { driver: DRIVER }, claimRef };
    await site.client.send('POST', PV, anObject('PersistentVolume', 'pv', { spec }));
    expect((await site.client.get(`${PV}/pv`)).body.status).toEqual({ phase });
  });
});

describe('a snapshot content', () => {
  it('that is deleted takes its snapshot with it where its policy says so', async () => {
    for (const [policy, deleted] of [
      ['Delete', ['VolumeSnapshotContent content']],
      ['Retain', []],
    ] as const) {
      const site = await aSite({ volumesnapshotcontents: [aContent(policy)] });
      await site.client.send('DELETE', `${CONTENTS}/content`);
      expect(await site.finalizers(`${CONTENTS}/content`)).toBe('gone');
      expect(site.deleted).toEqual(deleted);
    }
  });

  it('stays while its VolumeSnapshot is there', async () => {
    const snapshot = anObject('VolumeSnapshot', 'snap', { namespace: 'media' });
    const site = await aSite({
      volumesnapshotcontents: [aContent('Delete')],
      volumesnapshots: [snapshot],
    });
    await site.client.send('DELETE', `${CONTENTS}/content`);
    expect(await site.finalizers(`${CONTENTS}/content`)).toEqual([BOUND_PROTECTION]);
    expect(site.deleted).toEqual([]);
  });

  it('that is created for a snapshot is ready at once', async () => {
    const site = await aSite({});
    await site.client.send('POST', CONTENTS, aContent('Retain', { snapshotHandle: 'pv@s' }));
    const { body } = await site.client.get(`${CONTENTS}/content`);
    expect(body.status).toEqual({ snapshotHandle: 'pv@s', readyToUse: true });
  });
});

it('what the world brings along is as it is', async () => {
  const stuck = aVolume('Delete', 'Released', [PROVISIONER]);
  stuck.metadata.deletionTimestamp = '2026-11-01T00:00:00Z';
  const site = await aSite({ persistentvolumes: [stuck] });
  await site.client.get('/version');
  expect(await site.finalizers(`${PV}/pv`)).toEqual([PROVISIONER]);
  expect(site.deleted).toEqual([]);
});

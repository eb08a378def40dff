import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeVolumeSnapshot,
  decodeVolumeSnapshotClass,
  decodeVolumeSnapshotContent,
} from '../../../src/lib/adapters/kubernetes/decode-snapshots.ts';
import { type JsonRecord } from '../../../src/lib/adapters/kubernetes/json.ts';

function recorded(name: string): readonly JsonRecord[] {
  const url = new URL(`../../fixtures/real-chain/k8s-${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { items: JsonRecord[] }).items;
}

const metadata = { name: 'a', uid: 'u', namespace: 'n' };

describe('decodeVolumeSnapshotContent', () => {
  it('reads a content as the real driver made it', () => {
    const [item] = recorded('volumesnapshotcontents');
    expect(decodeVolumeSnapshotContent(item ?? {}, 'prod')).toMatchObject({
      name: 'snapcontent-078da621-174f-43cc-ba82-3a4bf5254a66',
      namespace: null,
      driver: 'org.democratic-csi.nfs',
      deletionPolicy: 'Delete',
      snapshotHandle:
        'pvc-ea8c4718-f0d0-4a17-acb6-4d960114862d@snapshot-078da621-174f-43cc-ba82-3a4bf5254a66',
      volumeHandle: 'pvc-ea8c4718-f0d0-4a17-acb6-4d960114862d',
      snapshot: {
        namespace: 'media',
        name: 'jellyfin-before-upgrade',
        uid: '078da621-174f-43cc-ba82-3a4bf5254a66',
      },
      readyToUse: true,
      restoreSize: { bytes: 98_304, approximate: false },
    });
  });

  it('takes the handle of a content made by hand from its source', () => {
    const spec = { driver: 'd', source: { snapshotHandle: 'vol@snap' } };
    expect(decodeVolumeSnapshotContent({ metadata, spec }, 'prod')).toMatchObject({
      deletionPolicy: 'Retain',
      snapshotHandle: 'vol@snap',
      volumeHandle: null,
      snapshot: null,
      snapshotClass: null,
      readyToUse: null,
      restoreSize: null,
      error: null,
    });
  });

  it('reads its class and its last error', () => {
    const spec = { driver: 'd', volumeSnapshotClassName: 'nfs' };
    const status = { error: { message: 'busy' } };
    expect(decodeVolumeSnapshotContent({ metadata, spec, status }, 'prod')).toMatchObject({
      snapshotClass: 'nfs',
      error: { message: 'busy', since: null },
    });
  });

  it.each([[{ metadata }], [{ spec: { driver: 'd' } }]])('cannot read %j', (item) => {
    expect(decodeVolumeSnapshotContent(item, 'prod')).toBeUndefined();
  });
});

describe('decodeVolumeSnapshot', () => {
  it('reads the snapshots of the recorded chain', () => {
    const [item] = recorded('volumesnapshots');
    const snapshot = decodeVolumeSnapshot(item ?? {}, 'prod');
    expect(snapshot?.contentName).toMatch(/^snapcontent-/);
    expect(snapshot?.sourceClaim).not.toBeNull();
    expect(snapshot?.readyToUse).toBe(true);
    expect(snapshot?.snapshotClass).toMatch(/./);
    expect(snapshot?.error).toBeNull();
  });

  it('reads one that was bound to its content by hand', () => {
    const spec = { source: { volumeSnapshotContentName: 'content' } };
    expect(decodeVolumeSnapshot({ metadata, spec }, 'prod')).toMatchObject({
      contentName: 'content',
      sourceClaim: null,
      readyToUse: null,
    });
  });

  it('reads the last error of one that is not made', () => {
    const status = { error: { message: 'no such volume', time: '2026-11-01T00:00:00Z' } };
    expect(decodeVolumeSnapshot({ metadata, status }, 'prod')?.error).toEqual({
      message: 'no such volume',
      since: new Date('2026-11-01T00:00:00Z'),
    });
  });

  it('cannot read one without a namespace', () => {
    expect(decodeVolumeSnapshot({ metadata: { name: 'a', uid: 'u' } }, 'prod')).toBeUndefined();
  });
});

describe('decodeVolumeSnapshotClass', () => {
  it('reads the classes of the recorded chain', () => {
    const classes = recorded('volumesnapshotclasses');
    expect(classes.length).toBeGreaterThan(0);
    for (const item of classes) {
      expect(decodeVolumeSnapshotClass(item, 'prod')).toMatchObject({
        driver: item['driver'],
        deletionPolicy: item['deletionPolicy'],
      });
    }
  });

  it.each([
    [{}, false],
    [{ detachedSnapshots: 'false' }, false],
    [{ detachedSnapshots: 'true' }, true],
    [{ 'democratic-csi.org/org.x/detachedSnapshots': 'true' }, true],
  ])('tells by %j that it makes detached copies: %s', (parameters, detached) => {
    const item = { metadata, driver: 'd', parameters };
    expect(decodeVolumeSnapshotClass(item, 'prod')).toMatchObject({ detached });
  });

  it('keeps the names of all parameters, and the values of none', () => {
    const parameters = { detachedSnapshots: 'true', password: 'PLANTED' };
    const decoded = decodeVolumeSnapshotClass({ metadata, driver: 'd', parameters }, 'prod');
    expect(decoded?.parameterNames).toEqual(['detachedSnapshots', 'password']);
    expect(JSON.stringify(decoded)).not.toContain('PLANTED');
  });

  it.each([
    [{ 'snapshot.storage.kubernetes.io/is-default-class': 'true' }, true],
    [{ 'snapshot.storage.kubernetes.io/is-default-class': 'false' }, false],
    [{}, false],
  ])('with %j is the default: %s', (annotations, isDefault) => {
    const item = { metadata: { ...metadata, annotations }, driver: 'd' };
    expect(decodeVolumeSnapshotClass(item, 'prod')).toMatchObject({ isDefault });
  });

  it.each([[{ metadata }], [{ driver: 'd' }]])('cannot read %j', (item) => {
    expect(decodeVolumeSnapshotClass(item, 'prod')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { type NasChange } from '../../../src/lib/core/cleanup/change.ts';
import { openChangingLab } from './changing-lab.ts';
import { type LogLine, patient } from './fake-nas.ts';
import { aSystem } from './lab-system.ts';

const CHANGES: readonly NasChange[] = [
  { type: 'set-enabled', kind: 'nfs-share', id: 1, enabled: false },
  { type: 'delete-object', kind: 'iscsi-mapping', id: 7 },
  { type: 'set-mark', dataset: 'tank/k8s/pvc-1', mark: null },
  { type: 'delete-snapshot', snapshot: 'tank/a@b' },
  { type: 'destroy-dataset', dataset: 'tank/a' },
  { type: 'destroy-dataset', dataset: 'tank/b' },
];

const SNAPSHOT_DELETE = {
  '25.04': 'zfs.snapshot.delete',
  '25.10': 'pool.snapshot.delete',
  '26': 'zfs.resource.snapshot.destroy',
};

describe.each(['25.04', '25.10', '26'] as const)('on TrueNAS %s', (version) => {
  const lackingWith = async (roles: string[], changes = CHANGES) => {
    const { writer } = await openChangingLab(aSystem(version, roles));
    return await writer.lacking(changes, patient());
  };

  it('nothing is lacking to a full administrator, nor for no change at all', async () => {
    expect(await lackingWith(['FULL_ADMIN'])).toEqual([]);
    expect(await lackingWith(['READONLY_ADMIN'], [])).toEqual([]);
  });

  it('each role is named that a reader does not have', async () => {
    expect(await lackingWith(['READONLY_ADMIN'])).toEqual([
      'sharing.nfs.update needs the role SHARING_NFS_WRITE, which monitor does not have',
      'iscsi.targetextent.delete needs the role SHARING_ISCSI_TARGETEXTENT_WRITE, which monitor does not have',
      'pool.dataset.update needs the role DATASET_WRITE, which monitor does not have',
      `${SNAPSHOT_DELETE[version]} needs the role SNAPSHOT_DELETE, which monitor does not have`,
      'pool.dataset.delete needs the role DATASET_DELETE, which monitor does not have',
    ]);
  });

  it('the right to destroy is in no role but its own', async () => {
    expect(await lackingWith(['SHARING_ADMIN', 'REPLICATION_ADMIN'])).toEqual([
      `${SNAPSHOT_DELETE[version]} needs the role SNAPSHOT_DELETE, which monitor does not have`,
      'pool.dataset.delete needs the role DATASET_DELETE, which monitor does not have',
    ]);
    const enough = ['SHARING_ADMIN', 'SNAPSHOT_DELETE', 'DATASET_DELETE'];
    expect(await lackingWith(enough)).toEqual([]);
  });

  it('what nobody tells is not lacking, and is logged', async () => {
    const log: LogLine[] = [];
    const faults = { deniedMethods: ['auth.me', 'core.get_methods'] };
    const { writer } = await openChangingLab(aSystem(version, ['READONLY_ADMIN']), faults, {}, log);
    expect(await writer.lacking(CHANGES, patient())).toEqual([]);
    expect(log).toContainEqual({
      level: 'debug',
      message: 'nobody tells whether this may be called',
    });
  });

  it('roles suffice for what they are asked for', async () => {
    const roles = ['READONLY_ADMIN', 'DATASET_DELETE', 'SNAPSHOT_DELETE', 'SHARING_NFS_WRITE'];
    const { writer, lab } = await openChangingLab(aSystem(version, roles));
    const of = (change: NasChange) => writer.send(change, patient());
    expect(await of({ type: 'destroy-dataset', dataset: 'tank/k8s/clone of 1' })).toMatchObject({
      state: 'answered',
    });
    const snapshot = 'fast/vols/pvc-2@auto-2026-10-02';
    expect(await of({ type: 'delete-snapshot', snapshot })).toMatchObject({ state: 'answered' });
    const before = structuredClone(lab.system);
    expect(await of({ type: 'set-mark', dataset: 'tank/k8s', mark: 'x' })).toMatchObject({
      state: 'refused',
    });
    expect(lab.system).toEqual(before);
  });
});

describe('over REST', () => {
  it('a key of 24.10 is held to its own list', async () => {
    const { writer } = await openChangingLab(aSystem('24.10', ['READONLY_ADMIN']));
    expect(await writer.lacking(CHANGES, patient())).toEqual([
      'API key 3 may not PUT /sharing/nfs/id/1',
      'API key 3 may not DELETE /iscsi/targetextent/id/7',
      'API key 3 may not PUT /pool/dataset/id/tank%2Fk8s%2Fpvc-1',
      'API key 3 may not DELETE /zfs/snapshot/id/tank%2Fa%40b',
      'API key 3 may not DELETE /pool/dataset/id/tank%2Fb',
    ]);
    const full = await openChangingLab(aSystem('24.10'));
    expect(await full.writer.lacking(CHANGES, patient())).toEqual([]);
  });

  it.each(['25.04', '25.10'] as const)('whoever may read at all on %s lacks nothing', async (v) => {
    const { writer } = await openChangingLab(aSystem(v), {}, { transport: 'rest' });
    expect(await writer.lacking(CHANGES, patient())).toEqual([]);
    const other = await openChangingLab(aSystem(v, ['READONLY_ADMIN']), {}, { transport: 'rest' });
    await expect(other.writer.lacking(CHANGES, patient())).rejects.toMatchObject({
      code: 'TRUENAS_FORBIDDEN',
    });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { closeLabs, login, loginLegacy, startLab } from './client.ts';

afterEach(closeLabs);

async function open(version: TrueNasVersion, faults: TrueNasFaults = {}) {
  const lab = await startLab(version, faults);
  const rpc = await (version === '24.10' ? loginLegacy(lab) : login(lab));
  const has = (id: string) =>
    [...lab.system.datasets, ...lab.system.snapshots].some((item) => item.id === id);
  return {
    lab,
    rpc,
    has,
    service: version === '24.10' || version === '25.04' ? 'zfs.snapshot' : 'pool.snapshot',
  };
}

describe.each(['25.04', '25.10', '26'] as const)('deleting on %s', (version) => {
  it('says that a missing dataset does not exist, with a null attribute', async () => {
    const { rpc } = await open(version);
    expect((await rpc.call('pool.dataset.delete', ['tank/none'])).error).toMatchObject({
      code: -32602,
      data: { error: 22, extra: [[null, 'PoolDataset tank/none does not exist', 2]] },
    });
  });

  it('refuses a dataset with children before touching anything', async () => {
    const { rpc, lab } = await open(version);
    expect((await rpc.call('pool.dataset.delete', ['tank/k8s'])).error?.data).toMatchObject({
      errname: 'ENOTEMPTY',
    });
    expect(lab.system.nfsShares).toHaveLength(3);
  });

  it('removes what is enabled on a dataset before it fails on snapshots', async () => {
    const { rpc, lab, has } = await open(version);
    const { error } = await rpc.call('pool.dataset.delete', ['tank/k8s/a', {}]);
    expect([error?.code, error?.data?.error]).toEqual(
      version === '26' ? [-32602, 22] : [-32001, 14],
    );
    expect(lab.system.nfsShares.map(({ id }) => id)).toEqual([2, 3]);
    expect(lab.system.smbShares).toEqual([]);
    expect(has('tank/k8s/a')).toBe(true);
  });

  it('takes extents, mappings and empty targets along, whatever sessions are open', async () => {
    const { rpc, lab } = await open(version);
    await rpc.call('pool.dataset.delete', ['tank/k8s/b']);
    expect(lab.system.iscsiExtents.map(({ id }) => id)).toEqual([2]);
    expect([
      lab.system.iscsiTargets,
      lab.system.iscsiTargetExtents,
      lab.system.nvmetNamespaces,
    ]).toEqual([[], [], []]);
  });

  it('treats clones outside and holds as this version does in a recursive delete', async () => {
    const { rpc, has } = await open(version);
    const clone = await rpc.call('pool.dataset.delete', ['tank/k8s/a', { recursive: true }]);
    expect([clone.result, has('tank/k8s/a'), has('tank/k8s/clone')]).toEqual(
      version === '26' ? [true, false, false] : [undefined, true, true],
    );
    const held = await rpc.call('pool.dataset.delete', ['tank/k8s/b', { recursive: true }]);
    expect([held.result, has('tank/k8s/b')]).toEqual(
      version === '26' ? [true, false] : [undefined, true],
    );
  });

  it('raises a busy dataset, or hides it', async () => {
    const { rpc, has } = await open(version, { busyDatasets: ['tank/k8s/clone'] });
    const { result, error } = await rpc.call('pool.dataset.delete', [
      'tank/k8s/clone',
      { force: true },
    ]);
    expect([result, error?.data?.errname]).toEqual(
      version === '26' ? [true, undefined] : [undefined, 'EBUSY'],
    );
    expect(has('tank/k8s/clone')).toBe(true);
    const tree = await rpc.call('pool.dataset.delete', ['tank/k8s', { recursive: true }]);
    expect(tree.result).toBe(version === '26' ? true : undefined);
    expect(has('tank/k8s')).toBe(true);
  });

  it('deletes nothing where deletions lie', async () => {
    const { rpc, lab, service } = await open(version, { deletesLie: true });
    const before = JSON.stringify(lab.system);
    for (const [method, params] of [
      ['pool.dataset.delete', ['tank/k8s/clone']],
      [`${service}.delete`, ['tank/k8s/a@s1']],
      ['sharing.nfs.delete', [1]],
      ['iscsi.target.delete', [1, true]],
      ['iscsi.extent.delete', [1, false, true]],
      ['iscsi.targetextent.delete', [1, true]],
    ] as const) {
      expect(await rpc.value(method, [...params])).toBe(true);
    }
    expect(JSON.stringify(lab.system)).toBe(before);
  });

  it('keeps the root of a pool', async () => {
    const { rpc, has } = await open(version);
    const { error } = await rpc.call('pool.dataset.delete', ['tank', { recursive: true }]);
    expect(error?.code).toBe(version === '26' ? -32602 : -32001);
    expect(has('tank')).toBe(true);
  });

  it('refuses snapshots with clones and holds, each in its way', async () => {
    const { rpc, service } = await open(version);
    const clone = await rpc.call(`${service}.delete`, ['tank/k8s/a@s1']);
    expect(clone.error?.data?.extra).toMatchObject(
      version === '26'
        ? [['zfs.resource.snapshot.destroy', expect.anything(), 16]]
        : [['options.defer', expect.anything(), 22]],
    );
    const held = await rpc.call(`${service}.delete`, ['tank/k8s/b@held']);
    expect([held.error?.code, held.error?.data?.error]).toEqual(
      version === '26' ? [-32602, 22] : [-32001, 14],
    );
    const missing = await rpc.call(`${service}.delete`, ['tank/k8s/b@none']);
    expect(missing.error?.data?.extra).toMatchObject([[null, expect.anything(), 2]]);
  });

  it('defers until the last hold and clone are gone', async () => {
    const { rpc, has, service } = await open(version);
    expect(await rpc.value(`${service}.delete`, ['tank/k8s/b@held', { defer: true }])).toBe(true);
    expect(has('tank/k8s/b@held')).toBe(true);
    await rpc.value(`${service}.release`, ['tank/k8s/b@held']);
    expect(has('tank/k8s/b@held')).toBe(false);
    await rpc.value(`${service}.delete`, ['tank/k8s/a@s1', { defer: true }]);
    await rpc.value('pool.dataset.delete', ['tank/k8s/clone']);
    expect(has('tank/k8s/a@s1')).toBe(false);
  });

  it('gives back what only a snapshot held', async () => {
    const { rpc, lab, service } = await open(version);
    const heldBy = (id: string) => lab.system.datasets.find((each) => each.id === id);
    expect(heldBy('tank/k8s/a')?.usedbysnapshots).toBe(100);
    await rpc.value('pool.dataset.delete', ['tank/k8s/clone']);
    await rpc.value(`${service}.delete`, ['tank/k8s/a@s1']);
    expect(heldBy('tank/k8s/a')?.usedbysnapshots).toBe(0);
    expect(heldBy('tank/k8s/b')?.usedbysnapshots).toBe(100);
  });

  it('takes and holds snapshots, all below included', async () => {
    const { rpc, has, service } = await open(version);
    await rpc.value(`${service}.create`, [
      { dataset: 'tank/k8s', name: 'n', recursive: true, properties: { 'a:b': '1' } },
    ]);
    expect(has('tank/k8s/b@n')).toBe(true);
    await rpc.value(`${service}.hold`, ['tank/k8s@n', { recursive: true }]);
    const again = await rpc.call(`${service}.create`, [{ dataset: 'tank/k8s', name: 'n' }]);
    expect(again.error?.data?.extra).toMatchObject([[expect.anything(), expect.anything(), 17]]);
    const gone = await rpc.call(`${service}.delete`, ['tank/k8s@n', { recursive: true }]);
    expect([gone.result, has('tank/k8s/b@n')]).toEqual(
      version === '26' ? [true, false] : [undefined, true],
    );
  });

  it('refuses iSCSI objects in use unless forced, with EFAULT', async () => {
    const { rpc, lab } = await open(version);
    for (const [method, text] of [
      ['iscsi.target.delete', 'Target b is in use.'],
      ['iscsi.extent.delete', 'Associated target(s) b is in use.'],
      ['iscsi.targetextent.delete', 'Associated target b is in use.'],
    ] as const) {
      expect((await rpc.call(method, [1])).error?.data).toMatchObject({
        error: 14,
        reason: `[EFAULT] ${text}`,
      });
    }
    expect(await rpc.value('iscsi.extent.delete', [2])).toBe(true);
    expect(await rpc.value('iscsi.target.delete', [1, true, true])).toBe(true);
    expect([
      lab.system.iscsiTargets,
      lab.system.iscsiExtents,
      lab.system.iscsiTargetExtents,
    ]).toEqual([[], [], []]);
  });

  it('creates and changes shares and iSCSI objects', async () => {
    const { rpc } = await open(version);
    expect(await rpc.value('sharing.nfs.create', [{ path: '/mnt/tank/k8s' }])).toMatchObject({
      id: 4,
      enabled: true,
    });
    expect((await rpc.call('sharing.nfs.create', [{ path: '/elsewhere' }])).error?.code).toBe(
      -32602,
    );
    expect(await rpc.value('sharing.smb.create', [{ path: '/mnt/tank/k8s' }])).toMatchObject({
      name: 'k8s',
    });
    expect(await rpc.value('sharing.smb.update', [1, { enabled: false }])).toMatchObject({
      enabled: false,
    });
    expect(
      await rpc.value('iscsi.target.create', [{ name: 't', groups: [{ portal: 1 }] }]),
    ).toMatchObject({ id: 2 });
    expect(
      await rpc.value('iscsi.extent.create', [
        { name: 'e', type: 'DISK', disk: 'zvol/tank/k8s/b' },
      ]),
    ).toMatchObject({ id: 3, type: 'DISK' });
    expect(await rpc.value('iscsi.extent.update', [3, { enabled: false }])).toMatchObject({
      enabled: false,
      name: 'e',
    });
    expect(await rpc.value('iscsi.targetextent.create', [{ target: 2, extent: 3 }])).toMatchObject({
      id: 2,
      lunid: 0,
    });
    for (const [method, data] of [
      ['iscsi.targetextent.create', { target: 9, extent: 3 }],
      ['iscsi.targetextent.create', { target: 2, extent: 9 }],
      ['iscsi.extent.create', { name: 'x' }],
      ['iscsi.extent.create', {}],
      ['iscsi.target.create', {}],
      ['sharing.nfs.create', { path: 1 }],
      ['sharing.nfs.create', { path: '/mnt/tank', enabled: 1 }],
    ] as const) {
      expect((await rpc.call(method, [data])).error?.code).toBe(-32602);
    }
  });
});

describe('what only some versions have', () => {
  it('renames on 25.10, and leaves what points at the old path dangling', async () => {
    const { rpc, lab, has } = await open('25.10');
    const rename = (id: string, data: object) => rpc.call('pool.dataset.rename', [id, data]);
    for (const data of [
      { new_name: 'tank/new' },
      { new_name: 'tank/k8s/b', force: true },
      { new_name: 'tank/none/x', force: true },
    ]) {
      expect((await rename('tank/k8s/a', data)).error?.code).toBe(-32602);
    }
    expect(
      (await rename('tank/secret', { new_name: 'tank/s', force: true })).error?.data?.error,
    ).toBe(205);
    expect(
      (await rename('tank/k8s/a', { new_name: 'tank/new', force: true })).error,
    ).toBeUndefined();
    expect([has('tank/new@s1'), has('tank/k8s/a')]).toEqual([true, false]);
    expect(lab.system.datasets.find(({ id }) => id === 'tank/k8s/clone')?.origin).toBe(
      'tank/new@s1',
    );
    expect(lab.system.nfsShares[0]?.path).toBe('/mnt/tank/k8s/a');
    const create = (data: object) => rpc.call('pool.dataset.create', [data]);
    expect((await create({ name: 'tank/v', type: 'VOLUME' })).error?.code).toBe(-32602);
    expect((await create({ name: 'none/v' })).error?.code).toBe(-32602);
    expect((await create({ name: 'tank/no/v' })).error?.code).toBe(-32602);
    expect((await create({ name: 'tank/v', type: 'VOLUME', volsize: 4096 })).result).toMatchObject({
      refreservation: { parsed: 4096 },
    });
    expect((await rpc.call('pool.dataset.update', ['tank/v', { volsize: 1 }])).error?.code).toBe(
      -32602,
    );
    expect(
      (await rpc.call('pool.dataset.update', ['tank/v', { refquota: null, comments: 'c' }])).result,
    ).toMatchObject({ user_properties: { comments: { value: 'c' } } });
    expect(
      (
        await rpc.call('pool.dataset.update', [
          'tank/v',
          { user_properties: [{ key: 'x', value: '' }] },
        ])
      ).error?.code,
    ).toBe(-32602);
  });

  it('destroys through zfs.resource on 26, and says where it fails', async () => {
    const { rpc, has, lab } = await open('26', { busyDatasets: ['tank/k8s/clone'] });
    const destroy = (data: object) => rpc.call('zfs.resource.destroy', [data]);
    for (const path of [
      'tank',
      'tank/k8s',
      'tank/k8s/a',
      'tank/none',
      'tank/k8s/a@s1',
      'tank/.system',
      'tank/k8s/clone',
    ]) {
      expect((await destroy({ path })).error?.code).toBe(-32602);
    }
    expect(
      (await destroy({ path: 'tank/k8s/a', recursive: true })).error?.data?.extra,
    ).toMatchObject([['zfs.resource.destroy', expect.anything(), 16]]);
    expect((await rpc.call('pool.dataset.delete', ['tank/.system'])).error?.code).toBe(-32602);
    expect((await destroy({ path: 'tank/secret' })).result).toBeNull();
    expect(has('tank/secret')).toBe(false);
    const snapshot = (method: string, data: object) =>
      rpc.call(`zfs.resource.snapshot.${method}`, [data]);
    expect(
      (await snapshot('destroy', { path: 'tank/k8s/a@s1', recursive: true })).error?.data?.extra,
    ).toMatchObject([[expect.anything(), expect.anything(), 16]]);
    lab.faults.busyDatasets = [];
    for (const path of ['tank/k8s/a', 'tank/none@x', 'tank/.system@x']) {
      expect((await snapshot('destroy', { path })).error?.code).toBe(-32602);
    }
    expect(
      (await snapshot('destroy', { path: 'tank/none', all_snapshots: true })).error?.code,
    ).toBe(-32602);
    expect((await snapshot('holds', { path: 'tank/k8s/b@held' })).result).toEqual([
      'backup',
      'truenas',
    ]);
    expect(
      (await snapshot('release', { path: 'tank/k8s/b@held', tag: 'backup' })).result,
    ).toBeNull();
    expect((await snapshot('hold', { path: 'tank/k8s/b@held', tag: 'mine' })).result).toBeNull();
    expect(
      (await snapshot('create', { dataset: 'tank', name: 'x', user_properties: { 'a:b': '1' } }))
        .result,
    ).toMatchObject({ user_properties: { 'a:b': '1' } });
    expect((await snapshot('count', { recursive: true })).result).toEqual({
      tank: 1,
      'tank/k8s/a': 1,
      'tank/k8s/b': 1,
    });
    expect(
      (await snapshot('query', { paths: ['tank/k8s/b@held'], get_holds: true, properties: null }))
        .result,
    ).toMatchObject([{ holds: ['truenas', 'mine'], properties: null }]);
    expect(
      (await snapshot('query', { recursive: true, min_txg: 250, max_txg: 300 })).result,
    ).toHaveLength(1);
    expect((await snapshot('query', { paths: ['tank/none'] })).error?.data?.extra).toMatchObject([
      [expect.anything(), expect.anything(), 2],
    ]);
    expect(
      (await snapshot('destroy', { path: 'tank', recursive: true, all_snapshots: true })).result,
    ).toBeNull();
    expect(lab.system.snapshots.map(({ id }) => id)).toEqual(['gone/x@s1']);
    expect(has('tank/k8s/clone')).toBe(false);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { type LabSystem } from '../../../src/lib/lab/scenario/world.ts';
import { aSystem, closeLabs, login, loginLegacy, startLab } from './client.ts';

afterEach(closeLabs);

async function open(
  version: LabSystem['version'],
  prepare: (system: LabSystem) => void = () => undefined,
  faults: TrueNasFaults = {},
) {
  const system = aSystem(version);
  prepare(system);
  const lab = await startLab(version, faults, system);
  return { lab, rpc: await (version === '24.10' ? loginLegacy(lab) : login(lab)) };
}

describe.each(['24.10', '25.04', '25.10', '26'] as const)('what is written on %s', (version) => {
  const isNew = version === '25.10' || version === '26';

  it.each([
    ['sharing.nfs', { path: '/mnt/tank/k8s', locked: false }],
    ['sharing.nfs', { path: '/mnt/tank/k8s', quiet: true }],
    ['sharing.smb', { path: '/mnt/tank/k8s', id: 7 }],
    ['sharing.smb', { path: '/mnt/tank/k8s', [isNew ? 'ro' : 'readonly']: true }],
    ['iscsi.target', { name: 't', rel_tgt_id: 3 }],
    ['iscsi.extent', { name: 'x', disk: 'zvol/tank/k8s/c', naa: '0x1' }],
    ['iscsi.targetextent', { id: 3, target: 1, extent: 1 }],
    ...(isNew
      ? ([
          ['nvmet.subsys', { name: 's', serial: '1' }],
          ['nvmet.namespace', { subsys: { id: 1 }, device_path: 'zvol/tank/z' }],
        ] as const)
      : []),
  ] as const)('takes no field of %s that is none to write: %o', async (service, data) => {
    const { lab, rpc } = await open(version);
    const before = structuredClone(lab.system);
    const { error } = await rpc.call(`${service}.create`, [data]);
    expect(JSON.stringify(error)).toContain('Extra inputs are not permitted');
    expect((await rpc.call(`${service}.update`, [1, data])).error).toBeDefined();
    expect(lab.system).toEqual(before);
  });

  it('is told again, also where it means nothing to the lab', async () => {
    const { rpc } = await open(version);
    const nfs = { path: '/mnt/tank/k8s', maproot_user: 'root', hosts: ['a'], networks: ['b'] };
    expect(await rpc.value('sharing.nfs.create', [nfs])).toMatchObject(nfs);
    const smb = { path: '/mnt/tank/k8s', name: 'n', [isNew ? 'readonly' : 'ro']: true };
    expect(await rpc.value('sharing.smb.create', [smb])).toMatchObject(smb);
    const extent = { name: 'x', disk: 'zvol/tank/k8s/b', serial: 'abc', blocksize: 4096 };
    const made = await rpc.value<{ id: number }>('iscsi.extent.create', [extent]);
    expect(made).toMatchObject(extent);
    expect(await rpc.value('iscsi.extent.update', [made.id, { enabled: false }])).toMatchObject({
      ...extent,
      enabled: false,
    });
  });

  it('changes nothing else of an object', async () => {
    const { lab, rpc } = await open(version);
    const [share] = structuredClone(lab.system.nfsShares);
    await rpc.value('sharing.nfs.update', [1, { enabled: false }]);
    expect(lab.system.nfsShares[0]).toEqual({ ...share, enabled: false });
  });

  it('is lost with its request, or with its answer', async () => {
    const { lab, rpc } = await open(version, () => undefined, {
      lostRequests: ['sharing.nfs.delete'],
    });
    await expect(
      Promise.race([
        rpc.call('sharing.nfs.delete', [1]),
        new Promise((_resolve, reject) => setTimeout(reject, 200, new Error('nothing'))),
      ]),
    ).rejects.toThrow();
    expect(lab.system.nfsShares.map(({ id }) => id)).toContain(1);
    lab.faults.lostRequests = [];
    lab.faults.dropAfterActing = ['sharing.nfs.delete'];
    const again = await (version === '24.10' ? loginLegacy(lab) : login(lab));
    await expect(
      Promise.race([
        again.call('sharing.nfs.delete', [1]),
        new Promise((_resolve, reject) => setTimeout(reject, 200, new Error('nothing'))),
      ]),
    ).rejects.toThrow();
    expect(lab.system.nfsShares.map(({ id }) => id)).not.toContain(1);
  });
});

describe.each(['25.10', '26'] as const)('NVMe-oF on %s', (version) => {
  const prepare = (system: LabSystem) => {
    system.iscsiExtents = [];
    system.nvmetSubsystems = [
      { id: 1, name: 'used', subnqn: null },
      { id: 2, name: 'shown', subnqn: null, ports: [1] },
      { id: 3, name: 'idle', subnqn: null, ports: [], hosts: [4] },
    ];
    system.nvmetNamespaces = [
      { id: 1, nsid: 1, subsystem: 1, devicePath: 'zvol/tank/k8s/b', enabled: true },
    ];
  };

  it('keeps a subsystem with namespaces or ports, unless it is forced', async () => {
    const { lab, rpc } = await open(version, prepare);
    const refusal = async (id: number, options: unknown) =>
      (await rpc.call('nvmet.subsys.delete', [id, options])).error?.data?.reason;
    expect(await refusal(1, { force: false })).toContain('contains 1 namespace: 1');
    expect(await refusal(2, {})).toContain('visible on 1 port');
    expect(await rpc.value('nvmet.subsys.delete', [3])).toBe(true);
    expect(lab.system.nvmetSubsystems.map(({ id }) => id)).toEqual([1, 2]);
    expect(await rpc.value('nvmet.subsys.delete', [1, { force: true }])).toBe(true);
    expect(lab.system.nvmetNamespaces).toEqual([]);
  });

  it('makes, changes and deletes namespaces', async () => {
    const { lab, rpc } = await open(version, prepare);
    const create = async (data: object) => await rpc.call('nvmet.namespace.create', [data]);
    const device = { device_type: 'ZVOL', device_path: 'zvol/tank/k8s/c' };
    expect((await create({ ...device, subsys_id: 9 })).error?.data?.reason).toContain(
      'No subsystem with ID 9',
    );
    const taken = { ...device, device_path: 'zvol/tank/k8s/b', subsys_id: 2 };
    expect((await create(taken)).error?.data?.reason).toContain('already used by subsystem: used');
    expect((await create({ ...device, subsys_id: 1, nsid: 1 })).error?.data?.reason).toContain(
      'This record already exists',
    );
    const { result } = await create({ ...device, subsys_id: 1 });
    expect(result).toMatchObject({ id: 2, nsid: 2, enabled: true, subsys: { name: 'used' } });
    expect(await rpc.value('nvmet.namespace.update', [2, { enabled: false }])).toMatchObject({
      id: 2,
      nsid: 2,
      device_path: 'zvol/tank/k8s/c',
      enabled: false,
    });
    expect(await rpc.value('nvmet.namespace.delete', [2, { remove: false }])).toBe(true);
    expect(lab.system.nvmetNamespaces.map(({ id }) => id)).toEqual([1]);
  });

  it('shows a new subsystem on no port, and takes no name twice', async () => {
    const { lab, rpc } = await open(version, prepare);
    const made = await rpc.value('nvmet.subsys.create', [{ name: 'new', allow_any_host: false }]);
    expect(made).toMatchObject({ id: 4, name: 'new', allow_any_host: false });
    expect(lab.system.nvmetSubsystems.at(-1)?.ports).toEqual([]);
    expect((await rpc.call('nvmet.subsys.create', [{ name: 'new' }])).error).toBeDefined();
    expect((await rpc.call('nvmet.subsys.create', [{}])).error).toBeDefined();
    expect(await rpc.value('nvmet.subsys.update', [3, { name: 'other' }])).toMatchObject({ id: 3 });
    expect(lab.system.nvmetSubsystems[2]).toMatchObject({ name: 'other', ports: [], hosts: [4] });
  });

  it('lets a deletion lie', async () => {
    const { lab, rpc } = await open(version, prepare, { deletesLie: true });
    expect(await rpc.value('nvmet.namespace.delete', [1])).toBe(true);
    expect(await rpc.value('nvmet.subsys.delete', [3])).toBe(true);
    expect(lab.system.nvmetNamespaces).toHaveLength(1);
    expect(lab.system.nvmetSubsystems).toHaveLength(3);
  });
});

import { describe, expect, it } from 'vitest';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import {
  type Identity,
  type NasTarget,
  type Observed,
} from '../../../src/lib/core/cleanup/expectation.ts';
import { identityOf } from '../../../src/lib/core/cleanup/identity.ts';
import { MonitorError } from '../../../src/lib/core/model/errors.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { SCENARIOS } from '../../../src/lib/lab/scenario/registry.ts';
import { type LabSystem, type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { type ChangingLab, COMBINATIONS, openChangingLab } from './changing-lab.ts';
import { patient } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

type Kind = NasTarget['kind'];

/** By kind, what a plan would know every object of a system by: from its lists, and snapshots from a second look. */
async function listed({ reader }: ChangingLab): Promise<ReadonlyMap<Kind, readonly Identity[]>> {
  const signal = patient();
  const snapshots = await reader.list('zfsSnapshots', signal);
  const looked = await reader.lookUpSnapshots(
    snapshots.items.map(({ id }) => id),
    signal,
  );
  const of = async <S extends Parameters<typeof reader.list>[0]>(source: S) =>
    (await reader.list(source, signal)).items;
  return new Map<Kind, readonly Identity[]>([
    ['dataset', (await of('datasets')).map(identityOf.dataset)],
    ['snapshot', [...looked.found.values()].map(identityOf.snapshot)],
    ['nfs-share', (await of('nfsShares')).map(identityOf.nfsShare)],
    ['smb-share', (await of('smbShares')).map(identityOf.smbShare)],
    ['iscsi-target', (await of('iscsiTargets')).map(identityOf.iscsiTarget)],
    ['iscsi-extent', (await of('iscsiExtents')).map(identityOf.iscsiExtent)],
    ['iscsi-mapping', (await of('iscsiTargetExtents')).map(identityOf.iscsiMapping)],
    ['nvmet-subsystem', (await of('nvmetSubsystems')).map(identityOf.nvmetSubsystem)],
    ['nvmet-namespace', (await of('nvmetNamespaces')).map(identityOf.nvmetNamespace)],
  ]);
}

/** How many objects were seen, each of them as it was listed. */
async function expectSameEverywhere(opened: ChangingLab): Promise<number> {
  let count = 0;
  for (const [kind, identities] of await listed(opened)) {
    count += identities.length;
    const seen = await Promise.all(
      identities.map((identity) => {
        const where = { id: identity['id'] ?? null };
        return opened.writer.observe({ side: 'truenas', kind, where }, patient());
      }),
    );
    expect(seen.map((found) => found.map(({ identity }) => identity))).toEqual(
      identities.map((identity) => [identity]),
    );
  }
  return count;
}

function openSystem(system: LabSystem, transport: NasOptions['transport'] = 'auto') {
  const [key] = system.apiKeys;
  const apiKey = key === undefined ? KEY : `${key.id}-${key.secret}`;
  const full = {
    ...system,
    apiKeys: system.apiKeys.map((each) => ({ ...each, roles: ['FULL_ADMIN'] })),
  };
  return openChangingLab(full, {}, { transport, apiKey, username: key?.username ?? null });
}

describe('an object that is observed', () => {
  it.each(COMBINATIONS)('is known as it was listed, all over the demo on %s', async (...row) => {
    const [, version, transport] = row;
    const systems = demo.build(version).systems;
    const counts = await Promise.all(
      systems.map(async (system) => expectSameEverywhere(await openSystem(system, transport))),
    );
    expect(Math.max(...counts)).toBeGreaterThan(50);
  });

  // Each scenario on one version after the other; the demo is looked at on all of them.
  const ROWS = SCENARIOS.map((scenario, index) => {
    const { name, versions } = scenario;
    const version = versions[index % versions.length] ?? ('26' satisfies TrueNasVersion);
    return [name, version, scenario] as const;
  });

  it.each(ROWS)('is known as it was listed in %s on %s', async (_name, version, scenario) => {
    for (const system of scenario.build(version).systems)
      await expectSameEverywhere(await openSystem(system));
  });
});

describe.each(COMBINATIONS)('a writer of TrueNAS %s', (_name, version, transport) => {
  const isNew = version === '25.10' || version === '26';
  const isRest = transport === 'rest' || version === '24.10';
  const prepare = (faults: TrueNasFaults = {}) =>
    openChangingLab(aSystem(version), faults, { transport });
  const observing = async (kind: Kind, where: Identity, opened: Promise<ChangingLab> = prepare()) =>
    (await opened).writer.observe({ side: 'truenas', kind, where }, patient());
  const ids = (seen: readonly Observed[]) => seen.map(({ identity }) => identity['id']);

  it('knows every object as it was listed', async () => {
    const count = await expectSameEverywhere(await prepare());
    expect(count).toBe(isNew ? 19 : 16);
  });

  it('tells the whole row', async () => {
    const [share] = await observing('nfs-share', { id: 1 });
    expect(share?.raw).toMatchObject({
      maproot_user: null,
      security: [],
      networks: ['10.10.0.0/16'],
    });
    const [extent] = await observing('iscsi-extent', { id: 6 });
    expect(extent?.raw).toMatchObject({ blocksize: 512, rpm: 'SSD' });
    const [snapshot] = await observing('snapshot', { id: 'tank/k8s/pvc-1@snapshot-1' });
    expect(snapshot?.identity).toMatchObject({ holds: 'keep' });
    expect(snapshot?.raw).toMatchObject({ name: 'tank/k8s/pvc-1@snapshot-1' });
    const [dataset] = await observing('dataset', { id: 'tank/k8s/clone of 1' });
    expect(dataset?.identity).toMatchObject({
      mark: 'tank/k8s/clone of 1;2026-11-01;p1',
      origin: 'tank/k8s/pvc-1@snapshot-1',
    });
    expect(JSON.parse(JSON.stringify(dataset?.raw))).toEqual(dataset?.raw);
  });

  it('finds objects by what they are called', async () => {
    expect(ids(await observing('nfs-share', { path: '/mnt/tank/k8s/pvc-1' }))).toEqual([1]);
    expect(ids(await observing('smb-share', { name: 'media' }))).toEqual([4]);
    expect(
      ids(await observing('iscsi-mapping', { target_name: 'pvc-2', extent_name: 'pvc-2' })),
    ).toEqual([7]);
    expect(ids(await observing('iscsi-mapping', { target: 5, extent: 6 }))).toEqual([7]);
    expect(ids(await observing('iscsi-mapping', { target_name: 'gone' }))).toEqual([]);
    expect(ids(await observing('iscsi-target', { name: 'pvc-2', id: 5 }))).toEqual([5]);
    expect(ids(await observing('iscsi-target', { name: 'another', id: 5 }))).toEqual([]);
    expect(ids(await observing('nfs-share', { path: '/mnt/tank/none' }))).toEqual([]);
  });

  it('finds all that are called the same', async () => {
    const opened = await prepare();
    opened.lab.system.nfsShares.push({
      id: 30,
      path: '/mnt/tank/k8s/pvc-1',
      comment: '',
      enabled: false,
    });
    const where = { path: '/mnt/tank/k8s/pvc-1' };
    expect(ids(await observing('nfs-share', where, Promise.resolve(opened)))).toEqual([1, 30]);
  });

  const ABSENT: readonly (readonly [Kind, Identity])[] = [
    ['dataset', { id: 'tank/none' }],
    ['dataset', { id: 'tank/none/below' }],
    ['snapshot', { id: 'tank/k8s/pvc-1@none' }],
    ['snapshot', { id: 'tank/none@none' }],
    ['nfs-share', { id: 99 }],
    ['smb-share', { id: 99 }],
    ['iscsi-target', { id: 99 }],
    ['iscsi-extent', { id: 99 }],
    ['iscsi-mapping', { id: 99 }],
    ...(isNew
      ? ([
          ['nvmet-subsystem', { id: 99 }],
          ['nvmet-namespace', { id: 99 }],
        ] as const)
      : []),
  ];

  it.each(ABSENT)('sees that there is no %s %o', async (kind, where) => {
    expect(await observing(kind, where)).toEqual([]);
  });

  it.each<[string, Kind, Identity]>([
    ['on a pool that is not imported', 'dataset', { id: 'away/pvc-3' }],
    ['of a pool that is not imported', 'snapshot', { id: 'away/pvc-3@a' }],
    ['on a pool nobody knows', 'dataset', { id: 'other/pvc-3' }],
    ['that TrueNAS hides', 'dataset', { id: 'tank/.system/x' }],
  ])('does not call absent what is %s', async (_what, kind, where) => {
    await expect(observing(kind, where)).rejects.toThrow(MonitorError);
  });

  it.each<[string, TrueNasFaults]>([
    ['is denied', { deniedMethods: ['sharing.nfs.*', 'pool.dataset.*', 'zfs.resource.query'] }],
    [
      'fails',
      {
        errors: ['sharing.nfs.*', 'pool.dataset.*', 'zfs.resource.query'].map((method) => ({
          method,
          times: 2,
          error: { kind: 'call', errno: 14, message: 'broken' },
        })),
      },
    ],
    ['is empty where nothing may be seen', { emptyLists: ['sharing.nfs.get_instance'] }],
  ])('throws an error for people where the look %s', async (what, faults) => {
    const opened = await prepare(faults);
    const look = (kind: Kind, where: Identity) => observing(kind, where, Promise.resolve(opened));
    await expect(look('nfs-share', { id: 1 })).rejects.toThrow(MonitorError);
    if (what.startsWith('is empty')) return;
    await expect(look('dataset', { id: 'tank/none' })).rejects.toThrow(MonitorError);
  });

  it('does not pass over a row that is not understood, unless it is clearly another', async () => {
    const opened = await prepare();
    const rows = [{ id: 40, path: '/mnt/tank/odd', enabled: 'perhaps' }];
    opened.lab.system.oddRows = { 'sharing.nfs.query': rows };
    const look = (path: string) => observing('nfs-share', { path }, Promise.resolve(opened));
    expect(ids(await look('/mnt/tank/k8s/pvc-1'))).toEqual([1]);
    await expect(look('/mnt/tank/odd')).rejects.toThrow(MonitorError);
    rows.push({ id: 41, enabled: 'perhaps' } as (typeof rows)[number]);
    await expect(look('/mnt/tank/k8s/pvc-1')).rejects.toThrow(MonitorError);
  });

  it('opens a single object only', async () => {
    const { lab, writer } = await prepare();
    const from = lab.calls.length;
    const look = (kind: Kind, where: Identity) =>
      writer.observe({ side: 'truenas', kind, where }, patient());
    await look('nfs-share', { id: 1 });
    await look('dataset', { id: 'tank/k8s/pvc-1' });
    const methods = lab.calls.slice(from).map(({ method }) => method);
    expect(methods.filter((method) => !/^(?:auth|core|system)\./u.test(method))).toEqual([
      'sharing.nfs.get_instance',
      isRest ? 'pool.dataset.get_instance' : isNew ? 'zfs.resource.query' : 'pool.dataset.query',
    ]);
  });

  it('gives up when it is told to', async () => {
    const { writer } = await prepare();
    const target = { side: 'truenas', kind: 'nfs-share', where: { id: 1 } } as const;
    await expect(writer.observe(target, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { SYSTEM_SOURCES, type SystemSource } from '../../../src/lib/core/model/inventory.ts';
import {
  type LabSystem,
  TRUENAS_VERSIONS,
  type TrueNasVersion,
} from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { type NasReader } from '../../../src/lib/ports/nas.ts';
import { open, patient } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

const NOW = new Date('2026-11-22T01:02:03.000Z');

interface Opened {
  readonly lab: TrueNasLab;
  readonly nas: NasReader;
}

async function openLab(
  system: LabSystem,
  faults: TrueNasFaults = {},
  options: Partial<NasOptions> = {},
): Promise<Opened> {
  const lab = await startTrueNasLab(system, { now: () => NOW, faults });
  onTestFinished(() => lab.close());
  const nas = await open(lab.url, { apiKey: KEY, ...options });
  return { lab, nas };
}

const sorted = (items: readonly { readonly id: string | number }[]) =>
  items.map(({ id }) => id).sort();

const VISIBLE = [
  'fast',
  'fast/vols',
  'fast/vols/pvc-2',
  'tank',
  'tank/k8s',
  'tank/k8s/clone of 1',
  'tank/k8s/pvc-1',
  'tank/locked',
];

/** How many calls a lab saw for one method, or one route of REST. */
const countOf = (lab: TrueNasLab, method: string) =>
  lab.calls.filter((call) => call.method === method).length;

const COMBINATIONS: readonly (readonly [string, TrueNasVersion, NasOptions['transport']])[] = [
  ...TRUENAS_VERSIONS.map((version) => [version, version, 'auto'] as const),
  ['25.04 over REST', '25.04', 'rest'],
  ['25.10 over REST', '25.10', 'rest'],
];

describe.each(COMBINATIONS)('TrueNAS %s', (_name, version, transport) => {
  const isRest = transport === 'rest' || version === '24.10';
  const hasGuid = !isRest && (version === '25.10' || version === '26');
  const prepare = (faults: TrueNasFaults = {}) => openLab(aSystem(version), faults, { transport });

  it('says who it is', async () => {
    const { nas } = await prepare();
    expect(await nas.identify(patient())).toEqual({
      name: 'nas1',
      host: '127.0.0.1',
      hostId: 'b'.repeat(64),
      version: aSystem(version).release,
      transport: isRest ? 'rest' : 'jsonrpc',
      clock: NOW,
    });
  });

  it('lists every dataset once, with what the driver wrote', async () => {
    const { nas } = await prepare();
    const { coverage, items } = await nas.list('datasets', patient());
    expect(coverage).toEqual({ state: 'complete' });
    expect(sorted(items)).toEqual(VISIBLE);
    expect(items.find(({ id }) => id === 'tank/k8s/pvc-1')).toMatchObject({
      system: 'nas1',
      pool: 'tank',
      kind: 'filesystem',
      mountpoint: '/mnt/tank/k8s/pvc-1',
      createdAt: new Date('2026-10-01T08:00:00.000Z'),
      used: { bytes: 1_610_612_736 + 65_536, approximate: false },
      usedByDataset: { bytes: 1_610_612_736 },
      usedBySnapshots: { bytes: 65_536 },
      refquota: { bytes: 5_368_709_120 },
      volsize: null,
      origin: null,
      locked: false,
      properties: {
        csiVolumeName: 'pvc-1',
        managed: true,
        provisionSuccess: true,
        instanceId: 'prod',
        nfsShareId: '1',
        claim: { namespace: 'shop', name: 'data-0' },
      },
    });
    expect(items.find(({ id }) => id === 'fast/vols/pvc-2')).toMatchObject({
      kind: 'volume',
      mountpoint: null,
      volsize: { bytes: 10_737_418_240 },
      usedByRefreservation: { bytes: 4_096 },
      refquota: null,
    });
    expect(items.find(({ id }) => id === 'tank/k8s/clone of 1')?.origin).toBe(
      'tank/k8s/pvc-1@snapshot-1',
    );
    expect(items.filter(({ locked }) => locked).map(({ id }) => id)).toEqual(['tank/locked']);
  });

  it('tells a dataset made again from the old one, where the version can', async () => {
    const { nas, lab } = await prepare();
    const { items } = await nas.list('datasets', patient());
    const first = lab.system.datasets.find(({ id }) => id === 'tank/k8s/pvc-1');
    const seen = items.find(({ id }) => id === 'tank/k8s/pvc-1');
    expect(seen?.guid).toBe(hasGuid ? first?.guid : null);
    expect(seen?.createtxg).toBe(hasGuid ? String(first?.createtxg) : null);
  });

  it('lists snapshots by name alone', async () => {
    const { nas } = await prepare();
    const { coverage, items } = await nas.list('zfsSnapshots', patient());
    expect(coverage).toEqual({ state: 'complete' });
    expect([...items].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        system: 'nas1',
        id: 'fast/vols/pvc-2@auto-2026-10-02',
        dataset: 'fast/vols/pvc-2',
        name: 'auto-2026-10-02',
        details: null,
      },
      {
        system: 'nas1',
        id: 'tank/k8s/pvc-1@snapshot-1',
        dataset: 'tank/k8s/pvc-1',
        name: 'snapshot-1',
        details: null,
      },
    ]);
  });

  it('lists pools, shares, iSCSI objects and tasks', async () => {
    const { nas } = await prepare();
    const signal = patient();
    const lists = await Promise.all([
      nas.list('pools', signal),
      nas.list('nfsShares', signal),
      nas.list('smbShares', signal),
      nas.list('iscsiTargets', signal),
      nas.list('iscsiInitiators', signal),
      nas.list('iscsiExtents', signal),
      nas.list('iscsiTargetExtents', signal),
      nas.list('iscsiSessions', signal),
      nas.list('snapshotTasks', signal),
      nas.list('replicationTasks', signal),
    ]);
    expect(lists.map(({ coverage }) => coverage.state)).toEqual(lists.map(() => 'complete'));
    const system = 'nas1';
    expect(lists.map(({ items }) => items)).toEqual([
      [
        expect.objectContaining({
          system,
          name: 'tank',
          guid: '1',
          status: 'ONLINE',
          size: 1e12,
          allocated: 399_610_973_184,
          healthy: true,
          fragmentation: 0,
          scrub: {
            kind: 'SCRUB',
            state: 'FINISHED',
            endedAt: new Date('2026-11-17T01:02:03.000Z'),
            errors: 0,
          },
        }),
        expect.objectContaining({ system, name: 'fast', status: 'DEGRADED', healthy: false }),
      ],
      [
        {
          system,
          id: 1,
          path: '/mnt/tank/k8s/pvc-1',
          comment: 'pvc-1',
          enabled: true,
          locked: false,
          readonly: false,
          networks: ['10.10.0.0/16'],
          hosts: ['node-1'],
        },
        {
          system,
          id: 2,
          path: '/mnt/tank/locked',
          comment: '',
          enabled: false,
          locked: true,
          readonly: true,
          networks: [],
          hosts: [],
        },
      ],
      [
        {
          system,
          id: 4,
          name: 'media',
          path: '/mnt/tank/k8s',
          comment: 'films',
          enabled: true,
          locked: false,
          readonly: true,
          settings: expect.stringContaining('"purpose":"DEFAULT_SHARE"') as unknown,
        },
      ],
      [
        {
          system,
          id: 5,
          name: 'pvc-2',
          alias: 'shop',
          groups: [{ portal: 1, initiator: 3, auth: null, authMethod: 'NONE' }],
        },
      ],
      [{ system, id: 3, comment: 'nodes', initiators: ['iqn.2026-01.example:node1'] }],
      [
        {
          system,
          id: 6,
          name: 'pvc-2',
          type: 'DISK',
          path: 'zvol/fast/vols/pvc-2',
          comment: 'c',
          enabled: true,
          locked: false,
        },
      ],
      [{ system, id: 7, target: 5, extent: 6, lun: 0 }],
      [
        {
          system,
          initiator: 'iqn.2026-01.example:node1',
          target: 'iqn.2005-10.org.freenas.ctl:pvc-2',
        },
      ],
      [
        {
          system,
          id: 10,
          dataset: 'fast/vols',
          recursive: true,
          enabled: true,
          keepsFor: 14 * 86_400_000,
          naming: 'auto-%Y-%m-%d',
        },
      ],
      [
        {
          system,
          id: 11,
          name: 'offsite',
          direction: 'PULL',
          local: false,
          sources: ['fast'],
          target: 'backup/fast',
          recursive: true,
          enabled: true,
          snapshotTasks: [],
          alsoSends: ['auto-%Y-%m-%d_%H-%M'],
        },
        {
          system,
          id: 14,
          name: 'copy',
          direction: 'PUSH',
          local: true,
          sources: ['tank/k8s'],
          target: 'fast/copy',
          recursive: false,
          enabled: false,
          snapshotTasks: [10],
          alsoSends: ['daily-%Y'],
        },
      ],
    ]);
  });

  it('lists NVMe-oF namespaces, subsystems and sessions where the version has them', async () => {
    const { nas } = await prepare();
    const lists = await Promise.all([
      nas.list('nvmetNamespaces', patient()),
      nas.list('nvmetSubsystems', patient()),
      nas.list('nvmetSessions', patient()),
    ]);
    if (version === '24.10' || version === '25.04') {
      const reason = 'NVMe-oF came with TrueNAS 25.10';
      const nothing = { coverage: { state: 'not_applicable', reason }, items: [] };
      expect(lists).toEqual([nothing, nothing, nothing]);
      return;
    }
    expect(lists.map(({ coverage }) => coverage.state)).toEqual(lists.map(() => 'complete'));
    const system = 'nas1';
    expect(lists.map(({ items }) => items)).toEqual([
      [
        {
          system,
          id: 9,
          type: 'ZVOL',
          devicePath: 'zvol/fast/vols/pvc-2',
          subsystem: 'sub',
          subsystemId: 8,
          enabled: true,
          locked: false,
        },
      ],
      [
        {
          system,
          id: 8,
          name: 'sub',
          nqn: 'nqn.2026-01.example:sub',
          ports: [1, 2],
          hosts: [12],
          anyHost: false,
        },
        {
          system,
          id: 13,
          name: 'idle',
          nqn: expect.stringMatching(/^nqn\.2011-06\.com\.truenas:uuid:.*:idle$/) as unknown,
          ports: [],
          hosts: [],
          anyHost: true,
        },
      ],
      [{ system, subsystemId: 8, host: 'nqn.2014-08.example:node1' }],
    ]);
  });

  it('lists the jobs under way that are about datasets', async () => {
    const { nas } = await prepare();
    const { coverage, items } = await nas.list('runningJobs', patient());
    expect(coverage).toEqual({ state: 'complete' });
    const system = 'nas1';
    expect([...items].sort((a, b) => a.id - b.id)).toEqual([
      {
        system,
        id: 20,
        method: 'replication.run_onetime',
        datasets: ['tank/k8s/pvc-1', 'tank/new'],
      },
      { system, id: 22, method: 'replication.run', datasets: ['fast', 'backup/fast'] },
      { system, id: 23, method: 'pool.dataset.lock', datasets: ['tank/locked'] },
    ]);
  });

  it('reads what is read only, and what this tool wrote, own and inherited alike', async () => {
    const { nas } = await prepare();
    const { items } = await nas.list('datasets', patient());
    const seen = new Map(items.map((item) => [item.id, item]));
    expect(seen.get('tank/k8s/clone of 1')).toMatchObject({
      readonly: true,
      marks: { quarantined: 'tank/k8s/clone of 1;2026-11-01;p1', ignore: null },
    });
    expect(seen.get('fast/vols/pvc-2')).toMatchObject({
      readonly: false,
      marks: { quarantined: null, ignore: 'fast/vols;*' },
      properties: { owner: 'democratic-csi' },
    });
    expect(seen.get('tank/k8s')?.marks).toEqual({ quarantined: null, ignore: null });
    const found = await nas.lookUpDatasets(['tank/k8s/clone of 1'], patient());
    expect(found.found.get('tank/k8s/clone of 1')?.marks.quarantined).toContain(';p1');
  });

  it('tells a missing dataset from one that is there', async () => {
    const { nas } = await prepare();
    const ids = [
      'tank/k8s/pvc-1',
      'tank/k8s/gone',
      'nowhere/at/all',
      'tank/k8s/clone of 1',
      'tank/k8s/pvc-1',
    ];
    const result = await nas.lookUpDatasets(ids, patient());
    expect(result.coverage).toEqual({ state: 'complete' });
    expect([...result.found.keys()].sort()).toEqual(['tank/k8s/clone of 1', 'tank/k8s/pvc-1']);
    expect([...result.absent].sort()).toEqual(['nowhere/at/all', 'tank/k8s/gone']);
    expect(result.found.get('tank/k8s/pvc-1')?.properties.csiVolumeName).toBe('pvc-1');
  });

  it('tells what uses a dataset that was looked up, and not of one that was only listed', async () => {
    const { nas, lab } = await prepare();
    lab.system.otherAttachments = [
      { type: 'VM', name: 'windows-11', dataset: 'tank/k8s/pvc-1' },
      { type: 'VM', name: 'another', dataset: 'tank/other' },
    ];
    const { items } = await nas.list('datasets', patient());
    expect(items.every(({ attachments }) => attachments === null)).toBe(true);
    const result = await nas.lookUpDatasets(['tank/k8s/pvc-1', 'tank/k8s/gone'], patient());
    const used = result.found.get('tank/k8s/pvc-1')?.attachments;
    expect(used).toContainEqual({ type: 'VM', names: ['windows-11'] });
    expect(used?.some(({ names }) => names.includes('another'))).toBe(false);
    expect(result.coverage).toEqual({ state: 'complete' });
  });

  it('does not know what uses a dataset where it may not ask, and has it all the same', async () => {
    const { nas, lab } = await prepare();
    lab.faults.deniedMethods = ['pool.dataset.attachments'];
    const result = await nas.lookUpDatasets(['tank/k8s/pvc-1'], patient());
    expect(result.found.get('tank/k8s/pvc-1')?.attachments).toBeNull();
    expect(result.coverage).toEqual({ state: 'complete' });
  });

  it('looks many datasets up with one listing per parent', async () => {
    const { nas, lab } = await prepare();
    await nas.identify(patient());
    lab.calls.length = 0;
    const missing = Array.from({ length: 250 }, (_, index) => `tank/k8s/gone-${index}`);
    const result = await nas.lookUpDatasets([...missing, 'tank/k8s/pvc-1', 'nowhere/x'], patient());
    expect(result.coverage).toEqual({ state: 'complete' });
    expect([...result.found.keys()]).toEqual(['tank/k8s/pvc-1']);
    expect(result.absent.size).toBe(251);
    expect(lab.calls.length).toBeLessThanOrEqual(2);
  });

  it('looks snapshots up with their details', async () => {
    const { nas } = await prepare();
    const ids = ['tank/k8s/pvc-1@snapshot-1', 'tank/k8s/pvc-1@gone', 'tank/gone@x'];
    const result = await nas.lookUpSnapshots(ids, patient());
    expect(result.coverage).toEqual({ state: 'complete' });
    expect([...result.absent].sort()).toEqual(['tank/gone@x', 'tank/k8s/pvc-1@gone']);
    expect(result.found.get('tank/k8s/pvc-1@snapshot-1')).toMatchObject({
      dataset: 'tank/k8s/pvc-1',
      details: {
        createdAt: new Date('2026-10-01T08:00:00.000Z'),
        used: { bytes: 65_536 },
        referenced: { bytes: 131_072 },
        holds: ['keep'],
        // 26 has no such property.
        deferDestroy: version === '26' ? null : true,
        properties: { csiSnapshotName: 'snapshot-1', managed: true },
      },
    });
  });

  it('looks many snapshots up by dataset, and very many datasets by pool', async () => {
    const { nas, lab } = await prepare();
    await nas.identify(patient());
    lab.calls.length = 0;
    const ofOne = Array.from({ length: 250 }, (_, index) => `tank/k8s/pvc-1@gone-${index}`);
    const one = await nas.lookUpSnapshots([...ofOne, 'tank/k8s/pvc-1@snapshot-1'], patient());
    expect([...one.found.keys()]).toEqual(['tank/k8s/pvc-1@snapshot-1']);
    expect(one.found.get('tank/k8s/pvc-1@snapshot-1')?.details?.holds).toEqual(['keep']);
    expect(one.absent.size).toBe(250);
    expect(lab.calls).toHaveLength(1);
    const ofMany = Array.from({ length: 250 }, (_, index) => `tank/k8s/gone-${index}@s`);
    const many = await nas.lookUpSnapshots([...ofMany, 'tank/k8s/pvc-1@snapshot-1'], patient());
    expect([...many.found.keys()]).toEqual(['tank/k8s/pvc-1@snapshot-1']);
    expect(many.absent.size).toBe(250);
    expect(lab.calls).toHaveLength(2);
  });

  it('does not call absent what TrueNAS merely does not show', async () => {
    const { nas } = await prepare();
    const result = await nas.lookUpDatasets(['tank/ix-apps/thing'], patient());
    expect(result.absent.size).toBe(0);
    expect(result.coverage).toEqual({
      state: 'failed',
      reason: 'TrueNAS does not show tank/ix-apps/thing',
    });
  });

  it('reads everything with at most ten calls in flight', async () => {
    let inFlight = 0;
    let most = 0;
    const { nas } = await prepare({
      onCall: async () => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
      },
    });
    const ids = Array.from({ length: 60 }, (_, index) => `tank/k8s/gone-${index}`);
    const result = await nas.lookUpDatasets(ids, patient());
    expect(result.absent.size).toBe(60);
    expect(most).toBeLessThanOrEqual(10);
  });

  it('turns a denied list into a failed source that names method and right', async () => {
    const { nas } = await prepare({ deniedMethods: ['sharing.nfs.query'] });
    const listing = await nas.list('nfsShares', patient());
    expect(listing.items).toEqual([]);
    expect(listing.coverage).toEqual({
      state: 'failed',
      reason: isRest
        ? "nas1 (127.0.0.1) denied /sharing/nfs: over REST the key's user must be a full administrator"
        : "nas1 (127.0.0.1) denied sharing.nfs.query: the key's user lacks the role SHARING_NFS_READ",
    });
    expect((await nas.list('smbShares', patient())).coverage.state).toBe('complete');
  });

  it('does without host id and clock where they may not be read', async () => {
    const { nas } = await prepare({ deniedMethods: ['system.host_id', 'system.info'] });
    expect(await nas.identify(patient())).toMatchObject({ hostId: null, clock: null });
  });

  it.each(['datasets', 'zfsSnapshots', 'iscsiExtents'] as const)(
    'turns an error in the middle of %s into a failed source, with no item of it',
    async (source: SystemSource) => {
      const error = { kind: 'call', errno: 14, message: 'middlewared fell over' } as const;
      const { nas } = await prepare();
      await nas.identify(patient());
      const broken = await openLab(
        aSystem(version),
        {
          errors: ['zfs.*', 'pool.dataset.*', 'pool.snapshot.*', 'iscsi.extent.*'].map(
            (method) => ({
              method,
              times: 9,
              error,
            }),
          ),
        },
        { transport },
      );
      const listing = await broken.nas.list(source, patient());
      expect(listing.items).toEqual([]);
      expect(listing.coverage).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('middlewared fell over') as unknown,
      });
    },
  );

  it('survives one broken connection, in the middle of an answer too', async () => {
    for (const midReply of [false, true]) {
      const { nas, lab } = await prepare();
      await nas.identify(patient());
      lab.faults.dropConnection = { afterCalls: 1, midReply };
      const lists = await Promise.all(
        SYSTEM_SOURCES.map((source: SystemSource) => nas.list(source, patient())),
      );
      const states = new Set(lists.map(({ coverage }) => coverage.state));
      states.delete('not_applicable');
      expect([...states]).toEqual(['complete']);
    }
  });

  it('gives up on an answer that takes too long, and says so', async () => {
    const { nas } = await openLab(
      aSystem(version),
      { lostAnswers: ['sharing.nfs.query'] },
      { transport, timeout: 300 as NasOptions['timeout'] },
    );
    const listing = await nas.list('nfsShares', patient());
    expect(listing.coverage).toEqual({
      state: 'failed',
      reason: 'nas1 (127.0.0.1) did not answer within 0.3 s',
    });
  });

  it('throws what its caller aborts with', async () => {
    const { nas, lab } = await prepare();
    await nas.identify(patient());
    lab.faults.lostAnswers = ['sharing.nfs.query'];
    const controller = new AbortController();
    lab.faults.onCall = () => {
      controller.abort(new Error('enough'));
    };
    await expect(nas.list('nfsShares', controller.signal)).rejects.toThrow('enough');
    await expect(nas.lookUpDatasets(['tank/a'], controller.signal)).rejects.toThrow('enough');
    await expect(nas.identify(controller.signal)).rejects.toThrow('enough');
  });

  it('refuses a wrong, revoked or expired key, without the key in the error', async () => {
    const revoked = aSystem(version);
    revoked.apiKeys = revoked.apiKeys.map((key) => ({ ...key, revoked: true }));
    const expired = aSystem(version);
    expired.apiKeys = expired.apiKeys.map((key) => ({
      ...key,
      expiresAt: '2020-01-01T00:00:00.000Z',
    }));
    for (const { nas } of [
      await openLab(revoked, {}, { transport }),
      await openLab(expired, {}, { transport }),
      await openLab(aSystem(version), {}, { transport, apiKey: `${KEY}x` }),
    ]) {
      const error: unknown = await nas.identify(patient()).catch((cause: unknown) => cause);
      expect(error).toMatchObject({
        code: 'TRUENAS_UNAUTHORIZED',
        message: expect.stringContaining('nas1 (127.0.0.1) refused the credentials') as unknown,
      });
      expect(JSON.stringify(error)).not.toContain(KEY);
    }
  });

  it('takes a web page for what it is', async () => {
    const { nas } = await prepare({ html: true });
    await expect(nas.identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_PROTOCOL',
      message: expect.stringContaining('with a web page') as unknown,
    });
    expect((await nas.list('datasets', patient())).coverage.state).toBe('failed');
  });
});

describe('a read-only administrator', () => {
  it.each(['25.04', '25.10', '26'] as const)('reads every list of %s', async (version) => {
    const { nas } = await openLab(aSystem(version, ['READONLY_ADMIN']));
    const lists = await Promise.all(SYSTEM_SOURCES.map((source) => nas.list(source, patient())));
    expect(lists.filter(({ coverage }) => coverage.state === 'failed')).toEqual([]);
  });

  it.each(['25.04', '25.10', '26'] as const)('sees its own jobs alone on %s', async (version) => {
    const { nas } = await openLab(aSystem(version, ['READONLY_ADMIN']));
    const { coverage, items } = await nas.list('runningJobs', patient());
    expect(coverage.state).toBe('complete');
    expect(items.map(({ id }) => id).sort()).toEqual([20, 22]);
  });

  it('is told that REST wants a full administrator', async () => {
    const system = aSystem('25.10', ['READONLY_ADMIN']);
    const { nas } = await openLab(system, {}, { transport: 'rest' });
    await expect(nas.identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_FORBIDDEN',
      message: expect.stringContaining('must be a full administrator') as unknown,
    });
  });
});

describe.each(['25.04', '25.10', '26'] as const)('a connection to %s', (version) => {
  it('logs in again, once, when the session has lapsed', async () => {
    const { nas, lab } = await openLab(aSystem(version));
    await nas.identify(patient());
    lab.faults.expireSession = 1;
    const lists = await Promise.all([
      nas.list('nfsShares', patient()),
      nas.list('iscsiTargets', patient()),
    ]);
    expect(lists.map(({ coverage }) => coverage.state)).toEqual(['complete', 'complete']);
    expect(countOf(lab, 'auth.login_ex')).toBe(2);
  });

  it('gives up on a session that lapses again at once', async () => {
    const { nas, lab } = await openLab(aSystem(version));
    await nas.identify(patient());
    lab.faults.expireSession = 5;
    expect((await nas.list('nfsShares', patient())).coverage).toEqual({
      state: 'failed',
      reason: 'nas1 (127.0.0.1) ended the login and does not renew it',
    });
  });

  it('says that logins are rate limited', async () => {
    const { nas } = await openLab(aSystem(version), { rateLimited: true, rateLimitDelayMs: 1 });
    await expect(nas.identify(patient())).rejects.toThrow('takes no more logins');
  });

  it('does not reveal the key when TrueNAS has revoked it on the way', async () => {
    const { nas } = await openLab(aSystem(version), { insecureTransport: true });
    await expect(nas.identify(patient())).rejects.toMatchObject({ code: 'TRUENAS_UNAUTHORIZED' });
  });
});

describe('a pool that is not usable', () => {
  it.each(['25.10', '26'] as const)(
    'keeps its status on %s, and hides no other pool',
    async (version) => {
      const system = aSystem(version);
      system.pools = system.pools.map((pool) =>
        pool.name === 'fast' ? { ...pool, status: 'OFFLINE', imported: false } : pool,
      );
      const { nas } = await openLab(system);
      const { coverage, items } = await nas.list('datasets', patient());
      expect(coverage.state).toBe('complete');
      expect(items.every(({ pool }) => pool === 'tank')).toBe(true);
    },
  );
});

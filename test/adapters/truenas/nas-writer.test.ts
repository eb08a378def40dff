import { describe, expect, it } from 'vitest';
import { type NasChange, type NasObjectKind } from '../../../src/lib/core/cleanup/change.ts';
import { type Observed } from '../../../src/lib/core/cleanup/expectation.ts';
import { type LabSystem } from '../../../src/lib/lab/scenario/world.ts';
import { type ChangingLab, COMBINATIONS, openChangingLab } from './changing-lab.ts';
import { patient } from './fake-nas.ts';
import { aSystem } from './lab-system.ts';

const MARK = 'truenas-monitor:quarantined';

/** What TrueNAS makes up anew for each object. */
const MADE_UP = ['id', 'naa', 'rel_tgt_id', 'device_uuid', 'device_nguid'];

/** Without whoever is connected, who would keep targets and extents from going. */
function idle(system: LabSystem): LabSystem {
  system.iscsiSessions = [];
  return system;
}

function without<T extends { readonly id: unknown }>(list: readonly T[], id: unknown): T[] {
  return list.filter((item) => item.id !== id);
}

function find<T extends { readonly id: unknown }>(list: readonly T[], id: unknown): T {
  const found = list.find((item) => item.id === id);
  if (found === undefined) throw new Error('no such object');
  return found;
}

type Row = readonly [name: string, change: NasChange, effect: (system: LabSystem) => void];

const DELETIONS: readonly Row[] = [
  [
    'an NFS share',
    { type: 'delete-object', kind: 'nfs-share', id: 1 },
    (system) => {
      system.nfsShares = without(system.nfsShares, 1);
    },
  ],
  [
    'an SMB share',
    { type: 'delete-object', kind: 'smb-share', id: 4 },
    (system) => {
      system.smbShares = without(system.smbShares, 4);
    },
  ],
  [
    'a mapping',
    { type: 'delete-object', kind: 'iscsi-mapping', id: 7 },
    (system) => {
      system.iscsiTargetExtents = [];
    },
  ],
  [
    'an extent',
    { type: 'delete-object', kind: 'iscsi-extent', id: 6 },
    (system) => {
      system.iscsiExtents = [];
      // TrueNAS never leaves a mapping without its extent.
      system.iscsiTargetExtents = [];
    },
  ],
  [
    'a target',
    { type: 'delete-object', kind: 'iscsi-target', id: 5 },
    (system) => {
      system.iscsiTargets = [];
      system.iscsiTargetExtents = [];
    },
  ],
  [
    'a snapshot',
    { type: 'delete-snapshot', snapshot: 'fast/vols/pvc-2@auto-2026-10-02' },
    (system) => {
      system.snapshots = without(system.snapshots, 'fast/vols/pvc-2@auto-2026-10-02');
    },
  ],
  [
    'a dataset',
    { type: 'destroy-dataset', dataset: 'tank/k8s/clone of 1' },
    (system) => {
      system.datasets = without(system.datasets, 'tank/k8s/clone of 1');
    },
  ],
];

const SWITCHES: readonly Row[] = [
  [
    'an NFS share',
    { type: 'set-enabled', kind: 'nfs-share', id: 1, enabled: false },
    (system) => {
      find(system.nfsShares, 1).enabled = false;
    },
  ],
  [
    'an NFS share on again',
    { type: 'set-enabled', kind: 'nfs-share', id: 2, enabled: true },
    (system) => {
      find(system.nfsShares, 2).enabled = true;
    },
  ],
  [
    'an SMB share',
    { type: 'set-enabled', kind: 'smb-share', id: 4, enabled: false },
    (system) => {
      find(system.smbShares, 4).enabled = false;
    },
  ],
  [
    'an extent',
    { type: 'set-enabled', kind: 'iscsi-extent', id: 6, enabled: false },
    (system) => {
      find(system.iscsiExtents, 6).enabled = false;
    },
  ],
];

const MARKS: readonly Row[] = [
  [
    'writes a mark',
    { type: 'set-mark', dataset: 'tank/k8s/pvc-1', mark: 'tank/k8s/pvc-1;2026-11-22;p2' },
    (system) => {
      find(system.datasets, 'tank/k8s/pvc-1').userProperties[MARK] = 'tank/k8s/pvc-1;2026-11-22;p2';
    },
  ],
  [
    'removes a mark',
    { type: 'set-mark', dataset: 'tank/k8s/clone of 1', mark: null },
    (system) => {
      find(system.datasets, 'tank/k8s/clone of 1').userProperties = {};
    },
  ],
];

const NEW_KINDS: readonly Row[] = [
  [
    'switches a namespace off',
    { type: 'set-enabled', kind: 'nvmet-namespace', id: 9, enabled: false },
    (system) => {
      find(system.nvmetNamespaces, 9).enabled = false;
    },
  ],
  [
    'deletes a namespace',
    { type: 'delete-object', kind: 'nvmet-namespace', id: 9 },
    (system) => {
      system.nvmetNamespaces = [];
    },
  ],
  [
    'deletes a subsystem',
    { type: 'delete-object', kind: 'nvmet-subsystem', id: 13 },
    (system) => {
      system.nvmetSubsystems = without(system.nvmetSubsystems, 13);
    },
  ],
  [
    'moves a dataset',
    { type: 'move-dataset', from: 'tank/k8s/clone of 1', to: 'tank/clone of 1' },
    (system) => {
      find(system.datasets, 'tank/k8s/clone of 1').id = 'tank/clone of 1';
    },
  ],
];

async function expectEffect(
  { lab, writer }: ChangingLab,
  change: NasChange,
  effect: (system: LabSystem) => void,
) {
  const expected = structuredClone(lab.system);
  effect(expected);
  expect(await writer.send(change, patient())).toEqual({ state: 'answered', created: null });
  expect(lab.system).toEqual(expected);
}

describe.each(COMBINATIONS)('on TrueNAS %s, a writer', (_name, version, transport) => {
  const isNew = version === '25.10' || version === '26';
  const prepare = () => openChangingLab(idle(aSystem(version)), {}, { transport });

  it.each(DELETIONS)('deletes %s and nothing else', async (_what, change, effect) => {
    await expectEffect(await prepare(), change, effect);
  });

  it.each(SWITCHES)('switches %s and nothing else', async (_what, change, effect) => {
    await expectEffect(await prepare(), change, effect);
  });

  it.each(MARKS)('%s and nothing else', async (_what, change, effect) => {
    await expectEffect(await prepare(), change, effect);
  });

  it.runIf(isNew).each(NEW_KINDS)('%s and nothing else', async (_what, change, effect) => {
    await expectEffect(await prepare(), change, effect);
  });

  it.runIf(!isNew).each(NEW_KINDS)('never %s: the version cannot', async (_what, change) => {
    const { lab, writer } = await prepare();
    const before = structuredClone(lab.system);
    expect(await writer.send(change, patient())).toMatchObject({ state: 'not-sent' });
    expect(await writer.lacking([change, change], patient())).toEqual([
      expect.stringContaining('25.10'),
    ]);
    expect(lab.system).toEqual(before);
  });

  it('never asks for more than it is told: what stands in the way stays, and refuses', async () => {
    const { lab, writer } = await openChangingLab(aSystem(version), {}, { transport });
    const before = structuredClone(lab.system);
    const changes: NasChange[] = [
      // Somebody is connected.
      { type: 'delete-object', kind: 'iscsi-mapping', id: 7 },
      { type: 'delete-object', kind: 'iscsi-extent', id: 6 },
      { type: 'delete-object', kind: 'iscsi-target', id: 5 },
      // It has children, and the snapshot a clone and a hold.
      { type: 'destroy-dataset', dataset: 'tank/k8s' },
      { type: 'delete-snapshot', snapshot: 'tank/k8s/pvc-1@snapshot-1' },
      // It is not there.
      { type: 'destroy-dataset', dataset: 'tank/none' },
      { type: 'set-enabled', kind: 'nfs-share', id: 99, enabled: false },
      ...(isNew ? [{ type: 'delete-object', kind: 'nvmet-subsystem', id: 8 } as const] : []),
    ];
    for (const change of changes) {
      expect(await writer.send(change, patient())).toEqual({
        state: 'refused',
        reason: expect.stringMatching(
          /in use|children|clones|visible on|contains 1|does not exist/u,
        ) as unknown,
      });
    }
    expect(lab.system).toEqual(before);
  });

  interface Remade {
    readonly kind: NasObjectKind;
    readonly id: number;
    readonly first?: readonly NasChange[];
    readonly refersTo?: Readonly<Record<string, string>>;
    readonly where: Readonly<Record<string, string>>;
    /** What TrueNAS makes up anew of this kind. */
    readonly madeUp?: readonly string[];
  }
  const REMADE: readonly Remade[] = [
    { kind: 'nfs-share', id: 1, where: { path: '/mnt/tank/k8s/pvc-1' } },
    { kind: 'smb-share', id: 4, where: { name: 'media' } },
    { kind: 'iscsi-target', id: 5, where: { name: 'pvc-2' } },
    { kind: 'iscsi-extent', id: 6, where: { name: 'pvc-2' } },
    {
      kind: 'iscsi-mapping',
      id: 7,
      refersTo: { target: 'pvc-2', extent: 'pvc-2' },
      where: { target_name: 'pvc-2', extent_name: 'pvc-2' },
    },
    ...(isNew
      ? [
          { kind: 'nvmet-subsystem', id: 13, where: { name: 'idle' }, madeUp: ['serial'] } as const,
          {
            kind: 'nvmet-namespace',
            id: 9,
            first: [{ type: 'delete-object', kind: 'iscsi-extent', id: 6 }],
            refersTo: { subsystem: 'sub' },
            where: { subsystem_name: 'sub', device_path: 'zvol/fast/vols/pvc-2' },
          } as const,
        ]
      : []),
  ];

  it.each(REMADE)('makes a $kind again as it was', async (object) => {
    const { kind, id, first = [], refersTo = {}, where, madeUp = [] } = object;
    const { lab, writer } = await prepare();
    Object.assign(find(lab.system.nfsShares, 1), {
      kept: { maproot_user: 'root', security: ['SYS'] },
    });
    Object.assign(find(lab.system.iscsiExtents, 6), {
      kept: { serial: 'abc123', blocksize: 4096 },
    });
    Object.assign(find(lab.system.iscsiTargets, 5), { kept: { auth_networks: ['10.0.0.0/8'] } });
    const observe = async (where: Readonly<Record<string, string | number>>) => {
      const target = { side: 'truenas', kind, where } as const;
      return await writer.observe(target, patient());
    };
    for (const change of first) await writer.send(change, patient());
    const [before] = await observe({ id });
    await writer.send({ type: 'delete-object', kind, id }, patient());
    expect([await observe({ id }), await observe(where)]).toEqual([[], []]);
    const fields = JSON.parse(JSON.stringify(before?.raw)) as Record<string, never>;
    const made = await writer.send(
      { type: 'create-object', kind, fields, refers_to: refersTo },
      patient(),
    );
    const seen = await observe(where);
    expect(made).toEqual({ state: 'answered', created: seen[0]?.identity });
    const told = ({ raw }: Observed) =>
      Object.entries(raw).filter(([key]) => ![...MADE_UP, ...madeUp].includes(key));
    expect(seen.map(told)).toEqual(before && [told(before)]);
  });

  it.runIf(isNew)(
    'joins a subsystem with a port and takes it apart, both by their ids',
    async () => {
      const { lab, writer } = await prepare();
      const kind = 'nvmet-port-subsystem';
      const where = { subsystem_id: 8, port_id: 1 };
      const joins = async () => await writer.observe({ side: 'truenas', kind, where }, patient());
      const [before] = await joins();
      expect(before?.identity).toMatchObject({ ...where, port: expect.any(String) as unknown });
      const apart = { type: 'delete-join', kind, subsystem: 8, member: 1 } as const;
      expect((await writer.send(apart, patient())).state).toBe('answered');
      expect(await joins()).toEqual([]);
      expect(find(lab.system.nvmetSubsystems, 8).ports).toEqual([2]);
      expect(await writer.send(apart, patient())).toMatchObject({
        state: 'not-sent',
        reason: 'they are not joined any more',
      });
      const again = {
        type: 'create-object',
        kind,
        fields: { port_id: 1 },
        refers_to: { subsystem: 'sub' },
      } as const;
      expect((await writer.send(again, patient())).state).toBe('answered');
      expect((await joins())[0]?.identity).toEqual(before?.identity);
    },
  );

  it('refers to nothing that is not there, and then sends nothing', async () => {
    const { writer, countOf } = await prepare();
    const change = { type: 'create-object', kind: 'iscsi-mapping', fields: { lunid: 0 } } as const;
    const to = (refers_to: Record<string, string>) =>
      writer.send({ ...change, refers_to }, patient());
    expect(await to({ target: 'pvc-2', extent: 'gone' })).toEqual({
      state: 'not-sent',
      reason: 'there is no iSCSI extent gone',
    });
    expect(await to({ subsystem: 'sub' })).toMatchObject({ state: 'not-sent' });
    expect(countOf('iscsi.targetextent.create')).toBe(0);
  });
});

describe('a call for a change', () => {
  it('says of everything that would do more that it is off', async () => {
    const { lab, writer } = await openChangingLab(idle(aSystem('26')));
    const changes = [
      ...DELETIONS.map(([, change]) => change),
      ...NEW_KINDS.map(([, change]) => change),
    ];
    const from = lab.calls.length;
    for (const change of changes) await writer.send(change, patient());
    const sent = lab.calls
      .slice(from)
      .filter(({ method }) => /delete|destroy|rename/u.test(method));
    expect(sent.map(({ method, params }) => [method, params])).toEqual([
      ['sharing.nfs.delete', [1]],
      ['sharing.smb.delete', [4]],
      ['iscsi.targetextent.delete', [7, false]],
      ['iscsi.extent.delete', [6, false, false]],
      ['iscsi.target.delete', [5, false, false]],
      [
        'zfs.resource.snapshot.destroy',
        [
          {
            path: 'fast/vols/pvc-2@auto-2026-10-02',
            defer: false,
            recursive: false,
            all_snapshots: false,
          },
        ],
      ],
      ['pool.dataset.delete', ['tank/k8s/clone of 1', { recursive: false, force: false }]],
      ['nvmet.namespace.delete', [9, { remove: false }]],
      ['nvmet.subsys.delete', [13, { force: false }]],
      [
        'pool.dataset.rename',
        ['tank/k8s/clone of 1', { new_name: 'tank/clone of 1', recursive: false, force: true }],
      ],
    ]);
  });
});

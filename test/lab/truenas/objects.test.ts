import { afterEach, describe, expect, it } from 'vitest';
import { type LabSystem, type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import {
  aSystem,
  closeLabs,
  login,
  loginLegacy,
  READER,
  rest,
  type Rpc,
  startLab,
} from './client.ts';

afterEach(closeLabs);

const VERSIONS = ['24.10', '25.04', '25.10', '26'] as const;

async function ask(
  version: TrueNasVersion,
  change: (system: LabSystem) => void,
  key?: string,
): Promise<Rpc> {
  const system = aSystem(version);
  change(system);
  const lab = await startLab(version, {}, system);
  return version === '24.10' ? await loginLegacy(lab, key) : await login(lab, key);
}

describe.each(VERSIONS)('the lab as %s', (version) => {
  it('has the initiator groups of its world, and those its targets refer to', async () => {
    const rpc = await ask(version, (system) => {
      system.iscsiInitiators = [{ id: 4, initiators: ['iqn.x'], comment: 'nodes' }];
    });
    expect(await rpc.value('iscsi.initiator.query')).toEqual([
      { id: 4, initiators: ['iqn.x'], comment: 'nodes' },
      { id: 1, initiators: [], comment: '' },
    ]);
    const plain = await ask(version, () => undefined);
    expect(await plain.value('iscsi.initiator.query')).toMatchObject([{ id: 1 }]);
  });

  it('tells which way a replication goes, and over what', async () => {
    const rpc = await ask(version, ({ replicationTasks: [task] }) => {
      if (task !== undefined) Object.assign(task, { direction: 'PULL', transport: 'SSH' });
    });
    expect(await rpc.value('replication.query')).toMatchObject([
      { direction: 'PULL', transport: 'SSH' },
    ]);
    const plain = await ask(version, () => undefined);
    expect(await plain.value('replication.query')).toMatchObject([
      { direction: 'PUSH', transport: 'LOCAL' },
    ]);
  });

  it('hands readonly down, until somebody below says otherwise', async () => {
    const rpc = await ask(version, ({ datasets }) => {
      for (const dataset of datasets) {
        if (dataset.id === 'tank/k8s') dataset.readonly = true;
        if (dataset.id === 'tank/k8s/b') dataset.readonly = false;
      }
    });
    const rows = await rpc.value<{ id: string; readonly: object }[]>('pool.dataset.query');
    const seen = new Map(rows.map((row) => [row.id, row.readonly]));
    expect(seen.get('tank/k8s')).toMatchObject({ rawvalue: 'on', source: 'LOCAL' });
    expect(seen.get('tank/k8s/a')).toMatchObject({ rawvalue: 'on', source: 'INHERITED' });
    expect(seen.get('tank/k8s/b')).toMatchObject({ rawvalue: 'off', source: 'LOCAL' });
    expect(seen.get('tank/secret')).toMatchObject({ rawvalue: 'off', source: 'DEFAULT' });
  });

  it('hands our own marks down to children and snapshots', async () => {
    const rpc = await ask(version, ({ datasets }) => {
      const parent = datasets.find(({ id }) => id === 'tank/k8s');
      if (parent !== undefined) parent.userProperties['truenas-monitor:ignore'] = 'tank/k8s;*';
    });
    const rows = await rpc.value<{ id: string; user_properties: object }[]>('pool.dataset.query');
    const below = rows.find(({ id }) => id === 'tank/k8s/a')?.user_properties;
    expect(below).toMatchObject({
      'truenas-monitor:ignore': {
        rawvalue: 'tank/k8s;*',
        // From 25.10 on every user property says that it is local, inherited or not.
        source: version === '24.10' || version === '25.04' ? 'INHERITED' : 'LOCAL',
      },
    });
    const snapshots = { '24.10': 'zfs', '25.04': 'zfs', '25.10': 'pool', '26': 'zfs.resource' };
    const params =
      version === '26'
        ? [{ paths: ['tank/k8s/a@s1'], get_user_properties: true }]
        : [[['id', '=', 'tank/k8s/a@s1']]];
    const [snapshot] = await rpc.value<unknown[]>(`${snapshots[version]}.snapshot.query`, params);
    expect(JSON.stringify(snapshot)).toContain('"truenas-monitor:ignore"');
  });

  it('shows jobs of others to full administrators alone', async () => {
    const change = (system: LabSystem): void => {
      system.runningJobs = [
        { id: 31, method: 'pool.dataset.lock', arguments: ['tank/k8s'] },
        {
          id: 32,
          method: 'replication.run',
          arguments: [1],
          state: 'WAITING',
          username: 'reader',
        },
      ];
    };
    expect(await (await ask(version, change)).value('core.get_jobs')).toMatchObject([
      { id: 31, state: 'RUNNING', credentials: null, time_finished: null },
      { id: 32, state: 'WAITING', time_started: null, arguments: [1] },
    ]);
    expect(await (await ask(version, change, READER)).value('core.get_jobs')).toMatchObject([
      { id: 32 },
    ]);
  });

  it('serves odd rows as they are, where a filter lets them through', async () => {
    const rpc = await ask(version, (system) => {
      system.oddRows = { 'sharing.nfs.query': [{ id: 'x', path: 7 }, 'text'] };
    });
    const rows = await rpc.value<unknown[]>('sharing.nfs.query');
    expect(rows.slice(3)).toEqual([{ id: 'x', path: 7 }, 'text']);
    expect(await rpc.value('sharing.nfs.query', [[['id', '=', 'x']]])).toEqual([
      { id: 'x', path: 7 },
    ]);
    expect(await rpc.value('sharing.nfs.query', [[['id', '=', 1]]])).toMatchObject([{ id: 1 }]);
    expect(await rpc.value('sharing.nfs.query', [[], { count: true }])).toBe(3);
    expect(await rpc.value('sharing.nfs.get_instance', ['x'])).toEqual({ id: 'x', path: 7 });
    expect(await rpc.value('sharing.nfs.get_instance', [1])).toMatchObject({ id: 1 });
  });
});

describe.each(['25.10', '26'] as const)('the NVMe-oF of %s', (version) => {
  const change = (system: LabSystem): void => {
    system.nvmetSubsystems = [
      { id: 1, name: 's', subnqn: 'nqn.s', ports: [2], hosts: [3, 99] },
      { id: 5, name: 'bare', subnqn: null },
    ];
    system.nvmetPorts = [
      { id: 1, address: '10.0.0.1' },
      { id: 2, address: 'fd00::1', service: 4421 },
    ];
    system.nvmetHosts = [{ id: 3, hostnqn: 'nqn.host' }];
    system.nvmetSessions = [
      { hostnqn: 'nqn.host', hostAddress: '10.0.0.1', subsystem: 1, port: 2 },
      { hostnqn: 'nqn.host', hostAddress: '10.0.0.1', subsystem: 5, port: 1 },
    ];
  };

  it('tells what belongs to a subsystem only where it is asked to', async () => {
    const rpc = await ask(version, change);
    const unsaid = version === '26' ? null : [];
    expect(await rpc.value('nvmet.subsys.query')).toMatchObject([
      { id: 1, hosts: unsaid, ports: unsaid, namespaces: unsaid, allow_any_host: false },
      { id: 5, allow_any_host: true },
    ]);
    expect(await rpc.value('nvmet.subsys.query', [[], { extra: { verbose: true } }])).toMatchObject(
      [
        { id: 1, subnqn: 'nqn.s', hosts: [3, 99], ports: [2], namespaces: [1] },
        { id: 5, subnqn: expect.stringMatching(/:bare$/) as unknown, hosts: [], ports: [1] },
      ],
    );
  });

  it('joins subsystems with the ports and hosts that exist', async () => {
    const rpc = await ask(version, change);
    expect(await rpc.value('nvmet.port_subsys.query')).toMatchObject([
      { id: 1002, port: { id: 2, addr_trsvcid: 4421, addr_adrfam: 'IPV6' }, subsys: { id: 1 } },
      { id: 5001, port: { id: 1, addr_trsvcid: 4420, addr_adrfam: 'IPV4' }, subsys: { id: 5 } },
    ]);
    expect(await rpc.value('nvmet.host_subsys.query')).toMatchObject([
      { id: 1003, host: { hostnqn: 'nqn.host' }, subsys: { id: 1 } },
    ]);
  });

  it('lists sessions, all or of one subsystem', async () => {
    const rpc = await ask(version, change);
    expect(await rpc.value('nvmet.global.sessions')).toHaveLength(2);
    expect(await rpc.value('nvmet.global.sessions', [[['subsys_id', '=', 5]]])).toEqual([
      { host_traddr: '10.0.0.1', hostnqn: 'nqn.host', subsys_id: 5, port_id: 1, ctrl: 2 },
    ]);
  });
});

describe.each(['25.10', '26'] as const)('odd rows among the resources of %s', (version) => {
  const odd = { name: 'tank/k8s/odd', type: 'BOOKMARK' };

  it('stand below their parents, and answer to their own path', async () => {
    const rpc = await ask(version, (system) => {
      system.oddRows = { 'zfs.resource.query': [odd, null] };
    });
    const under = async (data: object): Promise<unknown[]> =>
      (await rpc.value<unknown[]>('zfs.resource.query', [data])).slice(-2);
    expect(await under({ paths: ['tank'], get_children: true })).toEqual([odd, null]);
    expect(await under({ get_children: true })).toEqual([odd, null]);
    expect(await under({ paths: ['tank/k8s'], get_children: true })).toContainEqual(odd);
    expect(await under({ paths: ['tank/secret'], get_children: true })).toHaveLength(1);
    expect(await under({ paths: ['tank/k8s'] })).toHaveLength(1);
    expect(await under({ paths: ['tank/k8s/odd'] })).toEqual([odd]);
  });
});

describe('REST', () => {
  it.each(['24.10', '25.04', '25.10'] as const)('of %s lists jobs by state', async (version) => {
    const system = aSystem(version);
    system.runningJobs = [
      { id: 1, method: 'a.b', arguments: [] },
      { id: 2, method: 'a.b', arguments: [], state: 'WAITING' },
    ];
    const lab = await startLab(version, {}, system);
    const states = ['WAITING', 'RUNNING'];
    const answers = await Promise.all(
      states.map(async (state) => {
        const response = await rest(lab, `/core/get_jobs?state=${state}`);
        return (await response.json()) as unknown;
      }),
    );
    expect(answers).toMatchObject([[{ id: 2 }], [{ id: 1 }]]);
  });

  it.each([
    ['on', true],
    ['OFF', false],
    ['INHERIT', undefined],
  ])('sets readonly %s', async (value, expected) => {
    const system = aSystem('25.10');
    for (const dataset of system.datasets) {
      if (dataset.id === 'tank/k8s/a') dataset.readonly = true;
    }
    const lab = await startLab('25.10', {}, system);
    const body = { readonly: value.toUpperCase() };
    await rest(lab, '/pool/dataset/id/tank%2Fk8s%2Fa', { method: 'PUT', body });
    const dataset = lab.system.datasets.find(({ id }) => id === 'tank/k8s/a');
    expect(dataset?.readonly).toBe(expected);
  });
});

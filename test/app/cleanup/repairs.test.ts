import { describe, expect, test } from 'vitest';
import { type CleanupPlan } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { findScenario } from '../../../src/lib/lab/scenario/registry.ts';
import {
  TRUENAS_VERSIONS,
  type LabNvmetSubsystem,
  type TrueNasVersion,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';
import { cleanupSite, type CleanupSite } from '../../support/cleanup-site.ts';

/*
 * From the finding to the mended world and back, over the versions that know the objects: what is planned is carried out for real, and
 * the rollback of it leaves everything as it was.
 */

const WITH_NVMET = ['25.10', '26'] as const satisfies readonly TrueNasVersion[];

function worldOf(name: string, version: TrueNasVersion, change?: (world: World) => void): World {
  const world = findScenario(name)?.build(version);
  if (world === undefined) throw new Error(`no scenario ${name}`);
  // The lab leaves out what is as it is by default; what is written back is said.
  for (const { nvmetSubsystems } of world.systems) {
    for (const subsystem of nvmetSubsystems) subsystem.ports ??= [1];
  }
  change?.(world);
  return world;
}

function nasOf({ systems: [system] }: World): World['systems'][number] {
  if (system === undefined) throw new Error('a world without a NAS');
  return system;
}

/** Both sides as their APIs tell them: whatever has an id has another once it is made again, and lists have no order. */
function told(world: World): unknown {
  const byName = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
    items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const system = nasOf(world);
  const subsystem = ({ name, subnqn, ports = [], hosts = [], kept }: LabNvmetSubsystem) => {
    const anyHost = kept?.['allow_any_host'] ?? hosts.length === 0;
    return { name, subnqn, ports: ports.toSorted((a, b) => a - b), hosts, anyHost };
  };
  const names = new Map(system.nvmetSubsystems.map(({ id, name }) => [id, name]));
  return {
    smb: byName(system.smbShares).map(({ name, path, enabled }) => ({ name, path, enabled })),
    targets: byName(system.iscsiTargets).map(({ name, groups }) => ({ name, groups })),
    subsystems: byName(system.nvmetSubsystems.map(subsystem)),
    namespaces: system.nvmetNamespaces
      .map(({ nsid, devicePath, enabled, subsystem: id }) => ({
        nsid,
        devicePath,
        enabled,
        subsystem: names.get(id),
      }))
      .toSorted((a, b) => (a.devicePath < b.devicePath ? -1 : 1)),
    datasets: system.datasets.map(({ id, userProperties }) => ({ id, userProperties })),
  };
}

async function planned(
  site: CleanupSite,
  rule: string,
  findings: readonly string[] = [],
): Promise<CleanupPlan> {
  // What is not old enough to be certain yet is so by then, as this tool remembers it.
  await site.plan({ rules: [rule] });
  site.pass(72);
  return await site.plan({ rules: [rule], findings: [...findings] });
}

async function carriedOut(site: CleanupSite, plan: CleanupPlan) {
  await site.approve(plan);
  const run = await site.apply(plan);
  expect(
    run.steps
      .filter(({ state }) => state !== 'done')
      .map(({ step, detail }) => [step.title, detail]),
  ).toEqual([]);
  expect(run.state).toBe('done');
  return run;
}

/** A volume may be in use through what it was given back, and a rollback asks nobody. */
async function staysGiven(site: CleanupSite, runId: string): Promise<void> {
  const before = site.state();
  await expect(site.rollback(runId)).rejects.toThrow('was given back to its volume');
  expect(site.state()).toBe(before);
}

async function takenBack(site: CleanupSite, runId: string): Promise<void> {
  const back = await site.rollback(runId);
  expect(
    back.steps
      .filter(({ state }) => state !== 'done')
      .map(({ step, detail }) => [step.title, detail]),
  ).toEqual([]);
  expect(back.state).toBe('rolled_back');
}

const kindsOf = ({ steps }: CleanupPlan) =>
  steps.map(({ change }) => ('kind' in change ? `${change.type} ${change.kind}` : change.type));
const reasonsOf = ({ left_out: leftOut }: CleanupPlan) => leftOut.map(({ reason }) => reason);

describe.each(['democratic-csi-freenas-api-smb-faults', 'democratic-csi-smb-with-affixes-faults'])(
  'a missing SMB share of %s',
  (name) => {
    test.each(TRUENAS_VERSIONS)('is made again as its neighbours are on %s', async (version) => {
      const hosts = ['10.0.0.0/8'];
      const kept =
        version === '25.10' || version === '26'
          ? { purpose: 'DEFAULT_SHARE', options: { hostsallow: hosts } }
          : { purpose: 'NO_PRESET', hostsallow: hosts };
      const world = worldOf(name, version, (all) => {
        for (const share of nasOf(all).smbShares) share.kept = structuredClone(kept);
      });
      await using site = await cleanupSite(world);
      const count = nasOf(world).smbShares.length;
      const plan = await planned(site, 'share-missing');
      expect(kindsOf(plan)).toEqual(['create-object smb-share']);
      const run = await carriedOut(site, plan);
      expect(nasOf(world).smbShares).toHaveLength(count + 1);
      expect(nasOf(world).smbShares.at(-1)).toMatchObject({ enabled: true, kept });
      expect((await site.plan({ rules: ['share-missing'] })).items).toEqual([]);
      await staysGiven(site, run.id);
    });
  },
);

describe('a missing SMB share', () => {
  test.each(TRUENAS_VERSIONS)(
    'is left to people where the neighbours differ on %s',
    async (version) => {
      const world = worldOf('democratic-csi-freenas-api-smb-faults', version, (all) => {
        const [first] = nasOf(all).smbShares;
        if (first) first.readonly = true;
      });
      await using site = await cleanupSite(world);
      const plan = await planned(site, 'share-missing');
      expect(plan.steps).toEqual([]);
      expect(reasonsOf(plan)).toEqual([expect.stringMatching(/^how it is shared is not known/)]);
    },
  );
});

const NVMEOF = [
  'democratic-csi-freenas-api-nvmeof-faults',
  'democratic-csi-nvmeof-with-affixes-faults',
] as const;

describe.each(NVMEOF)('a missing NVMe-oF subsystem of %s', (name) => {
  test.each(WITH_NVMET)('is made again as its neighbours are on %s', async (version) => {
    const world = worldOf(name, version);
    await using site = await cleanupSite(world);
    const plan = await planned(site, 'share-missing');
    expect(kindsOf(plan)).toEqual([
      'create-object nvmet-subsystem',
      'create-object nvmet-port-subsystem',
      'create-object nvmet-namespace',
    ]);
    const run = await carriedOut(site, plan);
    expect(nasOf(world).nvmetSubsystems.at(-1)).toMatchObject({ ports: [1] });
    expect((await site.plan({ rules: ['share-missing'] })).items).toEqual([]);
    await staysGiven(site, run.id);
  });
});

/** As in an estate that names the hosts that may connect, and shows its subsystems on two ports. */
function restricted(world: World): void {
  const system = nasOf(world);
  system.nvmetPorts = [
    { id: 1, address: '10.0.0.5' },
    { id: 2, address: '10.0.1.5' },
  ];
  system.nvmetHosts = [{ id: 7, hostnqn: 'nqn.2014-08.org.nvmexpress:uuid:worker-1' }];
  for (const subsystem of system.nvmetSubsystems) {
    subsystem.ports = [1, 2];
    subsystem.hosts = [7];
    subsystem.kept = { allow_any_host: false };
  }
}

describe('NVMe-oF where hosts are named', () => {
  const name = NVMEOF[0];

  test.each(WITH_NVMET)('a missing subsystem lets in no more of them on %s', async (version) => {
    const world = worldOf(name, version, restricted);
    await using site = await cleanupSite(world);
    const plan = await planned(site, 'share-missing');
    const run = await carriedOut(site, plan);
    expect(nasOf(world).nvmetSubsystems.at(-1)).toMatchObject({
      ports: [1, 2],
      hosts: [7],
      kept: { allow_any_host: false },
    });
    await staysGiven(site, run.id);
  });

  test.each(WITH_NVMET)(
    'it is left to people where the neighbours differ on %s',
    async (version) => {
      const world = worldOf(name, version, (all) => {
        restricted(all);
        const [first] = nasOf(all).nvmetSubsystems;
        if (first) first.hosts = [];
      });
      await using site = await cleanupSite(world);
      const plan = await planned(site, 'share-missing');
      expect(plan.steps).toEqual([]);
      expect(reasonsOf(plan)).toEqual([expect.stringMatching(/^on which ports and to whom/)]);
    },
  );

  test.each(WITH_NVMET)('an empty subsystem is taken apart join by join on %s', async (version) => {
    const world = worldOf(name, version, (all) => {
      restricted(all);
      // The zvol of a volume that nobody knows any more, and a subsystem of its own that serves nothing.
      const system = nasOf(all);
      const known = JSON.stringify(all.clusters.map(({ objects }) => objects['persistentvolumes']));
      const forgotten = system.nvmetNamespaces.findIndex(({ devicePath }) => {
        const zvol = system.datasets.find(({ id }) => `zvol/${id}` === devicePath);
        return zvol !== undefined && !known.includes(devicePath.split('/').at(-1) ?? '');
      });
      system.nvmetNamespaces.splice(forgotten, 1);
    });
    await using site = await cleanupSite(world);
    const before = told(world);
    const plan = await planned(site, 'nvmet-subsystem-empty');
    expect(kindsOf(plan)).toEqual([
      'delete-join nvmet-port-subsystem',
      'delete-join nvmet-port-subsystem',
      'delete-join nvmet-host-subsystem',
      'delete-object nvmet-subsystem',
    ]);
    const run = await carriedOut(site, plan);
    expect(nasOf(world).nvmetPorts).toHaveLength(2);
    expect(nasOf(world).nvmetHosts).toHaveLength(1);
    expect(told(world)).not.toEqual(before);
    await takenBack(site, run.id);
    expect(told(world)).toEqual(before);
  });

  test.each(WITH_NVMET)(
    'a volume that is destroyed takes its own subsystem along, and no other, on %s',
    async (version) => {
      const world = worldOf(name, version, restricted);
      await using site = await cleanupSite(world);
      const count = nasOf(world).nvmetSubsystems.length;
      await carriedOut(site, await site.plan({ rules: ['dataset-unclaimed'] }));
      site.pass(24 * 10);
      const plan = await site.plan({ rules: ['dataset-quarantined'] });
      expect(kindsOf(plan)).toEqual([
        'delete-object nvmet-namespace',
        'delete-join nvmet-port-subsystem',
        'delete-join nvmet-port-subsystem',
        'delete-join nvmet-host-subsystem',
        'delete-object nvmet-subsystem',
        'destroy-dataset',
      ]);
      await carriedOut(site, plan);
      expect(nasOf(world).nvmetSubsystems).toHaveLength(count - 1);
    },
  );
});

describe('what is off without a switch', () => {
  test.each(TRUENAS_VERSIONS)(
    'a target gets the groups of its neighbours on %s',
    async (version) => {
      const world = worldOf('democratic-csi-freenas-api-iscsi', version, (all) => {
        const [target] = nasOf(all).iscsiTargets;
        if (target) target.groups = [];
      });
      await using site = await cleanupSite(world);
      const plan = await planned(site, 'share-disabled');
      expect(kindsOf(plan)).toEqual(['set-groups iscsi-target']);
      const run = await carriedOut(site, plan);
      const [first, second] = nasOf(world).iscsiTargets;
      expect(first?.groups).toEqual(second?.groups);
      await staysGiven(site, run.id);
    },
  );

  test.each(WITH_NVMET)(
    'a subsystem is shown on the port of its neighbours on %s',
    async (version) => {
      const world = worldOf('democratic-csi-freenas-api-nvmeof', version, (all) => {
        const [subsystem] = nasOf(all).nvmetSubsystems;
        if (subsystem) subsystem.ports = [];
      });
      await using site = await cleanupSite(world);
      const plan = await planned(site, 'share-disabled');
      expect(kindsOf(plan)).toEqual(['create-object nvmet-port-subsystem']);
      const run = await carriedOut(site, plan);
      expect(nasOf(world).nvmetSubsystems[0]?.ports).toEqual([1]);
      await staysGiven(site, run.id);
    },
  );

  test.each(WITH_NVMET)('a subsystem that lets in others stays off on %s', async (version) => {
    const world = worldOf('democratic-csi-freenas-api-nvmeof', version, (all) => {
      restricted(all);
      const [subsystem] = nasOf(all).nvmetSubsystems;
      if (subsystem) Object.assign(subsystem, { ports: [], hosts: [] });
    });
    await using site = await cleanupSite(world);
    const plan = await planned(site, 'share-disabled');
    expect(plan.steps).toEqual([]);
    expect(reasonsOf(plan)).toEqual([expect.stringMatching(/^it lets in others/)]);
  });
});

describe('a snapshot content whose snapshot is gone', () => {
  const RULE = 'snapshot-content-backend-missing';

  function objectsOf({ clusters: [cluster] }: World, plural: string) {
    return cluster?.objects[plural] ?? [];
  }

  /** Everything of it but what a cluster gives an object anew. */
  function claims(world: World): unknown {
    return {
      snapshots: objectsOf(world, 'volumesnapshots')
        .map(({ metadata: { name, namespace }, status }) => ({
          name,
          namespace,
          bound: (status as Record<string, unknown>)['boundVolumeSnapshotContentName'],
        }))
        .toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1)),
      contents: objectsOf(world, 'volumesnapshotcontents')
        .map(({ metadata: { name } }) => name)
        .toSorted(),
    };
  }

  test.each(TRUENAS_VERSIONS)(
    'goes with its VolumeSnapshot once it is named, and both come back, on %s',
    async (version) => {
      const world = worldOf('democratic-csi-freenas-api-nfs-faults', version);
      await using site = await cleanupSite(world);
      const before = claims(world);
      const unasked = await planned(site, RULE);
      expect(unasked.steps).toEqual([]);
      expect(reasonsOf(unasked)).toEqual([expect.stringMatching(/--finding/)]);
      const plan = await planned(
        site,
        RULE,
        unasked.left_out.map(({ id }) => id),
      );
      expect(kindsOf(plan)).toEqual([
        'set-policy volumesnapshotcontent',
        'delete-resource volumesnapshot',
        'delete-resource volumesnapshotcontent',
      ]);
      const zfs = nasOf(world).snapshots.length;
      const run = await carriedOut(site, plan);
      expect(claims(world)).not.toEqual(before);
      expect((await site.plan({ rules: [RULE] })).left_out).toEqual([]);
      const back = await site.rollback(run.id);
      expect(back.steps.map(({ step, state }) => [step.change.type, state])).toEqual([
        ['create-resource', 'done'],
        ['create-resource', 'done'],
      ]);
      // The next request lets the controllers act.
      await site.plan({ rules: [RULE] });
      expect(claims(world)).toEqual(before);
      // No snapshot was asked for anew, and none was deleted.
      expect(nasOf(world).snapshots).toHaveLength(zfs);
      const made = objectsOf(world, 'volumesnapshots').at(-1);
      expect(made).toMatchObject({
        spec: { source: { volumeSnapshotContentName: expect.anything() as unknown } },
      });
    },
  );

  test('stays where a tool made its VolumeSnapshot and would make it again', async () => {
    const world = worldOf('democratic-csi-freenas-api-nfs-faults', '25.10', (all) => {
      for (const { metadata } of objectsOf(all, 'volumesnapshots')) {
        metadata.labels = { 'velero.io/backup-name': 'nightly' };
      }
    });
    await using site = await cleanupSite(world);
    const unasked = await planned(site, RULE);
    const plan = await planned(
      site,
      RULE,
      unasked.left_out.map(({ id }) => id),
    );
    expect(plan.steps).toEqual([]);
    expect(reasonsOf(plan)).toEqual([expect.stringMatching(/belongs to Velero backup nightly/)]);
  });
});

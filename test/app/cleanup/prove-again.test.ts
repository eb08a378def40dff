import { describe, expect, test } from 'vitest';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { addDeployment } from '../../../src/lib/lab/scenario/build/deployment.ts';
import { addPathDriver } from '../../../src/lib/lab/scenario/build/path-driver.ts';
import { addPathVolume } from '../../../src/lib/lab/scenario/build/path-volume.ts';
import {
  addOne,
  addSound,
  finish,
  newSite,
  type Site,
} from '../../../src/lib/lab/scenario/build/site.ts';
import { addPeriodicSnapshots, addSnapshot } from '../../../src/lib/lab/scenario/build/snapshot.ts';
import { addDataset, ago } from '../../../src/lib/lab/scenario/build/stage.ts';
import {
  TRUENAS_VERSIONS,
  type LabSystem,
  type TrueNasVersion,
} from '../../../src/lib/lab/scenario/world.ts';
import { journalsOf } from '../../support/journalled.ts';
import { runWorld } from '../../support/scan-scenario.ts';

/*
 * A run proves the finding of an item again before each of its steps, so that none of these steps may take the proof away: until
 * the last one the finding is there, is certain, and is the same.
 */

interface Step {
  readonly name: string;
  take(system: LabSystem): void;
}

interface Prepared {
  readonly rule: string;
  /** The subject. */
  readonly name: string;
  /** In their order, without the last. */
  readonly steps: readonly Step[];
}

const GONE = { gone: ['pv', 'claim'] } as const;

function disable(
  name: string,
  objects: (system: LabSystem) => readonly { enabled: boolean }[],
): Step {
  return {
    name: `${name} disabled`,
    take: (system) => {
      const list = objects(system);
      if (list.length !== 1) throw new Error(`${String(list.length)} of ${name}`);
      for (const each of list) each.enabled = false;
    },
  };
}

const nfsOf = (path: string) =>
  disable('NFS share', ({ nfsShares }) => nfsShares.filter((each) => each.path === `/mnt/${path}`));
const smbOf = (path: string) =>
  disable('SMB share', ({ smbShares }) => smbShares.filter((each) => each.path === `/mnt/${path}`));
const extentOf = (path: string) =>
  disable('extent', ({ iscsiExtents }) =>
    iscsiExtents.filter((each) => each.path === `zvol/${path}`),
  );
const namespaceOf = (path: string) =>
  disable('namespace', ({ nvmetNamespaces }) =>
    nvmetNamespaces.filter((each) => each.devicePath === `zvol/${path}`),
  );

const MAKES: Readonly<Record<string, (site: Site) => Prepared>> = {
  'dataset-unclaimed over NFS': (site) => {
    const { dataset } = addOne(site.nfs, 'apps/lost', GONE);
    return { rule: 'dataset-unclaimed', name: dataset, steps: [nfsOf(dataset)] };
  },
  'dataset-unclaimed over SMB': (site) => {
    const smb = addDeployment(site.cluster, site.nas, { protocol: 'smb' });
    addSound(smb, 5);
    const { dataset } = addOne(smb, 'apps/lost', GONE);
    return { rule: 'dataset-unclaimed', name: dataset, steps: [smbOf(dataset)] };
  },
  'dataset-unclaimed over iSCSI': (site) => {
    const { dataset } = addOne(site.iscsi, 'apps/lost', GONE);
    return { rule: 'dataset-unclaimed', name: dataset, steps: [extentOf(dataset)] };
  },
  'dataset-unclaimed of csi.truenas.io': (site) => {
    const driver = addPathDriver(site.cluster, site.nas, {
      driver: 'csi.truenas.io',
      protocol: 'nfs',
    });
    for (const index of [1, 2, 3, 4, 5])
      addPathVolume(driver, { claim: `apps/sound-${String(index)}` });
    const { dataset } = addPathVolume(driver, { claim: 'apps/lost', ...GONE });
    return { rule: 'dataset-unclaimed', name: dataset, steps: [nfsOf(dataset)] };
  },
  'dataset-unclaimed of csi.truenas.io over iSCSI': (site) => {
    const driver = addPathDriver(site.cluster, site.nas, {
      driver: 'csi.truenas.io',
      protocol: 'iscsi',
    });
    for (const index of [1, 2, 3, 4, 5])
      addPathVolume(driver, { claim: `apps/sound-${String(index)}` });
    const { dataset } = addPathVolume(driver, { claim: 'apps/lost', ...GONE });
    return { rule: 'dataset-unclaimed', name: dataset, steps: [extentOf(dataset)] };
  },
  'dataset-half-provisioned over NFS': (site) => {
    const { dataset } = addOne(site.nfs, 'apps/lost', { gone: ['claim'], stopsAt: 'context' });
    return { rule: 'dataset-half-provisioned', name: dataset, steps: [nfsOf(dataset)] };
  },
  'dataset-half-provisioned over iSCSI': (site) => {
    const { dataset } = addOne(site.iscsi, 'apps/lost', { gone: ['claim'], stopsAt: 'context' });
    return { rule: 'dataset-half-provisioned', name: dataset, steps: [extentOf(dataset)] };
  },
  'dataset-half-provisioned without a share': (site) => {
    const { dataset } = addOne(site.nfs, 'apps/lost', { gone: ['claim'], stopsAt: 'share' });
    return { rule: 'dataset-half-provisioned', name: dataset, steps: [] };
  },
  'detached-snapshot-unclaimed': (site) => {
    const volume = addOne(site.nfs, 'apps/source');
    const { id } = addSnapshot(volume, {
      name: 'copy',
      days: 60.5,
      detached: true,
      gone: ['snapshot', 'content'],
    });
    for (const index of [1, 2, 3, 4, 5]) {
      addSnapshot(volume, { name: `sound-${String(index)}`, days: 60.5, detached: true });
    }
    return { rule: 'detached-snapshot-unclaimed', name: id, steps: [] };
  },
  'detached-container-empty': (site) => {
    const { handle } = addOne(site.nfs, 'apps/source');
    const name = `${site.nfs.detachedParent}/${handle}`;
    addDataset(site.nas, name, { days: 60.5 });
    return { rule: 'detached-container-empty', name, steps: [] };
  },
};

const SINCE_25_10 = new Set<TrueNasVersion>(['25.10', '26']);

const ONLY_LATER: typeof MAKES = {
  'dataset-unclaimed over NVMe-oF': (site) => {
    const nvmeof = addDeployment(site.cluster, site.nas, { protocol: 'nvmeof' });
    addSound(nvmeof, 5);
    const { dataset } = addOne(nvmeof, 'apps/lost', GONE);
    return { rule: 'dataset-unclaimed', name: dataset, steps: [namespaceOf(dataset)] };
  },
};

function remove(name: string, take: (system: LabSystem) => void): Step {
  return { name: `${name} gone`, take };
}

/** Puts a dataset aside ten days ago, and says how it is destroyed. */
function dueOf(site: Site, { name, steps: disabled }: Prepared): Prepared {
  const { system } = site.nas;
  for (const step of disabled) step.take(system);
  const record = system.datasets.find(({ id }) => id === name);
  if (record === undefined) throw new Error(`no ${name}`);
  record.userProperties['truenas-monitor:quarantined'] = `${name};${ago(site.stage, 10.5)};plan-7`;
  addPeriodicSnapshots(site.nas, name, [1, 2]);
  const zvol = `zvol/${name}`;
  const extents = system.iscsiExtents.filter(({ path }) => path === zvol).map(({ id }) => id);
  const mappings = system.iscsiTargetExtents.filter(({ extent }) => extents.includes(extent));
  const targets = mappings.map(({ target }) => target);
  const spaces = system.nvmetNamespaces.filter(({ devicePath }) => devicePath === zvol);
  const subsystems = spaces.map(({ subsystem }) => subsystem);
  return {
    rule: 'dataset-quarantined',
    name,
    steps: [
      remove('shares', (all) => {
        all.nfsShares = all.nfsShares.filter(({ path }) => path !== `/mnt/${name}`);
        all.smbShares = all.smbShares.filter(({ path }) => path !== `/mnt/${name}`);
      }),
      remove('mapping', (all) => {
        all.iscsiTargetExtents = all.iscsiTargetExtents.filter((each) => !mappings.includes(each));
      }),
      remove('extent', (all) => {
        all.iscsiExtents = all.iscsiExtents.filter(({ id }) => !extents.includes(id));
      }),
      remove('target', (all) => {
        all.iscsiTargets = all.iscsiTargets.filter(({ id }) => !targets.includes(id));
      }),
      remove('namespace', (all) => {
        all.nvmetNamespaces = all.nvmetNamespaces.filter((each) => !spaces.includes(each));
      }),
      remove('subsystem', (all) => {
        all.nvmetSubsystems = all.nvmetSubsystems.filter(({ id }) => !subsystems.includes(id));
      }),
      remove('snapshots', (all) => {
        all.snapshots = all.snapshots.filter(({ id }) => !id.startsWith(`${name}@`));
        record.usedbysnapshots = 0;
      }),
    ],
  };
}

function prepare(version: TrueNasVersion, make: (site: Site) => Prepared) {
  const site = newSite(version);
  addSound(site.nfs, 6);
  addSound(site.iscsi, 6);
  const prepared = make(site);
  return { ...prepared, world: finish(site, []).world };
}

/** The finding of a rule about a subject, in what shows that it is the same. */
const shown = (findings: readonly Finding[], rule: string, name: string) =>
  findings
    .filter((each) => each.rule === rule && each.subject.name === name)
    .map(({ id, confidence, doubt, remedy }) => ({ id, confidence, doubt, action: remedy.action }));

async function provesAgain(version: TrueNasVersion, make: (site: Site) => Prepared): Promise<void> {
  const { rule, name, steps, world } = prepare(version, make);
  await using running = await runWorld(world);
  const moved = journalsOf(world);
  const around = { movedDatasets: { load: () => Promise.resolve(moved) } };
  const first = await running.scan({}, around);
  const before = shown(first.findings, rule, name);
  expect(before).toMatchObject([{ confidence: 'certain' }]);
  const [system] = world.systems;
  if (system === undefined) throw new Error('a system');
  for (const step of steps) {
    step.take(system);
    const { findings } = await running.scan({}, around);
    expect(shown(findings, rule, name), step.name).toEqual(before);
  }
}

const CASES = TRUENAS_VERSIONS.flatMap((version) =>
  Object.entries({ ...MAKES, ...(SINCE_25_10.has(version) ? ONLY_LATER : {}) }).map(
    ([what, make]) => [what, version, make] as const,
  ),
);

describe('what is put aside', () => {
  test.each(CASES)(
    '%s is found again after each step over TrueNAS %s',
    async (_, version, make) => {
      await provesAgain(version, make);
    },
  );
});

describe('what is destroyed', () => {
  const volumes = CASES.filter(([what]) => !what.startsWith('detached-container'));
  test.each(volumes)(
    '%s, in quarantine, is found again after each step over TrueNAS %s',
    async (_, version, make) => {
      await provesAgain(version, (site) => dueOf(site, make(site)));
    },
  );
});

import { type PlanScope } from '../../src/lib/core/cleanup/plan-scope.ts';
import { type CleanupPlan } from '../../src/lib/core/cleanup/plan-schema.ts';
import { addDeployment } from '../../src/lib/lab/scenario/build/deployment.ts';
import { type Deployment } from '../../src/lib/lab/scenario/build/deployment.ts';
import {
  addOne,
  addSound,
  finish,
  newSite,
  type Site,
} from '../../src/lib/lab/scenario/build/site.ts';
import { addPeriodicSnapshots, addSnapshot } from '../../src/lib/lab/scenario/build/snapshot.ts';
import { addDataset } from '../../src/lib/lab/scenario/build/stage.ts';
import { addAttachment } from '../../src/lib/lab/scenario/build/use.ts';
import { type VolumeOptions } from '../../src/lib/lab/scenario/build/volume-options.ts';
import {
  TRUENAS_VERSIONS,
  type TrueNasVersion,
  type World,
} from '../../src/lib/lab/scenario/world.ts';
import { type CleanupSite, type SiteOptions } from './cleanup-site.ts';

/** A small world, and how it comes to a plan that is worth a crash. */
export interface CrashCase {
  readonly name: string;
  readonly versions: readonly TrueNasVersion[];
  readonly options: SiteOptions;
  build(version: TrueNasVersion): World;
  /** Brings it to the plan, which is approved. */
  plan(site: CleanupSite): Promise<CleanupPlan>;
}

const ALL = TRUENAS_VERSIONS;
const SINCE_25_10 = ['25.10', '26'] as const satisfies readonly TrueNasVersion[];
const GONE = ['pv', 'claim'] as const;
const DAY = 24;

export async function planned(
  site: CleanupSite,
  request: Partial<PlanScope> = {},
): Promise<CleanupPlan> {
  const plan = await site.plan(request);
  await site.approve(plan);
  return plan;
}

/** Everything that was found, whether or not it is safe by nature. */
export async function plannedByName(site: CleanupSite, rule: string): Promise<CleanupPlan> {
  const { left_out: leftOut, items } = await site.plan({ rules: [rule] });
  // Plans of one instant that hold the same have one name.
  site.pass(0.1);
  const findings = [...leftOut, ...items].flatMap((each) => (each.rule === rule ? [each.id] : []));
  return await planned(site, { rules: [rule], findings });
}

/** Puts aside, waits until that is over, and plans what comes then. */
async function dueAfterQuarantine(
  site: CleanupSite,
  includeSnapshots: readonly string[] = [],
): Promise<CleanupPlan> {
  await site.apply(await planned(site));
  site.pass(8 * DAY + 2);
  return await planned(site, { includeSnapshots });
}

/** Looks every other day: what was not watched all the while is not destroyed. */
async function watched(site: CleanupSite, days: number): Promise<void> {
  for (let day = 0; day < days; day += 2) {
    await site.plan();
    site.pass(2 * DAY);
  }
}

type Protocol = Deployment['protocol'];

function deploymentOf(site: Site, protocol: Protocol): Deployment {
  if (protocol === 'nfs' || protocol === 'iscsi') return site[protocol];
  return addDeployment(site.cluster, site.nas, { protocol });
}

function siteFor(version: TrueNasVersion, protocol: Protocol): Deployment & { site: Site } {
  const site = newSite(version);
  addDataset(site.nas, 'tank/quarantine', { days: 300 });
  const deployment = deploymentOf(site, protocol);
  addSound(deployment, 4);
  return { ...deployment, site };
}

/** One volume in a site of its own, short of what the options say. */
function one(
  protocol: Protocol,
  options: Partial<VolumeOptions>,
  more?: (site: Site, volume: ReturnType<typeof addOne>) => void,
) {
  return (version: TrueNasVersion): World => {
    const { site, ...deployment } = siteFor(version, protocol);
    const volume = addOne(deployment, 'apps/lost', options);
    more?.(site, volume);
    return finish(site, []).world;
  };
}

const versionsOf = (protocol: Protocol) => (protocol === 'nvmeof' ? SINCE_25_10 : ALL);

const PROTOCOLS: readonly Protocol[] = ['nfs', 'smb', 'iscsi', 'nvmeof'];
const MOVING: SiteOptions = { settings: { quarantineParent: 'tank/quarantine' } };

const QUARANTINES: readonly CrashCase[] = PROTOCOLS.flatMap((protocol) => [
  {
    name: `quarantine over ${protocol}`,
    versions: versionsOf(protocol),
    options: {},
    build: one(protocol, { gone: GONE }),
    plan: planned,
  },
  {
    name: `quarantine elsewhere over ${protocol}`,
    versions: SINCE_25_10,
    options: MOVING,
    build: one(protocol, { gone: GONE }),
    plan: planned,
  },
]);

const DESTRUCTIONS: readonly CrashCase[] = PROTOCOLS.flatMap((protocol) => [
  {
    name: `destroy over ${protocol}`,
    versions: versionsOf(protocol),
    options: {},
    build: one(protocol, { gone: GONE }),
    plan: dueAfterQuarantine,
  },
  {
    name: `destroy elsewhere over ${protocol}`,
    versions: SINCE_25_10,
    options: MOVING,
    build: one(protocol, { gone: GONE }),
    plan: dueAfterQuarantine,
  },
]);

const SNAPSHOTS: readonly CrashCase[] = [
  {
    name: 'destroy with its snapshots',
    versions: ALL,
    options: {},
    build: one('nfs', { gone: GONE }, (site, { dataset }) => {
      addPeriodicSnapshots(site.nas, dataset, [1, 2]);
    }),
    plan: async (site) => {
      const { snapshots } = site.freeze().world.systems[0] ?? { snapshots: [] };
      return await dueAfterQuarantine(
        site,
        snapshots.map(({ id }) => id),
      );
    },
  },
  {
    name: 'delete a snapshot',
    versions: ALL,
    options: {},
    build: (version) => {
      const site = newSite(version);
      const [volume] = addSound(site.nfs, 4);
      if (volume === undefined) throw new Error('a volume');
      for (const name of ['a', 'b', 'c']) addSnapshot(volume, { name, days: 20.5 });
      addSnapshot(volume, { name: 'lost', days: 60.5, gone: ['snapshot', 'content'] });
      return finish(site, []).world;
    },
    plan: async (site) => {
      await watched(site, 8);
      return await plannedByName(site, 'zfs-snapshot-unclaimed');
    },
  },
];

const DANGLING = ['pv', 'claim', 'dataset'] as const;

const EXPORTS: readonly CrashCase[] = PROTOCOLS.map((protocol) => ({
  name: `delete a dangling export over ${protocol}`,
  versions: versionsOf(protocol),
  options: {},
  build: one(protocol, { gone: DANGLING }),
  plan: planned,
}));

const RESOURCES: readonly CrashCase[] = [
  {
    name: 'delete a volume without data',
    versions: ALL,
    options: {},
    build: one('nfs', { gone: ['claim', 'dataset', 'share'], releasedDays: 60.5 }),
    plan: async (site) => await plannedByName(site, 'pv-backend-missing'),
  },
  {
    name: 'delete a snapshot content without data',
    versions: ALL,
    options: {},
    build: (version) => {
      const site = newSite(version);
      const [volume] = addSound(site.nfs, 4);
      if (volume === undefined) throw new Error('a volume');
      addSnapshot(volume, { name: 'sound', days: 20.5 });
      addSnapshot(volume, { name: 'lost', days: 60.5, gone: ['snapshot', 'backend'] });
      return finish(site, []).world;
    },
    plan: async (site) => await plannedByName(site, 'snapshot-content-backend-missing'),
  },
  {
    name: 'delete an attachment',
    versions: ALL,
    options: {},
    build: (version) => {
      const site = newSite(version);
      addSound(site.iscsi, 3);
      const { name: volume } = addOne(site.iscsi, 'apps/on-gone-node');
      const { driver } = site.iscsi;
      addAttachment(site.cluster, { volume, driver, node: 'worker-9', days: 12.5 });
      return finish(site, []).world;
    },
    plan: async (site) => {
      // Since when its machine is gone is known from having looked before.
      await site.plan();
      site.pass(DAY);
      return await plannedByName(site, 'attachment-stale');
    },
  },
];

function disableAll(world: World): void {
  for (const { nfsShares, iscsiExtents } of world.systems) {
    for (const each of [nfsShares.at(-1), iscsiExtents.at(-1)]) {
      if (each !== undefined) each.enabled = false;
    }
  }
}

const REPAIRS: readonly CrashCase[] = [
  ...(['nfs', 'iscsi'] as const).map((protocol) => ({
    name: `enable an export over ${protocol}`,
    versions: ALL,
    options: {},
    build: (version: TrueNasVersion) => {
      const world = one(protocol, {})(version);
      disableAll(world);
      return world;
    },
    plan: async (site: CleanupSite) => await plannedByName(site, 'share-disabled'),
  })),
  ...(['nfs', 'iscsi'] as const).map((protocol) => ({
    name: `restore an export over ${protocol}`,
    versions: ALL,
    options: {},
    build: one(protocol, { gone: ['share'] }),
    plan: async (site: CleanupSite) => await plannedByName(site, 'share-missing'),
  })),
  {
    name: 'retain volumes',
    versions: ALL,
    options: {},
    build: (version) => {
      const site = newSite(version);
      const [volume] = addSound(site.nfs, 4);
      if (volume === undefined) throw new Error('a volume');
      addOne(site.nfs, 'apps/again', { handle: volume.handle, gone: ['dataset', 'share'] });
      return finish(site, []).world;
    },
    plan: async (site) => await plannedByName(site, 'volume-handle-duplicate'),
  },
];

const OVER_REST: readonly CrashCase[] = (['nfs', 'iscsi'] as const).map((protocol) => ({
  name: `destroy over ${protocol}, by REST`,
  versions: ['25.04'],
  options: { transport: 'rest' },
  build: one(protocol, { gone: GONE }),
  plan: dueAfterQuarantine,
}));

export const CRASH_CASES: readonly CrashCase[] = [
  ...QUARANTINES,
  ...DESTRUCTIONS,
  ...SNAPSHOTS,
  ...EXPORTS,
  ...RESOURCES,
  ...REPAIRS,
  ...OVER_REST,
];

export function crashCase(name: string): CrashCase {
  const found = CRASH_CASES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

import { addCluster } from '../build/cluster.ts';
import { certain, defineScenario, likely, SINCE_25_10, type Built } from '../build/define.ts';
import { exportName } from '../build/expect.ts';
import { addPathDriver, type PathDriver, type PathDriverOptions } from '../build/path-driver.ts';
import { addPathSnapshot } from '../build/path-snapshot.ts';
import { addPathVolume, type PathVolume } from '../build/path-volume.ts';
import { finish } from '../build/site.ts';
import { addZfsSnapshot } from '../build/snapshot.ts';
import { addNas, newStage, type Stage } from '../build/stage.ts';
import { type ExpectedFinding, type Scenario, type TrueNasVersion } from '../world.ts';

const VARIANTS: readonly (PathDriverOptions & { readonly name: string })[] = [
  ...(['nfs', 'iscsi'] as const).map((protocol) => ({
    name: `truenas-csi-${protocol}`,
    driver: 'csi.truenas.io' as const,
    protocol,
  })),
  ...(['nfs', 'smb', 'iscsi', 'nvmeof'] as const).map((protocol) => ({
    name: `tns-csi-${protocol}`,
    driver: 'tns.csi.io' as const,
    protocol,
    clusterId: 'prod',
  })),
];

interface Installed {
  readonly stage: Stage;
  readonly driver: PathDriver;
  readonly first: PathVolume;
}

function install(version: TrueNasVersion, options: PathDriverOptions): Installed {
  const stage = newStage();
  const nas = addNas(stage, version);
  const driver = addPathDriver(addCluster(stage), nas, options);
  const first = addPathVolume(driver, { claim: 'apps/data-0' });
  for (let number = 1; number < 9; number += 1) {
    addPathVolume(driver, { claim: `apps/data-${number}` });
  }
  return { stage, driver, first };
}

function healthy(version: TrueNasVersion, options: PathDriverOptions): Built {
  const { stage, first } = install(version, options);
  addPathSnapshot(first, { name: 'weekly', days: 7.5 });
  if (options.driver === 'tns.csi.io') {
    addPathSnapshot(first, { name: 'copy', days: 7.5, detached: true });
  }
  return finish({ stage }, []);
}

function nameOf({ driver, dataset, asset, extent }: PathVolume): string {
  return exportName(driver.protocol, { dataset, share: asset, extent });
}

const DANGLING = {
  nfs: 'nfs-share-dangling',
  smb: 'smb-share-dangling',
  iscsi: 'iscsi-extent-dangling',
  nvmeof: 'nvmet-namespace-dangling',
} as const;

function faulty(version: TrueNasVersion, options: PathDriverOptions): Built {
  const { stage, driver, first } = install(version, options);
  const destroyed = addPathVolume(driver, {
    claim: 'faults/destroyed',
    gone: ['dataset', 'share'],
  });
  const forgotten = addPathVolume(driver, { claim: 'faults/forgotten', gone: ['pv', 'claim'] });
  const released = addPathVolume(driver, { claim: 'faults/released', gone: ['claim'] });
  const unshared = addPathVolume(driver, { claim: 'faults/not-shared', gone: ['share'] });
  const left = addPathVolume(driver, {
    claim: 'faults/only-exported',
    gone: ['pv', 'claim', 'dataset'],
  });
  const hollow = addPathSnapshot(first, { name: 'hollow', gone: ['backend'] });
  const temporary = `${first.dataset}@${options.driver === 'tns.csi.io' ? 'csi-detached-temp-1763000000000000000' : `csi-clone-${first.dataset.replaceAll('/', '-')}-1763000000`}`;
  addZfsSnapshot(driver.nas, temporary, { days: 40.5 });
  const expected: ExpectedFinding[] = [
    certain('temp-snapshot-leftover', temporary),
    certain('pv-backend-missing', destroyed.name),
    certain('pv-released', released.name),
    certain('share-missing', unshared.name),
    // The comment of this driver's NFS shares does not say that it is its own.
    (driver.driver === 'tns.csi.io' && driver.protocol === 'nfs' ? likely : certain)(
      DANGLING[driver.protocol],
      nameOf(left),
    ),
    certain('share-unclaimed', nameOf(forgotten)),
    certain('snapshot-content-backend-missing', hollow.contentName),
    certain('dataset-unclaimed', forgotten.dataset),
  ];
  return finish({ stage }, expected);
}

/** Drivers whose volume handles are paths: once with nothing wrong, and once with one of each fault. */
export const PATH_WORLDS: readonly Scenario[] = VARIANTS.flatMap(({ name, ...options }) => {
  const versions = options.protocol === 'nvmeof' ? { versions: SINCE_25_10 } : {};
  return [
    defineScenario({
      name,
      description: `volumes and snapshots of ${options.driver} over ${options.protocol}, as they should be`,
      row: null,
      ...versions,
      build: (version) => healthy(version, options),
    }),
    defineScenario({
      name: `${name}-faults`,
      description: `one of each fault among the volumes of ${options.driver} over ${options.protocol}`,
      row: null,
      ...versions,
      build: (version) => faulty(version, options),
    }),
  ];
});

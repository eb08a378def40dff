import { addCluster } from '../build/cluster.ts';
import { defineScenario, SINCE_25_10, type Built } from '../build/define.ts';
import { addDeployment, type Deployment, type DeploymentOptions } from '../build/deployment.ts';
import { CLAIM_TEMPLATE } from '../build/handle.ts';
import { addSound, finish } from '../build/site.ts';
import { addSnapshot } from '../build/snapshot.ts';
import { addNas, newStage, type Stage } from '../build/stage.ts';
import { type Volume } from '../build/volume.ts';
import { type ExpectedFinding, type Scenario, type TrueNasVersion } from '../world.ts';
import { addClones, addExportFaults, addSnapshotFaults, addVolumeFaults } from './faults.ts';

/** One manner in which democratic-csi is set up. */
interface Variant {
  readonly name: string;
  readonly options: DeploymentOptions;
}

const kinds: Variant[] = (['freenas-api', 'freenas', 'zfs-generic'] as const).flatMap((family) =>
  (['nfs', 'smb', 'iscsi', 'nvmeof'] as const).map((protocol) => {
    const kind = `${family}-${protocol}`;
    return { name: kind, options: { protocol, kind } };
  }),
);

/** Volume ids that are not the names of volumes. */
const ids: Variant[] = [
  { name: 'ids-by-md5', options: { protocol: 'nfs', idHash: 'md5' } },
  { name: 'ids-by-crc8', options: { protocol: 'iscsi', idHash: 'crc8' } },
  { name: 'ids-by-crc16', options: { protocol: 'iscsi', idHash: 'crc16' } },
  { name: 'ids-by-crc32', options: { protocol: 'smb', idHash: 'crc32' } },
  { name: 'ids-by-template', options: { protocol: 'nfs', idTemplate: CLAIM_TEMPLATE } },
  {
    name: 'ids-by-hashed-template',
    options: { protocol: 'iscsi', idTemplate: CLAIM_TEMPLATE, idHash: 'md5' },
  },
];

/** Shares, targets and subsystems that are not named like the volume. */
const names: Variant[] = (['smb', 'iscsi', 'nvmeof'] as const).flatMap((protocol) => [
  {
    name: `${protocol}-with-affixes`,
    options: { protocol, assetPrefix: 'Prod-', assetSuffix: '-Cluster-A' },
  },
  {
    name: `${protocol}-named-after-claims`,
    options: { protocol, assetPrefix: '', assetTemplate: CLAIM_TEMPLATE, assetSuffix: '-prod' },
  },
]);

interface Installed {
  readonly stage: Stage;
  readonly deployment: Deployment;
  readonly first: Volume;
}

function install(version: TrueNasVersion, options: DeploymentOptions): Installed {
  const stage = newStage();
  const nas = addNas(stage, version);
  const cluster = addCluster(stage);
  const deployment = addDeployment(cluster, nas, options);
  const [first] = addSound(deployment, 9);
  if (first === undefined) throw new Error('there are some');
  return { stage, deployment, first };
}

/** Volumes, snapshots of both kinds and clones, and nothing wrong with any of them. */
function healthy(version: TrueNasVersion, options: DeploymentOptions): Built {
  const { stage, first } = install(version, options);
  addSnapshot(first, { name: 'weekly', days: 7.5 });
  addSnapshot(first, { name: 'monthly', days: 30.5, detached: true, policy: 'Retain' });
  addClones(first);
  return finish({ stage }, []);
}

function faulty(version: TrueNasVersion, options: DeploymentOptions): Built {
  const { stage, deployment, first } = install(version, options);
  const expected: ExpectedFinding[] = [
    ...addVolumeFaults(deployment),
    ...addExportFaults(deployment),
    ...addSnapshotFaults(deployment, first),
  ];
  return finish({ stage }, expected);
}

/** Every kind, id and name of democratic-csi: once with nothing wrong, and once with one of each fault. */
export const DEMOCRATIC_WORLDS: readonly Scenario[] = [...kinds, ...ids, ...names].flatMap(
  ({ name, options }) => {
    // Earlier releases know nothing of NVMe-oF; the generic driver exports without their help.
    const needsNvmet = options.protocol === 'nvmeof' && !name.startsWith('zfs-generic');
    const versions = needsNvmet ? { versions: SINCE_25_10 } : {};
    return [
      defineScenario({
        name: `democratic-csi-${name}`,
        description: `volumes, snapshots and clones of democratic-csi, ${name}, as they should be`,
        row: null,
        ...versions,
        build: (version) => healthy(version, options),
      }),
      defineScenario({
        name: `democratic-csi-${name}-faults`,
        description: `one of each fault in a deployment of democratic-csi, ${name}`,
        row: null,
        ...versions,
        build: (version) => faulty(version, options),
      }),
    ];
  },
);

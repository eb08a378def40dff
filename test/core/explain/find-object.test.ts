import { describe, expect, it } from 'vitest';
import { parseWanted } from '../../../src/lib/core/explain/wanted.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import {
  aClaim,
  aCluster,
  aContent,
  aDataset,
  anAttachment,
  anInventory,
  anNfsShare,
  aPod,
  aPv,
  aSystem,
  aVolumeSnapshot,
  aWorkload,
  aZfsSnapshot,
  clusterWith,
  HANDLE,
  PARENT,
  SNAPSHOT_UID,
  systemWith,
} from '../../support/builders.ts';
import { explained } from '../../support/explaining.ts';
import { withoutList } from '../../support/rule-tester.ts';

const PATH = `${PARENT}/${HANDLE}`;

const world = anInventory({
  persistentVolumes: [aPv(), aPv({ name: 'odd\u001b[31m', claim: null })],
  persistentVolumeClaims: [
    aClaim(),
    aClaim({ namespace: 'shop', uid: 'another', volumeName: null }),
  ],
  datasets: [aDataset(), aDataset({ id: `${PARENT}/disk`, kind: 'volume' })],
  nfsShares: [anNfsShare(), anNfsShare({ id: 43 })],
  zfsSnapshots: [aZfsSnapshot()],
  volumeSnapshots: [aVolumeSnapshot()],
  volumeSnapshotContents: [aContent()],
});

async function subjectsOf(inventory: Inventory, words: string): Promise<string[]> {
  const { chains } = await explained(inventory, words);
  return chains.flatMap(({ subjects }) =>
    subjects.map((ref) => {
      const home = ref.location === 'kubernetes' ? ref.cluster : ref.system;
      return `${home} ${ref.type} ${ref.namespace === null ? '' : `${ref.namespace}/`}${ref.name}`;
    }),
  );
}

const DATASET = `nas1 Dataset ${PATH}`;

describe('an object', () => {
  it.each([
    [`pv/${HANDLE}`, `prod PersistentVolume ${HANDLE}`],
    [`persistentvolumes ${HANDLE}`, `prod PersistentVolume ${HANDLE}`],
    [`pvc/media/library`, 'prod PersistentVolumeClaim media/library'],
    [`pvc media/library`, 'prod PersistentVolumeClaim media/library'],
    [`dataset/${PATH}`, DATASET],
    [`dataset /mnt/${PATH}/`, DATASET],
    [`zvol/${PARENT}/disk`, `nas1 Zvol ${PARENT}/disk`],
    [`dataset ${PARENT}/disk`, `nas1 Zvol ${PARENT}/disk`],
    [PATH, DATASET],
    [`@nas1:dataset/${PATH}`, DATASET],
    [`@nas1:dataset ${PATH}`, DATASET],
    [
      `snapshot ${PATH}@snapshot-${SNAPSHOT_UID}`,
      `nas1 ZfsSnapshot ${PATH}@snapshot-${SNAPSHOT_UID}`,
    ],
    ['snapshot media/weekly', 'prod VolumeSnapshot media/weekly'],
    [
      `snapshot snapcontent-${SNAPSHOT_UID}`,
      `prod VolumeSnapshotContent snapcontent-${SNAPSHOT_UID}`,
    ],
    // What -o name prints of a hostile name is what is typed.
    ['pv/odd\\x1b[31m', 'prod PersistentVolume odd\u001b[31m'],
  ])('is found by %s', async (words, found) => {
    expect(await subjectsOf(world, words)).toEqual([found]);
  });

  it('of a name that several have is shown with all of them', async () => {
    expect(await subjectsOf(world, 'pvc/library')).toEqual([
      'prod PersistentVolumeClaim media/library',
      'prod PersistentVolumeClaim shop/library',
    ]);
    // Two shares of one dataset hang on one chain.
    const { chains } = await explained(world, `nfsshare//mnt/${PATH}`);
    expect(chains.map(({ subjects }) => subjects.length)).toEqual([2]);
  });

  it('that is only expected somewhere can be asked for', async () => {
    const lost = anInventory({
      persistentVolumes: [aPv()],
      volumeSnapshotContents: [aContent({ snapshotHandle: `x/snapshot-${SNAPSHOT_UID}` })],
    });
    expect(await subjectsOf(lost, `dataset ${PATH}`)).toEqual([DATASET]);
    expect(await subjectsOf(lost, `tank/detached/x/snapshot-${SNAPSHOT_UID}`)).toEqual([
      `nas1 Dataset tank/detached/x/snapshot-${SNAPSHOT_UID}`,
    ]);
  });

  it.each([
    [
      'pv/pvc-6f1d2c9e-3b0a-4a58-9d25-1f9f4a5b7c12',
      'there is no pv/pvc-6f1d',
      `Did you mean persistentvolume/${HANDLE}?`,
    ],
    ['nothing-like-it', 'there is no object nothing-like-it', 'Write a finding id'],
    [
      'pvc/media/librrary',
      'there is no pvc/media/librrary',
      'Did you mean persistentvolumeclaim/media/library?',
    ],
    ['@prd:pv/x', 'no cluster or system is called "prd"', 'Use one of prod, nas1.'],
  ])('that does not exist is an error: %s', async (words, message, help) => {
    await expect(explained(world, words)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message) as string,
      remediation: expect.arrayContaining([expect.stringContaining(help) as string]) as string[],
    });
  });

  it('that is not in a list that was not read whole is not said to be missing', async () => {
    const blind = withoutList(world, 'persistentVolumes');
    await expect(explained(blind, 'pv/unseen')).rejects.toMatchObject({
      message: 'pv/unseen is not among what could be read, which is not everything',
    });
    await expect(explained(blind, 'pvc/media/unseen')).rejects.toMatchObject({
      message: 'there is no pvc/media/unseen',
    });
  });

  it('of a name that too many have is an error that shows how to choose', async () => {
    const claims = Array.from({ length: 9 }, (_, at) =>
      aClaim({ namespace: `team-${String(at)}`, uid: String(at), volumeName: null }),
    );
    const inventory = anInventory({ persistentVolumeClaims: claims });
    await expect(explained(inventory, 'pvc/library')).rejects.toMatchObject({
      message: '9 objects are called library',
      remediation: [
        'Write which, with type, namespace and home: @prod:persistentvolumeclaim/team-0/library is one of them.',
      ],
    });
  });
});

describe('a name in two clusters and on two systems', () => {
  const two: Inventory = {
    ...world,
    clusters: ['prod', 'staging'].map((cluster) =>
      clusterWith(
        { persistentVolumes: [aPv({ cluster, claim: null })] },
        aCluster({ name: cluster, uid: cluster }),
      ),
    ),
    systems: ['nas1', 'nas2'].map((system) =>
      systemWith({ datasets: [aDataset({ system })] }, aSystem({ name: system, hostId: system })),
    ),
  };

  it('is shown for each, unless one is chosen', async () => {
    const each = ['nas1', 'nas2'].map((system) => `${system} Dataset ${PATH}`);
    expect(await subjectsOf(two, `dataset ${PATH}`)).toEqual(each);
    expect(await subjectsOf(two, `@nas2:dataset ${PATH}`)).toEqual([each[1]]);
    const volumes = ['prod', 'staging'].map((cluster) => `${cluster} PersistentVolume ${HANDLE}`);
    expect(await subjectsOf(two, `pv/${HANDLE}`)).toEqual(volumes);
    expect(await subjectsOf(two, `@staging:pv/${HANDLE}`)).toEqual([volumes[1]]);
  });
});

describe('what cannot be read as a name', () => {
  it.each([
    [['pvd', 'x'], 'there is no type "pvd"', 'Did you mean pv?'],
    [['@prod:'], 'nothing is named', 'Write a finding id'],
  ])('is refused before anything is read: %j', (words, message, help) => {
    expect(() => parseWanted(words)).toThrow(
      expect.objectContaining({
        message,
        remediation: expect.arrayContaining([expect.stringContaining(help) as string]) as string[],
      }) as Error,
    );
  });

  it.each(['pv', 'pv/', '@prod:dataset'])('names a type and no object of it: %s', (word) => {
    expect(() => parseWanted([word])).toThrow('is a type, and no object of it is named');
  });
});

describe('what mounts a claim', () => {
  const mounting = anInventory({
    persistentVolumeClaims: [aClaim(), aClaim({ name: 'data-db-0', uid: 'of-set' })],
    pods: [aPod({ claims: ['library', 'data-db-0'] }), aPod({ name: 'idle', claims: [] })],
    statefulSets: [
      aWorkload({ kind: 'StatefulSet', name: 'db', claims: [], claimPrefixes: ['data-db-'] }),
    ],
    volumeAttachments: [anAttachment()],
  });

  it.each([
    [
      'pod/media/player-0',
      'a pod cannot be explained; explain its claims pvc/media/library and pvc/media/data-db-0',
    ],
    [
      'pods media/player-0',
      'a pod cannot be explained; explain its claims pvc/media/library and pvc/media/data-db-0',
    ],
    ['sts/db', 'a StatefulSet cannot be explained; explain its claim pvc/media/data-db-0'],
    [
      `node/${anAttachment().node}`,
      'a node cannot be explained; explain its attachment va/csi-0123456789abcdef',
    ],
    [
      'pod/media/idle',
      'a pod cannot be explained; explain the claim it mounts, pvc/NAMESPACE/NAME',
    ],
    [
      'deploy/gone',
      'a Deployment cannot be explained; explain the claim it mounts, pvc/NAMESPACE/NAME',
    ],
  ])('is none to explain, and leads to the claim: %s', async (words, message) => {
    await expect(explained(mounting, words)).rejects.toMatchObject({ code: 'USAGE', message });
  });

  it('is not meant where a dataset has the name', async () => {
    const inventory = anInventory({ datasets: [aDataset({ id: 'vm/disks' })] });
    expect(await subjectsOf(inventory, 'vm/disks')).toEqual(['nas1 Dataset vm/disks']);
  });

  it('is no reason not to list the types for what is no type at all', async () => {
    await expect(explained(mounting, 'pood/media/player-0')).rejects.toMatchObject({
      remediation: expect.arrayContaining([
        expect.stringContaining('Types are persistentvolume') as string,
      ]) as string[],
    });
  });
});

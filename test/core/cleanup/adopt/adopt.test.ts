import { describe, expect, test } from 'vitest';
import {
  adopted,
  aLostWorld,
  aLostWorldOf,
  csiOf,
  LOST,
  originOf,
  refusal,
  withContext,
} from '../../../support/adopting.ts';
import {
  aClaim,
  aCluster,
  aDataset,
  aDriver,
  anNfsShare,
  aPv,
  aStorageClass,
  aSystem,
  clusterWith,
  finished,
  HANDLE,
  meta,
  PARENT,
  properties,
  systemWith,
} from '../../../support/builders.ts';
import { withoutList } from '../../../support/rule-tester.ts';

const NFS = { node_attach_driver: 'nfs', server: '10.10.0.5', share: '/mnt/elsewhere' };
const lost = aDataset({ properties: withContext(NFS, 'freenas-api-nfs') });
const world = aLostWorld({ datasets: [lost] });

const unnamed = { ...lost, properties: { ...lost.properties, csiVolumeName: null } };
const onNode = { kind: 'path', type: 'local', path: '/data' } as const;

const waiting = (volumeName: string | null) =>
  aClaim({ ...meta('wanted', 'apps', { uid: 'uid-of-old' }), volumeName });

describe('is not adopted', () => {
  test('what nothing exports, and of which nothing says how it was', () => {
    const datasets = [aDataset({ properties: properties() })];
    expect(refusal(aLostWorld({ datasets }))).toMatch(/nothing exports it, and nothing on it says/);
  });

  test('a dataset of a driver whose volumes this version does not know', () => {
    const foreign = aLostWorldOf('org.truenas.csi', { nfsShares: [anNfsShare({ comment: '' })] });
    expect(refusal(foreign)).toMatch(/what org.truenas.csi writes into a volume is not known/);
  });

  test('a dataset whose name no volume can have', () => {
    const id = `${PARENT}/My_Films`;
    const datasets = [aDataset({ id, properties: { ...lost.properties, csiVolumeName: null } })];
    expect(refusal(aLostWorld({ datasets }), { dataset: id })).toMatch(
      /"My_Films" is no name for a PersistentVolume/,
    );
  });

  test('a dataset whose name another volume has', () => {
    const persistentVolumes = [aPv({ source: onNode })];
    expect(refusal(aLostWorld({ datasets: [unnamed], persistentVolumes }))).toMatch(
      new RegExp(`cluster prod has another PersistentVolume ${HANDLE}`),
    );
  });

  test('for a claim that is about to get a new volume', () => {
    const persistentVolumeClaims = [waiting(null)];
    expect(refusal(aLostWorld({ datasets: [lost], persistentVolumeClaims }))).toMatch(
      /claim apps\/wanted of cluster prod is there already and waits for a new volume/,
    );
  });

  test('a dataset whose size nothing tells', () => {
    const datasets = [{ ...lost, refquota: null, used: null }];
    expect(refusal(aLostWorld({ datasets }))).toMatch(/neither its quota nor its size/);
  });

  test('a dataset that is on several systems, unless one of them is named', () => {
    const replica = systemWith(
      { datasets: [{ ...lost, system: 'nas2' }] },
      aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' }),
    );
    const two = { ...world, systems: [...world.systems, replica] };
    expect(refusal(two)).toMatch(/it is on several systems: nas1, nas2/);
    expect(refusal(two, { system: 'nas1' })).toBe('adopted');
  });

  test('what is in quarantine by hand', () => {
    const quarantined = `${LOST};2026-10-01T00:00:00Z`;
    const datasets = [{ ...lost, marks: { quarantined, ignore: null } }];
    expect(refusal(aLostWorld({ datasets }))).toMatch(/pvc-\S+ is in quarantine, and its share/);
  });

  test.each([
    ['persistentVolumes', 'prod'],
    ['datasets', 'nas1'],
  ] as const)('while the %s of %s are not all known', (list, of) => {
    expect(refusal(withoutList(world, list))).toContain(`${list} of ${of} could not be read whole`);
  });
});

describe('the driver of a dataset', () => {
  const drivers = [aDriver(), aDriver({ driver: 'org.democratic-csi.other' })];
  const storageClasses = [
    aStorageClass(),
    aStorageClass({ name: 'other', provisioner: 'org.democratic-csi.other' }),
  ];
  const two = aLostWorld({ datasets: [lost], drivers, storageClasses });

  test('is not guessed where several may have made it', () => {
    expect(refusal(two)).toMatch(
      /several drivers may have made it: org.democratic-csi.nfs in prod, org.democratic-csi.other in prod/,
    );
  });

  test('is that of the class which is named', () => {
    expect(csiOf(adopted(two, { storageClass: 'other' }))).toMatchObject({
      driver: 'org.democratic-csi.other',
    });
  });
});

describe('the class of a dataset', () => {
  const withClasses = (...storageClasses: Parameters<typeof aStorageClass>[0][]) =>
    aLostWorld({ datasets: [lost], storageClasses: storageClasses.map(aStorageClass) });
  const classOf = (inventory: ReturnType<typeof withClasses>) =>
    adopted(inventory).manifests.map(({ spec }) => spec);

  test.each([
    ['protocol', 'iscsi'],
    ['pool', 'fast'],
    ['parentDataset', 'tank/elsewhere'],
  ])('is none whose %s is another', (name, value) => {
    expect(refusal(withClasses({ parameters: { [name]: value } }))).toMatch(
      /cluster prod has no StorageClass of org.democratic-csi.nfs for it/,
    );
  });

  test('is none whose path in the pool is another', () => {
    const parameters = { pool: 'tank', datasetPath: 'elsewhere' };
    expect(refusal(withClasses({ parameters }))).toMatch(/has no StorageClass/);
  });

  test('is the only one that fits, whatever it leaves open', () => {
    const fitting = { pool: 'tank', datasetPath: 'k8s', parentDataset: '' };
    const classes = withClasses(
      { name: 'a', parameters: fitting },
      { name: 'b', parameters: { pool: 'fast' } },
    );
    expect(classOf(classes)).toMatchObject([{ storageClassName: 'a' }, { storageClassName: 'a' }]);
  });

  test('is the default one of several, and not guessed where there is none', () => {
    expect(refusal(withClasses({ name: 'a' }, { name: 'b' }))).toMatch(
      /it may be of several StorageClasses: a, b/,
    );
    const both = [
      { name: 'a', isDefault: true },
      { name: 'b', isDefault: true },
    ];
    expect(refusal(withClasses(...both))).toMatch(/several StorageClasses: a, b/);
    const one = withClasses({ name: 'a' }, { name: 'b', isDefault: true });
    expect(classOf(one)).toMatchObject([{ storageClassName: 'b' }, { storageClassName: 'b' }]);
  });
});

describe('what is adopted', () => {
  test('goes back to a claim that lost this very volume, and to no other of its name', () => {
    const persistentVolumeClaims = [waiting(HANDLE)];
    const { manifests, cautions } = adopted(
      aLostWorld({ datasets: [lost], persistentVolumeClaims, namespaces: [] }),
    );
    expect(manifests).toMatchObject([
      { kind: 'PersistentVolume', spec: { claimRef: { name: 'wanted', uid: 'uid-of-old' } } },
    ]);
    expect(cautions.join()).not.toMatch(/namespace/);
  });

  test.each([
    ['is not there', aLostWorld({ datasets: [lost], namespaces: [] }), true],
    ['may be there', withoutList(world, 'namespaces'), false],
  ])('is said to need its namespace where that %s', (_, inventory, isSaid) => {
    const { cautions } = adopted(inventory);
    expect(cautions.includes('Cluster prod has no namespace apps: make it first.')).toBe(isSaid);
  });

  test('is not held up by a volume of its name in another cluster', () => {
    const other = clusterWith(
      { persistentVolumes: [aPv({ cluster: 'dev', source: onNode })] },
      aCluster({ name: 'dev', uid: 'dev-uid' }),
    );
    const here = aLostWorld({ datasets: [unnamed] });
    const two = { ...here, clusters: [...here.clusters, other] };
    expect(refusal(two, { cluster: 'prod' })).toBe('adopted');
  });

  test('is called after its dataset where its driver noted no name', () => {
    const noted = adopted(world);
    expect(originOf(noted, 'metadata.name')).toBe('the property csi_volume_name');
    const named = adopted(aLostWorld({ datasets: [unnamed] }));
    expect(originOf(named, 'metadata.name')).toBe('the last part of the path of the dataset');
    expect(named.manifests[0]).toMatchObject({ metadata: { name: HANDLE } });
  });

  test.each(['fsType', 'csi.storage.k8s.io/fstype'])(
    'has the file system that its class names as %s',
    (name) => {
      const storageClasses = [aStorageClass({ parameters: { [name]: 'xfs' } })];
      const { manifests } = adopted(aLostWorld({ datasets: [lost], storageClasses }));
      expect(manifests[0]).toMatchObject({ spec: { csi: { fsType: 'xfs' } } });
    },
  );

  test('of a locked dataset says that it has to be unlocked first', () => {
    const { cautions } = adopted(aLostWorld({ datasets: [{ ...lost, locked: true }] }));
    expect(cautions).toContain(
      'The dataset is locked: unlock it before anybody mounts the volume.',
    );
  });

  test('remembers whose it was', () => {
    const claim = { namespace: 'apps', name: 'wanted' };
    const datasets = [aDataset({ properties: { ...lost.properties, claim } })];
    const from = (of: Parameters<typeof adopted>[1]) =>
      originOf(adopted(aLostWorld({ datasets }), of), 'spec.claimRef');
    expect(from({ claim: null })).toBe('what the properties of the dataset remember');
    expect(from({ claim: { namespace: 'apps', name: 'another' } })).toBe('--claim');
  });

  test('is of the class that its driver noted', () => {
    const datasets = [aDataset({ properties: finished(HANDLE, { storageClass: 'b' }) })];
    const storageClasses = [aStorageClass({ name: 'a' }), aStorageClass({ name: 'b' })];
    expect(refusal(aLostWorld({ datasets, storageClasses }))).toMatch(/csi_share_volume_context/);
  });
});

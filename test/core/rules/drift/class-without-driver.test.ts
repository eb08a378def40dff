import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { classWithoutDriver } from '../../../../src/lib/core/rules/drift/class-without-driver.ts';
import {
  aCsiDriver,
  aDriverSecret,
  anInventory,
  aPv,
  aSnapshotClass,
  aStorageClass,
  JUST_NOW,
  LONG_AGO,
  NOW,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const keys = ['StorageClass//nas-nfs', 'VolumeSnapshotClass//nas-nfs', 'StorageClass//tns'];
const firstSeen = new Map(
  keys.map((key) => [`cluster-uid class-without-driver ${key}`, LONG_AGO] as const),
);
const world = { storageClasses: [aStorageClass()], firstSeen };
const tns = aStorageClass({ name: 'tns', provisioner: 'tns.csi.io' });

testRule(classWithoutDriver, {
  certain: {
    'a class whose driver is not among an empty list of drivers': [anInventory(world), ['nas-nfs']],
    'classes of both kinds whose driver was renamed': [
      anInventory({
        ...world,
        volumeSnapshotClasses: [aSnapshotClass()],
        csiDrivers: [aCsiDriver({ name: 'org.democratic-csi.nfs-2' })],
      }),
      ['nas-nfs', 'nas-nfs'],
    ],
    'a class of a driver nobody declared, whose name says enough': [
      anInventory({ ...world, storageClasses: [tns], csiDrivers: [aCsiDriver()], drivers: [] }),
      ['tns'],
    ],
    'a class of a driver whose volumes alone tell of it': [
      anInventory({ ...world, persistentVolumes: [aPv()], drivers: [] }),
      ['nas-nfs'],
    ],
    'a class of a driver whose Secret alone tells of it': [
      anInventory({ ...world, drivers: [], driverSecrets: [aDriverSecret()] }),
      ['nas-nfs'],
    ],
  },
  likely: {
    'a class that is seen so for the first time': [
      anInventory({ ...world, firstSeen: new Map() }),
      ['nas-nfs'],
      'missing-for-threshold',
    ],
    'a class whose driver is being upgraded': [
      anInventory({
        ...world,
        firstSeen: new Map([...firstSeen.keys()].map((key) => [key, JUST_NOW])),
      }),
      ['nas-nfs'],
      'missing-for-threshold',
    ],
    'a driver that works without a CSIDriver': [
      anInventory({
        ...world,
        persistentVolumes: [aPv({ createdAt: JUST_NOW }), aPv({ name: 'old' })],
      }),
      ['nas-nfs'],
      'makes-no-volumes',
    ],
  },
  silent: {
    'classes whose driver is installed': anInventory({
      ...world,
      volumeSnapshotClasses: [aSnapshotClass()],
      csiDrivers: [aCsiDriver()],
    }),
    'a denied list of drivers': withoutList(anInventory(world), 'csiDrivers'),
    'a class that was made just now': anInventory({
      ...world,
      storageClasses: [aStorageClass({ createdAt: JUST_NOW })],
    }),
    'a class of some other storage': anInventory({
      ...world,
      storageClasses: [aStorageClass({ provisioner: 'ebs.csi.aws.com' })],
    }),
  },
});

describe('what it says', () => {
  const found = (over: Parameters<typeof anInventory>[0]) =>
    findingsOf(classWithoutDriver, anInventory({ ...world, ...over })).map(
      ({ subject, severity, reason, storageClass }) => [
        subject.type,
        severity,
        reason,
        storageClass,
      ],
    );

  test('how many volumes are left without their driver', () => {
    expect(found({ persistentVolumes: [aPv()] })).toEqual([
      [
        'StorageClass',
        'medium',
        'no CSIDriver org.democratic-csi.nfs in this cluster: no volume of this class can be made, and 2 PersistentVolumes of it cannot be deleted or grown',
        'nas-nfs',
      ],
    ]);
  });

  test('of a class nobody has used, less', () => {
    const volumeSnapshotClasses = [aSnapshotClass({ driver: 'csi.truenas.io' })];
    expect(found({ storageClasses: [tns], volumeSnapshotClasses, firstSeen: new Map() })).toEqual([
      [
        'StorageClass',
        'low',
        'no CSIDriver tns.csi.io in this cluster: no volume of this class can be made',
        'tns',
      ],
      [
        'VolumeSnapshotClass',
        'low',
        'no CSIDriver csi.truenas.io in this cluster: no snapshot of this class can be made',
        null,
      ],
    ]);
  });

  test('tells volumes of unknown age from new ones', () => {
    const ages = [null, LONG_AGO, null].map((createdAt, at) =>
      aPv({ name: `v-${String(at)}`, createdAt }),
    );
    const [finding] = findingsOf(
      classWithoutDriver,
      anInventory({ ...world, persistentVolumes: ages }),
    );
    expect(finding?.confidence).toBe('certain');
  });
});

test('a volume is new until the threshold, and not in the moment it is reached', () => {
  const seen = (createdAt: Date | null) =>
    checkOf(
      classWithoutDriver,
      anInventory({
        ...world,
        storageClasses: [tns],
        persistentVolumes: [
          aPv({
            source: { kind: 'csi', driver: 'tns.csi.io', handle: 'x', attributes: {} },
            createdAt,
          }),
        ],
      }),
      'tns',
      'makes-no-volumes',
    );
  const atThreshold = new Date(NOW.getTime() - DEFAULT_POLICY.orphanThreshold);
  const later = new Date(atThreshold.getTime() + 1);
  expect(seen(atThreshold)).toEqual([
    'passed',
    `its newest volume was made ${atThreshold.toISOString()}`,
  ]);
  expect(seen(later)?.[0]).toBe('failed');
  expect(seen(null)).toEqual(['passed', 'no volume of it is known']);
});

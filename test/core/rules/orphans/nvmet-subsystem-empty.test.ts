import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { nvmetSubsystemEmpty } from '../../../../src/lib/core/rules/orphans/nvmet-subsystem-empty.ts';
import {
  aClaim,
  aDataset,
  aDriver,
  aFolder,
  aNamespace,
  anInventory,
  aPv,
  aSubsystem,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  properties,
  type SmallWorld,
} from '../../../support/builders.ts';
import {
  findingsOf,
  systemListsReadAgain,
  testRule,
  withoutList,
} from '../../../support/rule-tester.ts';

const zvol = aDataset({ kind: 'volume' });
const since = (instant: Date, name = HANDLE) =>
  new Map([[`host-id nvmet-subsystem-empty NvmetSubsystem//${name}/5`, instant]]);
const empty = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [zvol],
    nvmetSubsystems: [aSubsystem()],
    firstSeen: since(LONG_AGO),
    ...world,
  });
const nvmePv = aPv({
  source: {
    kind: 'csi',
    driver: 'org.democratic-csi.nfs',
    handle: HANDLE,
    attributes: { node_attach_driver: 'nvmeof', nqn: `nqn.x:${HANDLE}` },
  },
});

/** A bound volume of csi.truenas.io, whose subsystem lost its namespace. */
function officialWorld(parent: string, datasets: readonly Dataset[]): SmallWorld {
  const name = `csi-tank-k8s-official-${HANDLE}`;
  const driver = 'csi.truenas.io';
  return {
    drivers: [aDriver(), aDriver({ driver, parent, detachedSnapshotsParent: null })],
    datasets: [aFolder(parent), ...datasets],
    nvmetSubsystems: [aSubsystem({ name, nqn: `nqn.2011-06.com.truenas:uuid:1:${name}` })],
    persistentVolumes: [
      aPv({
        source: {
          kind: 'csi',
          driver,
          handle: `${parent}/${HANDLE}`,
          attributes: { protocol: 'nvmeof' },
        },
      }),
    ],
    firstSeen: since(LONG_AGO, name),
  };
}

testRule(nvmetSubsystemEmpty, {
  safe: 'every',
  certain: {
    'the subsystem of a forgotten volume': [empty(), [HANDLE]],
    'a subsystem with a prefix and a suffix': [
      empty({
        nvmetSubsystems: [aSubsystem({ name: `k8s-${HANDLE}-a` })],
        firstSeen: since(LONG_AGO, `k8s-${HANDLE}-a`),
      }),
      [`k8s-${HANDLE}-a`],
    ],
    'a subsystem of the official driver, which is named after the path of a volume that is gone': [
      empty({
        ...officialWorld('tank/k8s_official', []),
        persistentVolumes: [],
      }),
      [`csi-tank-k8s-official-${HANDLE}`],
    ],
  },
  likely: {
    'a subsystem that nobody saw before: it may be in the making': [
      empty({ firstSeen: new Map() }),
      [HANDLE],
      'suspect-for-long',
    ],
    'a subsystem first seen an hour ago': [
      empty({ firstSeen: since(JUST_NOW) }),
      [HANDLE],
      'suspect-for-long',
    ],
    'a subsystem a host is connected to': [
      empty({ nvmetSessions: [{ system: 'nas1', subsystemId: 5, host: 'nqn.node-1' }] }),
      [HANDLE],
      'no-nvme-session',
    ],
    'sessions that may not be listed': [
      withoutList(empty(), 'nvmetSessions'),
      [HANDLE],
      'no-nvme-session',
    ],
    'a subsystem that a volume without a dataset names': [
      empty({ datasets: [], persistentVolumes: [nvmePv] }),
      [HANDLE],
      'no-volume-refers',
    ],
    'the subsystem of a volume below a parent that others may use too': [
      empty({ drivers: [aDriver({ exclusive: false })] }),
      [HANDLE],
      'owner-registered',
    ],
    'the subsystem of a volume whose claim is left': [
      empty({ persistentVolumeClaims: [aClaim({ phase: 'Lost' })] }),
      [HANDLE],
      'nobody-remembers-it',
    ],
    'a subsystem of the official driver whose volume is bound, and its zvol gone': [
      empty({ ...officialWorld('tank/k8s_official', []) }),
      [`csi-tank-k8s-official-${HANDLE}`],
      'no-volume-refers',
    ],
    'a subsystem named like a volume of no known parent': [
      empty({ datasets: [] }),
      [HANDLE],
      'below-declared-parent',
    ],
    'a subsystem of people': [
      empty({
        nvmetSubsystems: [aSubsystem({ name: 'vm', nqn: 'nqn.x:vm' })],
        firstSeen: since(LONG_AGO, 'vm'),
      }),
      ['vm'],
      'made-by-driver',
    ],
  },
  silent: {
    ...Object.fromEntries(
      ['tank/k8s_official', `${PARENT}/official`, 'tank/k8s-official'].map((parent) => [
        `the subsystem of a bound volume of the official driver below ${parent}, beside ${PARENT}`,
        empty(
          officialWorld(parent, [
            aDataset({ id: `${parent}/${HANDLE}`, kind: 'volume', properties: properties() }),
          ]),
        ),
      ]),
    ),
    'a subsystem with a namespace, whatever that exports': empty({
      nvmetNamespaces: [aNamespace({ type: 'FILE', devicePath: '/mnt/tank/disk.img' })],
    }),
    'the subsystem of a bound volume, which is missing its namespace': empty({
      persistentVolumes: [nvmePv],
    }),
    'a volume that was just made': empty({
      datasets: [aDataset({ kind: 'volume', createdAt: JUST_NOW })],
    }),
    'a volume in quarantine': empty({
      datasets: [
        aDataset({
          kind: 'volume',
          marks: { quarantined: `${PARENT}/${HANDLE};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
  },
});

test('ports are left alone', () => {
  const [finding] = findingsOf(nvmetSubsystemEmpty, empty());
  expect(finding?.remedy.steps.join(' ')).toContain('the ports serve other volumes and stay');
});

test('the second read looks at all that says a subsystem serves nothing', () => {
  expect(systemListsReadAgain(nvmetSubsystemEmpty, empty())).toEqual([
    'nvmetNamespaces',
    'nvmetSessions',
    'nvmetSubsystems',
  ]);
});

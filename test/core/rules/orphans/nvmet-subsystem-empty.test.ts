import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { nvmetSubsystemEmpty } from '../../../../src/lib/core/rules/orphans/nvmet-subsystem-empty.ts';
import {
  aDataset,
  aNamespace,
  anInventory,
  aPv,
  aSubsystem,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
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

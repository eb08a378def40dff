import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { iscsiTargetEmpty } from '../../../../src/lib/core/rules/orphans/iscsi-target-empty.ts';
import {
  aClaim,
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anIscsiPv,
  aPv,
  aSubsystem,
  aTarget,
  finished,
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

const name = `csi-${HANDLE}`;
const zvol = aDataset({ kind: 'volume' });
const since = (instant: Date, ...names: string[]) =>
  new Map(names.map((each) => [`host-id iscsi-target-empty IscsiTarget//${each}/17`, instant]));
const empty = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [zvol],
    iscsiTargets: [aTarget()],
    firstSeen: since(LONG_AGO, name),
    ...world,
  });
const named = (target: string, world: SmallWorld = {}): Inventory =>
  empty({
    datasets: [],
    iscsiTargets: [aTarget({ name: target })],
    firstSeen: since(LONG_AGO, target),
    ...world,
  });
const official = aDriver({ driver: 'csi.truenas.io' });
const hashed = aDataset({
  id: `${PARENT}/20803`,
  kind: 'volume',
  properties: finished('pvc-1', { iscsiAssetsName: 'csi-20803-clustera' }),
});

testRule(iscsiTargetEmpty, {
  safe: 'every',
  certain: {
    'the target of a forgotten volume': [empty(), [name]],
    'a target whose name is a whole IQN': [
      named(`iqn.2005-10.org.freenas.ctl:${name}`, { datasets: [zvol] }),
      [`iqn.2005-10.org.freenas.ctl:${name}`],
    ],
    'a target of the name a driver noted on a volume, in another case': [
      named('CSI-20803-ClusterA', { datasets: [hashed] }),
      ['CSI-20803-ClusterA'],
    ],
    'a target of the official driver, whose name holds a path below the parent': [
      named(`csi-tank-k8s-${HANDLE}`, { drivers: [aDriver(), official] }),
      [`csi-tank-k8s-${HANDLE}`],
    ],
    'a target whose alias names a path below the parent': [
      empty({
        datasets: [],
        iscsiTargets: [aTarget({ name: 'disk', alias: `CSI volume ${PARENT}/${HANDLE} (prod)` })],
        firstSeen: since(LONG_AGO, 'disk'),
      }),
      ['disk'],
    ],
  },
  likely: {
    'a target that nobody saw before: it may be in the making': [
      empty({ firstSeen: new Map() }),
      [name],
      'suspect-for-long',
    ],
    'a target first seen an hour ago': [
      empty({ firstSeen: since(JUST_NOW, name) }),
      [name],
      'suspect-for-long',
    ],
    'a target named like a volume of no known parent': [
      named(`csi-${HANDLE}`),
      [name],
      'below-declared-parent',
    ],
    'a target with an open session': [
      empty({
        iscsiSessions: [
          { system: 'nas1', initiator: 'iqn.node-1', target: `iqn.2005-10.org.x:${name}` },
        ],
      }),
      [name],
      'no-iscsi-session',
    ],
    'sessions that may not be listed': [
      withoutList(empty(), 'iscsiSessions'),
      [name],
      'no-iscsi-session',
    ],
    'a target named as the official driver names its own, below the parent of another': [
      named(`csi-tank-k8s-${HANDLE}`),
      [`csi-tank-k8s-${HANDLE}`],
      'below-declared-parent',
    ],
    'a target of the official driver below a parent that others may use too': [
      named(`csi-tank-k8s-${HANDLE}`, { drivers: [aDriver({ ...official, exclusive: false })] }),
      [`csi-tank-k8s-${HANDLE}`],
      'owner-registered',
    ],
    'a target of the official driver whose claim is left': [
      named(`csi-tank-k8s-${HANDLE}`, {
        drivers: [aDriver(), official],
        persistentVolumeClaims: [aClaim({ phase: 'Lost' })],
      }),
      [`csi-tank-k8s-${HANDLE}`],
      'nobody-remembers-it',
    ],
    'a target of the official driver, of whose volumes most are unclaimed': [
      named(`csi-tank-k8s-${HANDLE}`, {
        drivers: [aDriver(), official],
        datasets: Array.from({ length: 20 }, (_, n) => aDataset({ id: `${PARENT}/pvc-${n}` })),
      }),
      [`csi-tank-k8s-${HANDLE}`],
      'few-unclaimed-at-once',
    ],
    'a target whose name two volumes below two parents give': [
      empty({
        drivers: [aDriver(), aDriver({ parent: 'tank/other', detachedSnapshotsParent: null })],
        datasets: [
          aFolder('tank/other'),
          zvol,
          aDataset({ id: `tank/other/${HANDLE}`, kind: 'volume' }),
        ],
      }),
      [name],
      'below-declared-parent',
    ],
    'the target of a volume below a parent that others may use too': [
      empty({ drivers: [aDriver({ exclusive: false })] }),
      [name],
      'owner-registered',
    ],
    'the target of a volume whose claim is left': [
      empty({ persistentVolumeClaims: [aClaim({ phase: 'Lost' })] }),
      [name],
      'nobody-remembers-it',
    ],
    'the target of a volume a node has attached': [
      empty({ volumeAttachments: [anAttachment()] }),
      [name],
      'nobody-remembers-it',
    ],
    'a volume that may be served over NVMe-oF, of which the subsystems could not be read': [
      withoutList(
        empty({
          nvmetSubsystems: [aSubsystem({ name: 'disk', nqn: 'nqn.x:disk' })],
          nvmetNamespaces: [aNamespace({ subsystem: 'disk' })],
          persistentVolumes: [
            aPv({
              name: 'by-hand',
              source: {
                kind: 'csi',
                driver: 'org.democratic-csi.node-manual',
                handle: 'by-hand',
                attributes: { node_attach_driver: 'nvmeof', nqn: 'nqn.x:disk' },
              },
            }),
          ],
        }),
        'nvmetSubsystems',
      ),
      [name],
      'no-volume-refers',
    ],
    'a target that a volume without a dataset names': [
      named(`csi-tank-k8s-${HANDLE}`, {
        drivers: [aDriver(), official],
        persistentVolumes: [
          anIscsiPv({
            name: 'by-hand',
            source: {
              kind: 'iscsi',
              portal: 'nas1',
              iqn: `iqn.2005-10.org.x:csi-tank-k8s-${HANDLE}`,
              lun: 0,
            },
          }),
        ],
      }),
      [`csi-tank-k8s-${HANDLE}`],
      'no-volume-refers',
    ],
    'the target of a Released volume': [
      empty({ persistentVolumes: [anIscsiPv({ phase: 'Released' })] }),
      [name],
      'no-volume-refers',
    ],
    'a target somebody made for discovery alone': [
      named('discovery'),
      ['discovery'],
      'made-by-driver',
    ],
    'a parent that was only inferred': [
      empty({ drivers: [], datasets: [zvol] }),
      [name],
      'below-declared-parent',
    ],
  },
  silent: {
    'a target that serves an extent': empty({
      iscsiExtents: [anExtent()],
      iscsiTargetExtents: [aMapping()],
    }),
    'the target of a bound volume, which is missing its extent': empty({
      persistentVolumes: [anIscsiPv()],
    }),
    'the target of one of two volumes of this name, which is bound': empty({
      datasets: [
        aDataset({
          id: `${PARENT}/a`,
          kind: 'volume',
          properties: finished('a', { iscsiAssetsName: name }),
        }),
        aDataset({ kind: 'volume', properties: finished(HANDLE, { iscsiAssetsName: name }) }),
      ],
      persistentVolumes: [anIscsiPv()],
    }),
    'a volume that was never finished, which takes its target along': empty({
      datasets: [
        aDataset({ kind: 'volume', properties: finished(HANDLE, { provisionSuccess: false }) }),
      ],
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

test('a target of people is no more than a remark', () => {
  const [finding] = findingsOf(iscsiTargetEmpty, named('discovery'));
  expect(finding?.severity).toBe('info');
  expect(findingsOf(iscsiTargetEmpty, named(`csi-${HANDLE}`))[0]?.severity).toBe('low');
});

test('a dataset made by hand at the path a name holds makes no volume of it', () => {
  const [finding] = findingsOf(
    iscsiTargetEmpty,
    named('csi-tank-k8s-disk', {
      datasets: [aDataset({ id: `${PARENT}/disk`, kind: 'volume', properties: properties() })],
    }),
  );
  expect(finding?.evidence.map(({ check }) => check)).toContain('older-than-threshold');
});

test('an alias that ends in the parent names no volume', () => {
  const world = empty({
    datasets: [],
    iscsiTargets: [aTarget({ name: 'disk', alias: `${PARENT}/` })],
  });
  expect(findingsOf(iscsiTargetEmpty, world)[0]?.severity).toBe('info');
});

test('warns of the releases that delete an initiator group with its last target', () => {
  const [finding] = findingsOf(iscsiTargetEmpty, empty());
  expect(finding?.remedy.steps.join(' ')).toContain('24.04.2 to 25.04.0');
});

test('the second read looks at all that says a target serves nothing', () => {
  expect(systemListsReadAgain(iscsiTargetEmpty, empty())).toEqual([
    'iscsiSessions',
    'iscsiTargetExtents',
    'iscsiTargets',
  ]);
});

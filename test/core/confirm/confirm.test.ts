import { describe, expect, test } from 'vitest';
import {
  confirm,
  planSecondRead,
  withSecondReads,
  type SecondReads,
} from '../../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../src/lib/core/model/check.ts';
import { COMPLETE, failed, listed, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { WORKLOAD_LISTS } from '../../../src/lib/core/correlate/sources.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { type PersistentVolume } from '../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type Rule } from '../../../src/lib/core/model/rule.ts';
import { type Dataset } from '../../../src/lib/core/model/truenas.ts';
import { evaluate, type Candidate } from '../../../src/lib/core/rules/evaluate.ts';
import { datasetUnclaimed } from '../../../src/lib/core/rules/orphans/dataset-unclaimed.ts';
import { nfsShareDangling } from '../../../src/lib/core/rules/orphans/nfs-share-dangling.ts';
import { pvBackendMissing } from '../../../src/lib/core/rules/orphans/pv-backend-missing.ts';
import { zfsSnapshotUnclaimed } from '../../../src/lib/core/rules/orphans/zfs-snapshot-unclaimed.ts';
import {
  aDataset,
  aMapping,
  anExtent,
  anInventory,
  anNfsShare,
  aPool,
  aPv,
  aTarget,
  aZfsSnapshot,
  clusterWith,
  details,
  HANDLE,
  PARENT,
  size,
  systemWith,
} from '../../support/builders.ts';
import { withoutList } from '../../support/rule-tester.ts';

const id = `${PARENT}/${HANDLE}`;

function candidatesOf(inventory: Inventory, ...rules: readonly Rule[]): readonly Candidate[] {
  return evaluate(rules, correlate(inventory, DEFAULT_POLICY), DEFAULT_POLICY).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates : [],
  );
}

const NOTHING: SecondReads = {
  clusterLists: new Map(),
  systemLists: new Map(),
  datasets: new Map(),
  snapshots: new Map(),
};

const looked = (found: readonly Dataset[], absent: readonly string[], coverage = COMPLETE) =>
  new Map([
    [
      'nas1',
      { found: new Map(found.map((each) => [each.id, each])), absent: new Set(absent), coverage },
    ],
  ]);

function after(inventory: Inventory, reads: Partial<SecondReads>): Inventory {
  const { surprises } = correlate(inventory, DEFAULT_POLICY);
  return withSecondReads(inventory, { ...NOTHING, ...reads }, surprises);
}

/** Names that are left of what a rule finds, once the second read brought this. */
function left(inventory: Inventory, rule: Rule, reads: Partial<SecondReads>) {
  const candidates = candidatesOf(inventory, rule);
  const again = after(inventory, reads);
  const { confirmed, skipped } = confirm(candidates, again, DEFAULT_POLICY);
  return {
    names: confirmed.map(({ verdict }) => verdict.subject.name),
    skipped: skipped.flatMap(({ because }) => because.map(({ name }) => name)),
  };
}

const volumesOf = (inventory: Inventory) =>
  inventory.clusters[0]?.lists.persistentVolumes?.items ?? [];

test('the plan names each thing once, on its side', () => {
  const inventory = anInventory({
    datasets: [aDataset()],
    persistentVolumes: [
      aPv({
        name: 'gone',
        source: { kind: 'csi', driver: 'org.democratic-csi.nfs', handle: 'gone', attributes: {} },
      }),
    ],
    nfsShares: [anNfsShare({ id: 7, path: `/mnt/${PARENT}/lost` })],
    zfsSnapshots: [aZfsSnapshot({ details: null })],
  });
  const rules = [datasetUnclaimed, pvBackendMissing, nfsShareDangling, zfsSnapshotUnclaimed];
  const plan = planSecondRead(candidatesOf(inventory, ...rules));
  expect(plan.clusterLists).toEqual(
    new Set([
      'persistentVolumes',
      'persistentVolumeClaims',
      'volumeAttachments',
      'pods',
      ...WORKLOAD_LISTS,
      'volumeSnapshotContents',
      'volumeSnapshots',
    ]),
  );
  expect(plan.systemLists.get('nas1')).toEqual(
    new Set([
      'iscsiSessions',
      'nvmetSessions',
      'pools',
      'nfsShares',
      // Whoever shows a snapshot itself.
      'smbShares',
      'iscsiExtents',
      'nvmetNamespaces',
    ]),
  );
  expect(plan.datasets.get('nas1')).toEqual(new Set([id, `${PARENT}/gone`, `${PARENT}/lost`]));
  expect(plan.snapshots.get('nas1')).toEqual(new Set([aZfsSnapshot().id]));
});

describe('after the second read', () => {
  const forgotten = anInventory({ datasets: [aDataset()] });
  const lost = anInventory({ persistentVolumes: [aPv()] });

  test('a volume whose pool was exported between the two reads is not lost', () => {
    const { names } = left(lost, pvBackendMissing, {
      datasets: looked([], [id]),
      systemLists: new Map([['nas1', { pools: listed([aPool({ name: 'other' })]) }]]),
    });
    expect(names).toEqual([]);
  });

  test('what is still so is left', () => {
    expect(left(forgotten, datasetUnclaimed, { datasets: looked([aDataset()], []) }).names).toEqual(
      [id],
    );
    expect(left(lost, pvBackendMissing, { datasets: looked([], [id]) }).names).toEqual([HANDLE]);
  });

  test('a dataset that has turned up clears the volume', () => {
    expect(left(lost, pvBackendMissing, { datasets: looked([aDataset()], []) }).names).toEqual([]);
  });

  test('a volume that has turned up clears the dataset', () => {
    const clusterLists = new Map([
      ['prod', { persistentVolumes: listed([...volumesOf(forgotten), aPv()]) }],
    ]);
    expect(left(forgotten, datasetUnclaimed, { clusterLists }).names).toEqual([]);
  });

  const volumesAfter = (inventory: Inventory, volumes: readonly PersistentVolume[]) => {
    const clusterLists = new Map([['prod', { persistentVolumes: listed(volumes) }]]);
    return after(inventory, { clusterLists }).clusters[0]?.lists.persistentVolumes?.coverage.state;
  };
  const empty: Inventory = {
    ...anInventory(),
    clusters: [clusterWith({})],
    systems: [systemWith({})],
  };

  test('volumes that could not be read first, and are none at all then, prove nothing', () => {
    const unread = withoutList(anInventory(), 'persistentVolumes');
    expect(volumesAfter(unread, [])).toBe('partial');
    expect(volumesAfter(unread, [aPv()])).toBe('complete');
    expect(volumesAfter(anInventory(), [])).toBe('partial');
    expect(volumesAfter(empty, [])).toBe('complete');
  });

  test('a list that surprised is mistrusted until it has grown', () => {
    const blind: Inventory = { ...anInventory(), clusters: [clusterWith({})] };
    expect(volumesAfter(blind, [])).toBe('partial');
    expect(volumesAfter(blind, [aPv()])).toBe('complete');
    const unread = after(blind, {}).clusters[0]?.lists.persistentVolumes;
    expect(unread?.coverage.state).toBe('partial');
  });

  test('a dataset that has gone meanwhile is no finding', () => {
    expect(left(forgotten, datasetUnclaimed, { datasets: looked([], [id]) }).names).toEqual([]);
  });

  test('what could not be looked up is not reported, and the rule says why', () => {
    const datasets = looked([], [], failed('connection closed'));
    expect(left(lost, pvBackendMissing, { datasets })).toEqual({
      names: [],
      skipped: ['datasets'],
    });
    const clusterLists = new Map([['prod', { persistentVolumes: unlisted<never>(failed('403')) }]]);
    expect(left(forgotten, datasetUnclaimed, { clusterLists })).toEqual({
      names: [],
      skipped: ['persistentVolumes'],
    });
  });

  test('a host that logged out between the two reads was logged in all the same', () => {
    const mine = { system: 'nas1', initiator: 'iqn.node1', target: `csi-${HANDLE}` };
    const other = { ...mine, target: 'somebody-else' };
    const zvol = aDataset({ kind: 'volume', refquota: null, volsize: size(1 << 30) });
    const reads = (iscsiSessions: readonly (typeof mine)[]) => ({
      datasets: looked([zvol], []),
      systemLists: new Map([['nas1', { iscsiSessions: listed(iscsiSessions) }]]),
    });
    const doubtsOf = (before: readonly (typeof mine)[], again: readonly (typeof mine)[]) => {
      const world = anInventory({
        datasets: [zvol],
        iscsiExtents: [anExtent()],
        iscsiTargets: [aTarget()],
        iscsiTargetExtents: [aMapping()],
        iscsiSessions: before,
      });
      const candidates = candidatesOf(world, datasetUnclaimed);
      return confirm(candidates, after(world, reads(again)), DEFAULT_POLICY)
        .confirmed.flatMap(({ checks }) => checks)
        .filter(({ result }) => result !== 'passed')
        .map((check) => `${check.id}: ${detailOf(check)}`);
    };
    const stays = ['no-iscsi-session: iqn.node1'];
    expect(doubtsOf([other, mine], [other])).toEqual(stays);
    expect(doubtsOf([other], [other, mine])).toEqual(stays);
    expect(doubtsOf([other, mine], [other, mine])).toEqual(stays);
    expect(doubtsOf([other], [other])).toEqual([]);
  });

  test('a list that is suddenly empty proves nothing', () => {
    const clusterLists = new Map([['prod', { persistentVolumes: listed<never>([]) }]]);
    expect(left(forgotten, datasetUnclaimed, { clusterLists })).toEqual({
      names: [],
      skipped: ['persistentVolumes'],
    });
  });

  test('nothing new is reported, since it was not looked up twice', () => {
    const other = aDataset({ id: `${PARENT}/new` });
    const datasets = looked([aDataset(), other], []);
    expect(left(forgotten, datasetUnclaimed, { datasets }).names).toEqual([id]);
  });

  test('a snapshot is judged by what was read of it alone', () => {
    const world = anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv()],
      zfsSnapshots: [aZfsSnapshot({ details: null })],
    });
    const snapshot = aZfsSnapshot();
    const look = (found: typeof snapshot) => ({
      snapshots: new Map([
        [
          'nas1',
          { found: new Map([[found.id, found]]), absent: new Set<string>(), coverage: COMPLETE },
        ],
      ]),
    });
    expect(left(world, zfsSnapshotUnclaimed, look(snapshot)).names).toEqual([snapshot.id]);
    const periodic = aZfsSnapshot({ details: details({ properties: aDataset().properties }) });
    expect(left(world, zfsSnapshotUnclaimed, look(periodic)).names).toEqual([]);
    expect(left(world, zfsSnapshotUnclaimed, {}).names).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { refToDataset, refToSnapshot } from '../../../../src/lib/core/model/subjects.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import {
  aContent,
  aDataset,
  aFolder,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPv,
  aSubsystem,
  aSystem,
  aTarget,
  aZfsSnapshot,
  details,
  HANDLE,
  NOW,
  PARENT,
} from '../../../support/builders.ts';
import { BOUNDLESS } from '../../../support/planning.ts';
import {
  findingOf,
  planFor,
  quarantined,
  reasonOf,
  titlesOf,
} from '../../../support/plan-builders.ts';

const id = `${PARENT}/${HANDLE}`;
const dataset = aDataset();
const zvol = aDataset({ kind: 'volume' });
const DAY = 24 * 3_600_000;

describe('quarantine-dataset', () => {
  const finding = findingOf('quarantine-dataset', refToDataset(dataset));
  const plan = (world: Inventory, over = {}) => planFor(world, [finding], over);

  test('disables what is enabled of its own exports, then marks it', () => {
    const off = anNfsShare({ id: 43, enabled: false });
    const world = anInventory({ datasets: [dataset], nfsShares: [anNfsShare(), off] });
    const { steps, items } = plan(world);
    expect(steps.map(({ change }) => change)).toEqual([
      { type: 'set-enabled', kind: 'nfs-share', id: 42, enabled: false },
      expect.objectContaining({ type: 'set-mark', dataset: id }),
    ]);
    expect(items[0]).toMatchObject({ intent: 'quarantine', dataset: id, parent: PARENT });
    // It may be carried out as late as the plan holds, and nothing is destroyed before quarantine_for after that.
    const until = new Date(NOW.getTime() + 3_600_000 + 7 * DAY).toISOString();
    expect(steps.map((step) => step.reversible_until)).toEqual([until, until]);
  });

  test('disables the extent and the namespace of a zvol, and leaves targets as they are', () => {
    const world = anInventory({
      datasets: [zvol],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
      nvmetSubsystems: [aSubsystem()],
      nvmetNamespaces: [aNamespace()],
    });
    expect(plan(world).steps.map(({ change }) => change.type)).toEqual([
      'set-enabled',
      'set-enabled',
      'set-mark',
    ]);
  });

  test.each([
    ['24.10.2', false],
    ['25.04.2', false],
    ['25.10.1', true],
    ['26.0.0', true],
  ])('moves it where that is wanted and TrueNAS %s can: %s', (version, moves) => {
    const world = anInventory({
      datasets: [dataset, aFolder('tank/quarantine')],
      system: aSystem({ version }),
    });
    const settings = { ...BOUNDLESS, quarantineParent: 'tank/quarantine' };
    const { steps } = plan(world, { settings });
    const to = `tank/quarantine/${HANDLE}`;
    expect(steps.at(-1)?.change).toEqual(
      moves
        ? { type: 'move-dataset', from: id, to }
        : expect.objectContaining({ type: 'set-mark' }),
    );
    if (moves) {
      const [, arrived] = steps.at(-1)?.after ?? [];
      expect(arrived?.identity).toMatchObject({ id: to });
      expect(arrived?.identity?.['mark']).toMatch(new RegExp(`^${id};`));
    }
  });

  test.each([
    ['other/quarantine', 'other/quarantine is in another pool'],
    ['tank/quarantine', 'there is no tank/quarantine'],
  ])('marks it where it lies, and says so, where it cannot go to %s', (parent, reason) => {
    const settings = { ...BOUNDLESS, quarantineParent: parent };
    const world = anInventory({ datasets: [dataset], system: aSystem({ version: '25.10.1' }) });
    const { steps } = plan(world, { settings });
    expect(steps).toHaveLength(1);
    expect(steps[0]?.preconditions).toContain(`it stays where it is: ${reason}`);
  });

  test('marks it where it lies where one of its name was put aside before', () => {
    const settings = { ...BOUNDLESS, quarantineParent: 'tank/quarantine' };
    const before = aFolder(`tank/quarantine/${HANDLE}`);
    const datasets = [dataset, aFolder('tank/quarantine'), before];
    const { steps } = plan(anInventory({ datasets }), { settings });
    expect(steps.map(({ change }) => change.type)).toEqual(['set-mark']);
    expect(steps[0]?.preconditions).toContain(
      `it stays where it is: ${before.id} is there already`,
    );
  });

  test.each<[string, Inventory, string | RegExp]>([
    [
      'is exported by what is not its own',
      anInventory({ datasets: [dataset], nfsShares: [anNfsShare({ comment: 'by hand' })] }),
      /^it is exported by what is not its own: NFS share 42/,
    ],
    [
      'shows in an SMB share above it',
      anInventory({ datasets: [dataset], smbShares: [anSmbShare({ path: '/mnt/tank' })] }),
      /^it is exported by what is not its own: SMB share/,
    ],
    [
      'is in use',
      anInventory({ datasets: [dataset], persistentVolumes: [aPv()] }),
      /^it is in use by /,
    ],
    [
      'holds a dataset',
      anInventory({ datasets: [dataset, aFolder(`${id}/sub`)] }),
      `there are datasets below it: ${id}/sub`,
    ],
    [
      'was cloned',
      anInventory({ datasets: [dataset, aDataset({ id: 'tank/clone', origin: `${id}@s` })] }),
      'it was cloned into tank/clone',
    ],
    ['is locked', anInventory({ datasets: [aDataset({ locked: true })] }), 'it is locked'],
    [
      'shares its share with another',
      anInventory({
        datasets: [dataset, aFolder('tank/copy', { mountpoint: `/mnt/${id}` })],
        nfsShares: [anNfsShare()],
      }),
      'what exports it exports tank/copy too',
    ],
    ['was put aside', anInventory({ datasets: [quarantined(1)] }), 'it is in quarantine already'],
    ['is not there', anInventory(), 'it was not seen in this scan'],
  ])('is not planned of one that %s', (_, world, reason) => {
    expect(reasonOf(plan(world))).toMatch(reason);
  });
});

describe('destroy-dataset', () => {
  const finding = findingOf('destroy-dataset', refToDataset(dataset), {
    rule: 'dataset-quarantined',
  });
  const aside = quarantined(8);
  const plan = (world: Inventory, snapshots: readonly string[] = [], over = {}) =>
    planFor(world, [finding], { selection: { rules: [], findings: [], snapshots }, ...over });

  test('deletes the share, the named snapshots and then the dataset, each alone', () => {
    const snapshot = aZfsSnapshot();
    const world = anInventory({
      datasets: [aside],
      nfsShares: [anNfsShare({ enabled: false })],
      zfsSnapshots: [snapshot],
    });
    const { steps, items } = plan(world, [snapshot.id]);
    expect(steps.map(({ change }) => change)).toEqual([
      { type: 'delete-object', kind: 'nfs-share', id: 42 },
      { type: 'delete-snapshot', snapshot: snapshot.id },
      { type: 'destroy-dataset', dataset: id },
    ]);
    expect(steps.map(({ undo }) => undo === null)).toEqual([false, true, true]);
    expect(steps.map((step) => step.bytes)).toEqual([0, 1024, 3072]);
    expect(items[0]).toMatchObject({ intent: 'destroy', bytes: 4096, parent: PARENT });
  });

  test('deletes snapshots in the order of their names, and frees nothing by one of unknown size', () => {
    const second = aZfsSnapshot({ name: 'b', details: details({ used: null }) });
    const [first, third] = [aZfsSnapshot({ name: 'a' }), aZfsSnapshot({ name: 'c' })];
    const world = anInventory({ datasets: [aside], zfsSnapshots: [second, first, third] });
    const body = plan(world, [first.id, second.id, third.id]);
    expect(titlesOf(body)).toEqual([
      `Delete snapshot ${first.id}`,
      `Delete snapshot ${second.id}`,
      `Delete snapshot ${third.id}`,
      `Destroy ${id}`,
    ]);
    expect(body.steps.map((step) => step.bytes)).toEqual([1024, 0, 1024, 2048]);
  });

  test('is not planned where the snapshots were not all read', () => {
    const world = anInventory({ datasets: [aside] });
    const systems = world.systems.map((system) => ({
      ...system,
      lists: {
        ...system.lists,
        zfsSnapshots: {
          coverage: { state: 'partial', reason: 'the server said so' } as const,
          items: [],
        },
      },
    }));
    expect(reasonOf(plan({ ...world, systems }))).toBe('its snapshots were not all read');
  });

  const blocks = (over = {}) => ({
    datasets: [quarantined(8, { kind: 'volume' })],
    iscsiExtents: [anExtent({ enabled: false })],
    iscsiTargets: [aTarget()],
    iscsiTargetExtents: [aMapping()],
    nvmetSubsystems: [aSubsystem()],
    nvmetNamespaces: [aNamespace({ enabled: false })],
    ...over,
  });

  test('deletes namespace, mapping, extent and target in this order', () => {
    expect(titlesOf(plan(anInventory(blocks()))).map((title) => title.split(' ', 3)[1])).toEqual([
      'namespace',
      'apart',
      'NVMe-oF',
      'mapping',
      'iSCSI',
      'iSCSI',
      id,
    ]);
  });

  test('deletes a namespace alone where its subsystem was not listed', () => {
    const kinds = plan(anInventory(blocks({ nvmetSubsystems: [] }))).steps.map(({ change }) =>
      'kind' in change ? change.kind : change.type,
    );
    expect(kinds.filter((kind) => kind.startsWith('nvmet'))).toEqual(['nvmet-namespace']);
  });

  test('leaves a target that serves something else', () => {
    const iscsiTargetExtents = [aMapping(), aMapping({ id: 99, extent: 98, lun: 1 })];
    const kinds = plan(anInventory(blocks({ iscsiTargetExtents }))).steps.map(({ change }) =>
      'kind' in change ? change.kind : change.type,
    );
    expect(kinds).toEqual([
      'nvmet-namespace',
      'nvmet-port-subsystem',
      'nvmet-subsystem',
      'iscsi-mapping',
      'iscsi-extent',
      'destroy-dataset',
    ]);
  });

  test('leaves a subsystem that serves something else, or is called after something else', () => {
    const other = aNamespace({ id: 98, devicePath: 'zvol/tank/other' });
    const nvmetNamespaces = [aNamespace({ enabled: false }), other];
    const kinds = plan(anInventory(blocks({ nvmetNamespaces }))).steps.map(({ change }) =>
      'kind' in change ? change.kind : change.type,
    );
    expect(kinds).not.toContain('nvmet-subsystem');
    expect(kinds).not.toContain('nvmet-port-subsystem');
  });

  test.each([
    ['24.04.1', true],
    ['24.04.2', false],
    ['25.04.0', false],
    ['25.04.1', true],
  ])('takes the last target of an initiator group along over TrueNAS %s: %s', (version, goes) => {
    const group = { portal: 1, initiator: 3, auth: null, authMethod: 'NONE' };
    const iscsiTargets = [aTarget({ groups: [group] })];
    const world = anInventory(blocks({ iscsiTargets, system: aSystem({ version }) }));
    expect(titlesOf(plan(world)).some((title) => title.startsWith('Delete iSCSI target'))).toBe(
      goes,
    );
  });

  test.each<[string, Inventory, readonly string[], string | RegExp]>([
    [
      'has a snapshot that nobody named',
      anInventory({ datasets: [aside], zfsSnapshots: [aZfsSnapshot()] }),
      [],
      `it has snapshots that nobody named with --include-snapshots: ${aZfsSnapshot().id}`,
    ],
    [
      'has a snapshot that was not looked at',
      anInventory({ datasets: [aside], zfsSnapshots: [aZfsSnapshot({ details: null })] }),
      [aZfsSnapshot().id],
      /^what tells snapshot .* from another is not known$/,
    ],
    [
      'has a snapshot without its transaction',
      anInventory({
        datasets: [aside],
        zfsSnapshots: [aZfsSnapshot({ details: details({ createtxg: null }) })],
      }),
      [aZfsSnapshot().id],
      /^what tells snapshot/,
    ],
    [
      'has a held snapshot',
      anInventory({
        datasets: [aside],
        zfsSnapshots: [aZfsSnapshot({ details: details({ holds: ['keep'] }) })],
      }),
      [aZfsSnapshot().id],
      /is held by keep$/,
    ],
    [
      'has a snapshot of which nobody knows whether it is held',
      anInventory({
        datasets: [aside],
        zfsSnapshots: [aZfsSnapshot({ details: details({ holds: null }) })],
      }),
      [aZfsSnapshot().id],
      /^whether snapshot .* is held is not known$/,
    ],
    [
      'has a snapshot Kubernetes counts on',
      anInventory({
        datasets: [aside],
        zfsSnapshots: [aZfsSnapshot()],
        volumeSnapshotContents: [aContent()],
      }),
      [aZfsSnapshot().id],
      /^Kubernetes counts on snapshot/,
    ],
    [
      'was put aside too lately',
      anInventory({ datasets: [quarantined(6.99)] }),
      [],
      /^it may have been out of reach for too short a time until/,
    ],
    ['was not put aside', anInventory({ datasets: [dataset] }), [], /^it is not in quarantine/],
    [
      'lies in a quarantine',
      anInventory({
        datasets: [
          {
            ...aFolder(PARENT),
            marks: { quarantined: `${PARENT};2026-01-01T00:00:00Z;x`, ignore: null },
          },
          dataset,
        ],
      }),
      [],
      'it is not in quarantine itself',
    ],
    [
      'has a mark without a date',
      anInventory({
        datasets: [aDataset({ marks: { quarantined: `${id};soon;x`, ignore: null } })],
      }),
      [],
      'its mark does not say since when it is in quarantine',
    ],
    [
      'has no known size',
      anInventory({ datasets: [quarantined(8, { used: null })] }),
      [],
      'its size is not known',
    ],
    [
      'holds a dataset',
      anInventory({ datasets: [aside, aFolder(`${id}/sub`)] }),
      [],
      /^there are datasets below it/,
    ],
    [
      'is exported by what is not its own',
      anInventory({ datasets: [aside], nfsShares: [anNfsShare({ comment: '' })] }),
      [],
      /not its own/,
    ],
  ])('is not planned of one that %s', (_, world, snapshots, reason) => {
    expect(reasonOf(plan(world, snapshots))).toMatch(reason);
  });
});

describe('delete-zfs-snapshot', () => {
  const snapshot = aZfsSnapshot();
  const long = millis(8 * DAY);
  const finding = findingOf('delete-zfs-snapshot', refToSnapshot(snapshot), { seenFor: long });
  const world = anInventory({ datasets: [dataset], zfsSnapshots: [snapshot] });

  test('deletes one that nobody missed for as long as a quarantine lasts', () => {
    const { steps, items } = planFor(world, [finding]);
    expect(items[0]?.intent).toBe('destroy');
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({
      change: { type: 'delete-snapshot', snapshot: snapshot.id },
      undo: null,
      bytes: 1024,
    });
    expect(steps[0]?.before[0]?.identity).toMatchObject({ createtxg: '100' });
  });

  test.each([null, millis(6 * DAY)])('waits where it has been seen for %s', (seenFor) => {
    expect(reasonOf(planFor(world, [{ ...finding, seenFor }]))).toMatch(/quarantine_for/);
  });

  test('is not planned of one that was cloned', () => {
    const clone = aDataset({ id: 'tank/clone', origin: snapshot.id });
    const cloned = anInventory({ datasets: [dataset, clone], zfsSnapshots: [snapshot] });
    expect(reasonOf(planFor(cloned, [finding]))).toMatch(/was cloned into tank\/clone/);
  });
});

test('delete-detached-container puts it aside first', () => {
  const container = aFolder('tank/snaps/pvc-1');
  const finding = findingOf('delete-detached-container', refToDataset(container));
  const plan = planFor(anInventory({ datasets: [container] }), [finding]);
  expect(plan.steps.map(({ change }) => change.type)).toEqual(['set-mark']);
  expect(plan.items[0]).toMatchObject({ intent: 'quarantine', parent: null });
});

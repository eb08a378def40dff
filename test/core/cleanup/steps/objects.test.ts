import { describe, expect, test } from 'vitest';
import { type Finding } from '../../../../src/lib/core/model/finding.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { type VolumeSnapshot } from '../../../../src/lib/core/model/kubernetes.ts';
import {
  refToAttachment,
  refToContent,
  refToExtent,
  refToNamespace,
  refToNfsShare,
  refToSmbShare,
  refToSubsystem,
  refToTarget,
  refToVolume,
} from '../../../../src/lib/core/model/subjects.ts';
import {
  aClaim,
  aContent,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPv,
  aSubsystem,
  aSystem,
  aTarget,
  aVolumeSnapshot,
  HANDLE,
  meta,
  NOW,
  PARENT,
} from '../../../support/builders.ts';
import { findingOf, planFor, reasonOf } from '../../../support/plan-builders.ts';

const place = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
const changes = (world: Inventory, finding: Finding) =>
  planFor(world, [finding]).steps.map(({ change }) => change);

describe('what exports nothing', () => {
  const share = anNfsShare();

  test('is deleted while its dataset is gone', () => {
    const finding = findingOf('delete-nfs-share', refToNfsShare(share), { place });
    const { steps, items } = planFor(anInventory({ nfsShares: [share] }), [finding]);
    expect(steps[0]).toMatchObject({
      change: { type: 'delete-object', kind: 'nfs-share', id: 42 },
      before: [
        { identity: { id: 42, path: share.path, enabled: true } },
        { target: { kind: 'dataset', where: { id: place.path } }, identity: null },
      ],
      after: [{ identity: null }],
    });
    expect(items[0]).toMatchObject({ intent: 'delete', parent: null, dataset: place.path });
  });

  test('is not planned where its id is another share by now', () => {
    const finding = findingOf('delete-nfs-share', refToNfsShare(share), { place });
    const world = anInventory({ nfsShares: [anNfsShare({ path: '/mnt/tank/other' })] });
    expect(reasonOf(planFor(world, [finding]))).toBe('it was not seen in this scan');
  });

  test('is deleted of SMB and NVMe-oF too', () => {
    const smb = anSmbShare();
    const namespace = aNamespace();
    const world = anInventory({ smbShares: [smb], nvmetNamespaces: [namespace] });
    expect(changes(world, findingOf('delete-smb-share', refToSmbShare(smb)))).toEqual([
      { type: 'delete-object', kind: 'smb-share', id: smb.id },
    ]);
    expect(changes(world, findingOf('delete-nvmet-namespace', refToNamespace(namespace)))).toEqual([
      { type: 'delete-object', kind: 'nvmet-namespace', id: namespace.id },
    ]);
  });

  test('goes after its mappings', () => {
    const extent = anExtent();
    const world = anInventory({
      iscsiExtents: [extent],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
    });
    expect(
      changes(world, findingOf('delete-iscsi-extent', refToExtent(extent), { place })),
    ).toEqual([
      { type: 'delete-object', kind: 'iscsi-mapping', id: aMapping().id },
      { type: 'delete-object', kind: 'iscsi-extent', id: extent.id },
    ]);
  });

  test('goes after a mapping to a target that was not listed, which is proved by its extent alone', () => {
    const extent = anExtent();
    const world = anInventory({ iscsiExtents: [extent], iscsiTargetExtents: [aMapping()] });
    const finding = findingOf('delete-iscsi-extent', refToExtent(extent), { place });
    const [mapping] = planFor(world, [finding]).steps;
    expect(mapping?.change).toMatchObject({ kind: 'iscsi-mapping', id: aMapping().id });
    expect(mapping?.before.map(({ target }) => target.kind)).toEqual([
      'iscsi-mapping',
      'iscsi-extent',
      'dataset',
    ]);
  });
});

describe('delete-iscsi-target', () => {
  const group = { portal: 1, initiator: 3, auth: null, authMethod: 'NONE' };
  const target = aTarget({ groups: [group] });
  const twin = aTarget({ id: 77, name: 'twin', groups: [group] });
  const finding = findingOf('delete-iscsi-target', refToTarget(target));
  const second = findingOf('delete-iscsi-target', refToTarget(twin), { id: 'ffffffffffffffff' });
  const over = (version: string, targets = [target, twin]) =>
    anInventory({ iscsiTargets: targets, system: aSystem({ version }) });

  test('deletes one that serves nothing', () => {
    expect(changes(over('25.10.1', [target]), finding)).toEqual([
      { type: 'delete-object', kind: 'iscsi-target', id: target.id },
    ]);
  });

  test('is not planned where an extent is mapped to it', () => {
    const world = anInventory({ iscsiTargets: [target], iscsiTargetExtents: [aMapping()] });
    expect(reasonOf(planFor(world, [finding]))).toBe('an extent is mapped to it');
  });

  test('spares the last target of a group where TrueNAS would take the group along', () => {
    expect(reasonOf(planFor(over('25.04.0', [target]), [finding]))).toMatch(
      /^it is the last target of initiator group 3/,
    );
    expect(planFor(over('25.04.0'), [finding]).items).toHaveLength(1);
  });

  test('spares it too where the version of TrueNAS cannot be read', () => {
    expect(reasonOf(planFor(over('HEAD', [target]), [finding]))).toMatch(/^it is the last target/);
  });

  test('spares the one that becomes the last by what the plan itself deletes', () => {
    const plan = planFor(over('25.04.0'), [finding, second]);
    expect(plan.items.map(({ id }) => id)).toEqual([finding.id]);
    expect(plan.left_out[0]?.reason).toMatch(/^it is the last target/);
    expect(planFor(over('25.04.1'), [finding, second]).items).toHaveLength(2);
  });
});

test('delete-nvmet-subsystem takes its joins apart first, and never what is joined with it', () => {
  const bare = aSubsystem({ ports: [], hosts: [] });
  const finding = findingOf('delete-nvmet-subsystem', refToSubsystem(bare));
  expect(changes(anInventory({ nvmetSubsystems: [bare] }), finding)).toEqual([
    { type: 'delete-object', kind: 'nvmet-subsystem', id: bare.id },
  ]);
  const attached = anInventory({ nvmetSubsystems: [{ ...bare, ports: [1], hosts: [3] }] });
  expect(changes(attached, finding)).toEqual([
    { type: 'delete-join', kind: 'nvmet-port-subsystem', subsystem: bare.id, member: 1 },
    { type: 'delete-join', kind: 'nvmet-host-subsystem', subsystem: bare.id, member: 3 },
    { type: 'delete-object', kind: 'nvmet-subsystem', id: bare.id },
  ]);
  const serving = anInventory({
    nvmetSubsystems: [bare],
    nvmetNamespaces: [aNamespace({ subsystemId: bare.id })],
  });
  expect(reasonOf(planFor(serving, [finding]))).toBe('it has a namespace');
});

describe('delete-persistent-volume', () => {
  const volume = aPv({ phase: 'Released', reclaimPolicy: 'Delete' });
  const finding = findingOf('delete-persistent-volume', refToVolume(volume), { place });

  test('retains it first, so that its driver deletes nothing', () => {
    const { steps } = planFor(anInventory({ persistentVolumes: [volume] }), [finding]);
    expect(steps.map(({ change }) => change)).toEqual([
      { type: 'set-policy', kind: 'persistentvolume', name: volume.name, policy: 'Retain' },
      { type: 'delete-resource', kind: 'persistentvolume', namespace: null, name: volume.name },
    ]);
    expect(steps[0]?.before[0]?.identity).toMatchObject({
      uid: volume.uid,
      resource_version: volume.resourceVersion,
    });
    expect(steps[1]?.before[0]?.identity).toMatchObject({ uid: volume.uid, policy: 'Retain' });
    expect(steps[1]?.before[0]?.identity).not.toHaveProperty('resource_version');
  });

  test.each<[string, Inventory, RegExp]>([
    ['bound', anInventory({ persistentVolumes: [{ ...volume, phase: 'Bound' }] }), /^a claim/],
    [
      'going already',
      anInventory({ persistentVolumes: [{ ...volume, deletedAt: NOW }] }),
      /^it is being deleted already/,
    ],
    [
      'attached',
      anInventory({
        persistentVolumes: [volume],
        volumeAttachments: [anAttachment({ volumeName: volume.name })],
      }),
      /^it is attached/,
    ],
    [
      'the volume of a claim, whatever its phase says',
      anInventory({ persistentVolumes: [volume], persistentVolumeClaims: [aClaim()] }),
      /^claim media\/library counts on it$/,
    ],
    [
      'named by the uid of a claim that does not name it yet',
      anInventory({
        persistentVolumes: [volume],
        persistentVolumeClaims: [aClaim({ volumeName: null })],
      }),
      /^claim media\/library counts on it$/,
    ],
    [
      'kept for a claim by name',
      anInventory({
        persistentVolumes: [
          { ...volume, claim: { namespace: 'media', name: 'library', uid: null } },
        ],
        persistentVolumeClaims: [aClaim({ volumeName: null, uid: 'another' })],
      }),
      /^claim media\/library counts on it$/,
    ],
  ])('is not planned of one that is %s', (_, world, reason) => {
    expect(reasonOf(planFor(world, [finding]))).toMatch(reason);
  });
});

test('delete-persistent-volume goes on where its claim was made anew and has another volume', () => {
  const volume = aPv({ phase: 'Released', reclaimPolicy: 'Retain' });
  const finding = findingOf('delete-persistent-volume', refToVolume(volume), { place });
  const anew = aClaim({ uid: 'another', volumeName: 'pvc-another' });
  const world = anInventory({ persistentVolumes: [volume], persistentVolumeClaims: [anew] });
  expect(changes(world, finding).map(({ type }) => type)).toEqual(['delete-resource']);
});

describe('delete-snapshot-content', () => {
  const content = aContent({ deletionPolicy: 'Delete' });
  const finding = findingOf('delete-snapshot-content', refToContent(content));

  test('retains it first', () => {
    expect(
      changes(anInventory({ volumeSnapshotContents: [content] }), finding).map(({ type }) => type),
    ).toEqual(['set-policy', 'delete-resource']);
  });

  const { namespace, name } = content.snapshot ?? { namespace: '', name: '' };
  const claimed = (over: Partial<VolumeSnapshot>) =>
    anInventory({
      volumeSnapshotContents: [content],
      volumeSnapshots: [
        { ...aVolumeSnapshot({ ...meta(name, namespace), contentName: content.name }), ...over },
      ],
    });

  test('deletes its VolumeSnapshot before it, once it is retained', () => {
    expect(
      changes(claimed({}), finding).map((change) => [
        change.type,
        'namespace' in change ? change.namespace : null,
      ]),
    ).toEqual([
      ['set-policy', null],
      ['delete-resource', namespace],
      ['delete-resource', null],
    ]);
  });

  test('is not planned of one that is going already', () => {
    const going = anInventory({ volumeSnapshotContents: [{ ...content, deletedAt: NOW }] });
    expect(reasonOf(planFor(going, [finding]))).toMatch(/^it is being deleted already/);
  });

  test.each<[string, Partial<VolumeSnapshot>, RegExp]>([
    ['is going already', { deletedAt: NOW }, /is being deleted already$/],
    ['is bound to another content', { contentName: 'another' }, /is bound to another content$/],
    ['was made by a tool', { labels: { 'velero.io/backup-name': 'n' } }, /belongs to Velero/],
    ['has an owner', { owners: [{ kind: 'Backup', name: 'b' }] }, /belongs to Backup b/],
  ])('is not planned where its VolumeSnapshot %s', (_, over, reason) => {
    expect(reasonOf(planFor(claimed(over), [finding]))).toMatch(reason);
  });
});

test('delete-volume-attachment deletes one that nobody is deleting', () => {
  const attachment = anAttachment();
  const finding = findingOf('delete-volume-attachment', refToAttachment(attachment));
  expect(changes(anInventory({ volumeAttachments: [attachment] }), finding)).toEqual([
    { type: 'delete-resource', kind: 'volumeattachment', namespace: null, name: attachment.name },
  ]);
  const going = anInventory({ volumeAttachments: [{ ...attachment, deletedAt: NOW }] });
  expect(reasonOf(planFor(going, [finding]))).toMatch(/^it is being deleted already/);
});

test('retain-volumes sets the policy and nothing else', () => {
  const volume = aPv({ reclaimPolicy: 'Delete' });
  const finding = findingOf('retain-volumes', refToVolume(volume));
  const plan = planFor(anInventory({ persistentVolumes: [volume] }), [finding]);
  expect(plan.steps.map(({ change }) => change.type)).toEqual(['set-policy']);
  expect(plan.items[0]).toMatchObject({ intent: 'repair', bytes: 0 });
  const kept = anInventory({ persistentVolumes: [{ ...volume, reclaimPolicy: 'Retain' }] });
  expect(reasonOf(planFor(kept, [finding]))).toBe('its policy is Retain already');
});

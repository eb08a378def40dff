import { describe, expect, test } from 'vitest';
import { STEP_MAKERS } from '../../../../src/lib/core/cleanup/steps/makers.ts';
import { type RemedyAction } from '../../../../src/lib/core/model/remedy.ts';
import { type ResourceRef } from '../../../../src/lib/core/model/resource-ref.ts';
import {
  refToAttachment,
  refToClaim,
  refToContent,
  refToDataset,
  refToExtent,
  refToNamespace,
  refToNfsShare,
  refToSmbShare,
  refToSnapshot,
  refToSubsystem,
  refToTarget,
  refToVolume,
} from '../../../../src/lib/core/model/subjects.ts';
import {
  aClaim,
  aContent,
  aDataset,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPv,
  aSubsystem,
  aTarget,
  aZfsSnapshot,
  type SmallWorld,
} from '../../../support/builders.ts';
import { findingOf, planFor, quarantined, reasonOf } from '../../../support/plan-builders.ts';

const SUBJECTS: readonly (readonly [RemedyAction, ResourceRef])[] = [
  ['quarantine-dataset', refToDataset(aDataset())],
  ['destroy-dataset', refToDataset(aDataset())],
  ['delete-detached-container', refToDataset(aDataset())],
  ['delete-zfs-snapshot', refToSnapshot(aZfsSnapshot())],
  ['delete-nfs-share', refToNfsShare(anNfsShare())],
  ['delete-smb-share', refToSmbShare(anSmbShare())],
  ['delete-iscsi-extent', refToExtent(anExtent())],
  ['delete-iscsi-target', refToTarget(aTarget())],
  ['delete-nvmet-namespace', refToNamespace(aNamespace())],
  ['delete-nvmet-subsystem', refToSubsystem(aSubsystem())],
  ['delete-persistent-volume', refToVolume(aPv())],
  ['delete-snapshot-content', refToContent(aContent())],
  ['delete-volume-attachment', refToAttachment(anAttachment())],
  ['restore-share', refToVolume(aPv())],
  ['enable-share', refToNfsShare(anNfsShare())],
  ['enable-share', refToTarget(aTarget())],
  ['enable-share', refToSubsystem(aSubsystem())],
  ['retain-volumes', refToVolume(aPv())],
];
const UNSEEN = 'it was not seen in this scan';

describe('a finding about what is no longer there', () => {
  test('is tried of every action', () => {
    expect(new Set(SUBJECTS.map(([action]) => action))).toEqual(new Set(Object.keys(STEP_MAKERS)));
  });

  test.each(SUBJECTS)('%s plans nothing', (action, subject) => {
    expect(reasonOf(planFor(anInventory(), [findingOf(action, subject)]))).toBe(UNSEEN);
  });
});

describe('a finding about something else of the same name', () => {
  const volume = aPv({ phase: 'Released', claim: null });
  const world: SmallWorld = {
    persistentVolumes: [volume],
    volumeAttachments: [anAttachment({ name: aDataset().id })],
    datasets: [quarantined(30)],
    zfsSnapshots: [aZfsSnapshot()],
    nfsShares: [anNfsShare()],
  };
  const named = (name: string): ResourceRef => ({ ...refToVolume(volume), name });
  const claim = refToClaim(aClaim({ name: volume.name }));

  test.each<readonly [RemedyAction, ResourceRef]>([
    ['delete-persistent-volume', claim],
    ['retain-volumes', claim],
    ['delete-volume-attachment', refToDataset(aDataset())],
    ['destroy-dataset', named(aDataset().id)],
    ['delete-zfs-snapshot', named(aZfsSnapshot().id)],
    ['delete-nfs-share', { ...named(anNfsShare().path), discriminator: '42' }],
    ['enable-share', named(anNfsShare().path)],
  ])('%s plans nothing', (action, subject) => {
    expect(reasonOf(planFor(anInventory(world), [findingOf(action, subject)]))).toBe(UNSEEN);
  });
});

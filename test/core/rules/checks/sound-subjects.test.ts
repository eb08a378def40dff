import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { type Rule } from '../../../../src/lib/core/model/rule.ts';
import { exportDuplicate } from '../../../../src/lib/core/rules/drift/export-duplicate.ts';
import { recordedIdReused } from '../../../../src/lib/core/rules/drift/recorded-id-reused.ts';
import { shareDisabled } from '../../../../src/lib/core/rules/drift/share-disabled.ts';
import { shareMissing } from '../../../../src/lib/core/rules/drift/share-missing.ts';
import { judgeMember, membersFor } from '../../../../src/lib/core/rules/evaluate.ts';
import { iscsiExtentUnmapped } from '../../../../src/lib/core/rules/orphans/iscsi-extent-unmapped.ts';
import { iscsiTargetEmpty } from '../../../../src/lib/core/rules/orphans/iscsi-target-empty.ts';
import { nvmetNamespaceDangling } from '../../../../src/lib/core/rules/orphans/nvmet-namespace-dangling.ts';
import { nvmetSubsystemEmpty } from '../../../../src/lib/core/rules/orphans/nvmet-subsystem-empty.ts';
import { shareUnclaimed } from '../../../../src/lib/core/rules/orphans/share-unclaimed.ts';
import { smbShareDangling } from '../../../../src/lib/core/rules/orphans/smb-share-dangling.ts';
import { zvolNotExported } from '../../../../src/lib/core/rules/orphans/zvol-not-exported.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPv,
  aSubsystem,
  aTarget,
  finished,
  HANDLE,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';

/** What an explanation says of a subject, sound or not: every check with its result and its detail. */
function said(rule: Rule, inventory: Inventory, name: string): readonly string[] {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  return membersFor(rule, evidence)
    .flatMap((member) => [...judgeMember(rule, member, evidence, DEFAULT_POLICY, false).verdicts])
    .filter(({ verdict }) => verdict.subject.name === name)
    .flatMap(({ checks }) => checks.map((each) => `${each.id} ${each.result}: ${detailOf(each)}`));
}

const path = `${PARENT}/${HANDLE}`;
const extent = `csi-${HANDLE}`;
const nfs = anInventory({
  datasets: [aDataset({ properties: finished(HANDLE, { nfsShareId: '42' }) })],
  persistentVolumes: [aPv()],
  nfsShares: [anNfsShare()],
});
const smb = anInventory({
  datasets: [aDataset()],
  persistentVolumes: [
    aPv({
      source: {
        kind: 'csi',
        driver: 'org.democratic-csi.nfs',
        handle: HANDLE,
        attributes: { node_attach_driver: 'smb', share: HANDLE },
      },
    }),
  ],
  smbShares: [anSmbShare()],
});
const iscsi = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset({ kind: 'volume' })],
    persistentVolumes: [anIscsiPv()],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    iscsiTargetExtents: [aMapping()],
    ...world,
  });
const nvme = anInventory({
  datasets: [aDataset({ kind: 'volume' })],
  persistentVolumes: [
    aPv({
      source: {
        kind: 'csi',
        driver: 'org.democratic-csi.nfs',
        handle: HANDLE,
        attributes: { node_attach_driver: 'nvmeof', nqn: `nqn.x:${HANDLE}` },
      },
    }),
  ],
  nvmetNamespaces: [aNamespace()],
  nvmetSubsystems: [aSubsystem()],
});

test('a volume that is exported says by what', () => {
  expect(said(shareMissing, nfs, HANDLE)).toEqual(['not-exported failed: NFS share 42']);
  expect(said(shareMissing, smb, HANDLE)).toEqual([`not-exported failed: SMB share ${HANDLE}`]);
  expect(said(shareMissing, iscsi(), HANDLE)).toEqual([`not-exported failed: target ${extent}`]);
  expect(said(shareMissing, nvme, HANDLE)).toEqual([`not-exported failed: subsystem ${HANDLE}`]);
});

test('a share with a dataset says which, and who uses it', () => {
  expect(said(smbShareDangling, smb, HANDLE)).toEqual([`no-dataset failed: dataset ${path}`]);
  expect(said(shareUnclaimed, smb, HANDLE)).toEqual([
    `no-volume-refers failed: its dataset is used by ${HANDLE}`,
  ]);
  expect(said(shareDisabled, smb, HANDLE)).toEqual([
    `switched-off failed: share ${HANDLE} is enabled`,
  ]);
  expect(said(shareDisabled, nfs, `/mnt/${path}`)).toEqual([
    'switched-off failed: share 42 is enabled',
  ]);
});

test('what serves a disk says so', () => {
  expect(said(iscsiExtentUnmapped, iscsi(), extent)).toEqual([
    'not-mapped failed: a target serves it',
  ]);
  expect(said(iscsiTargetEmpty, iscsi(), extent)).toEqual([
    'serves-nothing failed: it serves a device',
  ]);
  expect(said(nvmetSubsystemEmpty, nvme, HANDLE)).toEqual([
    'serves-nothing failed: it serves a device',
  ]);
  expect(said(nvmetNamespaceDangling, nvme, `zvol/${path}`)).toEqual([
    `no-zvol failed: zvol ${path}`,
  ]);
  expect(said(zvolNotExported, iscsi(), path)).toEqual(['not-exported failed: it is exported']);
  expect(said(shareDisabled, iscsi(), extent)).toEqual([
    `switched-off failed: extent ${extent} is enabled`,
    `switched-off failed: target ${extent} has a group`,
  ]);
  expect(said(shareDisabled, nvme, HANDLE)).toEqual([
    `switched-off failed: subsystem ${HANDLE} is attached to a port`,
  ]);
});

test('a dataset that is exported once, and its recorded ids, are said to be so', () => {
  expect(said(exportDuplicate, nfs, path)).toEqual([
    'exported-twice failed: exported once at most, and as itself',
  ]);
  expect(said(recordedIdReused, nfs, path)).toEqual([
    'id-of-another failed: every recorded id is its own, or of nothing',
  ]);
});

test('what a bound volume misses is left to the rule about volumes, by name', () => {
  const lines = said(iscsiExtentUnmapped, iscsi({ iscsiTargetExtents: [] }), extent);
  expect(lines).toContain(
    `no-bound-volume failed: PersistentVolume ${HANDLE} is bound: see share-missing`,
  );
});

test('an unfinished volume, a zvol in use, and a driver off the lists are named', () => {
  const unfinished = finished(HANDLE, { provisionSuccess: false });
  expect(
    said(
      iscsiTargetEmpty,
      anInventory({
        datasets: [aDataset({ kind: 'volume', properties: unfinished })],
        iscsiTargets: [aTarget()],
      }),
      extent,
    ),
  ).toContain(`not-half-made failed: the driver never finished ${path}`);
  const bound = said(
    zvolNotExported,
    iscsi({ iscsiExtents: [], iscsiTargetExtents: [], iscsiTargets: [] }),
    path,
  );
  expect(bound).toContain(`nobody-mounts-it failed: used by ${HANDLE}`);
  const generic = anInventory({
    datasets: [
      aDataset({
        kind: 'volume',
        properties: finished(HANDLE, { provisionerDriver: 'zfs-generic-iscsi' }),
      }),
    ],
  });
  expect(said(zvolNotExported, generic, path)).toContain(
    'exports-listed failed: its driver is zfs-generic-iscsi',
  );
});

test('a disabled share that cuts nobody off says so', () => {
  const lines = said(
    shareDisabled,
    anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare({ enabled: false })] }),
    `/mnt/${path}`,
  );
  expect(lines).toContain(
    'volume-cut-off failed: no bound PersistentVolume is mounted through it alone',
  );
});

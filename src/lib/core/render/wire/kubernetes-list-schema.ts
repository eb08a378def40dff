import { z } from 'zod';
import {
  aboutPage,
  approximate,
  bytes,
  findingIds,
  instant,
  labels,
  version,
} from './list-schema.ts';

/* The wire form of what Kubernetes holds, each object with what stands behind it on the NAS. */

const text = z.string();
const count = z.int().nonnegative();

const object = {
  name: text,
  cluster: text.describe('as in the configuration'),
};
const about = {
  created_at: instant.nullable(),
  deleted_at: instant.nullable().describe('since when it is being deleted'),
  labels,
  finding_ids: findingIds,
};
const place = {
  system: text.nullable().describe('the TrueNAS system; null where that is not known'),
  reason: text.nullable().describe('why it is not known; null where it is'),
};

const backend = z
  .strictObject({
    state: z
      .enum(['found', 'elsewhere', 'absent', 'unknown', 'foreign'])
      .describe(
        'found where its driver puts it, elsewhere on the NAS, absent from it, unknown, or foreign: of other storage',
      ),
    ...place,
    dataset: text.nullable().describe('path, whether there is such a dataset or not'),
    kind: z.enum(['filesystem', 'volume']).nullable(),
    expected: text.nullable().describe('where its driver looks for what lies elsewhere'),
    used_bytes: bytes.nullable().describe('without snapshots'),
    snapshot_bytes: bytes.nullable().describe('what only snapshots hold'),
  })
  .describe('what stands behind it on the NAS');

export const volumeItemSchema = z
  .strictObject({
    ...object,
    phase: z.enum(['Pending', 'Available', 'Bound', 'Released', 'Failed', 'Unknown']),
    phase_since: instant.nullable().describe('null before Kubernetes 1.28'),
    message: text.nullable().describe('last error of a failed volume'),
    capacity_bytes: bytes.nullable(),
    approximate,
    reclaim_policy: text,
    storage_class: text.nullable(),
    claim: z.strictObject({ namespace: text, name: text }).nullable(),
    source: z.strictObject({
      kind: text.describe('csi, nfs, iscsi, smb, path, or what the volume calls it'),
      driver: text.nullable().describe('CSI driver'),
      handle: text.nullable().describe('what the driver knows it by'),
    }),
    backend,
    ...about,
  })
  .describe('a PersistentVolume');

export const claimItemSchema = z
  .strictObject({
    ...object,
    namespace: text,
    phase: z.enum(['Pending', 'Bound', 'Lost', 'Unknown']),
    storage_class: text.nullable(),
    volume: text.nullable().describe('the PersistentVolume it is bound to'),
    requested_bytes: bytes.nullable(),
    capacity_bytes: bytes.nullable(),
    approximate,
    resizing: z.boolean(),
    pods: z.array(text).nullable().describe('that mount it; null where not all pods were read'),
    backend: backend.nullable().describe('null where its volume was not read, or it has none'),
    ...about,
  })
  .describe('a PersistentVolumeClaim');

const content = z.strictObject({
  name: text,
  driver: text,
  deletion_policy: text,
  handle: text.nullable().describe('what the driver knows the snapshot by'),
  restore_size_bytes: bytes.nullable(),
});

export const snapshotItemSchema = z
  .strictObject({
    name: text.nullable().describe('of the VolumeSnapshot; null where only its content is left'),
    namespace: text.nullable(),
    cluster: text,
    snapshot_class: text.nullable(),
    source_claim: text.nullable(),
    ready: z.boolean().nullable(),
    error: text.nullable(),
    content: content.nullable().describe('null where there is none, or it was not read'),
    approximate,
    backend: z
      .strictObject({
        state: z.enum(['found', 'absent', 'unknown']),
        ...place,
        id: text
          .nullable()
          .describe('dataset@snapshot, or the dataset of a copy apart from the volume'),
        used_bytes: bytes.nullable().describe('what it alone holds, where that was looked up'),
      })
      .nullable()
      .describe('null where there is no content to follow'),
    ...about,
  })
  .describe('a VolumeSnapshot with its content, or a content whose VolumeSnapshot is gone');

export const storageClassItemSchema = z
  .strictObject({
    ...object,
    provisioner: text,
    reclaim_policy: text,
    binding_mode: z.enum(['Immediate', 'WaitForFirstConsumer']),
    allows_expansion: z.boolean(),
    default: z.boolean(),
    mount_options: z.array(text),
    parameters: z.record(text, text).describe('only those on an allow-list'),
    truenas: z.boolean().describe('TrueNAS stands behind its driver, as far as anything says so'),
    parents: z
      .array(z.strictObject({ system: text, dataset: text }))
      .describe('datasets under which its driver makes volumes'),
    volumes: count.nullable().describe('null where not all PersistentVolumes were read'),
    capacity_bytes: bytes.nullable().describe('of these volumes together'),
    ...about,
  })
  .describe('a StorageClass');

export const volumeListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('PersistentVolumeList'),
    ...aboutPage,
    items: z.array(volumeItemSchema),
  })
  .describe('PersistentVolumes of all clusters');
export const claimListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('PersistentVolumeClaimList'),
    ...aboutPage,
    items: z.array(claimItemSchema),
  })
  .describe('PersistentVolumeClaims of all clusters');
export const snapshotListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('VolumeSnapshotList'),
    ...aboutPage,
    items: z.array(snapshotItemSchema),
  })
  .describe('VolumeSnapshots of all clusters, and contents whose VolumeSnapshot is gone');
export const storageClassListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('StorageClassList'),
    ...aboutPage,
    items: z.array(storageClassItemSchema),
  })
  .describe('StorageClasses of all clusters');

export type VolumeItem = z.infer<typeof volumeItemSchema>;
export type ClaimItem = z.infer<typeof claimItemSchema>;
export type SnapshotItem = z.infer<typeof snapshotItemSchema>;
export type StorageClassItem = z.infer<typeof storageClassItemSchema>;
export type BackendWire = z.infer<typeof backend>;

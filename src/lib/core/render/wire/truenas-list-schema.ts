import { z } from 'zod';
import { forecast, growth, ratio } from './analysis-trend-schema.ts';
import { aboutPage, approximate, bytes, findingIds, instant, version } from './list-schema.ts';
import { orphanReportSchema } from './schema.ts';

/* The wire form of what TrueNAS holds, each object with who uses it in Kubernetes. */

const text = z.string();
const count = z.int().nonnegative();
const id = orphanReportSchema.shape.findings.element.shape.id;

const user = z.strictObject({
  kind: z.enum(['persistent-volume', 'inline-volume']),
  cluster: text,
  name: text.describe('of the PersistentVolume, or namespace/name of the pod or what makes pods'),
  namespace: text.nullable().describe('of the claim'),
  claim: text.nullable(),
});

const exported = z.strictObject({
  type: z.enum(['NfsShare', 'SmbShare', 'IscsiExtent', 'NvmetNamespace']),
  name: text.describe('path of an NFS share, else its name'),
  enabled: z.boolean(),
  targets: z.array(text).describe('iSCSI targets or NVMe-oF subsystems that serve it'),
});

export const datasetItemSchema = z
  .strictObject({
    name: text.describe('its path'),
    system: text.describe('as in the configuration'),
    pool: text,
    kind: z.enum(['filesystem', 'volume']).describe('volume for a zvol'),
    managed: z.boolean().describe('a driver made it as a volume, right below a known parent'),
    used_bytes: bytes.nullable().describe('its own, without snapshots and what lies below it'),
    snapshot_bytes: bytes.nullable().describe('what only its snapshots hold'),
    provisioned_bytes: bytes.nullable().describe('promised: quota or zvol size'),
    available_bytes: bytes.nullable().describe('what it may still grow by'),
    approximate,
    compression_ratio: ratio.nullable(),
    mountpoint: text.nullable(),
    locked: z.boolean(),
    readonly: z.boolean().nullable(),
    origin: text.nullable().describe('the snapshot it was cloned from'),
    snapshots: count.nullable().describe('null where not all were listed'),
    users: z.array(user).describe('who is known to use it, in all clusters that were read'),
    exports: z.array(exported),
    quarantine: z
      .strictObject({ since: instant.nullable(), plan: text.nullable() })
      .nullable()
      .describe('null where it lies in none'),
    created_at: instant.nullable(),
    finding_ids: findingIds,
  })
  .describe('a dataset or zvol that a driver made, or somebody in Kubernetes uses');

export const zfsSnapshotItemSchema = z
  .strictObject({
    name: text.describe('dataset@snapshot'),
    system: text,
    dataset: text,
    claimed: z.boolean().describe('a VolumeSnapshot or its content counts on it'),
    claimed_by: text.nullable(),
    used_bytes: bytes.nullable().describe('what it alone holds, where that was looked up'),
    referenced_bytes: bytes.nullable(),
    approximate,
    holds: z.array(text).nullable().describe('null where that is not known'),
    clones: z.array(text).describe('datasets that rest on it'),
    created_at: instant.nullable().describe('null where nothing dates it'),
    finding_ids: findingIds,
  })
  .describe('a ZFS snapshot');

export const poolItemSchema = z
  .strictObject({
    name: text,
    system: text,
    status: text.describe('as ZFS says it'),
    healthy: z.boolean().nullable(),
    capacity_bytes: bytes.nullable().describe('usable, without parity'),
    used_bytes: bytes.nullable().describe('without snapshots'),
    snapshot_bytes: bytes.nullable().describe('what only snapshots hold'),
    available_bytes: bytes.nullable(),
    provisioned_bytes: bytes.nullable().describe('promised to volumes'),
    used_ratio: ratio.nullable(),
    overcommit_ratio: ratio.nullable(),
    compression_ratio: ratio.nullable(),
    fragmentation_percent: z.number().nullable(),
    volumes: count.nullable(),
    snapshots: count.nullable(),
    growth: growth.nullable().describe('null where what is used of it is not known'),
    forecast: forecast.nullable(),
    severity: orphanReportSchema.shape.findings.element.shape.severity
      .nullable()
      .describe('how pressing its space is; null where it is not'),
    scrub: z
      .strictObject({
        kind: text,
        state: text,
        ended_at: instant.nullable(),
        errors: count,
      })
      .nullable()
      .describe('the last scrub or resilver'),
    failed_check_ids: z.array(id).describe('checks of it that failed, by their ids'),
  })
  .describe('a pool');

export const datasetListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('TrueNasVolumeList'),
    ...aboutPage,
    items: z.array(datasetItemSchema),
  })
  .describe('datasets and zvols that are, or were, volumes of Kubernetes');
export const zfsSnapshotListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('ZfsSnapshotList'),
    ...aboutPage,
    items: z.array(zfsSnapshotItemSchema),
  })
  .describe('ZFS snapshots of all systems');
export const poolListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('PoolList'),
    ...aboutPage,
    items: z.array(poolItemSchema),
  })
  .describe('pools of all systems');

export type DatasetItem = z.infer<typeof datasetItemSchema>;
export type ZfsSnapshotItem = z.infer<typeof zfsSnapshotItemSchema>;
export type PoolItem = z.infer<typeof poolItemSchema>;

import { z } from 'zod';

/*
 * What clean-up can do to a server, one call each, as data: plans hold these, the journal keeps them, writers carry them out, and
 * `undo.ts` turns them around. Keys are those of the files, since what is hashed and approved is what is carried out.
 */

/** What TrueNAS keeps in its database, by id. Deleting one never deletes data. */
export const NAS_OBJECT_KINDS = [
  'nfs-share',
  'smb-share',
  'iscsi-target',
  'iscsi-extent',
  'iscsi-mapping',
  'nvmet-subsystem',
  'nvmet-namespace',
  'nvmet-port-subsystem',
  'nvmet-host-subsystem',
] as const;
export type NasObjectKind = (typeof NAS_OBJECT_KINDS)[number];

/** Those that can be switched off and on. */
export const SWITCHED_KINDS = [
  'nfs-share',
  'smb-share',
  'iscsi-extent',
  'nvmet-namespace',
] as const satisfies readonly NasObjectKind[];
export type SwitchedKind = (typeof SWITCHED_KINDS)[number];

/** What joins a subsystem with a port that shows it, or with a host that may reach it. A scan knows both sides, and not its id. */
export const JOIN_KINDS = [
  'nvmet-port-subsystem',
  'nvmet-host-subsystem',
] as const satisfies readonly NasObjectKind[];
export type JoinKind = (typeof JOIN_KINDS)[number];

export const RESOURCE_KINDS = [
  'persistentvolume',
  'persistentvolumeclaim',
  'volumesnapshot',
  'volumesnapshotcontent',
  'volumeattachment',
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** Any JSON object, such as a manifest or a row of TrueNAS. */
export const jsonObjectSchema = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof jsonObjectSchema>;

const databaseId = z.int().nonnegative();

export const nasChangeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('set-enabled'),
    kind: z.enum(SWITCHED_KINDS),
    id: databaseId,
    enabled: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('delete-object'),
    kind: z.enum(NAS_OBJECT_KINDS),
    id: databaseId,
  }),
  z.strictObject({
    type: z.literal('create-object'),
    kind: z.enum(NAS_OBJECT_KINDS),
    /** As TrueNAS told it before it was deleted, or as its driver would have made it. */
    fields: jsonObjectSchema,
    /** Names of what it refers to, whose ids may be others by then: `target` and `extent`, or `subsystem`. */
    refers_to: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    type: z.literal('delete-join'),
    kind: z.enum(JOIN_KINDS),
    subsystem: databaseId,
    /** Id of the port or the host. */
    member: databaseId,
  }),
  /** Who reaches a target, and through which portal; an empty list is nobody. */
  z.strictObject({
    type: z.literal('set-groups'),
    kind: z.literal('iscsi-target'),
    id: databaseId,
    groups: z.array(jsonObjectSchema),
  }),
  /** Writes or, with null, removes the property `truenas-monitor:quarantined`. */
  z.strictObject({
    type: z.literal('set-mark'),
    dataset: z.string(),
    mark: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('move-dataset'), from: z.string(), to: z.string() }),
  z.strictObject({ type: z.literal('delete-snapshot'), snapshot: z.string() }),
  z.strictObject({ type: z.literal('destroy-dataset'), dataset: z.string() }),
]);
export type NasChange = z.infer<typeof nasChangeSchema>;

export const clusterChangeSchema = z.discriminatedUnion('type', [
  /** `persistentVolumeReclaimPolicy` of a volume, `deletionPolicy` of a snapshot content. */
  z.strictObject({
    type: z.literal('set-policy'),
    kind: z.enum(['persistentvolume', 'volumesnapshotcontent']),
    name: z.string(),
    policy: z.string(),
  }),
  z.strictObject({
    type: z.literal('delete-resource'),
    kind: z.enum(RESOURCE_KINDS),
    namespace: z.string().nullable(),
    name: z.string(),
  }),
  z.strictObject({
    type: z.literal('create-resource'),
    kind: z.enum(RESOURCE_KINDS),
    namespace: z.string().nullable(),
    name: z.string(),
    manifest: jsonObjectSchema,
  }),
]);
export type ClusterChange = z.infer<typeof clusterChangeSchema>;

export type Change = NasChange | ClusterChange;

/** Whether nothing brings back what the change takes away. */
export function isDestruction(
  change: Change,
): change is Extract<NasChange, { type: 'destroy-dataset' | 'delete-snapshot' }> {
  return change.type === 'destroy-dataset' || change.type === 'delete-snapshot';
}

/** Whether a change is one of a TrueNAS system, and else of a cluster. */
export function isNasChange(change: Change): change is NasChange {
  return !CLUSTER_CHANGES.has(change.type);
}

const CLUSTER_CHANGES: ReadonlySet<string> = new Set<ClusterChange['type']>([
  'set-policy',
  'delete-resource',
  'create-resource',
]);

/** Whether a change gives a volume back what exports it, so that somebody may use it from then on. */
export function givesBack(change: Change): boolean {
  if (change.type === 'set-enabled') return change.enabled;
  if (change.type === 'set-groups') return change.groups.length > 0;
  return change.type === 'create-object';
}

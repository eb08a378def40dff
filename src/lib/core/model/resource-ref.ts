/** What a finding can point at. The wire form writes these names as they are. */
export const RESOURCE_TYPES = [
  'PersistentVolume',
  'PersistentVolumeClaim',
  'VolumeSnapshot',
  'VolumeSnapshotContent',
  'VolumeAttachment',
  'StorageClass',
  'VolumeSnapshotClass',
  'Dataset',
  'Zvol',
  'ZfsSnapshot',
  'NfsShare',
  'SmbShare',
  'IscsiTarget',
  'IscsiExtent',
  'IscsiInitiator',
  'NvmetNamespace',
  'NvmetSubsystem',
  'SnapshotTask',
  'ReplicationTask',
] as const;

/** What holds storage, or stands for it: what `--type` and `explain` know. */
export type StorageType = (typeof RESOURCE_TYPES)[number];

/** What is around storage, and only ever checked. */
export const SURROUNDING_TYPES = [
  'Cluster',
  'System',
  'CsiDriver',
  'Node',
  'Pod',
  'Namespace',
  'Lease',
  'Pool',
  'Service',
  'Alert',
  'IscsiPortal',
  'ApiKey',
  'Method',
  'Permission',
  'DriverSecret',
  'ConfigFile',
] as const;

export type ResourceType = StorageType | (typeof SURROUNDING_TYPES)[number];

const SHORT_NAMES: ReadonlyMap<string, StorageType> = new Map<string, StorageType>(
  Object.entries({
    pv: 'PersistentVolume',
    pvc: 'PersistentVolumeClaim',
    vs: 'VolumeSnapshot',
    vsc: 'VolumeSnapshotContent',
    va: 'VolumeAttachment',
    sc: 'StorageClass',
    snapshot: 'ZfsSnapshot',
  }),
);

/** The name of a type in `-o name`, `--type` and arguments: `persistentvolume`, `nfsshare`, … */
export function typeName(type: ResourceType): string {
  return type.toLowerCase();
}

/** Every spelling `--type` accepts. */
export const TYPE_NAMES: readonly string[] = [
  ...RESOURCE_TYPES.map(typeName),
  ...SHORT_NAMES.keys(),
];

/** Finds the type a user meant by a full or short name; plurals are accepted. */
export function findResourceType(text: string): StorageType | undefined {
  const lower = text.toLowerCase();
  const names = [lower, lower.replace(/s$/, ''), lower.replace(/es$/, '')];
  for (const name of names) {
    const type = SHORT_NAMES.get(name) ?? RESOURCE_TYPES.find((each) => typeName(each) === name);
    if (type !== undefined) return type;
  }
  return undefined;
}

interface RefBase {
  readonly type: ResourceType;
  /** Kubernetes name, dataset path, `dataset@snapshot`, share path, target or extent name. */
  readonly name: string;
  readonly namespace: string | null;
  /** What tells two objects of one name apart, such as a share's database id; null where the name does. */
  readonly discriminator: string | null;
}

/** One object on one side. */
export type ResourceRef =
  | (RefBase & { readonly location: 'kubernetes'; readonly cluster: string })
  | (RefBase & { readonly location: 'truenas'; readonly system: string });

/** Where on the NAS something lies, or should. */
export interface DatasetPlace {
  readonly system: string;
  /** Dataset path, whether there is one or not. */
  readonly path: string;
}

/** Whether the name of an object may be the path of a file on this machine. */
function isOfFiles({ type }: Pick<ResourceRef, 'type'>): boolean {
  return type === 'ConfigFile' || type === 'DriverSecret';
}

/** `type/[namespace/]name`, and `type/path` for a path that begins with a slash. Nothing is made printable. */
export function typedName(ref: Pick<ResourceRef, 'type' | 'namespace' | 'name'>): string {
  const { type, namespace, name } = ref;
  const path = namespace === null ? name : `${namespace}/${name}`;
  const slash = isOfFiles(ref) && path.startsWith('/') ? '' : '/';
  return `${typeName(type)}${slash}${path}`;
}

/** Identifies an object within its cluster or system, whatever that is called in the configuration. */
export function subjectKey(ref: ResourceRef): string {
  const parts = [ref.type, ref.namespace ?? '', ref.name];
  if (ref.discriminator !== null) parts.push(ref.discriminator);
  return parts.join('/');
}

/** Identifies an object within one inventory. */
export function refKey(ref: ResourceRef): string {
  return `${homeOf(ref)} ${subjectKey(ref)}`;
}

/** The configured name of the cluster or system an object lives on, with its side in front. */
export function homeOf(ref: ResourceRef): string {
  return ref.location === 'kubernetes' ? `cluster ${ref.cluster}` : `system ${ref.system}`;
}

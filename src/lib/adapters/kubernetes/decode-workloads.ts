import {
  type VolumeSource,
  type Workload,
  type WorkloadKind,
} from '../../core/model/kubernetes.ts';
import { conditionAt, decodeNamespacedMeta, holds } from './decode-meta.ts';
import { volumesOf, type TemplateVolumes } from './decode-pods.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

/*
 * What makes pods. A workload whose template cannot be read is undefined: the claims it names would look unused.
 */

const NONE: readonly string[] = Object.freeze([]);
const NO_VOLUMES: readonly VolumeSource[] = Object.freeze([]);
const NOTHING: TemplateVolumes = { claims: NONE, inlineVolumes: NO_VOLUMES };

type Decode = (item: JsonRecord, cluster: string) => Workload | undefined;

/** What the kinds differ in. Undefined where it cannot be read which claims one uses. */
interface Traits {
  readonly replicas?: number | null;
  readonly suspended?: boolean;
  readonly finished?: boolean;
  readonly claims: readonly string[];
  readonly claimPrefixes?: readonly string[];
  readonly inlineVolumes?: readonly VolumeSource[];
}

function decoderOf(
  kind: WorkloadKind,
  read: (
    spec: JsonRecord,
    item: JsonRecord,
    meta: { readonly name: string; readonly namespace: string },
  ) => Traits | undefined,
): Decode {
  return (item, cluster) => {
    const meta = decodeNamespacedMeta(item, cluster);
    const spec = item['spec'];
    if (meta === undefined || !isRecord(spec)) return undefined;
    const traits = read(spec, item, meta);
    if (traits === undefined) return undefined;
    const { claims, claimPrefixes = NONE } = traits;
    return {
      ...meta,
      kind,
      replicas: traits.replicas ?? null,
      suspended: traits.suspended ?? false,
      finished: traits.finished ?? false,
      claims: claims.length === 0 ? NONE : claims,
      claimPrefixes,
      inlineVolumes: traits.inlineVolumes ?? NO_VOLUMES,
    };
  };
}

/** The API server fills in 1 where nothing is said. */
function replicasOf(spec: JsonRecord): number {
  return typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
}

/** What a pod template mounts; undefined where there is no template. */
function mountedBy(spec: JsonRecord): TemplateVolumes | undefined {
  const template = recordAt(spec, 'template');
  return isRecord(template['spec']) ? volumesOf(template['spec']) : undefined;
}

function counted(kind: WorkloadKind): Decode {
  return decoderOf(kind, (spec) => {
    const mounted = mountedBy(spec);
    return mounted && { replicas: replicasOf(spec), ...mounted };
  });
}

export const decodeDeployment = counted('Deployment');
export const decodeReplicaSet = counted('ReplicaSet');

/** The one kind that may do without a template. */
export const decodeReplicationController = decoderOf('ReplicationController', (spec) => {
  const mounted = isRecord(spec['template']) ? mountedBy(spec) : NOTHING;
  return mounted && { replicas: replicasOf(spec), ...mounted };
});

export const decodeDaemonSet = decoderOf('DaemonSet', (spec) => mountedBy(spec));

export const decodeStatefulSet = decoderOf('StatefulSet', (spec, _, { name }) => {
  const mounted = mountedBy(spec);
  const made = namesOf(listAt(spec, 'volumeClaimTemplates'));
  if (mounted === undefined || made === undefined) return undefined;
  const claimPrefixes = made.map((template) => `${template}-${name}-`);
  return { replicas: replicasOf(spec), ...mounted, claimPrefixes };
});

export const decodeJob = decoderOf('Job', (spec, item) => {
  const mounted = mountedBy(spec);
  const status = recordAt(item, 'status');
  const finished = ['Complete', 'Failed'].some((type) => holds(conditionAt(status, type)) === true);
  return mounted && { suspended: spec['suspend'] === true, finished, ...mounted };
});

export const decodeCronJob = decoderOf('CronJob', (spec) => {
  const mounted = mountedBy(recordAt(recordAt(spec, 'jobTemplate'), 'spec'));
  return mounted && { suspended: spec['suspend'] === true, ...mounted };
});

/** KubeVirt. Claims of its DataVolumes have their names; a machine that is off keeps its disks. */
export const decodeVirtualMachine = decoderOf('VirtualMachine', (spec) => {
  const template = recordAt(spec, 'template');
  const made = namesOf(listAt(spec, 'dataVolumeTemplates'));
  if (!isRecord(template['spec']) || made === undefined) return undefined;
  const disks = claimsOfDisks(listAt(template['spec'], 'volumes'));
  if (disks === undefined) return undefined;
  return {
    suspended: spec['running'] === false || spec['runStrategy'] === 'Halted',
    claims: [...new Set([...disks, ...made])],
  };
});

/** CDI. It fills a claim of its own name, perhaps from another one of its namespace. */
export const decodeDataVolume = decoderOf('DataVolume', (spec, _, { name, namespace }) => {
  const source = recordAt(recordAt(spec, 'source'), 'pvc');
  const copied = textAt(source, 'name');
  const isHere = (textAt(source, 'namespace') ?? namespace) === namespace;
  return { claims: copied !== null && isHere ? [name, copied] : [name] };
});

/** Names in the metadata of templates. */
function namesOf(templates: readonly unknown[]): readonly string[] | undefined {
  const names = templates.flatMap((template) => {
    const name = isRecord(template) ? textAt(recordAt(template, 'metadata'), 'name') : null;
    return name === null ? [] : [name];
  });
  return names.length === templates.length ? names : undefined;
}

/** How the disks of a virtual machine name a claim. Every other kind of disk has none. */
const DISK_KINDS: readonly (readonly [kind: string, claim: (disk: JsonRecord) => string | null])[] =
  [
    ['persistentVolumeClaim', (disk) => textAt(disk, 'claimName')],
    ['dataVolume', (disk) => textAt(disk, 'name')],
    ['ephemeral', (disk) => textAt(recordAt(disk, 'persistentVolumeClaim'), 'claimName')],
    ['memoryDump', (disk) => textAt(disk, 'claimName')],
  ];

function claimsOfDisks(volumes: readonly unknown[]): readonly string[] | undefined {
  const claims: string[] = [];
  for (const volume of volumes) {
    if (!isRecord(volume)) return undefined;
    const [kind, claimOf] = DISK_KINDS.find(([each]) => each in volume) ?? [];
    if (kind === undefined || claimOf === undefined) continue;
    const claim = claimOf(recordAt(volume, kind));
    if (claim === null) return undefined;
    claims.push(claim);
  }
  return claims;
}

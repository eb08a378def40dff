import { addStaticVolume } from '../../../src/lib/lab/scenario/build/static-volume.ts';
import { addObject } from '../../../src/lib/lab/scenario/build/objects.ts';
import { addDataset } from '../../../src/lib/lab/scenario/build/stage.ts';
import { addZfsSnapshot } from '../../../src/lib/lab/scenario/build/snapshot.ts';
import { type KubernetesObject, type LabSystem } from '../../../src/lib/lab/scenario/world.ts';
import { type Guardian } from './guardian.ts';
import { type Thing } from './needs.ts';
import { type Deed } from './spec.ts';
import { keep, type ModelWorld } from './world.ts';

/*
 * What others do to the things of a plan while it is carried out.
 */

export interface Scene {
  readonly model: ModelWorld;
  readonly guardian: Guardian;
  /** Names of the Kubernetes objects that a plan deletes, by plural name. */
  readonly objects: readonly { readonly resource: string; readonly name: string }[];
}

interface Doing extends Scene {
  readonly system: LabSystem;
  readonly thing: Thing;
  readonly of: number;
  readonly n: string;
}

/** Returns which objects are others now, as `<kind> <id>`. */
type Do = (doing: Doing) => readonly string[];

const NOTHING: readonly string[] = [];

/** A keeper of the world, who comes later. */
const keeper =
  (kind: Parameters<typeof keep>[1]): Do =>
  ({ model, thing: { dataset, snapshot }, n }) => {
    if (dataset === null) return NOTHING;
    keep(model, kind, { dataset, ...(snapshot === null ? {} : { snapshot }) }, n);
    return NOTHING;
  };

function recordOf({ system, thing }: Doing) {
  return system.datasets.find(({ id }) => id === thing.dataset);
}

function sharesOf({ system, thing: { dataset } }: Doing) {
  return [...system.nfsShares, ...system.smbShares].filter(
    ({ path }) => path === `/mnt/${dataset ?? ''}`,
  );
}

function extentsOf({ system, thing: { dataset } }: Doing) {
  return system.iscsiExtents.filter(({ path }) => path === `zvol/${dataset ?? ''}`);
}

function destroy(system: LabSystem, dataset: string): void {
  const isOfIt = ({ id }: { readonly id: string }): boolean =>
    id === dataset || id.startsWith(`${dataset}/`) || id.startsWith(`${dataset}@`);
  system.datasets = system.datasets.filter((each) => !isOfIt(each));
  system.snapshots = system.snapshots.filter((each) => !isOfIt(each));
}

function objectOf({ model, objects, of }: Doing): KubernetesObject | undefined {
  const chosen = objects[of % Math.max(objects.length, 1)];
  const [cluster] = model.world.clusters;
  return cluster?.objects[chosen?.resource ?? '']?.find(
    ({ metadata }) => metadata.name === chosen?.name,
  );
}

function addClaim({ model, guardian }: Doing, volume: KubernetesObject, n: string): void {
  const spec = volume['spec'] as Record<string, unknown>;
  const claim = (spec['claimRef'] ?? {}) as Record<string, unknown>;
  const name = typeof claim['name'] === 'string' ? claim['name'] : `again-${n}`;
  const namespace = typeof claim['namespace'] === 'string' ? claim['namespace'] : 'media';
  const uid = typeof claim['uid'] === 'string' ? claim['uid'] : `uid-${n}`;
  guardian.noteNeed(model.site.cluster.cluster.name, volume.metadata.name, `claim ${name}`);
  addObject(model.site.cluster, {
    resource: 'persistentvolumeclaims',
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name,
    namespace,
    uid,
    days: 0.001,
    body: {
      spec: { volumeName: volume.metadata.name, accessModes: ['ReadWriteMany'] },
      status: { phase: 'Bound' },
    },
    writers: [],
  });
}

const DOINGS: Readonly<Record<Deed['kind'], Do>> = {
  'volume-appears': keeper('static-volume'),
  'pod-mounts': keeper('inline-volume'),
  'clone-made': keeper('clone'),
  'snapshot-held': keeper('held-snapshot'),
  'content-appears': keeper('content'),
  'session-opened': keeper('session'),
  'task-made': keeper('task'),
  'replication-made': keeper('replication'),
  'machine-uses': keeper('virtual-machine'),
  ignored: keeper('ignored'),
  'snapshot-taken': (doing) => {
    const record = recordOf(doing);
    if (record !== undefined) {
      addZfsSnapshot(doing.model.site.nas, `${record.id}@by-hand-${doing.n}`, { days: 0.001 });
    }
    return NOTHING;
  },
  'share-enabled': (doing) => {
    for (const each of [...sharesOf(doing), ...extentsOf(doing)]) each.enabled = true;
    return NOTHING;
  },
  recreated: (doing) => {
    const record = recordOf(doing);
    if (record === undefined) return NOTHING;
    destroy(doing.system, record.id);
    doing.system.datasets.push({
      ...record,
      guid: `${record.guid.slice(0, -3)}${doing.n.slice(-1)}77`,
      createtxg: record.createtxg + 100_000,
      createdAt: new Date(Date.parse(doing.model.world.now) - 60_000).toISOString(),
      usedbysnapshots: 0,
    });
    return [`dataset ${record.id}`];
  },
  written: (doing) => {
    const record = recordOf(doing);
    if (record !== undefined) record.usedbydataset += 4096;
    return NOTHING;
  },
  'moved-away': (doing) => {
    const { system, thing, n } = doing;
    const { dataset } = thing;
    if (dataset === null) return NOTHING;
    for (const each of [...system.datasets, ...system.snapshots]) {
      const rest = each.id.slice(dataset.length);
      if (each.id.startsWith(dataset) && /^(?:$|[/@])/u.test(rest)) {
        each.id = `tank/moved-${n}${rest}`;
      }
    }
    return [`dataset ${dataset}`];
  },
  destroyed: ({ system, thing: { dataset } }) => {
    if (dataset === null) return NOTHING;
    destroy(system, dataset);
    return [`dataset ${dataset}`];
  },
  'child-made': (doing) => {
    const record = recordOf(doing);
    if (record?.type !== 'FILESYSTEM') return NOTHING;
    addDataset(doing.model.site.nas, `${record.id}/child-${doing.n}`, { days: 0.001 });
    return NOTHING;
  },
  'share-id-reused': (doing) => {
    const living = doing.system.datasets.find(({ id }) => id.includes('nfs/vols/pvc'));
    const touched = sharesOf(doing).map((each) => {
      each.path = `/mnt/${living?.id ?? 'tank'}`;
      each.enabled = true;
      return `${'name' in each ? 'smb' : 'nfs'}-share ${String(each.id)}`;
    });
    return touched;
  },
  'share-deleted': (doing) => {
    const gone = new Set<object>([...sharesOf(doing), ...extentsOf(doing)]);
    const { system } = doing;
    system.nfsShares = system.nfsShares.filter((each) => !gone.has(each));
    system.smbShares = system.smbShares.filter((each) => !gone.has(each));
    const extents = system.iscsiExtents.filter((each) => gone.has(each)).map(({ id }) => id);
    system.iscsiExtents = system.iscsiExtents.filter((each) => !gone.has(each));
    system.iscsiTargetExtents = system.iscsiTargetExtents.filter(
      ({ extent }) => !extents.includes(extent),
    );
    return NOTHING;
  },
  'extent-id-reused': (doing) => {
    const living = doing.system.datasets.find(({ id }) => id.includes('iscsi/vols/pvc'));
    return extentsOf(doing).flatMap((each) => {
      each.path = `zvol/${living?.id ?? 'tank'}`;
      each.name = `another-${doing.n}`;
      each.enabled = true;
      const mappings = doing.system.iscsiTargetExtents.filter(({ extent }) => extent === each.id);
      return [
        `iscsi-extent ${String(each.id)}`,
        ...mappings.map(({ id }) => `iscsi-mapping ${String(id)}`),
      ];
    });
  },
  'target-id-reused': ({ system, thing: { names }, n }) =>
    system.iscsiTargets
      .filter(({ name }) => names.includes(name))
      .map((each) => {
        each.name = `another-${n}`;
        return `iscsi-target ${String(each.id)}`;
      }),
  'argocd-takes-over': (doing) => {
    const object = objectOf(doing);
    if (object === undefined) return NOTHING;
    doing.guardian.noteNeed(doing.model.site.cluster.cluster.name, object.metadata.name, 'argocd');
    object.metadata.annotations = {
      ...object.metadata.annotations,
      'argocd.argoproj.io/tracking-id': 'apps:v1/PersistentVolume:x/y',
    };
    object.metadata.resourceVersion = `${object.metadata.resourceVersion ?? ''}9`;
    return NOTHING;
  },
  'claim-appears': (doing) => {
    const object = objectOf(doing);
    if (object?.kind === 'PersistentVolume') addClaim(doing, object, doing.n);
    return NOTHING;
  },
  'claimed-anew': (doing) => {
    const { thing, model, n } = doing;
    if (thing.dataset === null) return NOTHING;
    const { dataset } = thing;
    if (recordOf(doing)?.type === 'VOLUME') return NOTHING;
    addStaticVolume(model.site.cluster, {
      name: `adopted-${n}`,
      claim: `media/adopted-${n}`,
      size: 2 ** 30,
      days: 0.001,
      source: {
        csi: {
          driver: 'org.democratic-csi.nfs',
          volumeHandle: dataset.slice(dataset.lastIndexOf('/') + 1),
          volumeAttributes: { node_attach_driver: 'nfs', share: `/mnt/${dataset}` },
        },
      },
    });
    return NOTHING;
  },
  attached: (doing) => {
    const object = objectOf(doing);
    if (object?.kind !== 'PersistentVolume') return NOTHING;
    const { model, guardian, n } = doing;
    guardian.noteNeed(
      model.site.cluster.cluster.name,
      object.metadata.name,
      `attachment late-${n}`,
    );
    addObject(model.site.cluster, {
      resource: 'volumeattachments',
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      name: `late-${n}`,
      days: 0.001,
      body: {
        spec: {
          attacher: 'org.democratic-csi.nfs',
          nodeName: 'worker-1',
          source: { persistentVolumeName: object.metadata.name },
        },
        status: { attached: true },
      },
      writers: [],
    });
    return NOTHING;
  },
  unmarked: (doing) => {
    const record = recordOf(doing);
    delete record?.userProperties['truenas-monitor:quarantined'];
    return NOTHING;
  },
};

/** Does it, and tells the guardian. */
export function carryOut(scene: Scene, deed: Deed, n: string): void {
  const { guardian, model } = scene;
  const { things } = guardian;
  const thing = things[deed.of % Math.max(things.length, 1)];
  const system = model.world.systems.find(({ name }) => name === thing?.system);
  if (thing === undefined || system === undefined) return;
  const touched = DOINGS[deed.kind]({ ...scene, system, thing, of: deed.of, n });
  const keys = touched.map((key) => `${system.name} ${key}`);
  guardian.noteWorld(keys, deed.requests === 'as-it-arrives');
}

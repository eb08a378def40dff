import { addDeployment, type Deployment } from '../../../src/lib/lab/scenario/build/deployment.ts';
import { addCluster } from '../../../src/lib/lab/scenario/build/cluster.ts';
import { uuidOf } from '../../../src/lib/lab/scenario/build/identity.ts';
import { addObject } from '../../../src/lib/lab/scenario/build/objects.ts';
import { addPathDriver, type PathDriver } from '../../../src/lib/lab/scenario/build/path-driver.ts';
import { addPathVolume } from '../../../src/lib/lab/scenario/build/path-volume.ts';
import { addPod } from '../../../src/lib/lab/scenario/build/pods.ts';
import {
  addOne,
  addSound,
  finish,
  newSite,
  type Site,
} from '../../../src/lib/lab/scenario/build/site.ts';
import {
  addPeriodicSnapshots,
  addSnapshot,
  addZfsSnapshot,
} from '../../../src/lib/lab/scenario/build/snapshot.ts';
import { addDataset, ago, type Cluster } from '../../../src/lib/lab/scenario/build/stage.ts';
import { addStaticVolume } from '../../../src/lib/lab/scenario/build/static-volume.ts';
import { addAttachment } from '../../../src/lib/lab/scenario/build/use.ts';
import { type LabSystem, type World } from '../../../src/lib/lab/scenario/world.ts';
import { type Keeper, type Leftover, type RunSpec } from './spec.ts';

const GONE = ['pv', 'claim'] as const;
const SOUND = 3;

export interface ModelWorld {
  readonly world: World;
  readonly site: Site;
  readonly clusters: readonly Cluster[];
}

/** Something left over: where its data lies or lay, and the snapshot it is about. */
interface Left {
  readonly dataset: string;
  readonly snapshot?: string;
}

class Builder {
  readonly site: Site;
  readonly #spec: RunSpec;
  readonly #deployments = new Map<string, Deployment>();
  readonly #paths = new Map<string, PathDriver>();

  constructor(spec: RunSpec) {
    this.#spec = spec;
    this.site = newSite(spec.version);
    addSound(this.site.nfs, SOUND);
    addSound(this.site.iscsi, SOUND);
  }

  get system(): LabSystem {
    return this.site.nas.system;
  }

  get hasNvmet(): boolean {
    return this.#spec.version === '25.10' || this.#spec.version === '26';
  }

  deployment(protocol: 'nfs' | 'iscsi' | 'smb' | 'nvmeof' | 'hashed'): Deployment {
    if (protocol === 'nfs' || protocol === 'iscsi') return this.site[protocol];
    const known = this.#deployments.get(protocol);
    if (known !== undefined) return known;
    const { cluster, nas } = this.site;
    const made =
      protocol === 'hashed'
        ? addDeployment(cluster, nas, {
            protocol: 'nfs',
            driver: 'org.democratic-csi.hashed',
            parent: 'tank/k8s/hashed/vols',
            storageClass: 'nas-hashed',
            idHash: 'crc32',
          })
        : addDeployment(cluster, nas, { protocol });
    this.#deployments.set(protocol, made);
    addSound(made, SOUND);
    return made;
  }

  path(driver: 'csi.truenas.io' | 'tns.csi.io', protocol: 'nfs' | 'iscsi'): PathDriver {
    const key = `${driver} ${protocol}`;
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    const { cluster, nas } = this.site;
    const made = addPathDriver(cluster, nas, {
      driver,
      protocol,
      parent: `tank/${driver.split('.')[0] ?? ''}-${protocol}`,
      ...(driver === 'tns.csi.io' ? { clusterId: 'prod' } : {}),
    });
    this.#paths.set(key, made);
    for (let index = 0; index < SOUND; index += 1) {
      addPathVolume(made, { claim: `apps/${driver.replaceAll('.', '-')}-${protocol}-${index}` });
    }
    return made;
  }

  disable(dataset: string): void {
    const { nfsShares, smbShares, iscsiExtents, nvmetNamespaces } = this.system;
    for (const share of [...nfsShares, ...smbShares]) {
      if (share.path === `/mnt/${dataset}`) share.enabled = false;
    }
    for (const extent of iscsiExtents) {
      if (extent.path === `zvol/${dataset}`) extent.enabled = false;
    }
    for (const namespace of nvmetNamespaces) {
      if (namespace.devicePath === `zvol/${dataset}`) namespace.enabled = false;
    }
  }

  quarantine(dataset: string, days: number): Left {
    this.disable(dataset);
    const record = this.system.datasets.find(({ id }) => id === dataset);
    if (record === undefined) throw new Error(`no ${dataset}`);
    record.userProperties['truenas-monitor:quarantined'] =
      `${dataset};${ago(this.site.stage, days)};plan-7`;
    return { dataset };
  }
}

type Make = (builder: Builder, claim: string) => Left;

const unclaimed =
  (protocol: 'nfs' | 'iscsi' | 'smb' | 'nvmeof' | 'hashed'): Make =>
  (builder, claim) =>
    addOne(builder.deployment(protocol), claim, { gone: GONE });

const ofPath =
  (driver: 'csi.truenas.io' | 'tns.csi.io', protocol: 'nfs' | 'iscsi'): Make =>
  (builder, claim) =>
    addPathVolume(builder.path(driver, protocol), { claim, gone: GONE });

const due =
  (make: Make, days = 10.5): Make =>
  (builder, claim) =>
    builder.quarantine(make(builder, claim).dataset, days);

const MAKES: Readonly<Record<Leftover['kind'], Make>> = {
  'unclaimed-nfs': unclaimed('nfs'),
  'unclaimed-iscsi': unclaimed('iscsi'),
  'unclaimed-smb': unclaimed('smb'),
  'unclaimed-nvmeof': (builder, claim) =>
    unclaimed(builder.hasNvmet ? 'nvmeof' : 'iscsi')(builder, claim),
  'unclaimed-csi-nfs': ofPath('csi.truenas.io', 'nfs'),
  'unclaimed-csi-iscsi': ofPath('csi.truenas.io', 'iscsi'),
  'unclaimed-tns-nfs': ofPath('tns.csi.io', 'nfs'),
  'unclaimed-hashed': unclaimed('hashed'),
  'half-nfs': ({ site }, claim) => addOne(site.nfs, claim, { gone: ['claim'], stopsAt: 'context' }),
  'half-iscsi': ({ site }, claim) =>
    addOne(site.iscsi, claim, { gone: ['claim'], stopsAt: 'context' }),
  'detached-copy': ({ site }, claim) => {
    const volume = addOne(site.nfs, claim);
    for (const index of [1, 2]) {
      addSnapshot(volume, { name: `sound-${index}`, days: 60.5, detached: true });
    }
    const gone = ['snapshot', 'content'] as const;
    const { id } = addSnapshot(volume, { name: 'copy', days: 60.5, detached: true, gone });
    return { dataset: id };
  },
  'empty-container': ({ site }, claim) => {
    const { handle } = addOne(site.nfs, claim);
    const dataset = `${site.nfs.detachedParent}/${handle}`;
    addDataset(site.nas, dataset, { days: 60.5 });
    return { dataset };
  },
  'dangling-nfs': ({ site }, claim) => addOne(site.nfs, claim, { gone: [...GONE, 'dataset'] }),
  'dangling-smb': (builder, claim) =>
    addOne(builder.deployment('smb'), claim, { gone: [...GONE, 'dataset'] }),
  'dangling-extent': ({ site }, claim) => addOne(site.iscsi, claim, { gone: [...GONE, 'dataset'] }),
  'empty-target': ({ site }, claim) =>
    addOne(site.iscsi, claim, { gone: [...GONE, 'dataset', 'extent'] }),
  'dangling-namespace': (builder, claim) =>
    addOne(builder.deployment(builder.hasNvmet ? 'nvmeof' : 'iscsi'), claim, {
      gone: [...GONE, 'dataset'],
    }),
  snapshot: ({ site }, claim) => {
    const volume = addOne(site.nfs, claim);
    addSnapshot(volume, { name: 'kept', days: 30.5 });
    const gone = ['snapshot', 'content'] as const;
    const { id } = addSnapshot(volume, { name: 'forgotten', days: 60.5, gone });
    return { dataset: volume.dataset, snapshot: id };
  },
  'temporary-snapshot': ({ site }, claim) => {
    const volume = addOne(site.nfs, claim);
    const id = `${volume.dataset}@volume-source-for-volume-pvc-${uuidOf(`gone ${claim}`)}`;
    addZfsSnapshot(site.nas, id, { days: 30.5 });
    return { dataset: volume.dataset, snapshot: id };
  },
  'volume-without-backend': ({ site }, claim) =>
    addOne(site.nfs, claim, { gone: ['claim', 'dataset'], releasedDays: 40.5 }),
  'content-without-backend': ({ site }, claim) => {
    const volume = addOne(site.nfs, claim);
    addSnapshot(volume, { name: 'lost', days: 30.5, gone: ['snapshot', 'backend'] });
    return volume;
  },
  'stale-attachment': ({ site }, claim) => {
    const volume = addOne(site.iscsi, claim, { idle: true });
    addAttachment(site.cluster, {
      volume: volume.name,
      node: 'worker-gone',
      driver: site.iscsi.driver,
      days: 20.5,
    });
    return volume;
  },
  'disabled-share': (builder, claim) => {
    const volume = addOne(builder.site.nfs, claim);
    builder.disable(volume.dataset);
    return volume;
  },
  'missing-share': ({ site }, claim) => addOne(site.nfs, claim, { gone: ['share'] }),
  'due-nfs': due(unclaimed('nfs')),
  'due-iscsi': due(unclaimed('iscsi')),
  'due-released': due(({ site }, claim) =>
    addOne(site.iscsi, claim, { gone: ['claim'], policy: 'Retain', releasedDays: 60.5 }),
  ),
  'due-with-snapshots': (builder, claim) => {
    const left = due(unclaimed('nfs'))(builder, claim);
    addPeriodicSnapshots(builder.site.nas, left.dataset, [12, 13]);
    return left;
  },
  'not-due': due(unclaimed('nfs'), 2.5),
};

/** Puts somebody into the world who counts on a dataset. */
export function keep(
  { site }: Pick<ModelWorld, 'site'>,
  keeper: Keeper,
  { dataset, snapshot }: Left,
  n: string,
): void {
  const { cluster, nas } = site;
  const { system } = nas;
  const path = `/mnt/${dataset}`;
  const exists = system.datasets.some(({ id }) => id === dataset);
  const isVolume = system.datasets.some(({ id, type }) => id === dataset && type === 'VOLUME');
  switch (keeper) {
    case 'nobody':
      return;
    case 'foreign-cluster': {
      const record = system.datasets.find(({ id }) => id === dataset);
      if (record === undefined) return;
      record.userProperties['democratic-csi:volume_context_provisioner_instance_id'] = 'elsewhere';
      return;
    }
    case 'static-volume': {
      const { host } = nas;
      const extent = system.iscsiExtents.find((each) => each.path === `zvol/${dataset}`);
      const mapping = system.iscsiTargetExtents.find((each) => each.extent === extent?.id);
      const target = system.iscsiTargets.find(({ id }) => id === mapping?.target);
      if (isVolume && target === undefined) return;
      const source =
        target === undefined
          ? { nfs: { server: host, path } }
          : {
              iscsi: {
                targetPortal: `${host}:3260`,
                iqn: `${system.iscsiBasename}:${target.name}`,
                lun: 0,
              },
            };
      addStaticVolume(cluster, {
        name: `static-${n}`,
        claim: `media/static-${n}`,
        size: 2 ** 30,
        days: 0.001,
        source,
      });
      return;
    }
    case 'inline-volume':
      // No pod names a zvol but by its target, as a volume does.
      if (isVolume) return;
      addPod(cluster, {
        pod: `media/inline-${n}`,
        days: 0.001,
        volumes: [{ name: 'data', nfs: { server: nas.host, path } }],
      });
      return;
    case 'clone': {
      if (!exists) return;
      const origin = snapshot ?? `${dataset}@cloned-${n}`;
      if (snapshot === undefined) addZfsSnapshot(nas, origin, { days: 0.001 });
      const original = system.datasets.find(({ id }) => id === dataset);
      addDataset(nas, `tank/elsewhere/clone-${n}`, {
        days: 0.001,
        origin,
        ...(isVolume ? { volsize: original?.volsize ?? 2 ** 30 } : {}),
      });
      return;
    }
    case 'held-snapshot': {
      if (!exists) return;
      const id = snapshot ?? `${dataset}@held-${n}`;
      const known = system.snapshots.find((each) => each.id === id);
      if (known !== undefined) known.holds = ['keep'];
      else addZfsSnapshot(nas, id, { days: 0.001, holds: ['keep'] });
      return;
    }
    case 'content': {
      if (!exists) return;
      const id = snapshot ?? `${dataset}@snapshot-${uuidOf(`content ${n}`)}`;
      if (!system.snapshots.some((each) => each.id === id)) {
        addZfsSnapshot(nas, id, { days: 0.001 });
      }
      const uid = uuidOf(`snapshot of ${n}`);
      addObject(cluster, {
        resource: 'volumesnapshotcontents',
        apiVersion: 'snapshot.storage.k8s.io/v1',
        kind: 'VolumeSnapshotContent',
        name: `given-${n}`,
        days: 0.001,
        body: {
          spec: {
            deletionPolicy: 'Retain',
            driver: site.nfs.driver,
            source: { snapshotHandle: id.slice(id.lastIndexOf('/') + 1) },
            volumeSnapshotRef: { name: `given-${n}`, namespace: 'media', uid },
          },
          status: { snapshotHandle: id.slice(id.lastIndexOf('/') + 1), readyToUse: true },
        },
        writers: [],
      });
      return;
    }
    case 'task':
      system.snapshotTasks.push({
        id: 700 + system.snapshotTasks.length,
        dataset,
        recursive: false,
        enabled: true,
        lifetimeValue: 2,
        lifetimeUnit: 'WEEK',
        namingSchema: 'auto-%Y-%m-%d_%H-%M',
      });
      return;
    case 'replication':
      system.replicationTasks.push({
        id: 700 + system.replicationTasks.length,
        name: `of ${n}`,
        transport: 'SSH',
        sources: [dataset],
        target: 'attic/copy',
        recursive: true,
        enabled: true,
      });
      return;
    case 'session': {
      const extent = system.iscsiExtents.find((each) => each.path === `zvol/${dataset}`);
      const mapping = system.iscsiTargetExtents.find((each) => each.extent === extent?.id);
      const target = system.iscsiTargets.find(({ id }) => id === mapping?.target);
      if (target === undefined) return;
      system.iscsiSessions.push({
        initiator: 'iqn.2004-10.com.ubuntu:01:worker-9',
        initiatorAddress: '10.10.0.29',
        target: `${system.iscsiBasename}:${target.name}`,
      });
      return;
    }
    case 'ignored': {
      const record = system.datasets.find(({ id }) => id === dataset);
      if (record !== undefined) record.userProperties['truenas-monitor:ignore'] = `${dataset};*`;
      return;
    }
    case 'virtual-machine':
      system.otherAttachments = [
        ...(system.otherAttachments ?? []),
        { type: 'VM', name: `vm-${n}`, dataset },
      ];
  }
}

/** Builds the world of a run. */
export function modelWorld(spec: RunSpec): ModelWorld {
  const builder = new Builder(spec);
  const { site } = builder;
  const left = spec.leftovers.map(({ kind, keeper }, index) => {
    const made = MAKES[kind](builder, `apps/left-${index}`);
    return { keeper, made, n: String(index) };
  });
  if (spec.secondCluster) {
    const dev = addCluster(site.stage, { name: 'dev' });
    addSound(addDeployment(dev, site.nas, { protocol: 'nfs', parent: 'tank/dev/nfs/vols' }), SOUND);
  }
  if (spec.move) addDataset(site.nas, 'tank/quarantine', { days: 300.5 });
  for (const { keeper, made, n } of left) keep({ site }, keeper, made, n);
  const { world } = finish(site, []);
  return { world, site, clusters: site.stage.clusters };
}

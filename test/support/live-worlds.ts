import fc from 'fast-check';
import {
  CLUSTER_SOURCES,
  SYSTEM_SOURCES,
  type ListSource,
} from '../../src/lib/core/model/inventory.ts';
import { type PersistentVolume, type VolumeSource } from '../../src/lib/core/model/kubernetes.ts';
import { type Dataset, type ZfsSnapshot } from '../../src/lib/core/model/truenas.ts';
import {
  aClaim,
  aContent,
  aDataset,
  aDriver,
  aDriverSecret,
  aFolder,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anNfsShare,
  anSmbShare,
  aPod,
  aPool,
  aPv,
  aSubsystem,
  aTarget,
  aVolumeSnapshot,
  aZfsSnapshot,
  details,
  finished,
  JUST_NOW,
  LONG_AGO,
  properties,
} from './builders.ts';

/*
 * Random worlds of two clusters and two systems, as they truly are, with a record of what is in use. A property then
 * breaks what a reader sees of them.
 */

export const CLUSTERS = ['prod', 'dev'] as const;
export const SYSTEMS = ['nas1', 'nas2'] as const;

const PROTOCOLS = ['nfs', 'smb', 'iscsi', 'nvmeof'] as const;

/** One volume as it truly is, on both sides. */
export interface Volume {
  readonly cluster: (typeof CLUSTERS)[number];
  readonly system: (typeof SYSTEMS)[number];
  /**
   * Where the replicated one works nobody declared; its Secret tells, and the other system holds a replica of it. The archive keeps
   * what is deleted, as nothing but its Secret tells.
   */
  readonly driver: 'democratic-csi' | 'tns.csi.io' | 'csi.truenas.io' | 'replicated' | 'archive';
  readonly protocol: (typeof PROTOCOLS)[number];
  /** The last one is in a cluster nobody registered, which has an `instance_id`. */
  readonly pv:
    'bound' | 'released' | 'available' | 'none' | 'lost-under-pod' | 'gone-under-pod' | 'foreign';
  readonly handle: 'name' | 'hashed';
  readonly dataset: 'at-home' | 'moved' | 'gone';
  readonly finished: boolean;
  readonly exported: 'whole' | 'half' | 'not';
  readonly snapshot: 'none' | 'claimed' | 'forgotten' | 'periodic' | 'temporary';
  readonly copy: 'none' | 'claimed' | 'forgotten' | 'empty-container';
  /** Who else counts on it. */
  readonly other: 'nobody' | 'static-volume' | 'inline-volume' | 'clone' | 'second-cluster';
  readonly mark: 'none' | 'quarantined';
  readonly young: boolean;
}

export const volume: fc.Arbitrary<Volume> = fc.record({
  cluster: fc.constantFrom(...CLUSTERS),
  system: fc.constantFrom(...SYSTEMS),
  driver: fc.constantFrom(
    'democratic-csi',
    'democratic-csi',
    'tns.csi.io',
    'csi.truenas.io',
    'replicated',
    'archive',
  ),
  protocol: fc.constantFrom(...PROTOCOLS),
  pv: fc.constantFrom(
    'bound',
    'bound',
    'bound',
    'released',
    'available',
    'none',
    'none',
    'lost-under-pod',
    'gone-under-pod',
    'foreign',
  ),
  handle: fc.constantFrom('name', 'hashed'),
  dataset: fc.constantFrom('at-home', 'at-home', 'at-home', 'moved', 'gone'),
  finished: fc.constantFrom(true, true, false),
  exported: fc.constantFrom('whole', 'whole', 'half', 'not'),
  snapshot: fc.constantFrom('none', 'claimed', 'forgotten', 'periodic', 'temporary'),
  copy: fc.constantFrom('none', 'none', 'claimed', 'forgotten', 'empty-container'),
  other: fc.constantFrom(
    'nobody',
    'nobody',
    'nobody',
    'static-volume',
    'inline-volume',
    'clone',
    'second-cluster',
  ),
  mark: fc.constantFrom('none', 'none', 'none', 'quarantined'),
  young: fc.constantFrom(false, false, true),
});

export const ALL_SOURCES: readonly ListSource[] = [...CLUSTER_SOURCES, ...SYSTEM_SOURCES];

/** Every list of every cluster and system. */
export type Truth = ReadonlyMap<string, Readonly<Record<ListSource, readonly unknown[]>>>;

export interface LiveWorld {
  readonly truth: Truth;
  /** `<cluster or system> <name>` of everything a bound volume or a claimed snapshot uses. */
  readonly live: ReadonlySet<string>;
}

const uidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Where each driver makes its volumes; one deployment for each system. */
const PARENTS = {
  'democratic-csi': 'tank/k8s',
  'tns.csi.io': 'tank/tns',
  'csi.truenas.io': 'tank/k8s_official',
  replicated: 'tank/replicated',
  archive: 'tank/archive',
} as const;

/** Where its detached snapshots go: all but one share a place. */
const DETACHED = {
  'democratic-csi': 'tank/detached',
  'tns.csi.io': 'tank/detached',
  'csi.truenas.io': 'tank/detached',
  replicated: 'tank/detached-replicated',
  archive: 'tank/detached-archive',
} as const;

/** The only system on which the driver works whose volumes are replicated, and the one with the replica. */
const [ORIGINAL, REPLICA] = SYSTEMS;
const REPLICATED = 'org.democratic-csi.replicated';

const archiveOn = (system: string): string => `org.democratic-csi.archive-${system}`;

const isDemocratic = ({ driver }: Volume): boolean =>
  driver === 'democratic-csi' || driver === 'replicated' || driver === 'archive';

const driverName = ({ driver, system }: Volume): string => {
  if (driver === 'replicated') return REPLICATED;
  if (driver === 'archive') return archiveOn(system);
  return driver === 'democratic-csi' ? `org.democratic-csi.${system}` : driver;
};

/** Deployments as a careful user declares them. */
export const DRIVERS = [
  ...SYSTEMS.flatMap((system) =>
    (['democratic-csi', 'tns.csi.io', 'csi.truenas.io'] as const).map((driver) =>
      aDriver({
        driver: driver === 'democratic-csi' ? `org.democratic-csi.${system}` : driver,
        system,
        parent: PARENTS[driver],
        detachedSnapshotsParent: DETACHED[driver],
      }),
    ),
  ),
  aDriver({
    driver: REPLICATED,
    parent: PARENTS.replicated,
    detachedSnapshotsParent: DETACHED.replicated,
  }),
  ...SYSTEMS.map((system) =>
    aDriver({
      driver: archiveOn(system),
      system,
      parent: PARENTS.archive,
      detachedSnapshotsParent: DETACHED.archive,
    }),
  ),
];

/** The names of one volume, and where its parts go. */
class Scene {
  readonly #truth: Truth;
  readonly #live: Set<string>;
  readonly volume: Volume;
  readonly n: number;
  readonly name: string;
  readonly leaf: string;
  readonly id: string;
  readonly createdAt: Date;

  constructor(truth: Truth, live: Set<string>, drawn: Volume, n: number) {
    const volume = drawn.driver === 'replicated' ? { ...drawn, system: ORIGINAL } : drawn;
    this.#truth = truth;
    this.#live = live;
    this.volume = volume;
    this.n = n;
    this.name = `pvc-${uidOf(n)}`;
    const hashed = volume.handle === 'hashed' && isDemocratic(volume);
    this.leaf = hashed ? String(100_000 + n) : this.name;
    const home = volume.dataset === 'moved' ? 'tank/elsewhere' : PARENTS[volume.driver];
    this.id = `${home}/${this.leaf}`;
    this.createdAt = volume.young ? JUST_NOW : LONG_AGO;
  }

  /** Where the driver made it, wherever it is now. */
  get home(): string {
    return `${PARENTS[this.volume.driver]}/${this.leaf}`;
  }

  get isZvol(): boolean {
    return this.volume.protocol === 'iscsi' || this.volume.protocol === 'nvmeof';
  }

  add(member: string, source: ListSource, item: unknown): void {
    (this.#truth.get(member)?.[source] as unknown[]).push(item);
  }

  onNas(source: ListSource, item: unknown): void {
    this.add(this.volume.system, source, item);
  }

  /** Puts a dataset or snapshot on the NAS, and what a replication makes of it on the other, where nothing may be missed. */
  onBoth(source: 'datasets' | 'zfsSnapshots', item: Dataset | ZfsSnapshot): void {
    this.onNas(source, item);
    if (this.volume.driver !== 'replicated') return;
    this.add(REPLICA, source, { ...item, system: REPLICA });
    this.#live.add(`${REPLICA} ${item.id}`);
  }

  inCluster(source: ListSource, item: unknown): void {
    this.add(this.volume.cluster, source, item);
  }

  use(...names: string[]): void {
    for (const name of names) this.#live.add(`${this.volume.system} ${name}`);
  }

  /** By whatever name something refers to what exports the volume. */
  useExports(): void {
    const { volume, home, name } = this;
    this.use(`/mnt/${home}`, name, targetOf(volume, home, name), `zvol/${home}`);
  }
}

function attributesOf({ volume, home, name }: Scene): Record<string, string> {
  const provisioner: Record<string, string> = isDemocratic(volume)
    ? {
        node_attach_driver: volume.protocol,
        provisioner_driver: `freenas-api-${volume.protocol}`,
      }
    : { protocol: volume.protocol };
  switch (volume.protocol) {
    case 'nfs':
      return { ...provisioner, share: `/mnt/${home}` };
    case 'smb':
      return { ...provisioner, share: name };
    case 'iscsi':
      return { ...provisioner, iqn: `iqn.2005-10.org.freenas.ctl:${targetOf(volume, home, name)}` };
    case 'nvmeof':
      // csi.truenas.io tells nodes of the subsystem as it publishes a volume, and writes no word of it down.
      return volume.driver === 'csi.truenas.io'
        ? provisioner
        : { ...provisioner, nqn: `nqn.2011-06.com.truenas:uuid:1:${name}` };
  }
}

const officialName = (home: string): string => `csi-${home.replaceAll(/[/_]/g, '-')}`;

function targetOf({ driver }: Volume, home: string, name: string): string {
  return driver === 'csi.truenas.io' ? officialName(home) : `csi-${name}`;
}

function subsystemOf({ driver }: Volume, home: string, name: string): string {
  return driver === 'csi.truenas.io' ? officialName(home) : name;
}

function sourceOf(scene: Scene): VolumeSource {
  const handle = isDemocratic(scene.volume) ? scene.leaf : scene.home;
  return {
    kind: 'csi',
    driver: driverName(scene.volume),
    handle,
    attributes: attributesOf(scene),
  };
}

const PHASES: Readonly<Partial<Record<Volume['pv'], PersistentVolume['phase']>>> = {
  bound: 'Bound',
  released: 'Released',
  available: 'Available',
};

/** A pod goes on writing to a volume whose PersistentVolume somebody deleted; its claim may not have noticed yet. */
function addSurvivors(scene: Scene): void {
  const { volume, n, name } = scene;
  if (volume.pv !== 'lost-under-pod' && volume.pv !== 'gone-under-pod') return;
  const { cluster } = volume;
  const claim = `claim-${n}`;
  const phase = volume.pv === 'lost-under-pod' ? 'Lost' : 'Bound';
  scene.inCluster(
    'persistentVolumeClaims',
    aClaim({ cluster, name: claim, uid: uidOf(n), volumeName: name, phase }),
  );
  scene.inCluster('pods', aPod({ cluster, name: `survivor-${n}`, claims: [claim] }));
  if (volume.dataset !== 'at-home' || !volume.finished) return;
  scene.use(scene.id);
  if (volume.exported === 'whole') scene.useExports();
}

function addVolumes(scene: Scene): void {
  const { volume, name, n, createdAt } = scene;
  const source = sourceOf(scene);
  const claim = { namespace: 'media', name: `claim-${n}`, uid: uidOf(n) };
  const pv = (over: Partial<PersistentVolume>): PersistentVolume =>
    aPv({ cluster: volume.cluster, name, source, createdAt, claim, ...over });
  const phase = PHASES[volume.pv];
  if (phase !== undefined) {
    scene.inCluster(
      'persistentVolumes',
      pv({ phase, claim: phase === 'Available' ? null : claim }),
    );
  }
  if (volume.pv === 'bound') {
    scene.inCluster(
      'persistentVolumeClaims',
      aClaim({ cluster: volume.cluster, name: claim.name, uid: claim.uid, volumeName: name }),
    );
    scene.inCluster(
      'volumeAttachments',
      anAttachment({ cluster: volume.cluster, name: `csi-${n}`, volumeName: name }),
    );
  }
  if (volume.other === 'second-cluster') {
    const [cluster] = CLUSTERS.filter((each) => each !== volume.cluster);
    if (cluster !== undefined) {
      scene.add(cluster, 'persistentVolumes', pv({ cluster, name: `restored-${n}` }));
    }
  }
}

/** csi.truenas.io marks nothing, so that nothing would tell its volumes of two clusters apart. */
const isForeign = ({ pv, driver }: Volume): boolean =>
  pv === 'foreign' && driver !== 'csi.truenas.io';

const instanceOf = (volume: Volume): string | null => (isForeign(volume) ? 'elsewhere' : null);

function marksOf(volume: Volume, name: string) {
  const { driver, finished: done } = volume;
  if (driver === 'csi.truenas.io') return properties();
  const marks = finished(name, {
    owner: driver === 'tns.csi.io' ? 'tns-csi' : 'democratic-csi',
    instanceId: instanceOf(volume),
  });
  return done ? marks : { ...marks, provisionSuccess: false };
}

function addDataset(scene: Scene): void {
  const { volume, id, createdAt, name } = scene;
  scene.onBoth(
    'datasets',
    aDataset({
      system: volume.system,
      id,
      kind: scene.isZvol ? 'volume' : 'filesystem',
      createdAt,
      properties: marksOf(volume, name),
      marks: {
        quarantined: volume.mark === 'none' ? null : `${id};2026-01-01T00:00:00Z;plan`,
        ignore: null,
      },
    }),
  );
  if (volume.other === 'clone') {
    scene.onNas(
      'datasets',
      aDataset({
        system: volume.system,
        id: `tank/elsewhere/clone-${scene.n}`,
        origin: `${id}@${snapshotName(scene)}`,
        properties: properties(),
      }),
    );
  }
}

function addExports(scene: Scene): void {
  const { volume, n, name, home } = scene;
  const { system, protocol } = volume;
  if (volume.exported === 'not') return;
  const path = `/mnt/${home}`;
  const device = `zvol/${home}`;
  const target = targetOf(volume, home, name);
  switch (protocol) {
    case 'nfs': {
      const comment =
        volume.driver === 'csi.truenas.io'
          ? `CSI volume ${home}`
          : `democratic-csi (${driverName(volume)}): ${home}`;
      scene.onNas('nfsShares', anNfsShare({ system, id: n, path, comment }));
      return;
    }
    case 'smb':
      scene.onNas('smbShares', anSmbShare({ system, id: n, name, path }));
      return;
    case 'iscsi':
      scene.onNas('iscsiTargets', aTarget({ system, id: n, name: target }));
      scene.onNas('iscsiExtents', anExtent({ system, id: n, name: target, path: device }));
      if (volume.exported === 'half') return;
      scene.onNas('iscsiTargetExtents', aMapping({ system, id: n, target: n, extent: n }));
      return;
    case 'nvmeof': {
      const subsystem = subsystemOf(volume, home, name);
      scene.onNas('nvmetSubsystems', aSubsystem({ system, id: n, name: subsystem, nqn: null }));
      if (volume.exported === 'half') return;
      scene.onNas(
        'nvmetNamespaces',
        aNamespace({ system, id: n, devicePath: device, subsystem, subsystemId: n }),
      );
    }
  }
}

function snapshotName({ volume, n }: Scene): string {
  switch (volume.snapshot) {
    case 'periodic':
      return `auto-2026-01-${n}`;
    case 'temporary':
      return `volume-source-for-volume-pvc-${uidOf(700 + n)}`;
    case 'none':
    case 'claimed':
    case 'forgotten':
      return `snapshot-${uidOf(500 + n)}`;
  }
}

function addContent(scene: Scene, uid: string, snapshotHandle: string): void {
  const { volume, n, leaf } = scene;
  // Whoever claims it does so where nobody looks.
  if (isForeign(volume)) return;
  const { cluster } = volume;
  const driver = driverName(volume);
  const snapshot = { namespace: 'media', name: `s${uid.slice(-4)}-${n}`, uid };
  scene.inCluster(
    'volumeSnapshotContents',
    aContent({
      cluster,
      name: `content-${uid}`,
      driver,
      snapshotHandle,
      volumeHandle: leaf,
      snapshot,
    }),
  );
  scene.inCluster(
    'volumeSnapshots',
    aVolumeSnapshot({ cluster, name: snapshot.name, uid, contentName: `content-${uid}` }),
  );
}

function addSnapshot(scene: Scene): void {
  const { volume, id, name, leaf, createdAt, n } = scene;
  if (volume.snapshot === 'none') return;
  const snapshot = snapshotName(scene);
  const byDriver = volume.snapshot === 'claimed' || volume.snapshot === 'forgotten';
  const own = byDriver
    ? { csiSnapshotName: snapshot, csiSnapshotSourceVolumeId: leaf }
    : { csiSnapshotName: null };
  scene.onBoth(
    'zfsSnapshots',
    aZfsSnapshot({
      system: volume.system,
      dataset: id,
      name: snapshot,
      details: details({
        createdAt,
        properties: finished(name, { ...own, instanceId: instanceOf(volume) }),
      }),
    }),
  );
  if (isForeign(volume)) scene.use(`${id}@${snapshot}`);
  if (volume.snapshot === 'claimed') {
    const handle = isDemocratic(volume) ? leaf : scene.home;
    addContent(scene, uidOf(500 + n), `${handle}@${snapshot}`);
    scene.use(`${id}@${snapshot}`);
  }
  if (volume.other === 'clone') scene.use(`${id}@${snapshot}`);
}

/** A detached copy of democratic-csi: an independent dataset, two levels below a parent of its own. */
function addCopy(scene: Scene): void {
  const { volume, leaf, n, createdAt } = scene;
  if (volume.copy === 'none' || !isDemocratic(volume)) return;
  const { system } = volume;
  const container = `${DETACHED[volume.driver]}/${leaf}`;
  scene.onBoth('datasets', aFolder(container, { system, createdAt }));
  if (volume.copy === 'empty-container') return;
  const name = `snapshot-${uidOf(900 + n)}`;
  const marks = properties({
    owner: 'democratic-csi',
    managed: true,
    provisionSuccess: true,
    csiSnapshotName: name,
    csiSnapshotSourceVolumeId: leaf,
  });
  scene.onBoth(
    'datasets',
    aDataset({ system, id: `${container}/${name}`, createdAt, properties: marks }),
  );
  if (isForeign(volume)) {
    // A copy says nothing of who made it, and a volume of that handle here speaks for somebody here.
    if (volume.other !== 'second-cluster') scene.use(`${container}/${name}`);
    return;
  }
  if (volume.copy !== 'claimed') return;
  addContent(scene, uidOf(900 + n), `${leaf}/${name}`);
  scene.use(container, `${container}/${name}`);
}

/** What somebody exported the volume by beside its driver, and how to mount that by hand. */
function exportByHand(scene: Scene): VolumeSource {
  const { volume, n, home } = scene;
  const { system } = volume;
  const name = `office-${n}`;
  const id = 1000 + n;
  const device = `zvol/${home}`;
  const manual = (attributes: Readonly<Record<string, string>>): VolumeSource => ({
    kind: 'csi',
    driver: 'org.democratic-csi.node-manual',
    handle: name,
    attributes,
  });
  switch (volume.protocol) {
    case 'nfs':
      scene.use(`/mnt/${home}`);
      return { kind: 'nfs', server: 'nas', path: `/mnt/${home}` };
    case 'smb':
      scene.onNas('smbShares', anSmbShare({ system, id, name, path: `/mnt/${home}` }));
      scene.use(name);
      return manual({ node_attach_driver: 'smb', server: 'nas', share: name });
    case 'iscsi':
      scene.onNas('iscsiTargets', aTarget({ system, id, name }));
      scene.onNas('iscsiExtents', anExtent({ system, id, name, path: device }));
      scene.onNas('iscsiTargetExtents', aMapping({ system, id, target: id, extent: id }));
      scene.use(name, device);
      return {
        kind: 'iscsi',
        portal: 'nas:3260',
        iqn: `iqn.2005-10.org.freenas.ctl:${name}`,
        lun: 0,
      };
    case 'nvmeof':
      scene.onNas('nvmetSubsystems', aSubsystem({ system, id, name, nqn: null }));
      scene.onNas(
        'nvmetNamespaces',
        aNamespace({ system, id, devicePath: device, subsystem: name, subsystemId: id }),
      );
      scene.use(name, device);
      return manual({
        node_attach_driver: 'nvmeof',
        nqn: `nqn.2011-06.com.truenas:uuid:1:${name}`,
      });
  }
}

/** Others who count on the volume by what exports it: drivers know nothing of them. */
function addOthers(scene: Scene): void {
  const { volume, id, n } = scene;
  if (volume.dataset !== 'at-home') return;
  const { cluster } = volume;
  if (volume.other === 'static-volume') {
    const claim = { namespace: 'media', name: `static-${n}`, uid: uidOf(300 + n) };
    const source = exportByHand(scene);
    scene.inCluster('persistentVolumes', aPv({ cluster, name: `static-${n}`, source, claim }));
    scene.use(id);
  }
  if (volume.other === 'inline-volume') {
    const inlineVolumes = [exportByHand(scene)];
    scene.inCluster('pods', aPod({ cluster, name: `pod-${n}`, inlineVolumes }));
    scene.use(id);
  }
}

function addVolume(scene: Scene): void {
  const { volume, id } = scene;
  addVolumes(scene);
  addSurvivors(scene);
  if (volume.dataset !== 'gone') {
    addDataset(scene);
    addSnapshot(scene);
  }
  addExports(scene);
  addCopy(scene);
  addOthers(scene);
  const archived = volume.driver === 'archive' && volume.pv === 'none';
  if (isForeign(volume) || (archived && volume.dataset === 'at-home')) scene.use(id);
  if (volume.pv === 'bound' || volume.other === 'second-cluster') {
    scene.use(id);
    scene.useExports();
  }
}

function archiveSecret(cluster: string, system: string) {
  return aDriverSecret({
    cluster,
    name: archiveOn(system),
    driver: archiveOn(system),
    hosts: [`${system}.example`],
    parent: PARENTS.archive,
    detachedSnapshotsParent: DETACHED.archive,
    keepsDeleted: true,
  });
}

/** What else there is of a world, and how its clusters are looked for. */
export interface Scenery {
  /** Whether each cluster has a sound volume below every parent, by which it is known to be in view. */
  readonly settled: boolean;
  /** The cluster to which the context of each leads that does not lead to its own: how many volumes it has, of another NAS. */
  readonly astray: Readonly<Partial<Record<(typeof CLUSTERS)[number], number>>>;
}

export const BARE: Scenery = { settled: false, astray: {} };

export const scenery: fc.Arbitrary<Scenery> = fc.record({
  settled: fc.boolean(),
  astray: fc.constant({}),
});

export const sceneryAstray: fc.Arbitrary<Scenery> = fc.record({
  settled: fc.boolean(),
  astray: fc.dictionary(fc.constantFrom(...CLUSTERS), fc.integer({ min: 1, max: 6 }), {
    minKeys: 1,
  }),
});

/** A healthy volume, with nothing to it. */
export const SOUND: Volume = {
  cluster: 'prod',
  system: 'nas1',
  driver: 'democratic-csi',
  protocol: 'nfs',
  pv: 'bound',
  handle: 'name',
  dataset: 'at-home',
  finished: true,
  exported: 'whole',
  snapshot: 'none',
  copy: 'none',
  other: 'nobody',
  mark: 'none',
  young: false,
};

const DRIVER_KINDS = Object.keys(PARENTS) as readonly Volume['driver'][];

function settlers(): readonly Volume[] {
  return CLUSTERS.flatMap((cluster) =>
    SYSTEMS.flatMap((system) =>
      DRIVER_KINDS.filter((driver) => driver !== 'replicated' || system === ORIGINAL).map(
        (driver): Volume => ({ ...SOUND, cluster, system, driver }),
      ),
    ),
  );
}

/** What a cluster shows that is another one: volumes of the same drivers, and of others, that lie on some other NAS. */
function strangersIn(cluster: string, count: number): readonly PersistentVolume[] {
  return Array.from({ length: count }, (_, n) => {
    const name = `pvc-${uidOf(90_000 + n)}`;
    const [driver, handle] =
      n % 2 === 0
        ? (['org.democratic-csi.nas1', name] as const)
        : (['csi.truenas.io', `flash/x/${name}`] as const);
    return aPv({
      cluster,
      name,
      claim: { namespace: 'far', name: `far-${n}`, uid: uidOf(90_000 + n) },
      source: { kind: 'csi', driver, handle, attributes: { protocol: 'nfs' } },
    });
  });
}

/** Builds what is there of these volumes on both sides. */
export function liveWorldOf(volumes: readonly Volume[], { settled, astray }: Scenery): LiveWorld {
  const truth = new Map<string, Record<ListSource, unknown[]>>(
    [...CLUSTERS, ...SYSTEMS].map((member) => [
      member,
      Object.fromEntries(ALL_SOURCES.map((source) => [source, []])) as unknown as Record<
        ListSource,
        unknown[]
      >,
    ]),
  );
  const hosts = [`${ORIGINAL}.example`];
  const secret = { driver: REPLICATED, hosts, parent: PARENTS.replicated };
  const detachedSnapshotsParent = DETACHED.replicated;
  for (const cluster of CLUSTERS) {
    truth
      .get(cluster)
      ?.driverSecrets.push(
        aDriverSecret({ ...secret, cluster, detachedSnapshotsParent }),
        ...SYSTEMS.map((system) => archiveSecret(cluster, system)),
      );
  }
  for (const system of SYSTEMS) {
    truth.get(system)?.pools.push(aPool({ system }));
    const own = [...Object.values(PARENTS), ...new Set(Object.values(DETACHED))];
    const folders = ['tank', 'tank/elsewhere', ...own];
    truth.get(system)?.datasets.push(...folders.map((id) => aFolder(id, { system })));
  }
  const live = new Set<string>();
  for (const [n, each] of volumes.entries()) addVolume(new Scene(truth, live, each, n));
  if (settled) {
    for (const [n, each] of settlers().entries()) addVolume(new Scene(truth, live, each, 3000 + n));
  }
  for (const [cluster, count] of Object.entries(astray)) {
    const nothing = ALL_SOURCES.map((source) => [source, [] as unknown[]]);
    truth.set(cluster, {
      ...(Object.fromEntries(nothing) as Record<ListSource, unknown[]>),
      persistentVolumes: [...strangersIn(cluster, count)],
    });
  }
  return { truth, live };
}

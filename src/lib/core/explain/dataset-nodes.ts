import { leafName } from '../correlate/paths.ts';
import { type DatasetPlace } from '../model/rule.ts';
import { refToDataset, refToReplicationTask, refToSnapshotTask } from '../model/subjects.ts';
import { type Dataset } from '../model/truenas.ts';
import { type ReplicationTask } from '../model/truenas-tasks.ts';
import { otherUsesOf } from '../rules/checks/leaning.ts';
import { type ChainNode, type Fact, type Home, type Join } from './explanation.ts';
import { exportNodes } from './export-nodes.ts';
import { certainly, factsOf, hole, present, presentPart, unknownNode } from './nodes.ts';
import { type Scene } from './scene.ts';
import { besideNode, missingSnapshots, snapshotNodes } from './snapshot-nodes.ts';

/** Datasets below another are listed up to this many; of a driver's parent there are thousands. */
const CHILDREN_SHOWN = 20;

type Reach = 'names it' | 'reaches it from above';

/** Whether a task that names `above` reaches `path`, by its own name or as a descendant. */
function reaches(above: string, path: string, recursive: boolean): Reach | undefined {
  if (above === path) return 'names it';
  return recursive && path.startsWith(`${above}/`) ? 'reaches it from above' : undefined;
}

/** How a replication concerns a dataset of the system it is set up on. */
export function reachOfReplication(
  { direction, local, sources, target, recursive }: ReplicationTask,
  path: string,
): { readonly as: 'source' | 'target'; readonly reach: Reach } | undefined {
  if (local || direction === 'PUSH') {
    for (const source of sources) {
      const reach = reaches(source, path, recursive);
      if (reach !== undefined) return { as: 'source', reach };
    }
  }
  if (!local && direction === 'PUSH') return undefined;
  const reach = reaches(target, path, true);
  return reach && { as: 'target', reach };
}

/** Tasks that name a dataset or reach it from above, and jobs that run on it now. */
export function taskNodes({ system, path }: DatasetPlace, scene: Scene): ChainNode[] {
  const snapshotTasks = scene.ofSystem('snapshotTasks', system).flatMap((task) => {
    const reach = reaches(task.dataset, path, task.recursive);
    if (reach === undefined) return [];
    const facts = factsOf({ id: task.id, reach, enabled: task.enabled });
    return present('task', refToSnapshotTask(task), { facts, beside: reach !== 'names it' });
  });
  const replications = scene.ofSystem('replicationTasks', system).flatMap((task) => {
    const found = reachOfReplication(task, path);
    if (found === undefined) return [];
    const facts = factsOf({ id: task.id, reach: found.reach, as: found.as, enabled: task.enabled });
    return present('task', refToReplicationTask(task), {
      facts,
      beside: found.reach !== 'names it',
    });
  });
  const home: Home = { side: 'system', name: system };
  const jobs = scene
    .ofSystem('runningJobs', system)
    .filter(({ datasets }) => datasets.some((each) => each === path || each.startsWith(`${path}/`)))
    .map(({ id, method }) => presentPart('job', 'job', method, home, { facts: factsOf({ id }) }));
  return [...snapshotTasks, ...replications, ...jobs];
}

function childNodes(dataset: Dataset, scene: Scene): ChainNode[] {
  const ids = scene.evidence.derived.volumeLinks.childrenOf(dataset);
  const home: Home = { side: 'system', name: dataset.system };
  if (ids.length > CHILDREN_SHOWN) {
    const parts = { facts: factsOf({ count: ids.length }), beside: true };
    return [presentPart('child', 'datasets below it', '', home, parts)];
  }
  return scene
    .ofSystem('datasets', dataset.system)
    .filter(({ id }) => ids.includes(id))
    .map((child) => {
      const { createdAt, used } = child;
      return present('child', refToDataset(child), { createdAt, size: used, beside: true });
    });
}

/** The snapshot a clone grew from: as long as the clone lives, neither it nor its dataset can go. */
function originNode({ system, origin }: Dataset, scene: Scene): ChainNode[] {
  if (origin === null) return [];
  const path = origin.split('@', 1)[0] ?? '';
  const dataset = scene.findDataset(system, path);
  const join = certainly(`origin ${origin}`);
  if (dataset !== undefined) return [besideNode('origin', dataset, join, scene)];
  const coverage = scene.coverageOf(['datasets'], system);
  const home: Home = { side: 'system', name: system };
  return [hole('origin', 'Dataset', `no dataset ${path}`, coverage, { home, name: path, join })];
}

function markFacts({ system, path }: DatasetPlace, scene: Scene): Fact[] {
  const { marks } = scene.evidence.derived;
  const quarantine = marks.quarantineAt(system, path);
  const ignore = marks.ignoreAt(system, path);
  return factsOf({
    quarantined: quarantine && (quarantine.since ?? true),
    'quarantined with': quarantine && quarantine.root.id !== path ? quarantine.root.id : null,
    ignored: ignore && (ignore.rules.join(', ') || 'no rule'),
    'ignored until': ignore?.until,
    'ignored because': ignore?.reason,
  });
}

/** What its driver wrote on it. */
function propertyFacts({ id, properties }: Dataset): Fact[] {
  const { claim, csiVolumeName } = properties;
  const own = csiVolumeName !== null && csiVolumeName !== leafName(id) ? csiVolumeName : null;
  return factsOf({
    'made by': properties.owner,
    'volume name': own,
    'snapshot name': properties.csiSnapshotName,
    'instance id': properties.instanceId,
    'provisioning finished': properties.managed && !properties.provisionSuccess ? false : null,
    'remembers claim': claim && `${claim.namespace}/${claim.name}`,
  });
}

/** Drivers can be told to leave a volume on the NAS when its PersistentVolume goes: each on the volume, or all of them. */
function isKept(dataset: Dataset, scene: Scene): boolean {
  const { parents, volumeLinks } = scene.evidence.derived;
  const { system, id, properties } = dataset;
  if (properties.keptOnPurpose) return true;
  return volumeLinks.isManaged(dataset) && parents.parentOf(system, id)?.keepsDeleted === true;
}

/** What else on TrueNAS uses a dataset, or that this was not told. */
function useNodes(dataset: Dataset): ChainNode[] {
  const home: Home = { side: 'system', name: dataset.system };
  const uses = otherUsesOf(dataset);
  if (uses === null) {
    const message = 'what else on TrueNAS uses it, such as a virtual machine, was not told';
    return [unknownNode('use', 'further use', message, { home })];
  }
  return uses.map(({ type, names }) => presentPart('use', type, names.join(', '), home));
}

function datasetFacts(dataset: Dataset, scene: Scene): Fact[] {
  const { system, id, usedByRefreservation } = dataset;
  const { storage, parents } = scene.evidence.derived;
  const reserved = usedByRefreservation?.bytes === 0 ? null : usedByRefreservation;
  return [
    ...factsOf({
      used: dataset.used,
      'by snapshots': dataset.usedBySnapshots,
      'by reservation': reserved,
    }),
    ...propertyFacts(dataset),
    ...factsOf({
      'kept on purpose': isKept(dataset, scene) || null,
      'read only': dataset.readonly === true ? true : null,
      locked: dataset.locked || null,
      'parent of': parents.find(system, id)?.drivers.join(', '),
      storage: storage.obstacleAt(system, id),
    }),
    ...markFacts({ system, path: id }, scene),
  ];
}

/**
 * A dataset with everything on the NAS that hangs on it.
 *
 * @param hasUser a volume stands on it, so that it should be exported
 */
export function datasetNode(
  dataset: Dataset,
  join: Join | null,
  hasUser: boolean,
  scene: Scene,
): ChainNode {
  const { system, id } = dataset;
  const place = { system, path: id };
  return present('dataset', refToDataset(dataset), {
    createdAt: dataset.createdAt,
    size: dataset.kind === 'volume' ? dataset.volsize : dataset.refquota,
    join,
    facts: datasetFacts(dataset, scene),
    children: [
      ...originNode(dataset, scene),
      ...exportNodes({ ...place, dataset }, hasUser, scene),
      ...snapshotNodes(dataset, scene),
      ...missingSnapshots(place, scene),
      ...snapshotCoverage(system, scene),
      ...useNodes(dataset),
      ...taskNodes(place, scene),
      ...childNodes(dataset, scene),
    ],
  });
}

/** Snapshots that are not shown because they were not read. */
function snapshotCoverage(system: string, scene: Scene): ChainNode[] {
  const node = hole('snapshot', 'ZfsSnapshot', '', scene.coverageOf(['zfsSnapshots'], system));
  return node.state === 'unknown' ? [node] : [];
}

/** The dataset again, where a further user leads to it. */
export function seenDataset(dataset: Dataset, join: Join | null): ChainNode {
  return present('dataset', refToDataset(dataset), { join, message: 'shown in full above' });
}

/** What hangs on a place where no dataset is. */
export function remainsAt(place: DatasetPlace, scene: Scene): ChainNode[] {
  return [
    ...exportNodes({ ...place, dataset: undefined }, false, scene),
    ...missingSnapshots(place, scene),
    ...taskNodes(place, scene),
  ];
}

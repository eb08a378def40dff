import { type Finding } from '../../model/finding.ts';
import { type SystemLists } from '../../model/inventory.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NvmetNamespace,
  type NvmetSubsystem,
} from '../../model/truenas.ts';
import { isOwnIscsiName, isOwnNvmetName } from '../../rules/checks/foreign-exports.ts';
import { type Expectation } from '../expectation.ts';
import { leaveOut, NOT_SEEN, type Making, type StepDraft, type StepMaker } from './making.ts';
import { deleteObject, nasObject, nasTarget, type NasObject } from './nas-object.ts';
import { deleteSubsystem } from './nvmet.ts';
import { datasetAt, onSystem, takesGroupsAlong, type Scene } from './scene.ts';

/*
 * What exports a volume, or nothing: it is deleted from the leaf to the root, and no data goes with it. Portals, initiator groups,
 * credentials and ports are other volumes' too, and stay.
 */

type Listed =
  | 'nfsShares'
  | 'smbShares'
  | 'iscsiExtents'
  | 'iscsiTargets'
  | 'nvmetNamespaces'
  | 'nvmetSubsystems';

/** The object a finding is about, by its id and by its name: ids are used again. */
export function objectOf<S extends Listed>(
  { subject }: Finding,
  scene: Scene,
  source: S,
  nameOf: (item: SystemLists[S]) => string,
): SystemLists[S] | undefined {
  if (subject.location !== 'truenas') return undefined;
  const { system, name, discriminator } = subject;
  return onSystem(scene, system, source).find(
    (item) => String(item.id) === discriminator && nameOf(item) === name,
  );
}

/** What is deleted because its dataset is gone is deleted only while it is. */
function stillGone({ place }: Finding, scene: Scene): readonly Expectation[] {
  if (place === null || datasetAt(scene, place) !== undefined) return [];
  return [{ target: nasTarget('dataset', { id: place.path }), identity: null }];
}

function deletion(finding: Finding, steps: readonly StepDraft[]): Making {
  return {
    intent: 'delete',
    dataset: finding.place?.path ?? null,
    parent: null,
    bytes: finding.reclaimable,
    steps,
  };
}

function deleteOne(finding: Finding, scene: Scene, object: NasObject | undefined): Making {
  return object === undefined
    ? NOT_SEEN
    : deletion(finding, [deleteObject(object, stillGone(finding, scene))]);
}

export const deleteNfsShare: StepMaker = (finding, scene) => {
  const share = objectOf(finding, scene, 'nfsShares', ({ path }) => path);
  return deleteOne(finding, scene, share && nasObject.nfsShare(share));
};

export const deleteSmbShare: StepMaker = (finding, scene) => {
  const share = objectOf(finding, scene, 'smbShares', ({ name }) => name);
  return deleteOne(finding, scene, share && nasObject.smbShare(share));
};

export const deleteNvmetNamespace: StepMaker = (finding, scene) => {
  const namespace = objectOf(finding, scene, 'nvmetNamespaces', ({ devicePath }) => devicePath);
  return deleteOne(finding, scene, namespace && servedObject(namespace, scene));
};

function mappingsOf({ system, id }: IscsiExtent, scene: Scene): readonly IscsiTargetExtent[] {
  return onSystem(scene, system, 'iscsiTargetExtents').filter(({ extent }) => extent === id);
}

function mappedObject(mapping: IscsiTargetExtent, extent: IscsiExtent, scene: Scene): NasObject {
  const target = onSystem(scene, mapping.system, 'iscsiTargets').find(
    ({ id }) => id === mapping.target,
  );
  return nasObject.mapping(mapping, extent, target);
}

function servedObject(namespace: NvmetNamespace, scene: Scene): NasObject {
  const subsystem = onSystem(scene, namespace.system, 'nvmetSubsystems').find(
    ({ id }) => id === namespace.subsystemId,
  );
  return nasObject.namespace(namespace, subsystem);
}

export const deleteIscsiExtent: StepMaker = (finding, scene) => {
  const extent = objectOf(finding, scene, 'iscsiExtents', ({ name }) => name);
  if (extent === undefined) return NOT_SEEN;
  const around = stillGone(finding, scene);
  return deletion(finding, [
    ...mappingsOf(extent, scene).map((each) =>
      deleteObject(mappedObject(each, extent, scene), around),
    ),
    deleteObject(nasObject.extent(extent), around),
  ]);
};

/** Initiator groups that would go with a target: no other one uses them that stays. */
function groupsTakenBy(target: IscsiTarget, scene: Scene): readonly number[] {
  const { system, id, groups } = target;
  if (!takesGroupsAlong(scene, system)) return [];
  const staying = onSystem(scene, system, 'iscsiTargets').filter(
    (other) => other.id !== id && !scene.goneTargets.has(`${system} ${String(other.id)}`),
  );
  const used = new Set(staying.flatMap((other) => other.groups.map(({ initiator }) => initiator)));
  return groups.flatMap(({ initiator }) =>
    initiator === null || used.has(initiator) ? [] : initiator,
  );
}

export const deleteIscsiTarget: StepMaker = (finding, scene) => {
  const target = objectOf(finding, scene, 'iscsiTargets', ({ name }) => name);
  if (target === undefined) return NOT_SEEN;
  const { system, id } = target;
  const isMapped = onSystem(scene, system, 'iscsiTargetExtents').some((each) => each.target === id);
  if (isMapped) return leaveOut('an extent is mapped to it');
  const [group] = groupsTakenBy(target, scene);
  if (group !== undefined) {
    return leaveOut(
      `it is the last target of initiator group ${String(group)}, which this TrueNAS would delete along with it`,
    );
  }
  return deletion(finding, [deleteObject(nasObject.target(target))]);
};

export const deleteNvmetSubsystem: StepMaker = (finding, scene) => {
  const subsystem = objectOf(finding, scene, 'nvmetSubsystems', ({ name }) => name);
  if (subsystem === undefined) return NOT_SEEN;
  const { system, id } = subsystem;
  const serves = onSystem(scene, system, 'nvmetNamespaces').some((each) => each.subsystemId === id);
  if (serves) return leaveOut('it has a namespace');
  return deletion(finding, deleteSubsystem(subsystem));
};

/** A target may go with its volume if it serves nothing else, is called after it, and takes no initiator group along. */
function targetsToGo(
  dataset: Dataset,
  mappings: readonly IscsiTargetExtent[],
  targets: readonly IscsiTarget[],
  scene: Scene,
): readonly IscsiTarget[] {
  const { system } = dataset;
  const unmapped = new Set(mappings.map(({ id }) => id));
  const all = onSystem(scene, system, 'iscsiTargetExtents');
  const going: IscsiTarget[] = [];
  for (const target of targets) {
    const served = all.some((each) => each.target === target.id && !unmapped.has(each.id));
    if (served || !isOwnIscsiName(target.name, dataset)) continue;
    const gone = going.map(({ id }) => `${system} ${String(id)}`);
    const goneTargets = new Set([...scene.goneTargets, ...gone]);
    if (groupsTakenBy(target, { ...scene, goneTargets }).length === 0) going.push(target);
  }
  return going;
}

/** A subsystem goes with its volume if it serves nothing else and is called after it. */
function subsystemsToGo(dataset: Dataset, scene: Scene): readonly NvmetSubsystem[] {
  const { system } = dataset;
  const served = scene.derived.exports.namespacesOf(dataset);
  const going = new Set(served.map(({ namespace }) => namespace.id));
  const all = onSystem(scene, system, 'nvmetNamespaces');
  const subsystems = new Map(
    served.flatMap(({ subsystem }) => (subsystem ? [[subsystem.id, subsystem] as const] : [])),
  );
  return [...subsystems.values()].filter(
    ({ id, name }) =>
      isOwnNvmetName(name, dataset) &&
      !all.some((each) => each.subsystemId === id && !going.has(each.id)),
  );
}

/** Deletes all that exports a dataset, which is its own. */
export function deleteExportsOf(
  dataset: Dataset,
  scene: Scene,
  around: readonly Expectation[],
): readonly StepDraft[] {
  const { exports } = scene.derived;
  const extents = exports.extentsOf(dataset);
  const mapped = extents.flatMap(({ extent }) =>
    mappingsOf(extent, scene).map((mapping) => ({ mapping, extent })),
  );
  const targets = new Map(
    extents.flatMap((each) => each.targets.map((target) => [target.id, target] as const)),
  );
  const namespaces = exports
    .namespacesOf(dataset)
    .map(({ namespace }) => servedObject(namespace, scene));
  const objects = [
    ...mapped.map(({ mapping, extent }) => mappedObject(mapping, extent, scene)),
    ...extents.map(({ extent }) => nasObject.extent(extent)),
    ...targetsToGo(
      dataset,
      mapped.map(({ mapping }) => mapping),
      [...targets.values()],
      scene,
    ).map(nasObject.target),
    ...exports.nfsSharesOf(dataset).map(nasObject.nfsShare),
    ...exports.smbSharesOf(dataset).map(nasObject.smbShare),
  ];
  return [
    ...namespaces.map((object) => deleteObject(object, around)),
    ...subsystemsToGo(dataset, scene).flatMap((each) => deleteSubsystem(each, around)),
    ...objects.map((object) => deleteObject(object, around)),
  ];
}

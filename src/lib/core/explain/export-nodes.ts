import { targetKey, zvolPathOf } from '../correlate/paths.ts';
import { type SystemSource } from '../model/inventory.ts';
import { type DatasetPlace } from '../model/rule.ts';
import {
  refToExtent,
  refToNamespace,
  refToNfsShare,
  refToSmbShare,
  refToSubsystem,
  refToTarget,
} from '../model/subjects.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type SmbShare,
} from '../model/truenas.ts';
import { type ChainNode, type Home, type Join } from './explanation.ts';
import { OWN, ownershipOf } from './export-owners.ts';
import { certainly, factsOf, hole, present, presentPart } from './nodes.ts';
import { type Scene } from './scene.ts';

/** A place on the NAS, whether a dataset is there or not. */
export interface Site extends DatasetPlace {
  readonly dataset: Dataset | undefined;
}

function homeOf({ system }: { readonly system: string }): Home {
  return { side: 'system', name: system };
}

/** How an export's path leads to a place: to the dataset itself, or to something inside it that no nearer dataset holds. */
function joinByPath(
  path: string,
  { system, path: id, dataset }: Site,
  scene: Scene,
): Join | undefined {
  const mount = dataset === undefined ? `/mnt/${id}` : dataset.mountpoint;
  if (mount === null) return undefined;
  if (path === mount) return certainly('share path, which is its mount point');
  if (dataset === undefined || !path.startsWith(`${mount}/`)) return undefined;
  // What lies right in a parent or a pool's root is a volume of its own that is not there.
  if (!id.includes('/') || scene.evidence.derived.parents.find(system, id) !== undefined) {
    return undefined;
  }
  return scene.datasetAt(system, path)?.dataset === dataset
    ? certainly('share path, which lies inside it')
    : undefined;
}

/**
 * An export of a dataset.
 *
 * @param own its driver made it, and not somebody beside it; null where that is no question
 */
export function nfsNode(share: NfsShare, join: Join | null, own: boolean | null = null): ChainNode {
  const { id, enabled, locked, comment } = share;
  const facts = factsOf({ id, enabled, locked: locked || null, comment, [OWN]: own });
  return present('share', refToNfsShare(share), { join, facts });
}

export function smbNode(share: SmbShare, join: Join | null, own: boolean | null = null): ChainNode {
  const { id, path, enabled, locked, comment } = share;
  const facts = factsOf({ id, path, enabled, locked: locked || null, comment, [OWN]: own });
  return present('share', refToSmbShare(share), { join, facts });
}

function shareNodes(site: Site, scene: Scene): ChainNode[] {
  const own = ownershipOf(site.dataset, scene);
  const nfs = scene.ofSystem('nfsShares', site.system).flatMap((share) => {
    const join = joinByPath(share.path, site, scene);
    return join === undefined ? [] : nfsNode(share, join, own?.nfs(share) ?? null);
  });
  const smb = scene.ofSystem('smbShares', site.system).flatMap((share) => {
    const join = joinByPath(share.path, site, scene);
    return join === undefined ? [] : smbNode(share, join, own?.smb(share) ?? null);
  });
  return [...nfs, ...smb];
}

/** How a device path leads to a place: as its zvol, or as a file inside the dataset. */
function joinByDevice(devicePath: string, site: Site, scene: Scene): Join | undefined {
  const zvol = zvolPathOf(devicePath);
  if (zvol === undefined) return joinByPath(devicePath, site, scene);
  return zvol === site.path ? certainly('device path, which is its zvol') : undefined;
}

/** Who is connected, or the hole where nobody can be seen. */
function sessions(
  found: readonly string[],
  source: SystemSource,
  home: Home,
  scene: Scene,
): ChainNode[] {
  const coverage = scene.coverageOf([source], home.name);
  if (found.length === 0)
    return [hole('session', 'session', 'nobody is connected', coverage, { home })];
  return found.map((who) => presentPart('session', 'session', who, home));
}

export function targetNode(target: IscsiTarget, lun: number | null, scene: Scene): ChainNode {
  const key = targetKey(target.name);
  const open = scene
    .ofSystem('iscsiSessions', target.system)
    .filter((session) => targetKey(session.target) === key)
    .map(({ initiator }) => initiator);
  const home: Home = { side: 'system', name: target.system };
  return present('target', refToTarget(target), {
    join: lun === null ? null : certainly(`mapping as LUN ${lun}`),
    facts: factsOf({ id: target.id, alias: target.alias, groups: target.groups.length }),
    message: target.groups.length === 0 ? 'no group may reach it' : null,
    children: sessions(open, 'iscsiSessions', home, scene),
  });
}

function targetsOf(extent: IscsiExtent, scene: Scene): ChainNode[] {
  const { system, id } = extent;
  const targets = scene.ofSystem('iscsiTargets', system);
  const nodes = scene
    .ofSystem('iscsiTargetExtents', system)
    .filter((mapping) => mapping.extent === id)
    .map((mapping) => {
      const target = targets.find((each) => each.id === mapping.target);
      if (target !== undefined) return targetNode(target, mapping.lun, scene);
      const message = `mapped to target ${mapping.target}, which does not exist`;
      return hole('target', 'IscsiTarget', message, scene.coverageOf(['iscsiTargets'], system));
    });
  if (nodes.length > 0) return nodes;
  const coverage = scene.coverageOf(['iscsiTargetExtents', 'iscsiTargets'], system);
  return [hole('target', 'IscsiTarget', 'mapped to no target', coverage)];
}

export function extentNode(
  extent: IscsiExtent,
  join: Join | null,
  scene: Scene,
  own: boolean | null = null,
): ChainNode {
  const { id, type, path, enabled, locked, comment } = extent;
  return present('extent', refToExtent(extent), {
    join,
    facts: factsOf({ id, type, path, enabled, locked: locked || null, comment, [OWN]: own }),
    children: targetsOf(extent, scene),
  });
}

function connectedTo(system: string, subsystemId: number, scene: Scene): ChainNode[] {
  const connected = scene
    .ofSystem('nvmetSessions', system)
    .filter((session) => session.subsystemId === subsystemId)
    .map(({ host }) => host);
  return sessions(connected, 'nvmetSessions', { side: 'system', name: system }, scene);
}

export function subsystemNode(
  subsystem: NvmetSubsystem,
  join: Join | null,
  scene: Scene,
): ChainNode {
  const { system, id, nqn, ports, hosts } = subsystem;
  return present('subsystem', refToSubsystem(subsystem), {
    join,
    facts: factsOf({ id, nqn, ports: ports.length, hosts: hosts.length }),
    message: ports.length === 0 ? 'no port serves it' : null,
    children: connectedTo(system, id, scene),
  });
}

export function namespaceNode(
  namespace: NvmetNamespace,
  join: Join | null,
  scene: Scene,
  own: boolean | null = null,
): ChainNode {
  const { system, id, enabled, locked, subsystemId, subsystem: name } = namespace;
  const subsystem = scene
    .ofSystem('nvmetSubsystems', system)
    .find((each) => each.id === subsystemId);
  const above =
    subsystem === undefined
      ? hole(
          'subsystem',
          'NvmetSubsystem',
          `no subsystem ${name}`,
          scene.coverageOf(['nvmetSubsystems'], system),
          { home: homeOf(namespace), children: connectedTo(system, subsystemId, scene) },
        )
      : subsystemNode(subsystem, certainly('subsystem of the namespace'), scene);
  return present('namespace', refToNamespace(namespace), {
    join,
    facts: factsOf({ id, enabled, locked: locked || null, [OWN]: own }),
    children: [above],
  });
}

function deviceNodes(site: Site, scene: Scene): ChainNode[] {
  const own = ownershipOf(site.dataset, scene);
  const extents = scene.ofSystem('iscsiExtents', site.system).flatMap((extent) => {
    const join = joinByDevice(extent.path, site, scene);
    return join === undefined ? [] : extentNode(extent, join, scene, own?.iscsi(extent) ?? null);
  });
  const namespaces = scene.ofSystem('nvmetNamespaces', site.system).flatMap((namespace) => {
    const join = joinByDevice(namespace.devicePath, site, scene);
    return join === undefined
      ? []
      : namespaceNode(namespace, join, scene, own?.nvmet(namespace) ?? null);
  });
  return [...extents, ...namespaces];
}

const FILE_EXPORTS = ['nfsShares', 'smbShares'] as const satisfies readonly SystemSource[];
const BLOCK_EXPORTS = [
  'iscsiExtents',
  'nvmetNamespaces',
] as const satisfies readonly SystemSource[];

/**
 * Everything that exports a place.
 *
 * @param expected a volume stands on it, so that nothing at all is a hole
 */
export function exportNodes(site: Site, expected: boolean, scene: Scene): ChainNode[] {
  const nodes = [...shareNodes(site, scene), ...deviceNodes(site, scene)];
  if (nodes.length > 0 || !expected) return nodes;
  const lists = site.dataset?.kind === 'volume' ? BLOCK_EXPORTS : FILE_EXPORTS;
  const coverage = scene.coverageOf(
    site.dataset === undefined ? [...FILE_EXPORTS, ...BLOCK_EXPORTS] : lists,
    site.system,
  );
  return [hole('share', 'share', 'nothing exports it', coverage, { home: homeOf(site) })];
}

import { parentPath, trimSlashes } from '../../correlate/paths.ts';
import { type DriverSettings } from '../../model/driver-settings.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import {
  type Dataset,
  type NfsShare,
  type NvmetSubsystem,
  type SmbShare,
  type TargetGroup,
} from '../../model/truenas.ts';
import { type JsonObject } from '../change.ts';
import { canonicalJson } from '../plan-hash.ts';
import { onCluster, onSystem, type Scene } from './scene.ts';

/*
 * How a driver exports its volumes: as its own configuration says, or else as all its other volumes beside this one are exported.
 * Where neither is known, or the neighbours differ, nothing is guessed.
 */

/** The configuration of the driver that made a volume; undefined where it was not read, or several may be meant. */
export function settingsOf(
  volume: PersistentVolume,
  dataset: Dataset,
  scene: Scene,
): DriverSettings | undefined {
  const { source, cluster } = volume;
  const parent = parentPath(dataset.id);
  const driver = source.kind === 'csi' ? source.driver : undefined;
  const all = onCluster(scene, cluster, 'driverSecrets').filter(
    (secret) =>
      (secret.driver === null || secret.driver === driver) &&
      trimSlashes(secret.parent ?? '') === parent,
  );
  return all.length === 1 ? all[0]?.settings : undefined;
}

function neighboursOf({ system, id }: Dataset, scene: Scene): readonly Dataset[] {
  const parent = parentPath(id);
  return onSystem(scene, system, 'datasets').filter(
    (other) =>
      other.id !== id &&
      parentPath(other.id) === parent &&
      scene.derived.volumeLinks.isManaged(other),
  );
}

/** What all of several have in common; undefined where there are none, or two differ. */
function common<T>(all: readonly T[]): T | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const text = canonicalJson(first);
  return all.every((each) => canonicalJson(each) === text) ? first : undefined;
}

/** Who may mount an NFS share. */
export type Admitted = Pick<NfsShare, 'networks' | 'hosts'>;

/** A configuration that names nobody may name somebody in a way that only its driver can read. */
export function admittedTo(
  dataset: Dataset,
  settings: DriverSettings | undefined,
  scene: Scene,
): Admitted | undefined {
  const { allowedNetworks: networks = [], allowedHosts: hosts = [] } = settings ?? {};
  if (networks.length > 0 || hosts.length > 0) return { networks, hosts };
  return common(
    neighboursOf(dataset, scene)
      .flatMap((each) => scene.derived.exports.nfsSharesOf(each))
      .map((share): Admitted => ({ networks: share.networks, hosts: share.hosts })),
  );
}

/** Through which portal, and by whom, a target is to be reached. */
export function groupsFor(
  dataset: Dataset,
  settings: DriverSettings | undefined,
  scene: Scene,
): readonly TargetGroup[] | undefined {
  const configured = settings?.targetGroups ?? [];
  const groups =
    configured.length > 0
      ? configured
      : common(
          neighboursOf(dataset, scene)
            .flatMap((each) => scene.derived.exports.extentsOf(each))
            .flatMap(({ targets }) => targets.map((target) => target.groups)),
        );
  const isKnown = groups?.every(({ portal, authMethod }) => portal !== null && authMethod !== null);
  return isKnown === true && groups?.length !== 0 ? groups : undefined;
}

/** Groups as TrueNAS takes them. */
export function groupFields(groups: readonly TargetGroup[]): JsonObject[] {
  return groups.map(({ portal, initiator, auth, authMethod }) => ({
    portal,
    initiator,
    auth,
    authmethod: authMethod,
  }));
}

/** Everything that an SMB share is set to, beside its name and its path. */
export function smbSettingsFor(
  dataset: Dataset,
  scene: Scene,
): Pick<SmbShare, 'readonly' | 'settings'> | undefined {
  return common(
    neighboursOf(dataset, scene)
      .flatMap((each) => scene.derived.exports.smbSharesOf(each))
      .map(({ readonly, settings }) => ({ readonly, settings })),
  );
}

/** On which ports a subsystem is shown, and to whom. */
export type Reach = Pick<NvmetSubsystem, 'ports' | 'hosts' | 'anyHost'>;

/** Neither is in the configuration of a driver as we read it, so that the neighbours have to say it. */
export function reachFor(dataset: Dataset, scene: Scene): Reach | undefined {
  const reach = common(
    neighboursOf(dataset, scene)
      .flatMap((each) => scene.derived.exports.namespacesOf(each))
      .map(({ subsystem }) => (subsystem === undefined ? null : reachOf(subsystem))),
  );
  return reach === null || reach?.ports.length === 0 || reach?.anyHost === null ? undefined : reach;
}

/** The same for the same, whatever order TrueNAS tells it in. */
export function reachOf({ ports, hosts, anyHost }: NvmetSubsystem): Reach {
  const sorted = (ids: readonly number[]): readonly number[] => ids.toSorted((a, b) => a - b);
  return { ports: sorted(ports), hosts: sorted(hosts), anyHost };
}

import { type ParentIndex } from '../../correlate/parents.ts';
import { type SystemIdentity } from '../../model/inventory.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { type NasAddress } from '../../model/truenas-surroundings.ts';
import { homeOf, NasHosts } from './nas-hosts.ts';

/** Drivers whose targets are TrueNAS' own objects, in groups named by database id. */
const OF_ISCSI = /^(?:freenas|truenas)-(?:api-)?iscsi$/;

export interface IscsiWorld {
  readonly driverSecrets: readonly DriverSecret[];
  readonly systems: readonly SystemIdentity[];
  readonly parents: Pick<ParentIndex, 'forDriver'>;
  readonly addresses: readonly NasAddress[];
}

/** The configuration of an iSCSI driver, and the system it works on or why that is not known. */
export interface IscsiDriver {
  readonly secret: DriverSecret;
  readonly place: ReturnType<typeof homeOf>;
}

export function* iscsiDrivers(world: IscsiWorld): Iterable<IscsiDriver> {
  const hosts = new NasHosts(world.systems, world.addresses);
  for (const secret of world.driverSecrets) {
    if (!OF_ISCSI.test(secret.kind)) continue;
    yield { secret, place: homeOf(secret, hosts, world.parents) };
  }
}

/** One setting of a driver's configuration. */
export function refToSetting(secret: DriverSecret, setting: string): ResourceRef {
  return { ...refInCluster('DriverSecret', secret), discriminator: setting };
}

/** What of some kind the target groups of a driver name, each once. */
export function namedIn(
  { settings }: DriverSecret,
  member: 'portal' | 'initiator',
): readonly number[] {
  return [...new Set(settings.targetGroups.flatMap((group) => group[member] ?? []))];
}

/** Tags of the credentials its groups ask for. */
export function authsNamedIn({ settings }: DriverSecret): readonly number[] {
  const groups = settings.targetGroups.filter(
    ({ authMethod }) => authMethod?.toUpperCase() !== 'NONE',
  );
  return [...new Set(groups.flatMap(({ auth }) => auth ?? []))];
}

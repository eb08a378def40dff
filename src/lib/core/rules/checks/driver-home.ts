import { type Installation } from '../../correlate/installations.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type SystemIdentity } from '../../model/inventory.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';

/** The system a driver works on; undefined where none is known, or several may be meant. */
export function systemBehind(
  { cluster, driver }: Pick<Installation, 'cluster' | 'driver'>,
  parents: Pick<ParentIndex, 'forDriver'>,
  systems: readonly SystemIdentity[],
): SystemIdentity | undefined {
  const homes = parents.forDriver(cluster, driver);
  const located = homes.filter((home) => home.located);
  // A replica holds the same parents, so that without a name only a lone system can be meant.
  const meant = located.length > 0 ? located : systems.length === 1 ? homes : [];
  const names = new Set(meant.map(({ system }) => system));
  return names.size === 1 ? systems.find(({ name }) => names.has(name)) : undefined;
}

/** Whether two drivers surely work on one server: their configurations name one host, in whatever letters. */
export function areOnOneServer(one: DriverSecret, other: DriverSecret): boolean {
  const hosts = new Set(one.hosts.map((host) => host.toLowerCase()));
  return other.hosts.some((host) => hosts.has(host.toLowerCase()));
}

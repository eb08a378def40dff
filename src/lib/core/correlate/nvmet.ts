import { lazy } from '../model/lazy.ts';
import { type NvmetNamespace, type NvmetSubsystem } from '../model/truenas.ts';
import { BySystem, ListsBySystem } from './by-system.ts';
import { zvolPathOf } from './paths.ts';

/** The NVMe-oF objects of all systems. */
export interface NvmetLists {
  readonly namespaces: readonly NvmetNamespace[];
  readonly subsystems: readonly NvmetSubsystem[];
}

/** A namespace and the subsystem that serves it; undefined where the list of subsystems lacks it. */
export interface ServedNamespace {
  readonly namespace: NvmetNamespace;
  readonly subsystem: NvmetSubsystem | undefined;
}

export interface NvmetIndex {
  readonly namespaces: readonly NvmetNamespace[];
  /** Namespaces that export a zvol. */
  namespacesOf(system: string, path: string): readonly ServedNamespace[];
  /** Namespaces a host finds under an NQN, on whichever system. */
  namespacesBehind(nqn: string): readonly NvmetNamespace[];
}

/** Whether an NQN is that of a subsystem: written out, or made of a base and the subsystem's name. */
export function isNqnOf(
  { name, nqn }: Pick<NvmetSubsystem, 'name' | 'nqn'>,
  asked: string,
): boolean {
  const wanted = asked.toLowerCase();
  return nqn?.toLowerCase() === wanted || wanted.endsWith(`:${name.toLowerCase()}`);
}

/** Everything after each colon of an NQN, the longest first: names may hold colons of their own. */
export function* tailsOf(nqn: string): Iterable<string> {
  for (let at = nqn.indexOf(':'); at >= 0; at = nqn.indexOf(':', at + 1)) yield nqn.slice(at + 1);
}

/**
 * Finds the subsystems an NQN may mean. One that has exactly this NQN settles it: only where none has, the name at the
 * end of it tells, because TrueNAS makes NQNs up from a base that can be changed.
 */
function subsystemFinder(
  subsystems: readonly NvmetSubsystem[],
): (nqn: string) => readonly NvmetSubsystem[] {
  const byNqn = Map.groupBy(subsystems, ({ nqn }) => nqn?.toLowerCase());
  const byName = Map.groupBy(subsystems, ({ name }) => name.toLowerCase());
  return (nqn) => {
    const wanted = nqn.toLowerCase();
    return byNqn.get(wanted) ?? [...tailsOf(wanted)].flatMap((name) => byName.get(name) ?? []);
  };
}

/** Joins namespaces with zvols by device path, and with what hosts connect to. */
export function indexNvmet({ namespaces, subsystems }: NvmetLists): NvmetIndex {
  const subsystemsById = lazy(() => {
    const byId = new BySystem<NvmetSubsystem>();
    for (const each of subsystems) byId.set(each.system, String(each.id), each);
    return byId;
  });
  const byZvol = lazy(() => {
    const byPath = new ListsBySystem<ServedNamespace>();
    for (const namespace of namespaces) {
      const { system, subsystemId, devicePath, type } = namespace;
      const path = type === 'ZVOL' ? zvolPathOf(devicePath) : undefined;
      if (path === undefined) continue;
      const subsystem = subsystemsById().get(system, String(subsystemId));
      byPath.add(system, path, { namespace, subsystem });
    }
    return byPath;
  });
  const bySubsystem = lazy(() => {
    const served = new ListsBySystem<NvmetNamespace>();
    for (const each of namespaces) {
      served.add(each.system, String(each.subsystemId), each);
    }
    return served;
  });
  const finder = lazy(() => subsystemFinder(subsystems));
  return {
    namespaces,
    namespacesOf: (system, path) => (namespaces.length === 0 ? [] : byZvol().get(system, path)),
    namespacesBehind: (nqn) =>
      finder()(nqn).flatMap(({ system, id }) => bySubsystem().get(system, String(id))),
  };
}

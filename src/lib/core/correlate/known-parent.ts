/** One deployment of a driver, as its volumes tell it. */
export interface Instance {
  /** Null for any registered cluster. */
  readonly cluster: string | null;
  /** Null where nobody said. */
  readonly id: string | null;
}

/** A dataset under which a driver makes its volumes. */
export interface KnownParent {
  readonly system: string;
  readonly path: string;
  /** Names of the CSI drivers that use it. */
  readonly drivers: readonly string[];
  /** Clusters those drivers run in; null for any registered cluster. */
  readonly clusters: readonly string[] | null;
  readonly detachedPaths: readonly string[];
  /** Paths of every parent whose detached snapshots are meant: of several where they share a place, else this one alone. */
  readonly sourcePaths: readonly string[];
  /** `instance_id` of every driver that is known to use it; empty where none is. */
  readonly instanceIds: readonly string[];
  /** Who is known by which `instance_id`, of every driver that is declared or configured to use it. */
  readonly instances: readonly Instance[];
  /** Declared to be used by the registered clusters alone. */
  readonly exclusive: boolean;
  /** Declared by the user, read from the driver's Secret, or inferred from volumes: these never make anything certain. */
  readonly origin: 'declared' | 'discovered' | 'inferred';
  /**
   * Whether it is known to be this system the driver works on. A replica holds the same paths, with the same properties, and
   * nothing on it is forgotten.
   */
  readonly located: boolean;
  /** Whether another registered system holds the same path, or may: its datasets could not be read. */
  readonly heldElsewhere: boolean;
  /**
   * Registered clusters that may use it and of which no volume was found here: whatever they have here was not seen, by the
   * wrong context, say, or a restored control plane.
   */
  readonly unseenBy: readonly string[];
  /**
   * A driver here was told to leave volumes on the NAS when they are deleted. Null where its configuration should have been
   * read and could not be; one that may not be read says nothing.
   */
  readonly keepsDeleted: boolean | null;
}

/**
 * Where a volume of this handle lies below a parent. Some drivers use the whole path as handle: undefined where
 * that is not below this parent.
 */
export function volumePathBelow(
  parent: Pick<KnownParent, 'path'>,
  handle: string,
): string | undefined {
  if (!handle.includes('/')) return `${parent.path}/${handle}`;
  return isPossibleBelow(parent, handle) ? handle : undefined;
}

/** Whether a volume of this handle may lie below a parent at all. */
export function isPossibleBelow({ path }: Pick<KnownParent, 'path'>, handle: string): boolean {
  return !handle.includes('/') || (handle.startsWith(path) && handle[path.length] === '/');
}

const ORIGINS = ['declared', 'discovered', 'inferred'] as const;

function together<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return [...new Set([...one, ...other])];
}

/** Whether one of several drivers keeps what is deleted: one that does settles it, and one that is not known leaves it open. */
export function eitherKeeps(one: boolean | null, other: boolean | null): boolean | null {
  if (one === true || other === true) return true;
  return one === null || other === null ? null : false;
}

/** What may be said of a place that two parents share: no more than of either. It goes by the name of the first. */
export function shared(one: KnownParent, other: KnownParent): KnownParent {
  return {
    ...one,
    drivers: together(one.drivers, other.drivers),
    clusters:
      one.clusters === null || other.clusters === null
        ? null
        : together(one.clusters, other.clusters),
    sourcePaths: together(one.sourcePaths, other.sourcePaths),
    instanceIds: together(one.instanceIds, other.instanceIds),
    instances: together(one.instances, other.instances),
    exclusive: one.exclusive && other.exclusive,
    origin:
      ORIGINS.findLast((origin) => origin === one.origin || origin === other.origin) ?? 'inferred',
    located: one.located && other.located,
    heldElsewhere: one.heldElsewhere || other.heldElsewhere,
    unseenBy: together(one.unseenBy, other.unseenBy),
    keepsDeleted: eitherKeeps(one.keepsDeleted, other.keepsDeleted),
  };
}

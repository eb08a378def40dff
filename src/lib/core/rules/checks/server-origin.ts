import { BySystem, ListsBySystem } from '../../correlate/by-system.ts';
import { OFFICIAL_DRIVER } from '../../correlate/csi-names.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { targetKey } from '../../correlate/paths.ts';
import { assurance, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { type DatasetPlace } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { AssetNames, holdsUid } from './asset-names.ts';
import { belowDeclaredParent } from './known-parent.ts';

/** What serves zvols to hosts: an iSCSI target or an NVMe-oF subsystem. */
export interface Server {
  readonly system: string;
  readonly id: number;
  readonly name: string;
}

/** For which volume a server was made, as far as its name tells. */
export interface Origin {
  /** Null where nothing tells it, or not which of several it is. */
  readonly place: DatasetPlace | null;
  /** The volumes it may belong to: names are given twice where two deployments give them alike. */
  readonly volumes: readonly Dataset[];
  readonly byDriver: boolean;
  readonly detail: string;
}

/** What has to be known to find it. */
export interface OriginWorld {
  readonly datasets: readonly Dataset[];
  readonly volumeLinks: VolumeLinks;
  readonly parents: ParentIndex;
}

/** How drivers begin the names of targets; people do not. */
const DRIVER_PREFIX = 'csi-';

/** What may stand before a path in a sentence. */
const BEFORE_PATH = /^$|[\s"'(:=,]$/;

/** What follows a path in a text up to the next blank or slash; undefined where it is not there, or only as part of another. */
function leafBelow(path: string, text: string): string | undefined {
  const start = `${path}/`;
  const at = text.indexOf(start);
  if (at < 0 || !BEFORE_PATH.test(text.slice(0, at))) return undefined;
  return /^[^\s/]+/.exec(text.slice(at + start.length))?.[0];
}

/** Paths by the name they have as the beginning of longer ones. */
type Written = BySystem<Set<string>>;

/** Finds the volumes servers are named after. */
export class Origins {
  readonly #assets: () => AssetNames;
  readonly #byName: () => ListsBySystem<Dataset>;
  readonly #written: () => Written;
  readonly #parents: ParentIndex;

  /** @param nameOf how csi.truenas.io names such a server after a path */
  constructor({ datasets, volumeLinks, parents }: OriginWorld, nameOf: (path: string) => string) {
    this.#parents = parents;
    this.#assets = lazy(() => new AssetNames(datasets, volumeLinks));
    this.#byName = lazy(() => {
      const byName = new ListsBySystem<Dataset>();
      for (const each of datasets) byName.add(each.system, nameOf(each.id), each);
      return byName;
    });
    this.#written = lazy(() => {
      const written: Written = new BySystem();
      const add = (system: string, path: string): void => {
        written.of(system, nameOf(path), () => new Set()).add(path);
      };
      for (const { system, path } of parents.all) add(system, path);
      for (const { system, id, kind } of datasets) if (kind === 'filesystem') add(system, id);
      return written;
    });
  }

  of(server: Server, remark: string | null): Origin {
    const { system, name } = server;
    const key = targetKey(name);
    const volumes = [
      ...new Set([...this.#assets().volumesOf(system, key), ...this.#byName().get(system, key)]),
    ];
    const [volume, ...others] = volumes;
    if (volume !== undefined && others.length > 0) {
      const ids = volumes.map(({ id }) => id).sort();
      const detail = `it may be named after ${ids.join(' or ')}`;
      return { place: null, volumes, byDriver: true, detail };
    }
    const path = volume?.id ?? this.#pathIn(system, remark) ?? this.#pathBehind(system, key);
    if (path !== undefined) {
      const place = { system, path };
      return { place, volumes, byDriver: true, detail: `it is named after ${path}` };
    }
    const byDriver = holdsUid(name) || key.startsWith(DRIVER_PREFIX);
    const detail = byDriver
      ? 'it is named as drivers name theirs'
      : 'nothing in its name tells of a volume';
    return { place: null, volumes, byDriver, detail };
  }

  /** The path below a known parent that somebody noted beside the name. Of parents within each other the inner one is meant. */
  #pathIn(system: string, remark: string | null): string | undefined {
    if (remark === null) return undefined;
    let longest = '';
    let found: string | undefined;
    for (const { system: home, path } of this.#parents.all) {
      if (home !== system || path.length <= longest.length) continue;
      const leaf = leafBelow(path, remark);
      if (leaf === undefined) continue;
      longest = path;
      found = `${path}/${leaf}`;
    }
    return found;
  }

  /**
   * The path csi.truenas.io wrote into the name of a volume that is gone. A dash may have been a slash, so that the longest
   * beginning that is some dataset's tells where it lay, if that dataset alone is called so, and the driver uses it.
   */
  #pathBehind(system: string, key: string): string | undefined {
    if (!key.startsWith(DRIVER_PREFIX)) return undefined;
    for (let at = key.lastIndexOf('-'); at > 0; at = key.lastIndexOf('-', at - 1)) {
      const above = this.#written().get(system, key.slice(0, at));
      if (above === undefined) continue;
      const [path = ''] = above;
      const leaf = key.slice(at + 1);
      const known = this.#parents.find(system, path)?.drivers.includes(OFFICIAL_DRIVER) === true;
      return known && above.size === 1 && leaf !== '' ? `${path}/${leaf}` : undefined;
    }
    return undefined;
  }
}

/**
 * Whether a server's volume lies where a driver was declared to make its own. It lies nowhere itself: only what it is called leads
 * to a parent.
 */
export function madeBelowDeclared(
  { place, volumes, detail }: Origin,
  parents: ParentIndex,
  word: string,
): Check {
  if (place !== null) return belowDeclaredParent(parents, place.system, place.path);
  return volumes.length > 0
    ? assurance('below-declared-parent', undefined, detail)
    : assurance(
        'below-declared-parent',
        false,
        `an empty ${word} lies below no dataset, and no volume that is left has its name: it would be certain with the path of a parent from drivers: in its name or remark`,
      );
}

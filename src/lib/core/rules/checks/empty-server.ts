import { type ParentIndex } from '../../correlate/parents.ts';
import { targetKey } from '../../correlate/paths.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type Coverage, type Listing } from '../../model/coverage.ts';
import { type SystemSource } from '../../model/inventory.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type DatasetPlace, type RuleContext, type Verdict } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { olderThanThreshold } from './age.ts';
import { AssetNames, holdsUid } from './asset-names.ts';
import { facts } from './facts.ts';
import { suspectForLong } from './first-seen.ts';
import { belowDeclaredParent } from './known-parent.ts';
import { UserVolumes } from './served-volumes.ts';
import { podMakersAgain } from './unclaimed.ts';
import { namesOf, trustInVolumes, type VolumeNames } from './volume-names.ts';

/** What serves zvols to hosts: an iSCSI target or an NVMe-oF subsystem. */
interface Server {
  readonly system: string;
  readonly id: number;
  readonly name: string;
}

/** What tells targets from subsystems. */
export interface ServerKind<S> {
  readonly word: 'target' | 'subsystem';
  /** Lists that say it is there, and that it serves nothing. */
  readonly lists: readonly SystemSource[];
  readonly refTo: (server: S) => ResourceRef;
  readonly serves: (server: S) => boolean;
  /** Text beside its name that may name a dataset. */
  readonly remark: (server: S) => string | null;
  readonly volumesOf: (volumes: VolumeNames, server: S) => readonly string[];
  /** That nobody is logged in. */
  readonly noSession: (server: S) => Check;
  readonly remedyFor: (server: S) => Remedy;
}

/** What has to be known of the world around a server. */
export interface ServerWorld {
  readonly datasets: readonly Dataset[];
  readonly volumeLinks: VolumeLinks;
  readonly parents: ParentIndex;
  readonly persistentVolumes: Listing<PersistentVolume>;
  readonly claimUse: { readonly coverage: Coverage };
}

/** For which volume a server was made, as far as its name tells. */
interface Origin {
  readonly place: DatasetPlace | null;
  /** The volumes it may belong to: names are given twice where two deployments give them alike. */
  readonly volumes: readonly Dataset[];
  readonly byDriver: boolean;
  readonly detail: string;
}

/** How drivers begin the names of targets; people do not. */
const DRIVER_PREFIX = 'csi-';

/** What follows a text up to the next blank or slash; undefined where the text is not there. */
function leafAfter(text: string, remark: string | null): string | undefined {
  const at = remark?.indexOf(text) ?? -1;
  return at < 0 ? undefined : /^[^\s/]+/.exec(remark?.slice(at + text.length) ?? '')?.[0];
}

/** Path below a known parent that csi.truenas.io wrote into the name, every slash as a dash, or into the remark. */
function writtenPath(
  { system, name }: Server,
  remark: string | null,
  parents: ParentIndex,
): string | undefined {
  const key = targetKey(name);
  for (const { system: home, path } of parents.all) {
    const prefix = `${DRIVER_PREFIX}${path.replaceAll('/', '-')}-`.toLowerCase();
    const leaf = key.startsWith(prefix) ? key.slice(prefix.length) : leafAfter(`${path}/`, remark);
    if (home === system && leaf !== undefined && leaf !== '') return `${path}/${leaf}`;
  }
  return undefined;
}

class Origins {
  readonly #assets: () => AssetNames;
  readonly #byId: () => ReadonlyMap<string, Dataset>;
  readonly #parents: ParentIndex;

  constructor({ datasets, volumeLinks, parents }: ServerWorld) {
    this.#assets = lazy(() => new AssetNames(datasets, volumeLinks));
    this.#byId = lazy(() => new Map(datasets.map((dataset) => [dataset.id, dataset])));
    this.#parents = parents;
  }

  of(server: Server, remark: string | null): Origin {
    const { system, name } = server;
    const known = this.#assets().volumesOf(system, targetKey(name));
    const path = known[0]?.id ?? writtenPath(server, remark, this.#parents);
    if (path !== undefined) {
      const written = this.#byId().get(path);
      return {
        place: { system, path },
        volumes: known.length > 0 || written === undefined ? known : [written],
        byDriver: true,
        detail: `it is named after ${path}`,
      };
    }
    const byDriver = holdsUid(name) || targetKey(name).startsWith(DRIVER_PREFIX);
    const detail = byDriver
      ? 'it is named as drivers name theirs'
      : 'nothing in its name tells of a volume';
    return { place: null, volumes: [], byDriver, detail };
  }
}

/** A volume in the making has its own finding, which takes this along. */
function notHalfMade(volumes: readonly Dataset[], links: VolumeLinks): Check {
  const halfMade = volumes.find((each) => links.isManaged(each) && !links.isFinished(each));
  return condition('not-half-made', halfMade === undefined, () =>
    halfMade === undefined
      ? 'it is part of no unfinished volume'
      : `the driver never finished ${halfMade.id}`,
  );
}

/** It lies nowhere itself: only what it is called leads to a parent, and here that leads to none. */
function leadsNowhere(word: string): Check {
  return assurance(
    'below-declared-parent',
    false,
    `an empty ${word} lies below no dataset, and no volume that is left has its name: it would be certain with the path of a parent from drivers: in its name or remark`,
  );
}

/** Targets or subsystems that serve nothing. */
export function* emptyServers<S extends Server>(
  servers: readonly S[],
  kind: ServerKind<S>,
  world: ServerWorld,
  context: RuleContext,
): Iterable<Verdict> {
  const { volumeLinks, parents, persistentVolumes, claimUse } = world;
  const origins = new Origins(world);
  const names = lazy(() => namesOf(persistentVolumes.items, parents));
  const served = lazy(() => new UserVolumes(persistentVolumes.items, volumeLinks));
  for (const server of servers) {
    const serves = kind.serves(server);
    if (context.suspectsOnly && serves) continue;
    const { system, name } = server;
    const subject = kind.refTo(server);
    const origin = origins.of(server, kind.remark(server));
    const { place, volumes, byDriver } = origin;
    const usersOf = (): readonly string[] => [
      ...volumes.flatMap((each) => volumeLinks.usersOf(each)).map((user) => user.name),
      ...kind.volumesOf(names(), server),
    ];
    yield {
      subject,
      place,
      premise: condition('serves-nothing', !serves, serves ? 'it serves a device' : 'nothing'),
      checks: () => [
        served().noBoundVolume(volumes),
        notHalfMade(volumes, volumeLinks),
        ...volumes.map(({ createdAt }) =>
          olderThanThreshold(createdAt, context, 'its zvol was created'),
        ),
        assurance('made-by-driver', byDriver, origin.detail),
        place === null ? leadsNowhere(kind.word) : belowDeclaredParent(parents, system, place.path),
        absenceOf(
          'no-volume-refers',
          [...new Set(usersOf())],
          [trustInVolumes(persistentVolumes), claimUse.coverage],
        ),
        kind.noSession(server),
        suspectForLong(context.firstSeen(subject), context),
      ],
      message: `${kind.word} ${name} serves nothing`,
      severity: byDriver ? 'low' : 'info',
      lookups: () => [
        ...kind.lists.map((source) => ({ kind: 'system-list', system, source }) as const),
        { kind: 'cluster-list', source: 'persistentVolumes' },
        ...podMakersAgain(),
        ...(place === null ? [] : [{ kind: 'dataset', system, id: place.path } as const]),
      ],
      facts: () =>
        facts({
          truenasReference: name,
          remedy: kind.remedyFor(server),
        }),
    };
  }
}

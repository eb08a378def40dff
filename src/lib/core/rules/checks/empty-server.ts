import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { type SystemSource } from '../../model/inventory.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type Lookup, type RuleContext, type Verdict } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { olderThanThreshold } from './age.ts';
import { OWNER_SOURCES, placeIsOurs, volumeIsOurs, type OwnerWorld } from './export-owner.ts';
import { facts } from './facts.ts';
import { suspectForLong } from './first-seen.ts';
import { namesFollowed } from './leaning.ts';
import { placeOf } from './place.ts';
import { memoriesAgain } from './remembered.ts';
import { UserVolumes } from './served-volumes.ts';
import {
  madeBelowDeclared,
  Origins,
  type Origin,
  type OriginWorld,
  type Server,
} from './server-origin.ts';
import { podMakersAgain } from './unclaimed.ts';
import { namesOf, trustInVolumes, type VolumeNames } from './volume-names.ts';

/** What tells targets from subsystems. */
export interface ServerKind<S> {
  readonly word: 'target' | 'subsystem';
  /** Lists that say it is there, and that it serves nothing. */
  readonly lists: readonly SystemSource[];
  readonly refTo: (server: S) => ResourceRef;
  readonly serves: (server: S) => boolean;
  /** How csi.truenas.io names one after the path of its volume. */
  readonly officialName: (path: string) => string;
  /** Text beside its name that may name a dataset. */
  readonly remark: (server: S) => string | null;
  readonly volumesOf: (volumes: VolumeNames, server: S) => readonly string[];
  /** That nobody is logged in. */
  readonly noSession: (server: S) => Check;
  readonly remedyFor: (server: S) => Remedy;
}

/** What has to be known of the world around a server. */
export interface ServerWorld extends OriginWorld, OwnerWorld {
  readonly claimUse: { readonly coverage: Coverage };
}

/** The consulted sources behind it, for a rule to name. */
export const SERVER_SOURCES = [...OWNER_SOURCES, 'claimUse'] as const;

/** A volume in the making has its own finding, which takes this along. */
function notHalfMade(volumes: readonly Dataset[], links: VolumeLinks): Check {
  const halfMade = volumes.find((each) => links.isManaged(each) && !links.isFinished(each));
  return condition('not-half-made', halfMade === undefined, () =>
    halfMade === undefined
      ? 'it is part of no unfinished volume'
      : `the driver never finished ${halfMade.id}`,
  );
}

/** Where its volume is used nobody has to ask whose it is: that is known by the volume. */
function isOurs(
  { place, volumes }: Origin,
  users: readonly string[],
  world: ServerWorld,
  context: RuleContext,
): readonly Check[] {
  if (users.length > 0) return [];
  if (volumes.length > 0) return volumes.flatMap((each) => volumeIsOurs(each, world, context));
  return place === null ? [] : placeIsOurs(place, world, context);
}

/** What the second read has to see of the datasets a server may belong to. */
function datasetsAgain({ place, volumes }: Origin): readonly Lookup[] {
  const places = place === null ? volumes.map(placeOf) : [place];
  return places.map(({ system, path }) => ({ kind: 'dataset', system, id: path }));
}

/** Targets or subsystems that serve nothing. */
export function* emptyServers<S extends Server>(
  servers: readonly S[],
  kind: ServerKind<S>,
  world: ServerWorld,
  context: RuleContext,
): Iterable<Verdict> {
  const { volumeLinks, parents, persistentVolumes, claimUse } = world;
  const origins = new Origins(world, kind.officialName);
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
      ...new Set([
        ...volumes.flatMap((each) => volumeLinks.usersOf(each)).map((user) => user.name),
        ...kind.volumesOf(names(), server),
      ]),
    ];
    yield {
      subject,
      place,
      premise: condition('serves-nothing', !serves, serves ? 'it serves a device' : 'nothing'),
      checks: () => {
        const users = usersOf();
        return [
          served().noBoundVolume(volumes),
          notHalfMade(volumes, volumeLinks),
          ...volumes.map(({ createdAt }) =>
            olderThanThreshold(createdAt, context, 'its zvol was created'),
          ),
          assurance('made-by-driver', byDriver, origin.detail),
          madeBelowDeclared(origin, parents, kind.word),
          ...isOurs(origin, users, world, context),
          absenceOf('no-volume-refers', users, [
            trustInVolumes(persistentVolumes),
            claimUse.coverage,
            namesFollowed(volumeLinks),
          ]),
          kind.noSession(server),
          suspectForLong(context.firstSeen(subject), context),
        ];
      },
      message: `${kind.word} ${name} serves nothing`,
      severity: byDriver ? 'low' : 'info',
      lookups: () => [
        ...kind.lists.map((source) => ({ kind: 'system-list', system, source }) as const),
        { kind: 'cluster-list', source: 'persistentVolumes' },
        ...podMakersAgain(),
        ...memoriesAgain(),
        ...datasetsAgain(origin),
      ],
      facts: () =>
        facts({
          truenasReference: name,
          remedy: kind.remedyFor(server),
        }),
    };
  }
}

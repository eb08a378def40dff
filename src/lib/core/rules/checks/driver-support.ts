import { type Severity } from '../../model/finding.ts';
import { parseImage, versionOfImage } from './container-image.ts';
import { isApiKind, needsApi } from './driver-kinds.ts';
import { isBefore, isCore, type Version } from './versions.ts';

/*
 * What is known to fail between builds of drivers and versions of TrueNAS. Only that: a build nobody here knows is not called broken.
 */

/** The build that runs, by its image: a release up to v1.9.4, of which much is known, or any other. */
export interface DriverBuild {
  readonly image: string;
  readonly isOldRelease: boolean;
}

/** The last release that asks for REST, and takes TrueNAS 25.04 for something other than SCALE. */
const LAST_OLD: Version = [1, 9, 4];

export function buildOf(image: string): DriverBuild {
  const { name } = parseImage(image);
  const version = name === 'democratic-csi' ? versionOfImage(image) : undefined;
  return { image, isOldRelease: version !== undefined && !isBefore(LAST_OLD, version) };
}

/** What comes of a pair: a fault, nothing known against it, or nothing known at all. */
export interface Support {
  readonly sound: boolean | undefined;
  readonly seen: string;
  readonly severity?: Severity;
}

const REST_GONE: Version = [26];
const JSON_RPC: Version = [25, 4];
const SCALE_BY_NAME: Version = [25, 4];
const NO_RELOAD: Version = [25, 10];

function is(truenas: Version, since: Version): boolean {
  return !isBefore(truenas, since);
}

interface Pair {
  readonly kind: string;
  readonly build: DriverBuild;
  readonly truenas: Version;
  /** TrueNAS and its version, for messages. */
  readonly name: string;
}

/** What is known to be broken, the worst first. */
const FAULTS: readonly {
  readonly holds: (pair: Pair) => boolean;
  readonly severity: Severity;
  readonly seen: (pair: Pair) => string;
}[] = [
  {
    holds: ({ kind, truenas }) => isApiKind(kind) && isCore(truenas),
    severity: 'high',
    seen: ({ kind, name }) =>
      `${kind} works with TrueNAS SCALE only, and ${name} is CORE: it refuses to start`,
  },
  {
    holds: ({ kind, build, truenas }) =>
      needsApi(kind) && build.isOldRelease && is(truenas, REST_GONE),
    severity: 'high',
    seen: ({ build, name }) =>
      `${build.image} asks for the REST API, which ${name} does not have: no volume can be made, grown or deleted`,
  },
  {
    holds: ({ kind, build, truenas }) =>
      isApiKind(kind) && build.isOldRelease && is(truenas, SCALE_BY_NAME),
    severity: 'high',
    seen: ({ build, name }) =>
      `${build.image} does not take ${name} for SCALE: its probe fails, and the controller is restarted again and again`,
  },
  {
    holds: ({ kind, build, truenas }) =>
      kind.endsWith('-iscsi') && needsApi(kind) && build.isOldRelease && is(truenas, NO_RELOAD),
    severity: 'medium',
    seen: ({ build, name }) =>
      `${build.image} cannot grow iSCSI volumes on ${name}, which refuses the reload it asks for`,
  },
];

/** Whether a build of democratic-csi, run as one kind of driver, works with a TrueNAS. */
export function supportOf(pair: Pair): Support {
  const { kind, build, truenas, name } = pair;
  const fault = FAULTS.find(({ holds }) => holds(pair));
  if (fault !== undefined) {
    return { sound: false, severity: fault.severity, seen: fault.seen(pair) };
  }
  if (!needsApi(kind)) return { sound: true, seen: `${kind} needs no API of TrueNAS` };
  if (is(truenas, REST_GONE)) {
    return {
      sound: undefined,
      seen: `${name} has no REST API, and whether ${build.image} does without it is not known`,
    };
  }
  const ahead = build.isOldRelease ? '; it stops at TrueNAS 26, which has no REST API' : '';
  return { sound: true, seen: `nothing is known against ${build.image} with ${name}${ahead}` };
}

/** Whether a driver that speaks JSON-RPC alone works with a TrueNAS. */
export function rpcSupportOf(driver: string, truenas: Version, name: string): Support {
  return is(truenas, JSON_RPC)
    ? { sound: true, seen: `${driver} speaks JSON-RPC, which ${name} has` }
    : {
        sound: false,
        severity: 'high',
        seen: `${driver} speaks JSON-RPC, which TrueNAS has since 25.04, and this is ${name}`,
      };
}

import { ConfigError } from '../../core/model/errors.ts';
import { isRecord } from './build/record.ts';
import { type World } from './world.ts';

/** Raised when a kept world of the old form cannot be read as one of the new. */
const SCHEMA_VERSION = 2;

const SYSTEM_LISTS = [
  'pools',
  'datasets',
  'snapshots',
  'nfsShares',
  'smbShares',
  'iscsiTargets',
  'iscsiExtents',
  'iscsiTargetExtents',
  'iscsiSessions',
  'nvmetSubsystems',
  'nvmetNamespaces',
  'snapshotTasks',
  'replicationTasks',
  'apiKeys',
] as const;

/** A world as it is kept between commands, and the scenario it began as. */
export interface KeptWorld {
  readonly scenario: string;
  readonly world: World;
}

/** A world as text. */
export function serialiseWorld({ scenario, world }: KeptWorld): string {
  return `${JSON.stringify({ schema_version: SCHEMA_VERSION, kind: 'LabWorld', scenario, world })}\n`;
}

/** Reads a kept world back. Throws a `ConfigError` where the text is not one, or not of this version. */
export function parseWorld(text: string): KeptWorld {
  const document = parseDocument(text);
  if (!isRecord(document) || document['kind'] !== 'LabWorld') throw unreadable('is not a world');
  if (document['schema_version'] !== SCHEMA_VERSION) {
    throw unreadable(`has schema version ${String(document['schema_version'])}`);
  }
  const { scenario, world } = document;
  if (typeof scenario !== 'string' || !isWorld(world)) throw unreadable('lacks parts of a world');
  return { scenario, world };
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable('is not JSON', cause);
  }
}

function unreadable(what: string, cause?: unknown): ConfigError {
  return new ConfigError(`kept state of the demo ${what}`, {
    cause,
    remediation: ['Start over with --demo-reset.'],
  });
}

/** Whether the shape is there; what is in the lists was written by us. */
function isWorld(value: unknown): value is World {
  if (!isRecord(value) || typeof value['now'] !== 'string') return false;
  const { clusters, systems, drivers } = value;
  return (
    !Number.isNaN(Date.parse(value['now'])) &&
    isListOf(clusters, (each) => typeof each['name'] === 'string' && isRecord(each['objects'])) &&
    isListOf(
      systems,
      (each) =>
        typeof each['name'] === 'string' && SYSTEM_LISTS.every((key) => Array.isArray(each[key])),
    ) &&
    isListOf(drivers, (each) => typeof each['driver'] === 'string')
  );
}

function isListOf(value: unknown, accepts: (each: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((each) => isRecord(each) && accepts(each));
}

import {
  type Estate,
  type FindingSpell,
  type PoolSpacePoint,
  type SpacePoint,
} from '../../../core/model/history.ts';
import { type Category, type Severity } from '../../../core/model/finding.ts';
import { bytes } from '../../../core/model/units.ts';
import { DAY } from './day.ts';
import { NOT_KNOWN } from './schema.ts';
import { MalformedRowError, maybe, numberIn, textIn, type Value } from '../sqlite.ts';

export type Row = readonly Value[];

export function instantIn(value: Value | undefined): Date {
  return new Date(numberIn(value));
}

export function bytesIn(value: Value | undefined): ReturnType<typeof bytes> {
  const size = numberIn(value);
  if (size < 0) throw new MalformedRowError('a size is negative');
  return bytes(size);
}

/** Columns of usage, in the order of `spaceAt`. */
export const SPACE = 'used, snapshots, logical, provisioned, snapshot_count';

/** @param first where the columns of `SPACE` begin in the row */
export function spaceAt(at: number, row: Row, first: number): SpacePoint {
  return {
    at: new Date(at),
    used: bytesIn(row[first]),
    snapshots: bytesIn(row[first + 1]),
    logical: maybe(bytesIn, row[first + 2]),
    provisioned: bytesIn(row[first + 3]),
    snapshotCount: maybe(numberIn, row[first + 4]),
  };
}

export function poolSpaceAt(at: number, row: Row, first: number): PoolSpacePoint {
  return { ...spaceAt(at, row, first), capacity: bytesIn(row[first + 5]) };
}

/** Instant of a row of `volume_point`. */
export function volumeInstant(day: Value | undefined, at: Value | undefined): number {
  return numberIn(day) * DAY + numberIn(at);
}

export function createdIn(value: Value | undefined): Date | null {
  return value === NOT_KNOWN ? null : instantIn(value);
}

/** Uids of an estate, as they are kept. */
export function uidsIn(value: Value | undefined): readonly string[] {
  const uids: unknown = JSON.parse(textIn(value));
  if (!Array.isArray(uids) || !uids.every((uid) => typeof uid === 'string')) {
    throw new MalformedRowError('a list of uids is none');
  }
  return uids;
}

export function estateIn(clusters: Value | undefined, systems: Value | undefined): Estate {
  return { clusters: uidsIn(clusters), systems: uidsIn(systems) };
}

/** Columns of a finding, in the order of `spellIn`. */
export const FINDING =
  'finding, opened_at, last_seen_at, closed_at, rule, category, severity, subject, scope, reclaimable, suppressed';

export function spellIn(row: Row): FindingSpell {
  const [id, openedAt, lastSeenAt, closedAt, rule, category, severity, ...rest] = row;
  const [subject, scope, reclaimable, suppressed] = rest;
  return {
    id: textIn(id),
    rule: textIn(rule),
    // What is written here comes from a report, and later versions only add to the lists.
    category: textIn(category) as Category,
    severity: textIn(severity) as Severity,
    subject: textIn(subject),
    scope: textIn(scope),
    reclaimable: bytesIn(reclaimable),
    suppressed: numberIn(suppressed) === 1,
    openedAt: instantIn(openedAt),
    lastSeenAt: instantIn(lastSeenAt),
    closedAt: maybe(instantIn, closedAt),
  };
}

import { type PastSpace } from '../../src/lib/core/analysis/past-space.ts';
import { type PoolSpacePoint, type SpacePoint } from '../../src/lib/core/model/history.ts';
import { bytes } from '../../src/lib/core/model/units.ts';
import { HANDLE, LONG_AGO, NOW, PARENT } from './builders.ts';

/** What earlier scans of the small world of `builders.ts` saw, one a day. */

const DAY = 86_400_000;
export const GIB = 2 ** 30;

export function aSpacePoint(at: Date, over: Partial<SpacePoint> = {}): SpacePoint {
  return {
    at,
    used: bytes(GIB),
    snapshots: bytes(0),
    logical: null,
    provisioned: bytes(GIB),
    snapshotCount: 0,
    ...over,
  };
}

export function aPoolPoint(at: Date, over: Partial<PoolSpacePoint> = {}): PoolSpacePoint {
  return { ...aSpacePoint(at, over), capacity: bytes(100 * GIB), ...over };
}

/** So many days before now, an hour earlier than the scan at hand. */
export function daysBefore(days: number): Date {
  return new Date(NOW.getTime() - days * DAY + 3_600_000);
}

/** One point for each of the days before this one, oldest first; `valueOf` is asked for GiB. */
export function pastDays<P>(days: number, pointOf: (at: Date, daysAgo: number) => P): readonly P[] {
  return Array.from({ length: days }, (_, index) => days - index).map((ago) =>
    pointOf(daysBefore(ago), ago),
  );
}

export function gib(size: number): ReturnType<typeof bytes> {
  return bytes(Math.round(size * GIB));
}

/** Pool `tank` growing by so many GiB a day up to what it holds now. */
export function growingPool(
  days: number,
  { now, perDay }: { readonly now: number; readonly perDay: number },
  over: Partial<PastSpace['pools'][number]> = {},
): PastSpace['pools'][number] {
  return {
    hostId: 'host-id',
    pool: '4711',
    name: 'tank',
    points: pastDays(days, (at, ago) => aPoolPoint(at, { used: gib(now - perDay * ago) })),
    ...over,
  };
}

export function growingVolume(
  days: number,
  { now, perDay }: { readonly now: number; readonly perDay: number },
  name = HANDLE,
): { hostId: string; dataset: string; createdAt: Date; points: readonly SpacePoint[] } {
  return {
    hostId: 'host-id',
    dataset: `${PARENT}/${name}`,
    createdAt: LONG_AGO,
    points: pastDays(days, (at, ago) => aSpacePoint(at, { used: gib(now - perDay * ago) })),
  };
}

export function aPast(over: Partial<PastSpace> = {}): PastSpace {
  return { pools: [], classes: [], volumes: [], ...over };
}

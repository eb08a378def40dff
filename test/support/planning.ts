import { isLastRun } from '../../src/lib/app/first-seen.ts';
import { scanAndRecord, type Scanned } from '../../src/lib/app/scan.ts';
import { planCleanup, type PlanRequest } from '../../src/lib/core/cleanup/plan-cleanup.ts';
import { type PlanBody } from '../../src/lib/core/cleanup/plan-schema.ts';
import { EVERYTHING } from '../../src/lib/core/cleanup/selection.ts';
import { DEFAULT_CLEANUP } from '../../src/lib/core/cleanup/settings.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { bytes, millis } from '../../src/lib/core/model/units.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { toDriverConfig } from '../../src/lib/lab/scenario/driver-config.ts';
import { type RunningWorld, withPorts } from './scan-scenario.ts';

/** Limits that hold nothing back. */
export const BOUNDLESS = {
  ...DEFAULT_CLEANUP,
  maxItems: 10_000,
  maxBytes: bytes(2 ** 50),
  maxPercent: 100,
};

async function scanOnce(
  running: RunningWorld,
  firstSeen: ReadonlyMap<string, Date>,
): Promise<{ readonly scanned: Scanned; readonly seen: ReadonlyMap<string, Date> }> {
  let seen = firstSeen;
  const scanned = await withPorts(
    running,
    {
      firstSeen: {
        load: () => Promise.resolve(firstSeen),
        save: (map) => {
          seen = map;
          return Promise.resolve();
        },
      },
    },
    (ports) =>
      scanAndRecord(
        ports,
        {
          rules: RULES,
          drivers: running.world.drivers.map(toDriverConfig),
          policy: DEFAULT_POLICY,
          filter: NO_FILTER,
          ignore: [],
          wholeEstate: true,
          maxAge: millis(0),
          cacheKey: 'test',
          signal: AbortSignal.timeout(60_000),
        },
        [],
      ),
  );
  return { scanned, seen };
}

/** Scans a world as one that has been so for a month, as far as this tool remembers. */
export async function scanKnownForLong(running: RunningWorld): Promise<Scanned> {
  const { scanned: first, seen } = await scanOnce(running, new Map());
  if (seen.size === 0) return first;
  const longAgo = new Date(new Date(running.world.now).getTime() - 30 * 24 * 3_600_000);
  const { scanned } = await scanOnce(
    running,
    new Map([...seen].map(([key, date]) => [key, isLastRun(key) ? date : longAgo])),
  );
  return scanned;
}

/** A plan of everything that a scan found, unless something else is asked for. */
export function planOf({ report, judgement }: Scanned, over: Partial<PlanRequest> = {}): PlanBody {
  return planCleanup({
    report,
    inventory: judgement.inventory,
    derived: judgement.derived,
    settings: BOUNDLESS,
    policy: DEFAULT_POLICY,
    now: judgement.now,
    toolVersion: '1.0.0',
    usage: new Map(),
    selection: EVERYTHING,
    ...over,
  });
}

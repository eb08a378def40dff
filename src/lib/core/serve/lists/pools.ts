import { systemItems } from '../../correlate/derive.ts';
import { type PoolAnalysis } from '../../model/analysis.ts';
import { type FullReport } from '../../model/full-report.ts';
import { type Pool } from '../../model/truenas.ts';
import { isWrong } from '../../render/validation/counts.ts';
import { toPool } from '../../render/wire/analysis.ts';
import { type PoolItem } from '../../render/wire/truenas-list-schema.ts';
import { type Listed } from './listed.ts';
import { iso, keysOnSystem, type Row } from './row-parts.ts';

function keyOf(system: string | null, pool: string): string {
  return `${system ?? ''} ${pool}`;
}

/** Ids of the failed checks of each pool. */
function failedChecks({ health, validation }: FullReport): ReadonlyMap<string, Set<string>> {
  const failed = new Map<string, Set<string>>();
  for (const outcome of [...validation.results, ...health.results]) {
    const { subject, system } = outcome;
    if (subject?.type !== 'Pool' || !isWrong(outcome)) continue;
    const key = keyOf(system, subject.name);
    failed.set(key, (failed.get(key) ?? new Set()).add(outcome.id));
  }
  return failed;
}

type Space = Pick<
  PoolItem,
  | 'capacity_bytes'
  | 'used_bytes'
  | 'snapshot_bytes'
  | 'available_bytes'
  | 'provisioned_bytes'
  | 'used_ratio'
  | 'overcommit_ratio'
  | 'compression_ratio'
  | 'volumes'
  | 'snapshots'
  | 'growth'
  | 'forecast'
  | 'severity'
>;

/** Of a pool that does not tell what is used of it. */
const UNMEASURED: Space = {
  capacity_bytes: null,
  used_bytes: null,
  snapshot_bytes: null,
  available_bytes: null,
  provisioned_bytes: null,
  used_ratio: null,
  overcommit_ratio: null,
  compression_ratio: null,
  volumes: null,
  snapshots: null,
  growth: null,
  forecast: null,
  severity: null,
};

function toSpace(analysis: PoolAnalysis | undefined): Space {
  if (analysis === undefined) return UNMEASURED;
  const wire = toPool(analysis);
  return {
    capacity_bytes: wire.capacity_bytes,
    used_bytes: wire.used_bytes,
    snapshot_bytes: wire.snapshot_bytes,
    available_bytes: wire.available_bytes,
    provisioned_bytes: wire.provisioned_bytes,
    used_ratio: wire.used_ratio,
    overcommit_ratio: wire.overcommit_ratio,
    compression_ratio: wire.compression_ratio,
    volumes: wire.volumes,
    snapshots: wire.snapshot_count,
    growth: wire.growth,
    forecast: wire.forecast,
    severity: wire.severity,
  };
}

function toScrub({ scrub }: Pool): PoolItem['scrub'] {
  if (scrub === null) return null;
  const { kind, state, endedAt, errors } = scrub;
  return { kind, state, ended_at: iso(endedAt), errors };
}

/** Pools, each with its health and when it will be full. */
export function* poolRows({ seen, full }: Listed): Iterable<Row<PoolItem>> {
  const analyses = new Map(
    full.analysis.pools.map((each) => [keyOf(each.system, each.name), each]),
  );
  const failed = failedChecks(full);
  for (const pool of systemItems(seen.inventory, 'pools')) {
    const key = keyOf(pool.system, pool.name);
    yield [
      keysOnSystem(pool.system, null, null),
      {
        name: pool.name,
        system: pool.system,
        status: pool.status,
        healthy: pool.healthy,
        ...toSpace(analyses.get(key)),
        fragmentation_percent: pool.fragmentation,
        scrub: toScrub(pool),
        failed_check_ids: [...(failed.get(key) ?? [])],
      },
    ];
  }
}

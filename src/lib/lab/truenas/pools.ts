import { type LabPool, type LabScrub } from '../scenario/world.ts';
import { dateOf, type Fields, pick } from './json.ts';
import { listing } from './listing.ts';
import { type Call, type MethodTable } from './method.ts';

const STATS = {
  timestamp: 0,
  read_errors: 0,
  write_errors: 0,
  checksum_errors: 0,
  ops: [0, 0, 0, 0, 0, 0, 0],
  bytes: [0, 0, 0, 0, 0, 0, 0],
  fragmentation: 0,
  self_healed: 0,
  configured_ashift: 12,
  logical_ashift: 12,
  physical_ashift: 12,
};

/** What is written on the disks, parity included; what is only reserved is not. */
export function allocatedOn({ name, parity = 1 }: LabPool, { view }: Call): number {
  return Math.ceil((view.byId.get(name)?.physical ?? 0) * parity);
}

interface OpenPool {
  readonly pool: LabPool;
  readonly allocated: number;
}

function vdev({ pool, allocated }: OpenPool): Fields {
  const disk = {
    name: 'sda1',
    type: 'DISK',
    path: '/dev/sda1',
    guid: pool.guid,
    status: pool.status,
    stats: { ...STATS, size: 0, allocated: 0 },
    children: [],
    device: 'sda1',
    disk: 'sda',
    unavail_disk: null,
  };
  const stats = { ...STATS, size: pool.size, allocated };
  const kind = (pool.parity ?? 1) > 1 ? 'RAIDZ2' : 'MIRROR';
  const name = `${kind.toLowerCase()}-0`;
  const group = { name, type: kind, path: null, device: null, disk: null };
  return { ...disk, ...group, stats, children: [disk] };
}

/** Sizes and topology are unknown while a pool cannot be opened. */
const CLOSED = new Set(['FAULTED', 'OFFLINE', 'UNAVAIL', 'REMOVED']);

function sizes({ pool, allocated }: OpenPool): Fields {
  const open = !CLOSED.has(pool.status);
  const numbers: Record<string, number | null> = {
    size: open ? pool.size : null,
    allocated: open ? allocated : null,
    free: open ? Math.max(0, pool.size - allocated) : null,
    freeing: open ? 0 : null,
  };
  const asText = Object.entries(numbers).map(([name, size]): [string, string | null] => [
    `${name}_str`,
    size === null ? null : String(size),
  ]);
  return {
    ...numbers,
    ...Object.fromEntries(asText),
    fragmentation: open ? String(pool.fragmentation ?? 0) : null,
  };
}

const NOTHING_SCANNED: Fields = {
  function: null,
  state: null,
  start_time: null,
  end_time: null,
  percentage: null,
  bytes_to_process: null,
  bytes_processed: null,
  bytes_issued: null,
  pause: null,
  errors: null,
  total_secs_left: null,
};

const HOUR = 3_600_000;
const SOUND_SCRUB_AGE = 5 * 24 * HOUR;

/** The last scrub; undefined where there was none. */
function lastScrub(pool: LabPool, { lab }: Call): LabScrub | undefined {
  if (pool.scrub !== undefined) return pool.scrub ?? undefined;
  return { at: new Date(lab.now().getTime() - SOUND_SCRUB_AGE).toISOString() };
}

function scan({ pool, allocated }: OpenPool, call: Call): Fields | null {
  if (CLOSED.has(pool.status)) return null;
  const scrub = lastScrub(pool, call);
  // From 26 on there is nothing where there was none; before, a form that is not filled in.
  if (scrub === undefined) return call.lab.table.neverScannedIsNull ? null : NOTHING_SCANNED;
  const { kind = 'SCRUB', state = 'FINISHED', at, errors = 0 } = scrub;
  const bytes = { bytes_to_process: allocated, pause: null, errors };
  return {
    function: kind,
    state,
    ...bytes,
    ...(state === 'SCANNING' ? underWay(allocated, at) : ended(allocated, at)),
  };
}

function underWay(allocated: number, at: string): Fields {
  return {
    start_time: dateOf(at),
    end_time: null,
    percentage: 40,
    bytes_processed: Math.floor(allocated * 0.4),
    bytes_issued: Math.floor(allocated * 0.4),
    total_secs_left: 3600,
  };
}

function ended(allocated: number, at: string): Fields {
  return {
    start_time: dateOf(new Date(Date.parse(at) - 4 * HOUR)),
    end_time: dateOf(at),
    percentage: 100,
    bytes_processed: allocated,
    bytes_issued: allocated,
    total_secs_left: null,
  };
}

function poolEntry(pool: LabPool, id: number, call: Call): Fields {
  const open = { pool, allocated: allocatedOn(pool, call) };
  const healthy = pool.healthy ?? pool.status === 'ONLINE';
  const entry = {
    id,
    name: pool.name,
    guid: pool.guid,
    status: pool.status,
    path: `/mnt/${pool.name}`,
    scan: scan(open, call),
    expand: null,
    healthy,
    warning: false,
    status_code: healthy ? 'OK' : null,
    status_detail: null,
    ...sizes(open),
    dedup_table_size: 0,
    dedup_table_quota: 'auto',
    autotrim: { value: 'off', rawvalue: 'off', parsed: 'off', source: 'DEFAULT' },
    topology: CLOSED.has(pool.status)
      ? null
      : { data: [vdev(open)], log: [], cache: [], spare: [], special: [], dedup: [] },
    all_sed: false,
  };
  return pick(entry, call.lab.table.fields.pool);
}

export const POOL_METHODS: MethodTable = listing('pool', 'Pool', ['POOL_READ'], (call) =>
  call.lab.system.pools.flatMap((pool, index) =>
    pool.imported ? [poolEntry(pool, index + 1, call)] : [],
  ),
);

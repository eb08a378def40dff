import {
  openHistory,
  type HistoryOptions,
} from '../../../../src/lib/adapters/store/history/open-history.ts';
import { TUNING, type Tuning } from '../../../../src/lib/adapters/store/history/connection.ts';
import {
  type ClassSample,
  type Estate,
  type FindingSample,
  type FindingSpell,
  type HistoryRecord,
  type PoolSample,
  type ScanSample,
  type Space,
  type VolumeSample,
  type VolumeSeries,
} from '../../../../src/lib/core/model/history.ts';
import { bytes, millis } from '../../../../src/lib/core/model/units.ts';
import { type HistoryMaintenance, type HistoryStore } from '../../../../src/lib/ports/history.ts';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const NOW = new Date('2026-11-22T12:00:00Z');
export const ESTATE: Estate = { clusters: ['c1'], systems: ['h1'] };
export const EVER = new Date('2000-01-01T00:00:00Z');

export function before(millisBefore: number): Date {
  return new Date(NOW.getTime() - millisBefore);
}

export function aSpace(overrides: Partial<Space> = {}): Space {
  return {
    used: bytes(1_000),
    snapshots: bytes(200),
    logical: bytes(2_000),
    provisioned: bytes(10_000),
    snapshotCount: 3,
    ...overrides,
  };
}

export function aPool(overrides: Partial<PoolSample> = {}): PoolSample {
  return {
    hostId: 'h1',
    pool: '4711',
    name: 'tank',
    capacity: bytes(50_000),
    ...aSpace(),
    ...overrides,
  };
}

export function aClass(overrides: Partial<ClassSample> = {}): ClassSample {
  return { clusterUid: 'c1', storageClass: 'fast', volumes: 2, ...aSpace(), ...overrides };
}

export function aVolume(overrides: Partial<VolumeSample> = {}): VolumeSample {
  return {
    hostId: 'h1',
    dataset: 'tank/k8s/pvc-1',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    clusterUid: 'c1',
    volume: 'pvc-1',
    namespace: 'shop',
    claim: 'data',
    storageClass: 'fast',
    ...aSpace(),
    ...overrides,
  };
}

export function aFinding(overrides: Partial<FindingSample> = {}): FindingSample {
  return {
    id: 'aaaa',
    rule: 'dataset-unclaimed',
    category: 'orphan',
    severity: 'high',
    subject: 'dataset/tank/k8s/pvc-1',
    scope: 'h1',
    reclaimable: bytes(1_000),
    suppressed: false,
    ...overrides,
  };
}

export function aSample(overrides: Partial<ScanSample> = {}): ScanSample {
  return {
    at: NOW,
    clusters: [{ id: 'c1', name: 'prod' }],
    systems: [{ id: 'h1', name: 'nas1' }],
    pools: [aPool()],
    classes: [aClass()],
    volumes: [aVolume()],
    findings: [],
    judged: [{ rule: 'dataset-unclaimed', scope: 'h1' }],
    ...overrides,
  };
}

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** A history under test, with its clock and what it said. */
export interface TestHistory extends HistoryStore, HistoryMaintenance {
  now: Date;
  readonly lines: readonly Line[];
}

export function aHistory(
  path: string,
  options: Partial<Pick<HistoryOptions, 'retention'>> & { readonly tuning?: Partial<Tuning> } = {},
): TestHistory {
  const lines: Line[] = [];
  const clock = { now: () => history.now };
  const history: TestHistory = {
    now: NOW,
    lines,
    ...openHistory(
      {
        path,
        retention: options.retention ?? millis(400 * DAY),
        clock,
        logger: {
          log: (level, message, fields = {}) => {
            lines.push({ level, message, fields });
          },
        },
      },
      { ...TUNING, ...options.tuning },
    ),
  };
  return history;
}

/** Records one sample after the other, each when it is made, and expects all of them to be kept. */
export async function recordAll(
  history: TestHistory,
  samples: readonly ScanSample[],
): Promise<void> {
  for (const sample of samples) {
    history.now = sample.at;
    const recorded = await history.record(sample);
    if (recorded.state !== 'kept') throw new Error(recorded.reason);
  }
}

export async function exported(history: HistoryMaintenance): Promise<readonly HistoryRecord[]> {
  const records: HistoryRecord[] = [];
  for await (const record of history.export()) records.push(record);
  return records;
}

export async function* streamed(records: Iterable<HistoryRecord>): AsyncGenerator<HistoryRecord> {
  yield* records;
}

export async function volumesIn(
  history: HistoryStore,
  since = EVER,
): Promise<readonly VolumeSeries[]> {
  using reader = await history.open();
  return reader === undefined ? [] : [...reader.volumes(ESTATE, since)];
}

export async function findingsIn(
  history: HistoryStore,
  since = EVER,
): Promise<readonly FindingSpell[]> {
  using reader = await history.open();
  return reader?.findings(ESTATE, since) ?? [];
}

export async function poolInstants(history: HistoryStore): Promise<readonly string[]> {
  using reader = await history.open();
  const points = reader?.pools(ESTATE, EVER).flatMap((series) => series.points) ?? [];
  return points.map(({ at }) => at.toISOString());
}

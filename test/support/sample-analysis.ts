import {
  type ClassAnalysis,
  type PoolAnalysis,
  type Recommendation,
  type StorageAnalysis,
  type VolumeAnalysis,
} from '../../src/lib/core/model/analysis.ts';
import { failed } from '../../src/lib/core/model/coverage.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import {
  aClassAnalysis,
  aGrowth,
  anAnalysis,
  anAnomaly,
  aPoolAnalysis,
  aRecommendation,
  aSeries,
  aSnapshotsAnalysis,
  aSubject,
  aVolumeAnalysis,
  daysAgo,
  doesNotFill,
  fillsIn,
  gib,
  notEnough,
} from './analysis-builders.ts';
import { aReport, aSource } from './report-builders.ts';

const GIB = 1024 ** 3;

/** A weekly rhythm: busy in the week, quiet at its end. */
function week(index: number, height: number): number {
  return index % 7 < 5 ? (index % 7) * height : 0;
}

const pools: readonly PoolAnalysis[] = [
  aPoolAnalysis({
    name: 'tank',
    capacity: gib(4000),
    available: gib(560),
    usedRatio: 0.86,
    overcommit: 2.25,
    provisioned: gib(9000),
    used: gib(3000),
    snapshots: gib(440),
    snapshotCount: 2310,
    growth: aGrowth({
      bytesPerDay: 12 * GIB,
      leastSquaresBytesPerDay: 12.4 * GIB,
      low: 9.2 * GIB,
      high: 14.6 * GIB,
    }),
    forecast: fillsIn(47, { fullAtEarliest: daysAgo(-38), fullAtLatest: daysAgo(-61) }),
    history: aSeries(90, (index) => 2372 + index * 12 + week(index, 2)),
    severity: 'high',
  }),
  aPoolAnalysis({
    name: 'flash',
    capacity: gib(1500),
    available: gib(700),
    usedRatio: 0.5333,
    overcommit: 0.8,
    provisioned: gib(1200),
    used: gib(740),
    snapshots: gib(60),
    snapshotCount: 400,
    compression: 1.05,
    volumes: 12,
    growth: aGrowth({
      bytesPerDay: 0.4 * GIB,
      leastSquaresBytesPerDay: 4.1 * GIB,
      low: -0.3 * GIB,
      high: 1.2 * GIB,
      patterns: ['weekly', 'steps'],
      steps: [{ day: daysAgo(30), bytes: 250 * GIB }],
    }),
    forecast: doesNotFill({ fullAtEarliest: daysAgo(-580) }),
    history: aSeries(90, (index) => 515 + (index >= 59 ? 250 : 0) + week(index, 8)),
  }),
  aPoolAnalysis({
    name: 'archive-of-the-production-cluster-in-frankfurt',
    status: 'DEGRADED',
    capacity: gib(8000),
    available: gib(7400),
    usedRatio: 0.075,
    overcommit: 0.05,
    provisioned: gib(400),
    used: gib(600),
    snapshots: gib(0),
    snapshotCount: null,
    compression: null,
    volumes: 3,
    growth: notEnough(),
    forecast: notEnough(),
    history: aSeries(3, (index) => 598 + index),
    ahead: [],
  }),
];

const classes: readonly ClassAnalysis[] = [
  aClassAnalysis({ provisioned: gib(9000), used: gib(2600), snapshots: gib(400), volumes: 42 }),
  aClassAnalysis({
    storageClass: 'truenas-iscsi',
    provisioned: gib(1200),
    used: gib(740),
    snapshots: gib(60),
    compression: 1.05,
    volumes: 12,
    growth: aGrowth({ bytesPerDay: 0.4 * GIB, patterns: ['weekly'] }),
    history: aSeries(90, (index) => 515 + (index >= 59 ? 250 : 0) + week(index, 8)),
  }),
  aClassAnalysis({
    storageClass: 'archive',
    provisioned: gib(400),
    used: gib(600),
    snapshots: gib(0),
    snapshotCount: null,
    compression: null,
    volumes: 3,
    growth: notEnough(),
    history: aSeries(3, (index) => 598 + index),
  }),
];

function volume(
  index: number,
  namespace: string,
  claim: string,
  over: Partial<VolumeAnalysis>,
): VolumeAnalysis {
  const name = `pvc-0000000${String(index)}-3b7a-4c55-9a31-0d5b8e7f2a10`;
  return aVolumeAnalysis({
    volume: name,
    dataset: `tank/k8s/vols/${name}`,
    namespace,
    claim,
    ...over,
  });
}

const { snapshotDetails } = aVolumeAnalysis();

const volumes: readonly VolumeAnalysis[] = [
  volume(1, 'monitoring', 'prometheus-db-prometheus-k8s-0', {
    provisioned: gib(500),
    used: gib(484),
    snapshots: gib(0),
    snapshotCount: 0,
    usedRatio: 0.968,
    pressure: 'critical',
    growth: aGrowth({ bytesPerDay: 4 * GIB, low: 3.5 * GIB, high: 4.5 * GIB }),
    forecast: fillsIn(4),
    snapshotDetails: {
      ...snapshotDetails,
      count: 0,
      mapped: 0,
      bytes: gib(0),
      oldest: null,
      newest: null,
      beyondRetention: 0,
      bytesPerDay: 0,
    },
    history: aSeries(90, (index) => 128 + index * 4),
  }),
  volume(2, 'shop', 'data-postgres-0', {
    provisioned: gib(200),
    used: gib(174),
    snapshots: gib(160),
    snapshotCount: 96,
    usedRatio: 0.87,
    pressure: 'warning',
    growth: aGrowth({ bytesPerDay: 1.5 * GIB }),
    forecast: fillsIn(17, { confidence: 'medium' }),
    snapshotDetails: { ...snapshotDetails, count: 96, bytes: gib(160), beyondRetention: 66 },
    // Nothing was seen for two weeks.
    history: aSeries(90, (index) => (index > 40 && index < 56 ? null : 40 + index * 1.5)),
  }),
  volume(3, 'build', 'cache', {
    provisioned: gib(300),
    used: gib(120),
    growth: aGrowth({ bytesPerDay: 0.8 * GIB, patterns: ['bursts'] }),
    forecast: doesNotFill({ fullAtEarliest: daysAgo(-120), confidence: 'low' }),
    history: aSeries(90, (index) => 60 + (index % 11 === 0 ? 55 : index * 0.6)),
  }),
  volume(4, 'mail', 'spool', { storageClass: 'truenas-iscsi', pool: 'flash' }),
  volume(5, 'a-namespace-with-quite-a-long-name', 'a-claim-that-was-named-by-a-generator-0', {
    growth: aGrowth({ bytesPerDay: 0.02 * GIB }),
  }),
  volume(6, 'wiki', 'attachments', {
    growth: aGrowth({ bytesPerDay: -0.1 * GIB, low: -0.2 * GIB, high: 0 }),
    forecast: doesNotFill(),
    history: aSeries(90, (index) => 17 - index * 0.1),
  }),
  volume(7, 'logs', 'loki-0', {
    provisioned: gib(400),
    used: gib(12),
    usedRatio: 0.03,
    growth: aGrowth({ bytesPerDay: 0, leastSquaresBytesPerDay: 0, low: 0, high: 0 }),
    forecast: doesNotFill(),
    history: aSeries(90, () => 12),
  }),
  aVolumeAnalysis({
    volume: 'static-backup',
    namespace: null,
    claim: null,
    storageClass: null,
    dataset: 'archive-of-the-production-cluster-in-frankfurt/backup',
    pool: 'archive-of-the-production-cluster-in-frankfurt',
    provisioned: gib(0),
    used: gib(590),
    snapshotCount: null,
    compression: null,
    usedRatio: null,
    growth: notEnough({ days: 1, spanDays: 0 }),
    forecast: notEnough({ days: 1, spanDays: 0 }),
    snapshotDetails: {
      ...snapshotDetails,
      count: 0,
      oldest: null,
      newest: null,
      beyondRetention: null,
      undated: 2,
      bytesPerDay: null,
    },
    history: aSeries(1, () => 590),
  }),
];

const ofVolume = (index: number) =>
  aSubject('PersistentVolume', volumes[index]?.volume ?? '', { cluster: 'prod', system: null });

const recommendations: readonly Recommendation[] = [
  aRecommendation({
    action: 'shrink-request',
    subject: ofVolume(6),
    message: '400 GiB were asked for, and 12 GiB were ever used',
    gainBytes: null,
    gainDays: null,
    numbers: [
      { label: 'provisioned', value: 400 * GIB, unit: 'bytes' },
      { label: 'most ever used', value: 12 * GIB, unit: 'bytes' },
    ],
    steps: ['Make a smaller claim, copy the data, and switch over: a claim cannot shrink.'],
  }),
  aRecommendation({
    action: 'prune-snapshots',
    subject: ofVolume(1),
    message: '66 snapshots are older than the retention of 30d',
    gainBytes: gib(110),
    gainDays: 9,
    numbers: [
      { label: 'beyond retention', value: 66, unit: 'count' },
      { label: 'snapshots', value: 160 * GIB, unit: 'bytes' },
    ],
    steps: ['Shorten the lifetime in the periodic snapshot task, or delete them.'],
  }),
  aRecommendation({ gainDays: 5 }),
  aRecommendation({
    action: 'expand-pool',
    subject: aSubject('Pool', 'tank'),
    message: 'tank is full in 47 d at 12 GiB a day',
    gainBytes: null,
    gainDays: 83,
    numbers: [
      { label: 'full in', value: 47, unit: 'days' },
      { label: 'overcommit', value: 2.25, unit: 'ratio' },
    ],
    steps: ['Add a vdev of at least 1000 GiB.'],
  }),
  aRecommendation({
    action: 'rebalance',
    subject: aSubject('Pool', 'tank'),
    message: 'flash has 700 GiB to spare while tank fills',
    gainBytes: null,
    gainDays: 40,
    numbers: [{ label: 'free on flash', value: 700 * GIB, unit: 'bytes' }],
    steps: ['Move the fastest growers of tank to flash.'],
  }),
  aRecommendation({
    action: 'raise-quota',
    subject: ofVolume(0),
    message: 'its quota of 500 GiB is reached in 4 d',
    gainBytes: null,
    gainDays: null,
    numbers: [{ label: 'growth', value: 4 * GIB, unit: 'bytes-per-day' }],
    steps: ['Raise the request of the claim to 620 GiB.'],
  }),
];

/** Everything there can be in one: pools that grow, step and are new, volumes of every kind, all six actions. */
export const sampleAnalysis: StorageAnalysis = anAnalysis({
  totalCapacity: gib(13_500),
  totalAllocated: gib(10_600),
  totalUsed: gib(3940),
  totalSnapshots: gib(500),
  thinProvisioningEfficiency: 0.6283,
  poolOvercommitmentRatio: 0.7852,
  growth: aGrowth({ bytesPerDay: 12.4 * GIB }),
  forecast: fillsIn(47, { fullAtEarliest: daysAgo(-38), fullAtLatest: daysAgo(-61) }),
  pools,
  classes,
  volumes,
  snapshots: aSnapshotsAnalysis({
    count: 2710,
    bytes: gib(500),
    mapped: 310,
    undated: 2,
    beyondRetention: 412,
    stuck: [
      {
        subject: aSubject('VolumeSnapshot', 'nightly-2026-11-20', {
          namespace: 'shop',
          cluster: 'prod',
          system: null,
        }),
        reason: 'not ready to use: rpc error: dataset is busy',
        since: daysAgo(2),
      },
    ],
    growth: aGrowth({ bytesPerDay: 1.1 * GIB, patterns: ['weekly'] }),
    history: aSeries(90, (index) => 400 + index * 1.1 + week(index, 4)),
  }),
  anomalies: [
    anAnomaly({
      subject: aSubject('Pool', 'flash'),
      day: daysAgo(30),
      bytes: 250 * GIB,
      usual: 0.4 * GIB,
      deviations: 42.5,
      severity: 'high',
    }),
    anAnomaly({ subject: ofVolume(2), bytes: 55 * GIB, usual: 0.6 * GIB }),
    anAnomaly({
      subject: ofVolume(5),
      day: daysAgo(60),
      bytes: -7 * GIB,
      usual: -0.1 * GIB,
      deviations: 8.1,
      severity: 'low',
    }),
  ],
  recommendations,
  notes: [
    'nothing is said of the growth of pool archive-of-the-production-cluster-in-frankfurt yet: it has 3 days of history, and it takes 7 days over at least 14',
    'how many snapshots archive-of-the-production-cluster-in-frankfurt has is not known: TrueNAS does not tell',
  ],
});

const nothingYet = notEnough({ days: 0, spanDays: 0 });
const estateForecast = fillsIn(0, { fullAtLatest: null, confidence: 'low', backTest: null });

const first = aReport();
const [cluster] = first.clusters;
const [system] = first.systems;
if (cluster === undefined || system === undefined) throw new Error('a report has one of each');

/** What golden files show, by name. */
export const ANALYSES = {
  sample: sampleAnalysis,
  calm: anAnalysis({
    pools: [aPoolAnalysis({ forecast: doesNotFill() })],
    forecast: doesNotFill(),
  }),
  /** The first run: nothing but the present. */
  young: anAnalysis({
    history: { firstAt: null, lastAt: null, days: 0, askedDays: 90 },
    growth: nothingYet,
    forecast: nothingYet,
    pools: [aPoolAnalysis({ growth: nothingYet, forecast: nothingYet, history: [], ahead: [] })],
    classes: [aClassAnalysis({ growth: nothingYet, history: [] })],
    volumes: [aVolumeAnalysis({ growth: nothingYet, forecast: nothingYet, history: [] })],
    snapshots: aSnapshotsAnalysis({
      growth: nothingYet,
      history: [],
      retentionSeconds: null,
      beyondRetention: null,
    }),
    notes: ['there is no history yet, so that nothing is said of growth'],
  }),
  /** Two of each, one out of reach, and a kept scan. */
  estate: anAnalysis({
    complete: false,
    cachedFor: millis(7_200_000),
    clusters: [cluster, { ...cluster, name: 'staging-eu-west-1' }],
    systems: [
      system,
      { ...system, name: 'nas2', host: 'nas2.example' },
      { ...system, name: 'nas3', host: 'nas3.example', pools: [] },
    ],
    sources: [
      ...first.sources,
      ...['pools', 'datasets'].map((name) =>
        aSource({
          name,
          system: 'nas3',
          coverage: failed('nas3.example refused the connection'),
          count: 0,
        }),
      ),
    ],
    forecast: estateForecast,
    forecastPool: { system: 'nas2', name: 'tank' },
    pools: [
      aPoolAnalysis({
        system: 'nas2',
        severity: 'critical',
        usedRatio: 0.999,
        available: gib(1),
        used: gib(959),
        forecast: estateForecast,
      }),
      aPoolAnalysis({ severity: 'high', usedRatio: 0.82 }),
      aPoolAnalysis({
        name: 'sealed',
        capacity: null,
        available: null,
        usedRatio: null,
        overcommit: null,
        volumes: 0,
        forecast: nothingYet,
      }),
    ],
    classes: [aClassAnalysis(), aClassAnalysis({ cluster: 'staging-eu-west-1' })],
    volumes: [
      aVolumeAnalysis(),
      aVolumeAnalysis({ cluster: 'staging-eu-west-1', pressure: 'warning', usedRatio: 0.9 }),
    ],
    snapshots: aSnapshotsAnalysis({
      count: null,
      mapped: null,
      undated: null,
      beyondRetention: null,
    }),
    notes: ['snapshots of nas3 could not be listed'],
    warnings: [{ code: 'pool-unmatched', message: '--pool fast matches no pool' }],
  }),
  'nothing-read': anAnalysis({
    complete: false,
    systems: [],
    sources: [aSource({ coverage: failed('nas1.example refused the connection'), count: 0 })],
    totalCapacity: gib(0),
    totalAllocated: gib(0),
    totalUsed: gib(0),
    totalSnapshots: gib(0),
    thinProvisioningEfficiency: null,
    poolOvercommitmentRatio: null,
    growth: nothingYet,
    forecast: nothingYet,
    forecastPool: null,
    pools: [],
    classes: [],
    volumes: [],
    snapshots: aSnapshotsAnalysis({
      count: 0,
      bytes: gib(0),
      mapped: 0,
      beyondRetention: 0,
      growth: nothingYet,
      history: [],
    }),
  }),
} as const satisfies Readonly<Record<string, StorageAnalysis>>;

import { type ClassAnalysis, type PoolAnalysis } from '../model/analysis.ts';
import { type Block } from '../model/document.ts';
import { scaleFor } from './charts.ts';
import { poolName } from './names.ts';
import { sizeText } from './words.ts';

const MOST_BARS = 15;

interface Compared {
  readonly name: string;
  /** Bytes, one for each series. */
  readonly values: readonly number[];
}

/** Sizes of the same things beside each other, the first ones of many. */
function comparison(
  id: string,
  title: string,
  series: readonly string[],
  all: readonly Compared[],
): readonly Block[] {
  const shown = all.slice(0, MOST_BARS);
  const largest = Math.max(0, ...shown.flatMap(({ values }) => values));
  if (largest === 0) return [];
  const scale = scaleFor(largest);
  const left = all.length - shown.length;
  return [
    {
      kind: 'chart',
      chart: {
        kind: 'bars',
        id,
        title: left === 0 ? title : `${title}, the first ${String(shown.length)}`,
        description: shown.map((each) => wordsOf(each, series)).join('; '),
        unit: scale.unit,
        adds: false,
        series,
        bars: shown.map(({ name, values }) => ({ label: name, values: values.map(scale.of) })),
      },
    },
  ];
}

function wordsOf({ name, values }: Compared, series: readonly string[]): string {
  const parts = series.map((each, index) => `${sizeText(values[index] ?? 0)} ${each}`);
  return `${name}: ${parts.join(', ')}`;
}

/** What volumes were promised of each pool, beside what is used of it and what it holds. */
export function poolPromises(pools: readonly PoolAnalysis[]): readonly Block[] {
  const known = pools.flatMap(({ capacity, provisioned, used, snapshots, ...pool }) =>
    capacity === null
      ? []
      : [{ name: poolName(pool), values: [provisioned, used + snapshots, capacity] }],
  );
  return comparison(
    'pools-promised',
    'Promised and used of pools',
    ['promised', 'used with snapshots', 'capacity'],
    known,
  );
}

/** The same of each StorageClass, which has no capacity of its own. */
export function classPromises(classes: readonly ClassAnalysis[]): readonly Block[] {
  const isOneCluster = new Set(classes.map(({ cluster }) => cluster)).size < 2;
  const named = classes.map(({ cluster, storageClass, provisioned, used, snapshots }) => ({
    name: isOneCluster ? storageClass : `${cluster}/${storageClass}`,
    values: [provisioned, used + snapshots],
  }));
  return comparison(
    'classes-promised',
    'Promised and used by StorageClass',
    ['promised', 'used with snapshots'],
    named,
  );
}

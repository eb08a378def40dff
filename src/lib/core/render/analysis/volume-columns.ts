import { type VolumeAnalysis } from '../../model/analysis.ts';
import { type Severity } from '../../model/finding.ts';
import { printable } from '../text/safe.ts';
import { countText, percentText, sizeText } from './amounts.ts';
import {
  compressionColumn,
  growthColumn,
  nameColumn,
  numberColumn,
  patternColumn,
  textColumn,
  trendColumns,
  wideForecastColumns,
  wideGrowthColumns,
} from './columns.ts';
import { type RankedColumn } from './fitted-grid.ts';
import { confidenceText, fullInText } from './forecast-text.ts';
import { PRESSURE_SEVERITIES } from '../../analysis/pressing.ts';
import { type View } from './view.ts';

type Column = RankedColumn<VolumeAnalysis>;

export function volumeColumns(view: View, rows: readonly VolumeAnalysis[]): readonly Column[] {
  const { clusters, takenAt } = view.analysis;
  return [
    nameColumn('VOLUME', 18, volumeName),
    ...(clusters.length > 1 ? [clusterColumn] : []),
    numberColumn('USED', 1, ({ used }) => sizeText(used)),
    numberColumn('OF', 3, ({ provisioned }) => sizeText(provisioned === 0 ? null : provisioned)),
    { ...numberColumn('%', 0, ({ usedRatio }) => percentText(usedRatio)), style: styleOf },
    {
      ...textColumn('PRESSURE', 4, ({ pressure }) => pressure ?? ''),
      style: styleOf,
      below: ({ pressure }) => (pressure === null ? '' : `pressure ${pressure}`),
    },
    numberColumn('SNAPSHOTS', 5, snapshotsText),
    { ...compressionColumn(), below: null },
    growthColumn(),
    ...trendColumns(view, rows),
    { ...patternColumn(), below: null },
    textColumn('QUOTA IN', 0, ({ forecast }) => fullInText(forecast, takenAt)),
    textColumn('CONFIDENCE', 6, ({ forecast }) => confidenceText(forecast)),
    ...wideGrowthColumns<VolumeAnalysis>(),
    ...wideForecastColumns<VolumeAnalysis>(),
    ...WIDE,
  ];
}

const clusterColumn: Column = {
  ...nameColumn('CLUSTER', 8, ({ cluster }) => printable(cluster)),
  rank: 2,
  below: ({ cluster }) => `in ${printable(cluster)}`,
};

const orNone = (text: string | null): string => (text === null ? '' : printable(text));

const WIDE: readonly Column[] = [
  textColumn<VolumeAnalysis>('STORAGECLASS', 9, ({ storageClass }) => orNone(storageClass)),
  textColumn<VolumeAnalysis>('PERSISTENTVOLUME', 9, ({ volume }) => printable(volume)),
  textColumn<VolumeAnalysis>('DATASET', 9, ({ system, dataset }) =>
    printable(`${system}:${dataset}`),
  ),
].map((column) => ({ ...column, wide: true }));

/** A volume by its claim, which is what somebody chose; by itself where it has none. */
export function volumeName({ namespace, claim, volume }: VolumeAnalysis): string {
  return printable(namespace === null || claim === null ? volume : `${namespace}/${claim}`);
}

/** What they weigh, and how many there are. */
export function snapshotsText({ snapshotDetails: { count, bytes } }: VolumeAnalysis): string {
  return count === null || count === 0
    ? sizeText(bytes)
    : `${sizeText(bytes)} (${countText(count)})`;
}

function styleOf({ pressure }: VolumeAnalysis, palette: View['palette']): (text: string) => string {
  const severity: Severity | null = pressure === null ? null : PRESSURE_SEVERITIES[pressure];
  return severity === null ? palette.good : palette.severity[severity];
}

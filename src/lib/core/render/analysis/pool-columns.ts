import { type PoolAnalysis } from '../../model/analysis.ts';
import { type SparkLevels } from '../text/sparkline.ts';
import { printable } from '../text/safe.ts';
import { countText, percentText, sizeText, timesText, UNKNOWN } from './amounts.ts';
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
import { type View } from './view.ts';

type Column = RankedColumn<PoolAnalysis>;

const BAR_WIDTH = 10;

export function poolColumns(view: View): readonly Column[] {
  const { pools, systems, takenAt } = view.analysis;
  const isOdd = pools.some(({ status }) => status !== 'ONLINE');
  return [
    nameColumn('POOL', 16, ({ name }) => printable(name)),
    ...(systems.length > 1 ? [systemColumn] : []),
    ...(isOdd ? [statusColumn] : []),
    { ...numberColumn('USED', 0, ({ usedRatio }) => percentText(usedRatio)), style: styleOf },
    { ...textColumn('', 9, ({ usedRatio }) => barText(usedRatio, view.levels)), style: styleOf },
    { ...numberColumn('USED / CAPACITY', 3, spaceText), below: 'used' },
    { ...numberColumn('SNAPSHOTS', 6, ({ snapshots }) => sizeText(snapshots)), below: 'snapshots' },
    {
      ...numberColumn('OVERCOMMIT', 5, ({ overcommit }) => timesText(overcommit)),
      below: 'overcommit',
    },
    compressionColumn(),
    { ...numberColumn('VOLUMES', 9, ({ volumes }) => countText(volumes)), below: 'volumes' },
    growthColumn(),
    ...trendColumns(view, pools),
    patternColumn(),
    textColumn('FULL IN', 0, ({ forecast }) => fullInText(forecast, takenAt)),
    {
      ...textColumn('CONFIDENCE', 4, ({ forecast }) => confidenceText(forecast)),
      below: 'confidence',
    },
    { ...textColumn('SEVERITY', 3, ({ severity }) => severity ?? 'ok'), style: styleOf },
    ...wideGrowthColumns<PoolAnalysis>(),
    ...wideForecastColumns<PoolAnalysis>(),
  ];
}

const systemColumn: Column = {
  ...nameColumn('SYSTEM', 8, ({ system }) => printable(system)),
  rank: 2,
  below: 'system',
};
const statusColumn: Column = {
  ...textColumn('STATUS', 4, ({ status }) => printable(status)),
  below: 'status',
  style: ({ status }, palette) => (status === 'ONLINE' ? palette.good : palette.warning),
};

function styleOf({ severity }: PoolAnalysis, palette: View['palette']): (text: string) => string {
  return severity === null ? palette.good : palette.severity[severity];
}

function spaceText({ used, snapshots, capacity }: PoolAnalysis): string {
  return `${sizeText(used + snapshots)} / ${sizeText(capacity)}`;
}

/** How full it is, as a bar of the highest level. */
function barText(ratio: number | null, levels: SparkLevels): string {
  if (ratio === null) return UNKNOWN;
  const filled = Math.min(BAR_WIDTH, Math.max(0, Math.round(ratio * BAR_WIDTH)));
  return `${(levels.at(-1) ?? '').repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}`;
}

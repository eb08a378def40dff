import { type PoolAnalysis } from '../../model/analysis.ts';
import { type Forecast } from '../../model/trend.ts';
import { counted } from '../text/format.ts';
import { printable } from '../text/safe.ts';
import { bar } from '../text/sparkline.ts';
import { countText, percentText, sizeText, timesText } from './amounts.ts';
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
/** No severity: an empty cell would pass for one that was forgotten. */
const NONE = '-';

export function poolColumns(view: View): readonly Column[] {
  const { pools, systems, takenAt } = view.analysis;
  const isOdd = pools.some(({ status }) => status !== 'ONLINE');
  return [
    nameColumn('POOL', 16, ({ name }) => printable(name)),
    ...(systems.length > 1 ? [systemColumn] : []),
    ...(isOdd ? [statusColumn] : []),
    { ...numberColumn('USED', 0, ({ usedRatio }) => percentText(usedRatio)), style: styleOf },
    {
      ...textColumn('', 9, ({ usedRatio }) =>
        usedRatio === null ? '' : bar(usedRatio, BAR_WIDTH, view.glyphs),
      ),
      style: styleOf,
    },
    { ...numberColumn('USED / CAPACITY', 3, spaceText), below: spaceText },
    {
      ...numberColumn('SNAPSHOTS', 6, ({ snapshots }) => sizeText(snapshots)),
      below: ({ snapshots }) => `snapshots ${sizeText(snapshots)}`,
    },
    {
      ...numberColumn('OVERCOMMIT', 5, ({ overcommit }) => timesText(overcommit)),
      below: ({ overcommit }) => `overcommit ${timesText(overcommit)}`,
    },
    compressionColumn(),
    {
      ...numberColumn('VOLUMES', 9, ({ volumes }) => countText(volumes)),
      below: ({ volumes }) => (volumes === null ? '' : counted(volumes, 'volume')),
    },
    growthColumn(),
    ...trendColumns(view, pools),
    patternColumn(),
    textColumn('FULL IN', 0, ({ forecast }) => fullInText(forecast, takenAt)),
    {
      ...textColumn('CONFIDENCE', 4, ({ forecast }) => confidenceText(forecast)),
      below: ({ forecast }) => confidenceBelow(forecast),
    },
    {
      ...textColumn('SEVERITY', 1, ({ severity }) => severity ?? NONE),
      style: styleOf,
      below: ({ severity }) => (severity === null ? '' : `severity ${severity}`),
    },
    ...wideGrowthColumns<PoolAnalysis>(),
    ...wideForecastColumns<PoolAnalysis>(),
  ];
}

const systemColumn: Column = {
  ...nameColumn('SYSTEM', 8, ({ system }) => printable(system)),
  rank: 2,
  below: ({ system }) => `on ${printable(system)}`,
};
const statusColumn: Column = {
  ...textColumn('STATUS', 4, ({ status }) => printable(status)),
  below: ({ status }) => (status === 'ONLINE' ? '' : printable(status)),
  style: ({ status }, palette) => (status === 'ONLINE' ? palette.good : palette.warning),
};

function confidenceBelow(forecast: Forecast): string {
  const confidence = confidenceText(forecast);
  return confidence === '' ? '' : `${confidence} confidence`;
}

function styleOf({ severity }: PoolAnalysis, palette: View['palette']): (text: string) => string {
  return severity === null ? palette.good : palette.severity[severity];
}

function spaceText({ used, snapshots, capacity }: PoolAnalysis): string {
  return `${sizeText(used + snapshots)} / ${sizeText(capacity)}`;
}

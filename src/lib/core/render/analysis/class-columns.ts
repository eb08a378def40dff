import { type ClassAnalysis } from '../../model/analysis.ts';
import { printable } from '../text/safe.ts';
import { countText, percentText, sizeText } from './amounts.ts';
import {
  compressionColumn,
  growthColumn,
  nameColumn,
  numberColumn,
  patternColumn,
  trendColumns,
  wideGrowthColumns,
} from './columns.ts';
import { type RankedColumn } from './fitted-grid.ts';
import { type View } from './view.ts';

export function classColumns(view: View): readonly RankedColumn<ClassAnalysis>[] {
  const { classes, clusters } = view.analysis;
  return [
    nameColumn('STORAGECLASS', 14, ({ storageClass }) => printable(storageClass)),
    ...(clusters.length > 1 ? [clusterColumn] : []),
    numberColumn('VOLUMES', 5, ({ volumes }) => countText(volumes)),
    numberColumn('PROVISIONED', 2, ({ provisioned }) => sizeText(provisioned)),
    numberColumn('USED', 0, ({ used }) => sizeText(used)),
    numberColumn('%', 4, ({ used, provisioned }) =>
      percentText(provisioned === 0 ? null : used / provisioned),
    ),
    numberColumn('SNAPSHOTS', 3, ({ snapshots }) => sizeText(snapshots)),
    { ...compressionColumn(), below: null },
    growthColumn(),
    ...trendColumns(view, classes),
    { ...patternColumn(), below: null },
    ...wideGrowthColumns<ClassAnalysis>(),
  ];
}

const clusterColumn: RankedColumn<ClassAnalysis> = {
  ...nameColumn('CLUSTER', 8, ({ cluster }) => printable(cluster)),
  rank: 1,
  below: ({ cluster }) => `in ${printable(cluster)}`,
};

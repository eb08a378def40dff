import { vegaCharts } from '../../src/lib/adapters/charts/vega.ts';
import { type Chart } from '../../src/lib/core/model/chart.ts';
import { type DocumentModel } from '../../src/lib/core/model/document.ts';
import { CHART_WIDTH } from '../../src/lib/core/render/document/chart-width.ts';

export function chartsOf({ sections }: DocumentModel): readonly Chart[] {
  return sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
}

/** Pictures of every chart of a document, by their ids. */
export async function picturesOf(document: DocumentModel): Promise<ReadonlyMap<string, string>> {
  const renderer = vegaCharts();
  const pictures = new Map<string, string>();
  for (const chart of chartsOf(document)) {
    pictures.set(chart.id, await renderer.svg(chart, CHART_WIDTH));
  }
  return pictures;
}

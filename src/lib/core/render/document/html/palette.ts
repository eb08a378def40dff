import { CHART_COLOURS, type ChartColour } from '../chart-colours.ts';
import { PAGE_COLOURS } from '../page-colours.ts';

/** Variables of a scheme, for a page and for the charts in it. */
export function variables(scheme: keyof ChartColour): string {
  return [
    ...Object.entries(PAGE_COLOURS).map(([name, colour]) => `--${name}: ${colour[scheme]};`),
    ...Object.entries(CHART_COLOURS).map(([name, colour]) => `--chart-${name}: ${colour[scheme]};`),
  ].join('\n');
}

/** Charts carry the colours of paper as attributes, which any style overrules. */
export function chartRules(): string {
  return Object.entries(CHART_COLOURS)
    .flatMap(([name, { light }]) =>
      ['fill', 'stroke'].map((of) => `svg [${of}="${light}"] { ${of}: var(--chart-${name}); }`),
    )
    .join('\n');
}

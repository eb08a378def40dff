import { describe, expect, it } from 'vitest';
import { vegaCharts } from '../../../src/lib/adapters/charts/vega.ts';
import { CHART_COLOURS } from '../../../src/lib/core/render/document/chart-colours.ts';
import { CHART_WIDTH } from '../../../src/lib/core/render/document/chart-width.ts';
import {
  aBarChart,
  aLine,
  aTimeChart,
  hostileDocument,
  sampleDocument,
} from '../../support/document-builders.ts';
import { expectGolden } from '../../support/golden.ts';
import { UNSAFE } from '../../support/hostile-text.ts';
import { chartsOf, picturesOf } from '../../support/sample-charts.ts';

const day = (text: string): Date => new Date(`${text}T00:00:00.000Z`);

async function draw(chart: Parameters<ReturnType<typeof vegaCharts>['svg']>[0]): Promise<string> {
  return await vegaCharts().svg(chart, CHART_WIDTH);
}

/** One element a line, so that a change shows where it is. */
function readable(svg: string): string {
  return `${svg.replaceAll('><', '>\n<')}\n`;
}

function texts(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
}

describe('charts', () => {
  it.each(chartsOf(sampleDocument))('draws $id as it should look', async (chart) => {
    expectGolden(readable(await draw(chart)), 'charts', `${chart.id}.svg`);
  });

  it('draws the same chart in the same way after others were drawn', async () => {
    const alone = await draw(aTimeChart());
    await draw(aBarChart());
    await picturesOf(hostileDocument);
    expect(await draw(aTimeChart())).toBe(alone);
  });

  it('uses attributes alone: no style, script, event, reference or id but those of its texts', async () => {
    for (const [, svg] of [
      ...(await picturesOf(sampleDocument)),
      ...(await picturesOf(hostileDocument)),
    ]) {
      expect(svg).not.toMatch(
        / style=| on[a-z]+=|<(?:style|script|image|use|a|foreignObject)\b|href|url\(/,
      );
      const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      const label = /aria-labelledby="([^"]*)"/.exec(svg)?.[1];
      expect(ids).toEqual(label?.split(' '));
      expect(svg.match(UNSAFE)).toBeNull();
    }
  });

  it('uses no colour that a dark screen has no other for', async () => {
    const known: readonly string[] = [
      'none',
      ...Object.values(CHART_COLOURS).map(({ light }) => light),
    ];
    for (const [, svg] of await picturesOf(sampleDocument)) {
      const used = new Set(
        [...svg.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour),
      );
      expect([...used].filter((colour) => !known.includes(colour ?? ''))).toEqual([]);
    }
  });

  it('has a title and a text alternative', async () => {
    const svg = await draw(aBarChart({ title: 'a < b', description: 'c & d' }));
    expect(svg).toMatch(
      /^<svg [^>]* role="img" aria-labelledby="chart-top-volumes-title chart-top-volumes-desc">/,
    );
    expect(svg).toContain('<title id="chart-top-volumes-title">a &lt; b</title>');
    expect(svg).toContain('<desc id="chart-top-volumes-desc">c &amp; d</desc>');
  });

  it('draws what is foreseen dashed and what was seen solid', async () => {
    const solid = await draw(aTimeChart({ lines: [aLine()], band: null, limits: [], events: [] }));
    const dashed = await draw(
      aTimeChart({ lines: [aLine({ role: 'forecast' })], band: null, limits: [], events: [] }),
    );
    expect(solid).not.toContain('stroke-dasharray');
    expect(dashed).toContain('stroke-dasharray="7,4"');
  });

  it('draws no line across days that nobody saw', async () => {
    const points = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-02-01', '2026-02-02'].map(
      (text, value) => ({ day: day(text), value }),
    );
    const svg = await draw(
      aTimeChart({ lines: [aLine({ points })], band: null, limits: [], events: [] }),
    );
    expect(svg.match(/<path d="M[^"]*L[^"]*" stroke="#0072b2"/g)).toHaveLength(2);
  });

  it('shows a day that stands alone as a point', async () => {
    const points = [{ day: day('2026-01-01'), value: 1 }];
    const svg = await draw(
      aTimeChart({ lines: [aLine({ points })], band: null, limits: [], events: [] }),
    );
    expect(svg).toMatch(/mark-symbol/);
  });

  it('leaves out values that are no numbers', async () => {
    const points = [Number.NaN, 1, Number.POSITIVE_INFINITY, 2].map((value, index) => ({
      day: day(`2026-01-0${String(index + 1)}`),
      value,
    }));
    expect(await draw(aTimeChart({ lines: [aLine({ points })] }))).not.toMatch(/NaN|Infinity/);
  });

  it('says so where nothing is known', async () => {
    const svg = await draw(aTimeChart({ lines: [], band: null, limits: [], events: [] }));
    expect(texts(svg)).toContain('nothing is known yet');
    expect(texts(await draw(aBarChart({ bars: [] })))).toContain('nothing to show');
  });

  it('gives events of neighbouring days one number, and none covers another', async () => {
    const events = Array.from({ length: 60 }, (_, index) => ({
      day: new Date(day('2026-09-01').getTime() + index * 86_400_000),
      label: `event ${String(index)}`,
    }));
    const svg = await draw(aTimeChart({ events }));
    const numbers = [...svg.matchAll(/translate\(([0-9.]+),-11\)" d=/g)].map(([, x]) => Number(x));
    expect(numbers.length).toBeGreaterThan(3);
    for (const [index, x] of numbers.slice(1).entries()) {
      expect(x - (numbers[index] ?? 0)).toBeGreaterThanOrEqual(18);
    }
  });

  it('tells dates in UTC, whatever the machine thinks of the time', async () => {
    const here = process.env['TZ'];
    const utc = await draw(aTimeChart());
    try {
      process.env['TZ'] = 'Pacific/Kiritimati';
      expect(await draw(aTimeChart())).toBe(utc);
    } finally {
      if (here === undefined) delete process.env['TZ'];
      else process.env['TZ'] = here;
    }
  });
});

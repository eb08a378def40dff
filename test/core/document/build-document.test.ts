import { describe, expect, it } from 'vitest';
import { buildDocument } from '../../../src/lib/core/document/build-document.ts';
import {
  type Block,
  type DocumentModel,
  SECTION_IDS,
} from '../../../src/lib/core/model/document.ts';
import { type FullReport } from '../../../src/lib/core/model/full-report.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import {
  aClassAnalysis,
  anAnalysis,
  aPoolAnalysis,
  aRecommendation,
  aVolumeAnalysis,
  notEnough,
} from '../../support/analysis-builders.ts';
import { aFullReport, FULL_REPORTS } from '../../support/full-report-builders.ts';
import { aFinding, aReport } from '../../support/report-builders.ts';

function build(
  full: FullReport,
  sections: DocumentModel['sections'][number]['id'][] | null = null,
) {
  return buildDocument(full, { sections, generator: 'truenas-monitor 0.0.0' });
}

function blocksOf(document: DocumentModel): readonly Block[] {
  return document.sections.flatMap(({ blocks }) => blocks);
}

function textOf(document: DocumentModel): string {
  return JSON.stringify(document);
}

const finding = (index: number, severity: 'critical' | 'high' | 'low') =>
  aFinding({ id: index.toString(16).padStart(16, '0'), severity });

describe('a document of a report', () => {
  it.each(Object.values(FULL_REPORTS))('has every section in its order', (full) => {
    expect(build(full).sections.map(({ id }) => id)).toEqual(SECTION_IDS);
  });

  it('has the sections that were asked for, in their own order', () => {
    const document = build(aFullReport(), ['volumes', 'summary']);
    expect(document.sections.map(({ id }) => id)).toEqual(['summary', 'volumes']);
  });

  it.each(Object.values(FULL_REPORTS))('gives nothing an id twice', (full) => {
    const ids = blocksOf(build(full)).flatMap((block) => {
      if (block.kind === 'chart') return block.chart.id;
      return block.kind === 'table' || block.kind === 'card' ? block.id : [];
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(Object.values(FULL_REPORTS))('is the same for the same report', (full) => {
    expect(textOf(build(full))).toBe(textOf(build(structuredClone(full))));
  });

  it('does not depend on how long the scan took', () => {
    const slow = millis(123_456);
    const { report, analysis, validation, health } = aFullReport();
    const slowly = aFullReport({
      report: { ...report, duration: slow },
      analysis: { ...analysis, duration: slow },
      validation: { ...validation, duration: slow },
      health: { ...health, duration: slow },
    });
    expect(textOf(build(slowly))).toBe(textOf(build(aFullReport())));
  });

  it.each(SECTION_IDS)('says first that it is incomplete, where %s is all there is', (section) => {
    const document = build(aFullReport({ report: aReport({ complete: false }) }), [section]);
    expect(document.sections[0]?.blocks[0]).toMatchObject({ kind: 'note', tone: 'bad' });
    expect(document.facts).toContainEqual({ label: 'Coverage', value: 'INCOMPLETE' });
  });

  it.each(['analysis', 'validation', 'health'] as const)(
    'is incomplete where %s alone is',
    (part) => {
      const full = aFullReport();
      const document = build({ ...full, [part]: { ...full[part], complete: false } });
      expect(document.facts).toContainEqual({ label: 'Coverage', value: 'INCOMPLETE' });
    },
  );

  it('never says that nothing needs attention where not everything was seen', () => {
    expect(textOf(build(aFullReport()))).toContain('Nothing in this report needs attention');
    const blind = build(aFullReport({ report: aReport({ complete: false }) }));
    expect(textOf(blind)).not.toContain('needs attention');
  });

  it('tells every severe finding and a hundred of the others, and how many it left out', () => {
    const findings = [
      ...Array.from({ length: 150 }, (_, index) => finding(index, 'critical')),
      ...Array.from({ length: 150 }, (_, index) => finding(150 + index, 'high')),
      ...Array.from({ length: 150 }, (_, index) => finding(300 + index, 'low')),
    ];
    const document = build(aFullReport({ report: aReport({ findings }) }), ['findings']);
    const cards = blocksOf(document).filter(({ kind }) => kind === 'card');
    expect(cards).toHaveLength(400);
    expect(textOf(document)).toContain('50 more findings');
  });

  it('says how much is missing where there is not enough data, and draws no forecast', () => {
    const pool = aPoolAnalysis({ growth: notEnough(), forecast: notEnough(), ahead: [] });
    const document = build(aFullReport({ analysis: anAnalysis({ pools: [pool] }) }), ['capacity']);
    expect(textOf(document)).toContain(
      'not enough data: 3 days with a scan over 2 days; it takes 7 days with a scan over 14 days',
    );
    for (const block of blocksOf(document)) {
      if (block.kind !== 'chart' || block.chart.kind !== 'time') continue;
      expect(block.chart.band).toBeNull();
      expect(block.chart.lines).toHaveLength(1);
    }
  });

  it('draws a pool in one unit, with its capacity and both thresholds as limits', () => {
    const [chart] = blocksOf(build(aFullReport(), ['capacity'])).flatMap((block) =>
      block.kind === 'chart' && block.chart.kind === 'time' ? [block.chart] : [],
    );
    expect(chart?.unit).toBe('GiB');
    expect(chart?.limits).toEqual([
      { label: 'capacity', value: 1000 },
      { label: 'critical (90 %)', value: 900 },
      { label: 'warning (80 %)', value: 800 },
    ]);
  });

  it('compares what was promised with what is used, of pools and of classes', () => {
    const analysis = anAnalysis({ pools: [aPoolAnalysis()], classes: [aClassAnalysis()] });
    const charts = blocksOf(build(aFullReport({ analysis }), ['capacity'])).flatMap((block) =>
      block.kind === 'chart' && block.chart.kind === 'bars' && !block.chart.adds
        ? [[block.chart.id, block.chart.series]]
        : [],
    );
    expect(charts).toEqual([
      ['pools-promised', ['promised', 'used with snapshots', 'capacity']],
      ['classes-promised', ['promised', 'used with snapshots']],
    ]);
  });

  it.each([2, 12])('keeps its contents short with %i pools', (count) => {
    const pools = Array.from({ length: count }, (_, index) =>
      aPoolAnalysis({ name: `pool-${String(index)}` }),
    );
    const document = build(aFullReport({ analysis: anAnalysis({ pools }) }));
    const listed = blocksOf(document).filter((block) => block.kind === 'heading' && block.listed);
    expect(document.sections.length + listed.length).toBeLessThanOrEqual(26);
    expect(textOf(document)).toContain(`pool-${String(count - 1)}`);
  });

  it('tells a recommendation once, each with its numbers and steps', () => {
    const recommendations = Array.from({ length: 8 }, (_, index) =>
      aRecommendation({
        numbers: [{ label: `measure ${String(index)}`, value: 1024, unit: 'bytes' }],
        steps: [`step ${String(index)}`],
      }),
    );
    const text = textOf(
      build(aFullReport({ analysis: anAnalysis({ recommendations }) }), ['reclaimable']),
    );
    for (const index of recommendations.keys()) {
      expect(text.split(`measure ${String(index)}`)).toHaveLength(2);
      expect(text.split(`step ${String(index)}`)).toHaveLength(2);
    }
  });

  it('bounds its tables and says so', () => {
    const volumes = Array.from({ length: 80 }, (_, index) =>
      aVolumeAnalysis({ volume: `pvc-${String(index)}` }),
    );
    const document = build(aFullReport({ analysis: anAnalysis({ volumes }) }), ['volumes']);
    const table = blocksOf(document).find((block) => block.kind === 'table');
    expect(table).toMatchObject({ id: 'volumes', omitted: 30 });
  });
});

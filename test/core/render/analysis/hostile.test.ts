import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type StorageAnalysis } from '../../../../src/lib/core/model/analysis.ts';
import { failed } from '../../../../src/lib/core/model/coverage.ts';
import { renderAnalysis } from '../../../../src/lib/core/render/analysis.ts';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';
import { analysisToWire } from '../../../../src/lib/core/render/wire/analysis.ts';
import {
  aClassAnalysis,
  anAnalysis,
  anAnomaly,
  aPoolAnalysis,
  aRecommendation,
  aSeries,
  aSnapshotsAnalysis,
  aSubject,
  aVolumeAnalysis,
} from '../../../support/analysis-builders.ts';
import { hostileText, parseCsv, UNSAFE } from '../../../support/hostile-text.ts';
import { publishedSchema } from '../../../support/json-schema.ts';
import { aSource } from '../../../support/report-builders.ts';

/** Every text of an analysis that somebody else could have chosen. */
interface Outside {
  readonly name: string;
  readonly home: string;
  readonly message: string;
}

const outside = fc.record({ name: hostileText, home: hostileText, message: hostileText });
/** Numbers are hostile to nobody, and many of them take long. */
const short = { history: aSeries(3, (index) => index), ahead: [] };

const benign: Outside = { name: 'name', home: 'home', message: 'message' };

function analysisOf({ name, home, message }: Outside): StorageAnalysis {
  const volume = aVolumeAnalysis({
    history: short.history,
    ...{ cluster: home, volume: name, system: home, dataset: `${name}/${name}`, pool: name },
    ...{ namespace: home, claim: name, storageClass: message, pressure: 'warning' as const },
  });
  const subject = aSubject('PersistentVolume', name, { cluster: home, system: null });
  return anAnalysis({
    complete: false,
    sources: [aSource({ system: home, coverage: failed(`no ${message}`), count: 0 })],
    clusters: anAnalysis().clusters.map((each) => ({ ...each, name: home, version: message })),
    forecastPool: { system: home, name },
    pools: [
      aPoolAnalysis({
        ...short,
        system: home,
        name,
        status: message || 'odd',
        severity: 'high',
      }),
      aPoolAnalysis({
        ...short,
        system: home,
        name: `${name}2`,
        status: 'odd',
        severity: 'medium',
      }),
    ],
    classes: [aClassAnalysis({ history: short.history, cluster: home, storageClass: name })],
    volumes: [volume, { ...volume, namespace: null, claim: null }],
    snapshots: aSnapshotsAnalysis({
      history: short.history,
      stuck: [
        {
          subject: aSubject('VolumeSnapshot', name, { namespace: home, cluster: home }),
          reason: message,
          since: null,
        },
      ],
    }),
    anomalies: [anAnomaly({ subject }), anAnomaly({ subject: aSubject('Pool', name) })],
    recommendations: [
      aRecommendation({
        subject,
        message: `about ${message}`,
        numbers: [{ label: `of ${name}`, value: 1, unit: 'count' }],
        steps: [`Look at ${message}`],
      }),
    ],
    notes: [`nothing of ${message}`],
  });
}

function render(
  analysis: StorageAnalysis,
  format: string,
  columns = Number.POSITIVE_INFINITY,
): string {
  return renderAnalysis(analysis, format, {
    columns,
    palette: plainPalette,
    top: 10,
    blocks: true,
  });
}

function property(claim: (analysis: StorageAnalysis) => void): void {
  fc.assert(
    fc.property(outside, (of) => {
      claim(analysisOf(of));
    }),
    { numRuns: 100 },
  );
}

describe('hostile text in an analysis', () => {
  it.each(['table', 'wide', 'json', 'yaml', 'csv', 'name', 'jsonpath={..*}', 'markdown'])(
    'leaves nothing in %s that could act on a terminal or hide in it',
    (format) => {
      property((analysis) => {
        const output = render(analysis, format).replaceAll(format === 'csv' ? '\r\n' : '\n', '');
        expect(UNSAFE.exec(output)).toBeNull();
      });
    },
  );

  it.each(['table', 'wide', 'csv', 'name', 'markdown'])('forges no line of %s', (format) => {
    const expected = render(analysisOf(benign), format).split('\n').length;
    property((analysis) => {
      expect(render(analysis, format).split('\n')).toHaveLength(expected);
    });
  });

  it('keeps a table within its columns', () => {
    property((analysis) => {
      for (const line of render(analysis, 'table', 80).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }
    });
  });

  it('comes back from json and yaml as it went in', () => {
    const isValid = publishedSchema('storage-analysis');
    property((analysis) => {
      const wire = analysisToWire(analysis);
      const read: unknown = JSON.parse(render(analysis, 'json'));
      expect(read).toEqual(wire);
      expect(isValid(read), JSON.stringify(isValid.errors)).toBe(true);
      const wellFormed: unknown = JSON.parse(
        JSON.stringify(wire).replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd'),
      );
      expect(parse(render(analysis, 'yaml'))).toEqual(wellFormed);
    });
  });

  it('never lets a spreadsheet calculate', () => {
    property((analysis) => {
      const [header = [], ...rows] = parseCsv(render(analysis, 'csv'));
      expect(rows).toHaveLength(2);
      for (const row of rows) {
        expect(row).toHaveLength(header.length);
        for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
    });
  });

  it('writes no markup of its own into markdown', () => {
    property((analysis) => {
      const ours = /<\/?(?:code|details|summary)>|<!-- -->|\*\*(?:high|INCOMPLETE)\*\*/g;
      expect(render(analysis, 'markdown').replaceAll(ours, '')).not.toMatch(/[<\]\\~*]/);
    });
  });
});

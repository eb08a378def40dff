import { describe, expect, it } from 'vitest';
import { snapshotsBlocks } from '../../../src/lib/core/document/snapshots.ts';
import { type StorageAnalysis } from '../../../src/lib/core/model/analysis.ts';
import { type Block, type Figure } from '../../../src/lib/core/model/document.ts';
import {
  anAnalysis,
  aSeries,
  aSnapshotsAnalysis,
  aSubject,
  aVolumeAnalysis,
  daysAgo,
  gib,
} from '../../support/analysis-builders.ts';
import { aFullReport } from '../../support/full-report-builders.ts';

function blocksOf(over: Partial<StorageAnalysis>): readonly Block[] {
  return snapshotsBlocks(aFullReport({ analysis: anAnalysis(over) }));
}

const ofSnapshots = (over: Parameters<typeof aSnapshotsAnalysis>[0]) =>
  blocksOf({ snapshots: aSnapshotsAnalysis(over) });

function figuresOf(blocks: readonly Block[]): readonly Figure[] {
  return blocks.flatMap((block) => (block.kind === 'figures' ? block.figures : []));
}

function rowsOf(blocks: readonly Block[], id: string): readonly (readonly string[])[] {
  return blocks.flatMap((block) =>
    block.kind === 'table' && block.id === id
      ? block.rows.map((row) => row.map(({ text }) => text))
      : [],
  );
}

describe('the figures of snapshots', () => {
  it('are unknown, and no zeros, where not all were listed', () => {
    const unknown = { count: null, bytes: null, mapped: null, beyondRetention: null };
    expect(figuresOf(ofSnapshots(unknown))).toMatchObject([
      { label: 'Snapshots', value: 'unknown', detail: 'not all were listed' },
      { label: 'Held by them alone', value: 'unknown' },
      { label: 'Beyond retention', value: 'unknown', detail: 'not all snapshots were listed' },
    ]);
  });

  it.each([
    [0, { value: '0', detail: 'older than 30d', tone: 'good' }],
    [2345, { value: '2,345', detail: 'older than 30d', tone: 'warning' }],
  ])('warn of those beyond retention where there are any: %i', (beyondRetention, figure) => {
    expect(figuresOf(ofSnapshots({ beyondRetention })).at(-1)).toMatchObject(figure);
  });

  it('judge nothing by a retention that is not set', () => {
    const figures = figuresOf(ofSnapshots({ retentionSeconds: null, beyondRetention: null }));
    expect(figures.at(-1)).toMatchObject({ value: 'not judged', tone: 'neutral' });
  });
});

describe('snapshots without a date', () => {
  const sentences = (undated: number | null) =>
    ofSnapshots({ undated }).flatMap((block) =>
      block.kind === 'paragraph' && block.text.includes('creation time') ? [block.text] : [],
    );

  it('are counted', () => {
    expect(sentences(1)).toEqual([
      '1 snapshot without a known creation time, of which no age can be told.',
    ]);
  });

  it.each([0, null])('are not spoken of where %s are known to be', (undated) => {
    expect(sentences(undated)).toEqual([]);
  });
});

describe('the space snapshots hold over time', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
  ])('of %i days is drawn in %i charts', (days, charts) => {
    const blocks = ofSnapshots({ history: aSeries(days, (index) => 18 + index) });
    expect(blocks.filter(({ kind }) => kind === 'chart')).toHaveLength(charts);
  });
});

describe('volumes by their snapshots', () => {
  const { snapshotDetails } = aVolumeAnalysis();
  const volume = (claim: string, over: Partial<typeof snapshotDetails>) =>
    aVolumeAnalysis({ claim, snapshotDetails: { ...snapshotDetails, ...over } });

  it('are the heaviest first, without those that have none or of which nobody knows', () => {
    const volumes = [
      volume('none', { count: 0, bytes: gib(0) }),
      volume('unknown', { count: null, bytes: gib(0) }),
      volume('light', { count: 3, bytes: gib(0) }),
      volume('heavy', { count: null, bytes: gib(5) }),
    ];
    const rows = rowsOf(blocksOf({ volumes }), 'snapshots');
    expect(rows.map(([name, count]) => [name, count])).toEqual([
      ['shop/heavy', 'unknown'],
      ['shop/light', '3'],
    ]);
  });

  it('have no growth, no dates and no number beyond retention that nobody knows', () => {
    const unknown = { bytesPerDay: null, oldest: null, newest: null, beyondRetention: null };
    const [row] = rowsOf(blocksOf({ volumes: [volume('data', unknown)] }), 'snapshots');
    expect(row?.slice(4)).toEqual(['not enough data', 'unknown', 'unknown', '–']);
  });
});

describe('snapshots that are neither usable nor gone', () => {
  it('are listed with where they are, since when and why', () => {
    const subject = (name: string) =>
      aSubject('VolumeSnapshot', name, { namespace: 'shop', cluster: 'prod', system: null });
    const stuck = [
      { subject: subject('nightly'), reason: 'not ready', since: daysAgo(2) },
      { subject: subject('weekly'), reason: 'being deleted', since: null },
    ];
    expect(rowsOf(ofSnapshots({ stuck }), 'snapshots-stuck')).toEqual([
      [expect.stringContaining('shop/nightly'), 'prod', '2026-11-20', 'not ready'],
      [expect.stringContaining('shop/weekly'), 'prod', '–', 'being deleted'],
    ]);
  });
});

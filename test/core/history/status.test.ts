import { describe, expect, it } from 'vitest';
import { type HistoryStatus } from '../../../src/lib/core/model/history.ts';
import { renderHistoryStatus } from '../../../src/lib/core/render/history-status.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { expectGolden } from '../../support/golden.ts';
import { publishedSchema } from '../../support/json-schema.ts';

const USABLE: HistoryStatus = {
  path: '/home/me/.local/share/truenas-monitor/history.db',
  state: { kind: 'usable' },
  bytes: 12_345_678,
  firstAt: new Date('2026-08-01T00:00:00Z'),
  lastAt: new Date('2026-11-28T22:00:00Z'),
  scans: 2880,
  pools: 2,
  classes: 1,
  volumes: 1234,
  points: 149_000,
  openFindings: 3,
  closedFindings: 41,
  clusters: [
    { id: 'u1', name: 'prod' },
    { id: 'u2', name: 'stag\u001b[31ming' },
  ],
  systems: [{ id: 'h1', name: 'nas1' }],
  setAside: [],
};

const EMPTY: HistoryStatus = {
  ...USABLE,
  bytes: 0,
  firstAt: null,
  lastAt: null,
  ...{ scans: 0, pools: 0, classes: 0, volumes: 0, points: 0, openFindings: 0, closedFindings: 0 },
  clusters: [],
  systems: [],
};

const STATES: Readonly<Record<string, HistoryStatus>> = {
  usable: USABLE,
  'set-aside': {
    ...USABLE,
    setAside: ['/home/me/.local/share/truenas-monitor/history.db.broken-2026-11-01'],
  },
  emptied: EMPTY,
  absent: { ...EMPTY, state: { kind: 'absent' } },
  'too-new': { ...EMPTY, bytes: 4096, state: { kind: 'too-new', format: 7 } },
  unreadable: { ...EMPTY, state: { kind: 'unreadable', reason: 'permission denied' } },
};

const OPTIONS = { now: new Date('2026-11-29T00:00:00Z'), columns: 80, palette: plainPalette };

describe.each(Object.entries(STATES))('a history that is %s', (name, status) => {
  it.each(['table', 'json', 'yaml'] as const)('is shown as %s', (format) => {
    const text = renderHistoryStatus(status, format, OPTIONS);
    expectGolden(text, 'history', `status-${name}.${format === 'table' ? 'txt' : format}`);
  });

  it('is what the published schema says', () => {
    const validate = publishedSchema('history-status');
    const wire: unknown = JSON.parse(renderHistoryStatus(status, 'json', OPTIONS));
    expect(validate(wire) || validate.errors).toBe(true);
  });
});

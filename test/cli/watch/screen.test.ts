import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { colorPalette } from '../../../src/lib/cli/palette.ts';
import { watchLines } from '../../../src/lib/cli/watch/screen.ts';
import { startWatching, watch, type WatchState } from '../../../src/lib/cli/watch/state.ts';
import { displayWidth } from '../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { NOW } from '../../support/builders.ts';
import { aConnection } from '../../support/surrounding-builders.ts';
import { aHealthSummary, aPoolOutcome } from '../../support/health-builders.ts';

const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
const INTERVAL = millis(30_000);

const ill = aHealthSummary({
  overall: 'FAIL',
  complete: false,
  connections: [
    aConnection({ side: 'kubernetes', name: 'prod' }),
    aConnection({
      failure: { code: 'X', message: 'nas1 cannot be reached', remediation: [] },
    }),
  ],
  results: [
    aPoolOutcome({ component: 'node', status: 'PASS' }),
    aPoolOutcome({ component: 'pool', status: 'PASS' }),
    aPoolOutcome({
      component: 'pool',
      check: 'pool-capacity',
      status: 'WARNING',
      severity: 'medium',
      message: '84 % are used',
    }),
    aPoolOutcome({ component: 'pool', status: 'FAIL', message: 'it is FAULTED' }),
    aPoolOutcome({ component: 'alert', status: 'SKIPPED' }),
  ],
});

function shown(state: WatchState, rows = 24, columns = 80): string[] {
  return watchLines(state, { columns, rows, palette: plainPalette });
}

describe('a watch', () => {
  const state = startWatching(ill, INTERVAL, NOW);

  test('shows both sides, the age, each component by its worst, and what fails, worst first', () => {
    const lines = shown(watch(state, { kind: 'tick', now: after(12) }));
    expect(lines.slice(0, 11)).toEqual([
      'Health FAIL: 1 failed, 1 warning and 2 passed; INCOMPLETE: not everything could…',
      '  cluster prod  Kubernetes v1.35.2, answers in 12 ms, 95 of 100 in 40 ms',
      '  system  nas1  TrueNAS, not reached: nas1 cannot be reached',
      '  read 12s ago, next in 18s',
      '',
      '✓ node  ✗ pool  – alert',
      '',
      '✗ critical  pool-state  pool/tank',
      '    it is FAULTED',
      '! medium  pool-capacity  pool/tank',
      '    84 % are used',
    ]);
    expect(lines.at(-1)).toBe('r reads now, q quits');
  });

  test('says that it is reading, and why there is nothing later than what it shows', () => {
    const due = watch(state, { kind: 'tick', now: after(30) });
    expect(shown(due)[3]).toBe('  read 30s ago, reading …');
    const message = 'the network is gone\nand more';
    const failed = watch(due, { kind: 'failed', message, now: after(35) });
    const later = shown(watch(failed, { kind: 'tick', now: after(40) }));
    expect(later.slice(3, 5)).toEqual([
      '  read 40s ago, next in 25s',
      '  nothing later: the reading 5s ago failed: the network is gone',
    ]);
    expect(later).toContain('    it is FAULTED');
  });

  test.each([
    [80, 24],
    [40, 12],
    [20, 8],
    [10, 3],
    [1, 1],
  ])('fits into %i by %i', (columns, rows) => {
    const noisy = aHealthSummary({
      ...ill,
      results: Array.from({ length: 40 }, () => ill.results).flat(),
    });
    const long = 'x'.repeat(300);
    const failing = watch(startWatching(noisy, INTERVAL, NOW), {
      kind: 'failed',
      message: long,
      now: after(3),
    });
    const lines = watchLines(failing, { columns, rows, palette: colorPalette() });
    expect(lines.length).toBe(Math.max(1, rows - 1));
    for (const line of lines) {
      expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
    }
  });

  test('says how much there is no room for', () => {
    const lines = shown(state, 10);
    expect(lines.at(-2)).toBe('4 more lines: run health without --watch');
  });

  test('spells out what a name could do to the terminal', () => {
    const summary = aHealthSummary({
      results: [aPoolOutcome({ status: 'FAIL', message: 'a\u001b[2Jb' })],
    });
    expect(shown(startWatching(summary, INTERVAL, NOW)).join('\n')).toContain('a\\x1b[2Jb');
  });
});

describe('what a watch does next', () => {
  const state = startWatching(ill, INTERVAL, NOW);

  test('is to read when it is time, or when it is asked to, and once at a time', () => {
    expect(watch(state, { kind: 'tick', now: after(29) }).reading).toBe(false);
    const reading = watch(state, { kind: 'tick', now: after(30) });
    expect(reading.reading).toBe(true);
    expect(watch(reading, { kind: 'tick', now: after(90) }).reading).toBe(true);
    expect(watch(state, { kind: 'key', key: 'refresh' }).reading).toBe(true);
  });

  test('is to wait again, from the end of a reading on, however it ended', () => {
    const reading = watch(state, { kind: 'key', key: 'refresh' });
    const read = watch(reading, { kind: 'read', summary: aHealthSummary(), now: after(5) });
    expect(read).toMatchObject({ reading: false, readAt: after(5), nextAt: after(35) });
    const failed = watch(reading, { kind: 'failed', message: 'x', now: after(5) });
    expect(failed).toMatchObject({ reading: false, readAt: NOW, nextAt: after(35) });
    expect(watch(failed, { kind: 'read', summary: ill, now: after(6) }).failure).toBe(null);
  });

  test('is to end when somebody has seen enough', () => {
    expect(watch(state, { kind: 'key', key: 'quit' }).end).toBe('quit');
    const ended = watch(state, { kind: 'key', key: 'interrupt' });
    expect(ended.end).toBe('interrupted');
    expect(watch(ended, { kind: 'read', summary: ill, now: after(1) }).end).toBe('interrupted');
  });
});

import { describe, expect, it } from 'vitest';
import { screenLines, type ScreenOptions } from '../../../src/lib/cli/picker/screen.ts';
import {
  matching,
  pick,
  type PickerEvent,
  type PickerKey,
  type PickerState,
  selectedFinding,
  startPicking,
} from '../../../src/lib/cli/picker/state.ts';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { displayWidth } from '../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aReportFinding } from '../../core/report/finding-builder.ts';

const findings: readonly Finding[] = Array.from({ length: 30 }, (_, at) => {
  const id = at.toString(16).padStart(16, '0');
  return aReportFinding({ id, rule: at % 2 === 0 ? 'dataset-unclaimed' : 'quota-odd' });
});

const ROOM = 10;
const start = startPicking(findings, ROOM);

function after(
  state: PickerState,
  ...events: readonly (PickerKey | { readonly typed: string })[]
): PickerState {
  const toEvent = (each: PickerKey | { readonly typed: string }): PickerEvent =>
    typeof each === 'string' ? { kind: 'key', key: each } : { kind: 'text', text: each.typed };
  return events.map(toEvent).reduce(pick, state);
}

const typed = (text: string): { readonly typed: string } => ({ typed: text });

function explainedBy(state: PickerState, count: number): PickerState {
  const lines = Array.from({ length: count }, (_, at) => `line ${String(at)}`);
  return pick(state, { kind: 'explained', id: state.page?.finding.id ?? '', lines });
}

describe('the list', () => {
  it('begins at the worst, and moves within its ends', () => {
    expect(selectedFinding(start)).toBe(findings[0]);
    expect(after(start, 'up').selected).toBe(0);
    expect(after(start, 'down', 'down', 'up').selected).toBe(1);
    expect(after(start, 'page-down').selected).toBe(ROOM - 1);
    expect(after(start, 'end').selected).toBe(29);
    expect(after(start, 'end', 'down').selected).toBe(29);
    expect(after(start, 'end', 'page-up', 'home').selected).toBe(0);
  });

  it('is filtered by what is typed, every word of it, from the top', () => {
    const filtered = after(start, 'end', typed('odd'), typed(' '), typed('DATASET'));
    expect(filtered).toMatchObject({ filter: 'odd DATASET', selected: 0 });
    expect(matching(filtered).every(({ rule }) => rule === 'quota-odd')).toBe(true);
    expect(after(filtered, typed('zzz'), 'down').selected).toBe(0);
    expect(selectedFinding(after(filtered, typed('zzz')))).toBeUndefined();
    expect(after(filtered, typed('zzz'), 'enter').page).toBeNull();
    expect(after(filtered, 'backspace').filter).toBe('odd DATASE');
    expect(after(filtered, 'escape')).toMatchObject({ filter: '', filtering: false });
  });

  it('ends with q, but for one that is typed into the filter', () => {
    expect(after(start, typed('q')).end).toBe('quit');
    expect(after(start, typed('/'), typed('q'))).toMatchObject({ end: null, filter: 'q' });
    expect(after(start, typed('/quo'))).toMatchObject({ end: null, filter: 'quo' });
    expect(after(start, typed('d'), typed('q'))).toMatchObject({ end: null, filter: 'dq' });
    expect(after(start, 'interrupt').end).toBe('interrupted');
    expect(after(start, 'enter', 'close').end).toBe('quit');
  });
});

describe('a page', () => {
  const opened = after(start, 'down', 'enter');

  it('is of the selected finding, and waits for its lines', () => {
    expect(opened.page).toEqual({ finding: findings[1], lines: null, top: 0 });
    expect(explainedBy(opened, 3).page?.lines).toHaveLength(3);
  });

  it('scrolls within its ends', () => {
    const page = explainedBy(opened, 25);
    expect(after(page, 'down', 'down').page?.top).toBe(2);
    expect(after(page, 'end').page?.top).toBe(15);
    expect(after(page, 'page-down', 'page-down', 'page-down').page?.top).toBe(15);
    expect(after(page, 'end', 'home').page?.top).toBe(0);
    expect(after(explainedBy(opened, 3), 'down').page?.top).toBe(0);
    expect(after(opened, 'down').page?.top).toBe(0);
  });

  it('goes back to the same place of the list', () => {
    expect(after(opened, 'escape')).toMatchObject({ page: null, selected: 1 });
    expect(after(opened, 'backspace').page).toBeNull();
    expect(after(opened, 'enter').page).toEqual(opened.page);
    expect(after(opened, typed('x')).page).toEqual(opened.page);
    expect(after(opened, typed('q')).end).toBe('quit');
  });

  it('does not take the lines of a finding that was left', () => {
    const back = after(opened, 'escape');
    expect(pick(back, { kind: 'explained', id: findings[1]?.id ?? '', lines: ['late'] })).toBe(
      back,
    );
    const other = after(back, 'down', 'enter');
    expect(pick(other, { kind: 'explained', id: findings[1]?.id ?? '', lines: ['late'] })).toBe(
      other,
    );
  });

  it('is broken anew for another width', () => {
    const page = explainedBy(opened, 25);
    const resized = pick(after(page, 'end'), { kind: 'resized', room: 5 });
    expect(resized).toMatchObject({ room: 5, page: { lines: null, top: 0 } });
    expect(pick(start, { kind: 'resized', room: 5 })).toMatchObject({ room: 5, page: null });
  });
});

describe('the screen', () => {
  const options = (over: Partial<ScreenOptions> = {}): ScreenOptions => ({
    columns: 80,
    palette: plainPalette,
    complete: true,
    plural: false,
    ...over,
  });
  const states: Readonly<Record<string, PickerState>> = {
    list: start,
    filtered: after(start, typed('odd')),
    nothing: after(start, typed('zzz')),
    end: after(start, 'end'),
    waiting: after(start, 'enter'),
    page: explainedBy(after(start, 'enter'), 25),
    short: explainedBy(after(start, 'enter'), 2),
  };

  it.each(Object.keys(states))(
    'is as high as the room and its frame, and never too wide: %s',
    (name) => {
      for (const columns of [40, 80, 200]) {
        const lines = screenLines(states[name] ?? start, options({ columns, plural: true }));
        expect(lines).toHaveLength(ROOM + 4);
        expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
        expect(lines.join('')).not.toContain('\n');
      }
    },
  );

  it('always shows what is selected', () => {
    for (const keys of [[], ['end'], ['page-down'], ['page-down', 'page-down']] as const) {
      const lines = screenLines(after(start, ...keys), options());
      expect(lines.filter((line) => line.startsWith('> '))).toHaveLength(1);
    }
  });

  it('says how many there are, how many match, and when some may be hidden', () => {
    expect(screenLines(start, options())[0]).toBe('30 findings, worst first');
    expect(screenLines(states['filtered'] ?? start, options())[0]).toMatch(/^15 of 30 findings/);
    expect(screenLines(start, options({ complete: false }))[0]).toContain('INCOMPLETE');
    expect(screenLines(states['nothing'] ?? start, options()).join('\n')).toContain(
      'Nothing matches.',
    );
    expect(screenLines(states['page'] ?? start, options()).join('\n')).toContain(
      '15 more lines below',
    );
    expect(screenLines(states['waiting'] ?? start, options()).join('\n')).toContain('Looking');
  });

  it('says which keys there are in as many words as fit', () => {
    for (const [columns, keys] of [
      [100, '/ to begin with q'],
      [80, 'Esc clears, q quits'],
      [40, 'letters filter, q quits'],
    ] as const) {
      const last = screenLines(start, options({ columns })).at(-1);
      expect(last).toContain(keys);
      expect(last).not.toContain('…');
    }
  });

  it('keeps its columns below each other, whatever a rule is called', () => {
    const long = aReportFinding({ rule: 'snapshot-content-backend-missing' });
    const lines = screenLines(startPicking([long, ...findings], ROOM), options());
    const places = lines.slice(2, 5).map((line) => line.indexOf('dataset/'));
    expect(new Set(places).size).toBe(1);
    expect(places[0]).toBeGreaterThan(0);
  });

  it('shows nothing that acts on a terminal', () => {
    const hostile = aReportFinding({ reason: 'a\u001b[2Jb', rule: 'dataset-unclaimed' });
    const lines = screenLines(startPicking([hostile], ROOM), options());
    expect(lines.join('\n')).not.toContain('\u001b');
  });
});

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { walkLines } from '../../../src/lib/cli/cleanup/walk-screen.ts';
import {
  startWalking,
  walk,
  type WalkEvent,
  type WalkState,
} from '../../../src/lib/cli/cleanup/walk-state.ts';
import { colorPalette } from '../../../src/lib/cli/palette.ts';
import { displayWidth } from '../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { anItem, aPlan, aStepView, aSubject } from '../../support/cleanup-view-builders.ts';
import { expectGolden } from '../../support/golden.ts';
import { attacks, UNSAFE } from '../../support/hostile-text.ts';

const { items, steps } = aPlan();
const [aside = anItem(), doomed = anItem()] = items;
const stepsOf = (item: typeof aside) => steps.filter((step) => step.item === item.id);
const ask = (item: typeof aside): WalkEvent => ({ kind: 'ask', item, steps: stepsOf(item) });
const key = (pressed: 'accept' | 'enter' | 'interrupt' | 'quit'): WalkEvent => ({
  kind: 'key',
  key: pressed,
  page: 10,
});
const armed: WalkEvent = { kind: 'armed' };
const after = (...events: readonly WalkEvent[]): WalkState =>
  events.reduce(walk, startWalking(items.length));

const done = stepsOf(aside).map((step, at): WalkEvent => {
  const known = at === 0 ? { state: 'done' as const, detail: 'seen afterwards as planned' } : {};
  return { kind: 'step', view: aStepView(step, { pending: at === 1, ...known }) };
});
const note: WalkEvent = { kind: 'note', line: 'proving dataset-unclaimed again' };

const states: Readonly<Record<string, WalkState>> = {
  start: after(),
  early: after(ask(aside)),
  item: after(ask(aside), armed),
  destroy: after(ask(doomed), armed),
  name: after(ask(doomed), armed, key('accept'), { kind: 'text', text: 'tank/k8s' }),
  wrong: after(ask(doomed), armed, key('accept'), { kind: 'text', text: 'y' }, key('enter')),
  working: after(ask(aside), armed, key('accept'), note, ...done),
  stopping: after(ask(aside), armed, key('accept'), ...done, key('interrupt')),
};

describe.each(Object.entries(states))('%s', (name, state) => {
  test('is shown on 80 by 24', () => {
    const lines = walkLines(state, { columns: 80, rows: 24, palette: plainPalette, plural: false });
    expectGolden(`${lines.join('\n')}\n`, 'cleanup', `walk-${name}-80.txt`);
  });

  test.each([
    [200, 60],
    [80, 24],
    [40, 12],
    [20, 8],
    [10, 3],
    [1, 1],
  ])('fits into %i by %i', (columns, rows) => {
    const lines = walkLines(state, { columns, rows, palette: colorPalette(), plural: true });
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    if (columns < 20) return;
    for (const line of lines) {
      expect(displayWidth(stripVTControlCharacters(line)), line).toBeLessThanOrEqual(columns);
    }
  });
});

test.each(attacks)('spells out what a name could do to the terminal (%j)', (attack) => {
  const item = anItem({ intent: 'destroy', subject: aSubject({ name: attack }), reason: attack });
  const asked = walk(startWalking(1), { kind: 'ask', item, steps: stepsOf(aside) });
  const options = { columns: 80, rows: 40, palette: plainPalette, plural: true };
  const typing = [armed, key('accept'), { kind: 'text', text: attack } as const, key('enter')];
  for (const state of [asked, typing.slice(0, 3).reduce(walk, asked), typing.reduce(walk, asked)]) {
    const lines = walkLines(walk(state, { kind: 'note', line: attack }), options);
    for (const line of lines) expect(UNSAFE.exec(line)).toBeNull();
  }
});

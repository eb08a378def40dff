import { describe, expect, test } from 'vitest';
import {
  nameToType,
  startWalking,
  walk,
  type WalkEvent,
  type WalkKey,
  type WalkState,
} from '../../../src/lib/cli/cleanup/walk-state.ts';
import { anItem, aPlan, aStep, aStepView } from '../../support/cleanup-view-builders.ts';

const { items, steps } = aPlan();
const [aside = anItem(), doomed = anItem()] = items;
const stepsOf = (item: typeof aside) => steps.filter((step) => step.item === item.id);

const press = (key: WalkKey): WalkEvent => ({ kind: 'key', key, page: 10 });
const typed = (text: string): WalkEvent => ({ kind: 'text', text });
const ask = (item: typeof aside): WalkEvent => ({ kind: 'ask', item, steps: stepsOf(item) });
const after = (events: readonly WalkEvent[], from = startWalking(2)): WalkState =>
  events.reduce(walk, from);

const shown = (item: typeof aside): WalkState => after([ask(item), { kind: 'armed' }]);

describe('an item that is shown', () => {
  test.each([
    ['accept', 'accept', null],
    ['enter', 'accept', null],
    ['skip', 'skip', null],
    ['quit', 'stop', 'quit'],
    ['interrupt', 'stop', 'interrupt'],
  ] as const)('is answered by %s with %s', (key, answer, end) => {
    expect(after([press(key)], shown(aside))).toMatchObject({ question: null, answer, end });
  });

  test.each(['escape', 'backspace', 'other'] as const)('is not answered by %s', (key) => {
    expect(after([press(key)], shown(aside))).toEqual(shown(aside));
  });

  test('takes no key that was typed before it was there for a moment', () => {
    const early = after([ask(aside), press('accept'), press('enter'), press('quit')]);
    expect(early).toMatchObject({
      answer: null,
      end: null,
      question: { armed: false, dropped: 3 },
    });
    expect(after([typed('y')], early).question?.typed ?? null).toBeNull();
  });

  test('can be stopped at any moment', () => {
    expect(after([ask(aside), press('interrupt')])).toMatchObject({
      answer: 'stop',
      end: 'interrupt',
    });
  });

  test('is unarmed again for the next one', () => {
    const next = after([press('accept'), ask(doomed)], shown(aside));
    expect(next.question).toMatchObject({ armed: false, at: 2, typed: null });
  });

  test('scrolls, and never above its first line', () => {
    expect(after([press('page-down'), press('down')], shown(aside)).question?.top).toBe(11);
    expect(after([press('down'), press('page-up')], shown(aside)).question?.top).toBe(0);
  });
});

describe('an item that destroys', () => {
  const name = doomed.subject.name;

  test.each(['accept', 'enter'] as const)('is not carried out by %s alone', (key) => {
    expect(after([press(key)], shown(doomed))).toMatchObject({
      answer: null,
      question: { typed: '' },
    });
  });

  test('is carried out for its exact name', () => {
    const done = after([press('accept'), typed(name), press('enter')], shown(doomed));
    expect(done).toMatchObject({ answer: 'accept', question: null });
  });

  test.each([
    ['nothing', ''],
    ['its last part', name.split('/').at(-1) ?? ''],
    ['its name with a space behind', `${name} `],
    ['its name in capitals', name.toUpperCase()],
    ['y', 'y'],
  ])('is not carried out for %s', (_what, text) => {
    const wrong = after([press('accept'), typed(text), press('enter')], shown(doomed));
    expect(wrong).toMatchObject({ answer: null, question: { typed: '', wrong: true } });
  });

  test('can be typed in parts, corrected, and left', () => {
    const parts = [typed(name.slice(0, 5)), typed(`${name.slice(5)}x`), press('backspace')];
    const right = after([press('accept'), ...parts], shown(doomed));
    expect(right.question?.typed).toBe(name);
    expect(after([press('escape')], right)).toEqual(shown(doomed));
  });

  test('is what deletes a snapshot, whatever its intent', () => {
    const change = { type: 'delete-snapshot', snapshot: 'tank/a@b' } as const;
    const item = anItem({ intent: 'delete' });
    expect(nameToType({ item, steps: [aStep({ change })] })).toBe(item.subject.name);
    expect(nameToType({ item, steps: [aStep()] })).toBeNull();
  });
});

describe('what is under way', () => {
  const working = after([press('accept')], shown(aside));
  const [step = aStep()] = stepsOf(aside);

  test('is not answered by keys, which do not wait for the next item either', () => {
    const later = after([press('accept'), press('enter'), typed('y'), ask(doomed)], working);
    expect(later).toMatchObject({
      answer: null,
      question: { armed: false, dropped: 0, typed: null },
    });
  });

  test('shows each step once, as it was told last', () => {
    const pending = aStepView(step, { pending: true });
    const done = aStepView(step, { state: 'done', detail: 'seen' });
    const told = after(
      [
        { kind: 'step', view: pending },
        { kind: 'step', view: done },
      ],
      working,
    );
    expect(told.views).toEqual([done]);
  });

  test('goes on to its end, and no further item is asked about, after q', () => {
    const ended = after([press('quit')], working);
    expect(ended).toMatchObject({ end: 'quit', answer: 'accept' });
    expect(after([ask(doomed)], ended)).toMatchObject({ question: null, answer: 'stop' });
  });
});

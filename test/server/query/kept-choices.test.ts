import { describe, expect, it } from 'vitest';
import { KeptChoices } from '../../../src/lib/server/query/kept-choices.ts';

interface Chosen {
  readonly number: number;
}

/** Chooses another each time it has to. */
function counted(): (scan: object, question: string) => number {
  const kept = new KeptChoices<Chosen>();
  let number = 0;
  return (scan, question) =>
    kept.get(scan, question, () => {
      number += 1;
      return { number };
    }).number;
}

describe('what is kept of a scan', () => {
  it('is chosen once for whoever asks the same', () => {
    const choose = counted();
    const scan = {};
    expect([choose(scan, 'a'), choose(scan, 'b'), choose(scan, 'a')]).toEqual([1, 2, 1]);
  });

  it('is of no use for another scan', () => {
    const choose = counted();
    expect([choose({}, 'a'), choose({}, 'a')]).toEqual([1, 2]);
  });

  it('is a few questions, of which the one that nobody asked for longest goes first', () => {
    const choose = counted();
    const scan = {};
    choose(scan, 'asked by everybody');
    choose(scan, 'asked once');
    for (let other = 0; other < 100; other += 1) {
      choose(scan, `other ${String(other)}`);
      expect(choose(scan, 'asked by everybody')).toBe(1);
    }
    expect(choose(scan, 'asked once')).toBe(103);
  });

  it('is nothing where nothing could be chosen', () => {
    const kept = new KeptChoices<Chosen>();
    const scan = {};
    const refuse = (): never => {
      throw new RangeError('no rule is left');
    };
    expect(() => kept.get(scan, 'a', refuse)).toThrow(RangeError);
    expect(kept.get(scan, 'a', () => ({ number: 7 })).number).toBe(7);
  });
});

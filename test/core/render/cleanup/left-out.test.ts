import { describe, expect, test } from 'vitest';
import { type LeftOut } from '../../../../src/lib/core/cleanup/plan-schema.ts';
import { leftOutLines } from '../../../../src/lib/core/render/cleanup/left-out.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';

function leftOut(name: string, reason: string, id = '0123456789abcdef'): LeftOut {
  const subject = {
    type: 'Dataset',
    name,
    namespace: null,
    cluster: null,
    system: 'nas1',
  } as const;
  return { id, rule: 'dataset-unclaimed', subject, reason };
}

const lines = (all: readonly LeftOut[], wide = false) =>
  leftOutLines(all, [], { columns: 200, palette: plainPalette, wide }).map((line) => line.trim());

const HAND = 'it is for people to do';

describe('what is left out of a plan', () => {
  test('is one group where it is for people, whatever each of them has to do', () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => leftOut(name, `${HAND}: Look at ${name}.`));
    expect(lines(all)).toEqual([
      'LEFT OUT: 4 findings',
      `${HAND} (4)`,
      'dataset/a, dataset/b, dataset/c and 1 more',
    ]);
  });

  test('is told one by one where everything is asked for', () => {
    const all = ['a', 'b'].map((name) => leftOut(name, `${HAND}: Look at ${name}.`));
    expect(lines(all, true)).toEqual([
      'LEFT OUT: 2 findings',
      `${HAND}: Look at a.`,
      'dataset/a (dataset-unclaimed, id 0123456789abcdef)',
      `${HAND}: Look at b.`,
      'dataset/b (dataset-unclaimed, id 0123456789abcdef)',
    ]);
  });

  test('says what asks for it where it has to be asked for', () => {
    const asked = 'it may be missed, so that it has to be asked for';
    expect(
      lines([leftOut('a', `${asked}: --finding fedcba9876543210`, 'fedcba9876543210')]),
    ).toEqual(['LEFT OUT: 1 finding', asked, 'dataset/a (--finding fedcba9876543210)']);
  });

  test('names each snapshot that somebody named in vain', () => {
    const missing = [{ snapshot: 'tank/a@b', reason: 'no such snapshot was seen on TrueNAS' }];
    const options = { columns: 200, palette: plainPalette, wide: false };
    expect(leftOutLines([], missing, options).map((line) => line.trim())).toEqual([
      'LEFT OUT: 1 named snapshot',
      'no such snapshot was seen on TrueNAS',
      '--include-snapshots tank/a@b',
    ]);
    const [heading] = leftOutLines([leftOut('a', HAND)], missing, options);
    expect(heading).toBe('LEFT OUT: 1 finding and 1 named snapshot');
  });

  test('names an object once that is left out for two findings', () => {
    expect(lines([leftOut('a', `${HAND}: x`), leftOut('a', `${HAND}: y`)])).toEqual([
      'LEFT OUT: 2 findings',
      `${HAND} (2)`,
      'dataset/a',
    ]);
  });
});

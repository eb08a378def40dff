import { expect, test } from 'vitest';
import { siblingsIn } from '../../../src/lib/core/correlate/siblings.ts';
import { aFolder } from '../../support/builders.ts';

test('datasets that follow each other below one path of one system are siblings', () => {
  const list = [
    aFolder('tank'),
    aFolder('tank/a'),
    aFolder('tank/a/1'),
    aFolder('tank/a/2'),
    aFolder('tank/b'),
    aFolder('tank/b', { system: 'nas2' }),
  ];
  const parts = siblingsIn(list).map(({ system, above, datasets }) => [
    system,
    above,
    datasets.map(({ id }) => id),
  ]);
  expect(parts).toEqual([
    ['nas1', '', ['tank']],
    ['nas1', 'tank', ['tank/a']],
    ['nas1', 'tank/a', ['tank/a/1', 'tank/a/2']],
    ['nas1', 'tank', ['tank/b']],
    ['nas2', 'tank', ['tank/b']],
  ]);
});

test('an empty list has none', () => {
  expect(siblingsIn([])).toEqual([]);
});

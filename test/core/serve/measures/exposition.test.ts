import { describe, expect, it } from 'vitest';
import { exposition } from '../../../../src/lib/core/serve/measures/exposition.ts';
import { family, measured, single } from '../../../../src/lib/core/serve/measures/family.ts';
import { readExposition } from '../../../support/exposition.ts';

const sizes = family('sizes_bytes', 'Sizes.', ['name', 'kind']);

describe('the text form', () => {
  it('explains a family before its numbers', () => {
    expect(exposition([measured(sizes, [{ labels: ['a', 'b'], value: 1.5 }])])).toBe(
      '# HELP truenas_monitor_sizes_bytes Sizes.\n' +
        '# TYPE truenas_monitor_sizes_bytes gauge\n' +
        'truenas_monitor_sizes_bytes{name="a",kind="b"} 1.5\n',
    );
  });

  it('is silent of a family without numbers', () => {
    expect(exposition([measured(sizes, []), single(sizes, null)])).toBe('');
  });

  it('leaves out a label without a value', () => {
    expect(exposition([measured(sizes, [{ labels: [null, 'b'], value: 1 }])])).toContain(
      'sizes_bytes{kind="b"} 1\n',
    );
    expect(exposition([measured(sizes, [{ labels: [null, null], value: 1 }])])).toContain(
      'sizes_bytes 1\n',
    );
  });

  it.each([
    ['a "quoted" one', 'a \\"quoted\\" one'],
    ['back\\slash', 'back\\\\slash'],
    ['two\nlines 1\ntruenas_monitor_forged 1', 'two\\nlines 1\\ntruenas_monitor_forged 1'],
    ['}{,=', '}{,='],
    ['größe ✓', 'größe ✓'],
  ])('lets no value out of its quotes: %j', (value, written) => {
    const text = exposition([measured(sizes, [{ labels: [value, 'b'], value: 1 }])]);
    expect(text).toContain(`{name="${written}",kind="b"} 1\n`);
    expect([...readExposition(text).keys()]).toEqual(['truenas_monitor_sizes_bytes']);
  });

  it('keeps what an explanation says on one line', () => {
    expect(exposition([single(family('x', 'one\ntwo \\ three'), 1)])).toContain(
      '# HELP truenas_monitor_x one\\ntwo \\\\ three\n',
    );
  });

  it.each([
    [0, '0'],
    [-1.25, '-1.25'],
    [1e21, '1e+21'],
    [2 ** 53, '9007199254740992'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('writes %d as Prometheus reads it', (value, written) => {
    expect(exposition([single(sizes, value)])).toContain(`sizes_bytes ${written}\n`);
  });

  it('has no series twice: Prometheus would refuse all of them', () => {
    const sample = { labels: ['a', 'b'], value: 1 };
    const text = exposition([measured(sizes, [sample, { ...sample, value: 2 }])]);
    expect([...(readExposition(text).get('truenas_monitor_sizes_bytes')?.samples ?? [])]).toEqual([
      ['truenas_monitor_sizes_bytes{name="a",kind="b"}', 1],
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readerOf } from '../../../src/lib/core/analysis/naming-schema.ts';

function read(schema: string, name: string): string | undefined {
  return readerOf(schema)?.(name)?.toISOString();
}

describe('the name of a periodic snapshot', () => {
  it('tells when it was taken, by the schema of its task', () => {
    expect(read('auto-%Y-%m-%d_%H-%M', 'auto-2026-10-31_23-45')).toBe('2026-10-31T23:45:00.000Z');
    expect(read('%y%m%d.%H%M%S', '261031.234501')).toBe('2026-10-31T23:45:01.000Z');
    expect(read('snap-%s', 'snap-1767225600')).toBe('2026-01-01T00:00:00.000Z');
    expect(read('%Y-%m-%dT%H:%M%z', '2026-10-31T23:45+0130')).toBe('2026-10-31T22:15:00.000Z');
    expect(read('100%%-%Y%m%d', '100%-20261031')).toBe('2026-10-31T00:00:00.000Z');
  });

  it('tells nothing where it was not made so, or names a day that never was', () => {
    const schema = 'auto-%Y-%m-%d_%H-%M';
    for (const name of [
      'auto-2026-10-31_23-45x',
      'xauto-2026-10-31_23-45',
      'auto-2026-02-31_23-45',
      'auto-2026-10-31_25-45',
      'manual',
    ]) {
      expect(read(schema, name)).toBeUndefined();
    }
    // A dot stands for itself.
    expect(read('a.%Y%m%d', 'ax20261031')).toBeUndefined();
  });

  it('cannot be read where the schema holds no whole date, or what nobody can read back', () => {
    for (const schema of ['auto-%H-%M', 'auto-%Y-%m', '%Y-%m-%d-%A', '%Y%Y%m%d', 'plain', '']) {
      expect(readerOf(schema)).toBeUndefined();
    }
  });

  it('is read back as it was made', () => {
    const minutes = fc.integer({ min: 0, max: 2 ** 26 }).map((minute) => new Date(minute * 60_000));
    fc.assert(
      fc.property(minutes, fc.string({ maxLength: 6 }), (date, prefix) => {
        const text = date.toISOString();
        const name = `${prefix}${text.slice(0, 10)}_${text.slice(11, 13)}-${text.slice(14, 16)}`;
        const schema = `${prefix.replaceAll('%', '%%')}%Y-%m-%d_%H-%M`;
        expect(read(schema, name)).toBe(text);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { byLibrary, toYaml } from '../../../src/lib/core/render/yaml.ts';
import { escapeInJson } from '../../../src/lib/core/render/text/safe.ts';

/** Pieces that mean something in YAML, or nearly. */
const PIECES = [
  ...': - # , @ + = ( ) [ ] { } & * ! | > % ? " \' / . ~ _ < \\ ` $'.split(' '),
  ...['a', 'Z', '0', '9', ' ', '  ', '\n', '\t', '\u0085', '\u202e', '\ud800', 'é', '😀'],
  ...['yes', 'No', 'null', 'TRUE', 'y', 'on', '0x1f', '1e3', '12:30:45', '.inf', '---', '...'],
  ...['2026-11-22', '2026-11-22T01:02:03.000Z', 'tank/k8s/pvc-1@snap', 'no dataset', '<<', '=='],
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const key = fc.oneof(fc.constantFrom('name', 'used_bytes', 'app.kubernetes.io/name'), text);
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.constant(-0));

const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(key, tie('data'), { maxKeys: 4 }),
  ),
}));

test('data are written as the library writes them, hostile ones too', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(toYaml(value)).toBe(escapeInJson(byLibrary(value)));
    }),
    { seed: 1, numRuns: 3_000 },
  );
});

test('texts alone, of every kind, are written as the library writes them', () => {
  fc.assert(
    fc.property(text, (value) => {
      const wire = { name: value, list: [value, { of: value }] };
      expect(toYaml(wire)).toBe(escapeInJson(byLibrary(wire)));
    }),
    { seed: 2, numRuns: 5_000 },
  );
});

test('whatever JSON can say is read again as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      expect(parse(toYaml({ value }))).toEqual(parse(byLibrary({ value })));
    }),
    { seed: 3, numRuns: 1_000 },
  );
});

test('what is no data is left to the library', () => {
  for (const value of [new Date(0), undefined, new Map([['a', 1]]), new Set([1])]) {
    expect(toYaml({ list: [value], value })).toBe(byLibrary({ list: [value], value }));
  }
});

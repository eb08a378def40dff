import { describe, expect, it } from 'vitest';
import {
  escapeInJson,
  hasUnprintable,
  printable,
} from '../../../../src/lib/core/render/text/safe.ts';

describe('printable', () => {
  it.each([
    ['plain – ünïcode 日本', 'plain – ünïcode 日本'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u009b31m', '\\x9b31m'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u202egnp', '\\u202egnp'],
    ['\u2028', '\\u2028'],
    ['half \ud800', 'half \\ud800'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
  ])('shows %j as %s', (text, expected) => {
    expect(printable(text)).toBe(expected);
    expect(hasUnprintable(text)).toBe(text !== expected);
  });
});

describe('escapeInJson', () => {
  it('spells out what JSON leaves raw, and means the same', () => {
    const value = '\u007f\u009b\u202e\u{e0041}\ud800';
    const escaped = escapeInJson(JSON.stringify(value));
    expect(escaped).toBe('"\\u007f\\u009b\\u202e\\udb40\\udc41\\ud800"');
    expect(JSON.parse(escaped)).toBe(value);
  });

  it('leaves the layout alone', () => {
    expect(escapeInJson('{\n  "a": 1\n}')).toBe('{\n  "a": 1\n}');
  });
});

import { describe, expect, it } from 'vitest';
import {
  DOCUMENT_FORMATS,
  extensionOf,
  formatOfFile,
} from '../../../../src/lib/core/render/document/formats.ts';

describe('the format of a file', () => {
  it.each(DOCUMENT_FORMATS.map(({ name }) => name))('is %s by its own ending', (name) => {
    expect(formatOfFile(`report.${extensionOf(name)}`)).toBe(name);
  });

  it.each([
    ['report.HTM', 'html'],
    ['report.markdown', 'markdown'],
    ['2026.11/report.yml', 'yaml'],
  ])('is known by the other endings people give it: %s', (path, format) => {
    expect(formatOfFile(path)).toBe(format);
  });

  it.each(['report', 'report.docx', 'report.constructor', 'report.'])(
    'is not guessed from %s',
    (path) => {
      expect(formatOfFile(path)).toBeUndefined();
    },
  );
});

import fc from 'fast-check';

/** What has been used against terminals, spreadsheets, pages and parsers. */
export const attacks: readonly string[] = [
  '\u001b[2J\u001b[31mowned\u001b]0;title\u0007',
  '\u009b31m',
  'a\nforged  certain  row',
  'a\r\nforged,row',
  'col\tumn',
  '\u202egnp.exe',
  '\u2066isolated\u2069',
  'zero\u200bwidth\u2060joined\ufeff',
  'line\u2028paragraph\u2029',
  'half \ud800 pair \udc00',
  'nul\u0000byte',
  'tag\u{e0041}',
  '=HYPERLINK("http://evil.example","x")',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  ' =1',
  '＝1',
  '"quoted","cells"',
  "it's",
  '<script>alert(1)</script>',
  '| a | table |',
  '日本語の名前',
  '👩‍👩‍👧‍👦 family',
  'e\u0301e\u0301',
  'yes',
  'null',
  '0x1f',
  '1e3',
  '2026-01-01',
  '<<',
  '- item',
  'key: value # comment',
  '__proto__',
  '',
  ' ',
];

/** Any text, and often one of those. */
export const hostileText = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...attacks), { maxLength: 3 }).map((parts) => parts.join('')),
);
/** What no output may hold: it acts on a terminal, or hides in it. */
export const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Reads CSV as RFC 4180 says. */
export function parseCsv(document: string): string[][] {
  return document
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      // With a comma before the first cell as well, so that one that is empty is not lost.
      Array.from(`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g), ([, quoted, bare]) =>
        quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
      ),
    );
}

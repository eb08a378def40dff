/** A table of Markdown; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|---${'|--:'.repeat(head.length - 1)}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

export const fixed = (value: number | undefined, digits = 0): string =>
  value === undefined ? '' : value.toFixed(digits);

/** A budget, what was measured, and whether the one was met. */
export function budgetRow(what: string, budget: number, measured: number): readonly string[] {
  const over = Math.round((measured / budget - 1) * 100);
  const verdict = over <= 0 ? 'met' : `missed by ${over} %`;
  return [what, String(budget), fixed(measured, budget < 20 ? 2 : 0), verdict];
}

/** Something that must not be at all, and how often it was. */
export function noneRow(what: string, measured: number): readonly string[] {
  return [what, '0', String(measured), measured === 0 ? 'met' : 'missed'];
}

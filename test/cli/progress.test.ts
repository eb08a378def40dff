import { describe, expect, it } from 'vitest';
import { ProgressLine } from '../../src/lib/cli/progress.ts';

function open(shown: boolean): { line: ProgressLine; written: string[] } {
  const written: string[] = [];
  return { line: new ProgressLine((text) => written.push(text), shown), written };
}

describe('the progress line', () => {
  it('is rewritten in place and gone at the end', () => {
    const { line, written } = open(true);
    line.step('reading datasets', 1, 4);
    line.step('judging', 0, 0);
    line.finish();
    line.finish();
    expect(written).toEqual(['\r\x1b[2Kreading datasets 1/4', '\r\x1b[2Kjudging', '\r\x1b[2K']);
  });

  it('lets a message pass above it', () => {
    const { line, written } = open(true);
    line.interrupt('before');
    line.step('reading', 1, 2);
    line.interrupt('Warning: x');
    expect(written.slice(-1)).toEqual(['\r\x1b[2KWarning: x\nreading 1/2']);
    expect(written[0]).toBe('before\n');
  });

  it('is nothing where it is not shown', () => {
    const { line, written } = open(false);
    line.step('reading', 1, 2);
    line.finish();
    expect(written).toEqual([]);
  });
});

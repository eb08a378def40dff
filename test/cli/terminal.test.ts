import { describe, expect, it } from 'vitest';
import {
  canDrawBlocks,
  currentTerminal,
  terminalWidth,
  useColor,
} from '../../src/lib/cli/terminal.ts';

function terminal(isTerminal: boolean, environment: Record<string, string>) {
  return {
    stdoutIsTerminal: isTerminal,
    stderrIsTerminal: false,
    columns: 80,
    messageColumns: 80,
    environment,
  };
}

describe('the width', () => {
  it.each([
    ['of a terminal is its own', true, 132, 132],
    ['of one that does not say is the usual', true, 0, 80],
    ['of a pipe is no limit', false, 0, Number.POSITIVE_INFINITY],
  ] as const)('%s', (_which, isTTY, columns, expected) => {
    expect(terminalWidth({ isTTY, columns })).toBe(expected);
  });
});

describe('colours', () => {
  it.each([
    ['on a terminal', true, {}, false, true],
    ['off one', false, {}, false, false],
    ['with --no-color', true, { FORCE_COLOR: '1' }, true, false],
    ['with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
    ['with an empty NO_COLOR', true, { NO_COLOR: '' }, false, true],
    ['with FORCE_COLOR off a terminal', false, { FORCE_COLOR: '1' }, false, true],
    ['with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false, false],
    ['on a dumb terminal', true, { TERM: 'dumb' }, false, false],
  ] as const)('%s', (_when, isTerminal, environment, off, expected) => {
    expect(useColor(terminal(isTerminal, environment), off)).toBe(expected);
  });

  it('need no width where there is no terminal', () => {
    const { stdoutIsTerminal, columns } = currentTerminal();
    expect(columns === Number.POSITIVE_INFINITY).toBe(!stdoutIsTerminal);
  });
});

describe('blocks', () => {
  it.each([
    ['where nobody says', {}, true],
    ['in a UTF-8 locale', { LANG: 'de_DE.UTF-8' }, true],
    ['in the UTF-8 locale of containers', { LANG: 'C.utf8' }, true],
    ['in a locale that does not name its characters', { LANG: 'en_US' }, true],
    ['in the C locale', { LANG: 'C' }, false],
    ['in the POSIX locale', { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, false],
    ['in one of other characters', { LANG: 'de_DE.ISO-8859-1@euro' }, false],
    ['where an empty variable overrides nothing', { LC_ALL: '', LANG: 'C' }, false],
    ['where LC_CTYPE says otherwise than LANG', { LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
    ['on a terminal that can do nothing', { TERM: 'dumb', LANG: 'C.UTF-8' }, false],
  ] as const)('are drawn %s: %j', (_when, environment, expected) => {
    expect(canDrawBlocks({ environment })).toBe(expected);
  });
});

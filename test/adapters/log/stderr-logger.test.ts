import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/lib/adapters/log/redactor.ts';
import { type LogFormat, stderrLogger } from '../../../src/lib/adapters/log/stderr-logger.ts';
import { type Logger, type LogLevel } from '../../../src/lib/ports/logger.ts';

function open(format: LogFormat, level: LogLevel = 'warn'): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const redactor = new Redactor();
  redactor.register('1-s3cr/t"key');
  redactor.register('short');
  const logger = stderrLogger({
    level,
    format,
    redactor,
    clock: { now: () => new Date('2026-11-22T12:00:00Z') },
    write: (line) => lines.push(line),
  });
  return { logger, lines };
}

describe('the log', () => {
  it('says the level, the message and its fields', () => {
    const { logger, lines } = open('text', 'debug');
    logger.log('debug', 'the kept scan is not used', { reason: 'EACCES', tries: 2 });
    logger.log('error', 'gone');
    expect(lines).toEqual([
      'Debug: the kept scan is not used (reason=EACCES, tries=2)',
      'Error: gone',
    ]);
  });

  it('leaves out what is less important than asked for', () => {
    const { logger, lines } = open('text');
    logger.log('info', 'quiet');
    logger.log('warn', 'loud');
    expect(lines).toEqual(['Warning: loud']);
  });

  it('is one JSON object a line for machines', () => {
    const { logger, lines } = open('json');
    logger.log('warn', 'two\nlines', { system: 'nas1' });
    expect(lines).toEqual([
      '{"system":"nas1","time":"2026-11-22T12:00:00.000Z","level":"warn","message":"two\\nlines"}',
    ]);
  });

  it.each(['text', 'json'] as const)('spells out control characters in %s', (format) => {
    const { logger, lines } = open(format);
    logger.log('warn', 'a\x1b[2Jb\u009bc\u202ed\n', { 'k\r': '\x07' });
    expect(lines.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
  });

  it.each(['text', 'json'] as const)('blanks every spelling of a secret in %s', (format) => {
    const { logger, lines } = open(format);
    const secret = '1-s3cr/t"key';
    const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    logger.log('warn', spellings.join(' '), { key: secret });
    for (const spelling of spellings) expect(lines.join('')).not.toContain(spelling);
    expect(lines.join('')).not.toContain('s3cr');
  });

  it('leaves words alone that are too short to be worth hiding', () => {
    const { logger, lines } = open('text');
    logger.log('warn', 'a short message');
    expect(lines).toEqual(['Warning: a short message']);
  });
});

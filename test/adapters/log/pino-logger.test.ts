import { describe, expect, it } from 'vitest';
import { correlation } from '../../../src/lib/adapters/log/correlation.ts';
import { leveledText } from '../../../src/lib/adapters/log/leveled-text.ts';
import { type LeveledLogger, pinoLogger } from '../../../src/lib/adapters/log/pino-logger.ts';
import { Redactor } from '../../../src/lib/adapters/log/redactor.ts';
import { stderrLogger } from '../../../src/lib/adapters/log/stderr-logger.ts';
import { type Clock } from '../../../src/lib/ports/clock.ts';
import { type LogFields } from '../../../src/lib/ports/logger.ts';

const clock: Clock = { now: () => new Date('2026-11-22T12:00:00Z') };
const KEY = '7-q"uo\\te/d+key==';
const PASSWORD = 'message';
const UNKNOWN = 'nobody-registered-this-one';

interface Made {
  readonly logger: LeveledLogger;
  readonly scope: ReturnType<typeof correlation>;
  readonly lines: readonly string[];
}

function make(format: 'json' | 'text'): Made {
  const lines: string[] = [];
  const scope = correlation();
  const redactor = new Redactor();
  for (const secret of [KEY, PASSWORD]) redactor.register(secret);
  const context = (): LogFields => scope.fields;
  const write = (line: string): void => void lines.push(line);
  const logger =
    format === 'json'
      ? pinoLogger({ level: 'info', redactor, clock, context, write })
      : leveledText(
          stderrLogger({ level: 'debug', format: 'text', redactor, clock, write }),
          'info',
          context,
        );
  return { logger, scope, lines };
}

describe.each(['json', 'text'] as const)('the log of a server as %s', (format) => {
  it.each<[string, string, LogFields]>([
    ['in the text', `refused for ${KEY}`, {}],
    ['in a field that may be written', 'refused', { reason: `the key ${KEY} is unknown` }],
    ['in a field nobody thought of', 'refused', { apiKey: UNKNOWN, authorization: UNKNOWN }],
    ['in a header', 'refused', { reason: `authorization: Bearer ${UNKNOWN}` }],
    ['in a header of a password', `Basic ${Buffer.from(UNKNOWN).toString('base64')}`, {}],
    ['in an address', `GET https://root:${UNKNOWN}@nas1.example/api failed`, {}],
    ['in a parameter', 'failed', { address: `https://nas1.example/?api_key=${UNKNOWN}&x=1` }],
    ['encoded for an address', `see ${encodeURIComponent(KEY)}`, {}],
    ['quoted', `sent ${JSON.stringify({ key: KEY })}`, {}],
    ['in the cause of an error', String(new Error('x', { cause: KEY }).cause), {}],
    ['in a stack', 'failed', { stack: new Error(`bad ${KEY}`).stack ?? '' }],
  ])('shows no secret %s', (_where, message, fields) => {
    const { logger, lines } = make(format);
    logger.log('error', message, fields);
    const text = lines.join('\n');
    expect(lines).toHaveLength(1);
    for (const secret of [KEY, UNKNOWN, Buffer.from(UNKNOWN).toString('base64')]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(encodeURIComponent(secret));
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });

  it('writes nothing but plain values, whatever it is handed', () => {
    const { logger, lines } = make(format);
    const smuggled = { reason: { token: UNKNOWN }, code: [UNKNOWN] } as unknown as LogFields;
    logger.log('error', 'odd', smuggled);
    expect(lines.join()).not.toContain(UNKNOWN);
  });

  it('says less or more from one message to the next', () => {
    const { logger, lines } = make(format);
    logger.log('debug', 'one');
    logger.setLevel('debug');
    logger.log('debug', 'two');
    logger.setLevel('error');
    logger.log('warn', 'three');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('two');
    expect(logger.level).toBe('error');
  });

  it('names what work was done for, through everything that was waited for', async () => {
    const { logger, scope, lines } = make(format);
    await Promise.all(
      ['a', 'b'].map(async (request) => {
        await scope.run({ request }, async () => {
          await new Promise((resolve) => setTimeout(resolve, request === 'a' ? 5 : 1));
          scope.run({ scan: `scan-of-${request}` }, () => {
            logger.log('info', `message ${request}`);
          });
        });
      }),
    );
    logger.log('info', 'outside');
    expect(lines[0]).toMatch(/request\W+b\b.*scan-of-b|scan-of-b.*request\W+b\b/);
    expect(lines[1]).toMatch(/request\W+a\b.*scan-of-a|scan-of-a.*request\W+a\b/);
    expect(lines[2]).not.toContain('request');
  });

  it('lets no message forge a line', () => {
    const { logger, lines } = make(format);
    logger.log('info', 'one\n{"level":"error"}\u202e', { reason: '\u001b[2Jx\r\n' });
    expect(
      lines
        .join('')
        .trimEnd()
        .split(/[\n\r]/),
    ).toHaveLength(1);
    expect(lines.join('')).not.toMatch(/[\u001b\u202e]/);
  });
});

it('says who asked for a clean-up, and of what', () => {
  const { logger, lines } = make('json');
  const facts = {
    ...{ by: 'ann@example.org (prod)', request: 'r-1', plan: 'c52975e5802bca7d' },
    ...{ plan_hash: `sha256:${'5e'.repeat(32)}`, items: 2, steps: 4 },
  };
  logger.log('info', 'a clean-up plan was granted', facts);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject(facts);
});

it('a line of JSON stays one, where a secret is spelled as a name of it is', () => {
  const { logger, lines } = make('json');
  logger.log('info', `the password is ${PASSWORD}`, { status: 200 });
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: '2026-11-22T12:00:00.000Z',
    status: 200,
    message: 'the password is ********',
  });
});

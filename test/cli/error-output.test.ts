import { describe, expect, it } from 'vitest';
import { formatError, InternalError } from '../../src/lib/cli/error-output.ts';
import {
  BothSidesError,
  ClusterUnreachableError,
  ConfigError,
  TlsError,
  TrueNasUnreachableError,
} from '../../src/lib/core/model/errors.ts';

describe('an error', () => {
  it('says what failed, why, and what to do', () => {
    const refused = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')], '');
    const cause = new TypeError('fetch failed', { cause: refused });
    const error = new TrueNasUnreachableError('nas1 cannot be reached', {
      cause,
      remediation: ['Check the address.', 'Check the firewall.'],
    });
    expect(formatError(error, [])).toBe(`Error: nas1 cannot be reached
Cause: fetch failed: connect ECONNREFUSED 127.0.0.1:1
What to do:
  1. Check the address.
  2. Check the firewall.
`);
  });

  it('does not say the same thing twice, nor where there is nothing to say', () => {
    const cause = Object.assign(new Error(''), { code: 'ECONNRESET' });
    const error = new ConfigError('it broke: ECONNRESET', { cause, remediation: ['Wait.'] });
    expect(formatError(error, [])).toBe('Error: it broke: ECONNRESET\nWhat to do: Wait.\n');
    const silent = new ConfigError('it broke', { cause: new Error(''), remediation: [] });
    expect(formatError(silent, [])).toBe('Error: it broke\n');
  });

  it('names code and address once', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
    const error = new ClusterUnreachableError(
      'cluster prod (127.0.0.1:1) cannot be reached (ECONNREFUSED)',
      { cause, remediation: [] },
    );
    expect(formatError(error, [])).toBe(`Error: ${error.message}\n`);
    const both = new BothSidesError([error, error]);
    expect(both.message).toBe(`neither side can be read: ${error.message}; ${error.message}`);
    // A proxy may be what refused it.
    const elsewhere = new ClusterUnreachableError(error.message, {
      cause: new Error('connect ECONNREFUSED 10.0.0.9:3128'),
      remediation: [],
    });
    expect(formatError(elsewhere, [])).toContain('Cause: connect ECONNREFUSED 10.0.0.9:3128');
  });

  it('cannot act on a terminal', () => {
    const cause = new Error('\x1b[2Jgone\nsecond line');
    const error = new ConfigError('a\x1b[31m\n  line 2: b\u202e', {
      cause,
      remediation: ['\x07.'],
    });
    for (const text of [formatError(error, []), formatError(error, ['-o', 'json'])]) {
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
    expect(formatError(error, []).split('\n')).toHaveLength(5);
  });

  it('of ours comes with the stack, and asks to be reported', () => {
    const text = formatError(new InternalError(new TypeError('x is not a function')), []);
    expect(text).toMatch(
      /^Error: internal error: x is not a function\nWhat to do: This is a bug\./,
    );
    expect(text).toContain('error-output.test.ts');
    expect(formatError(new InternalError('thrown text'), [])).toContain(
      'internal error: thrown text',
    );
  });

  it('of TLS does not repeat advice that is meant for Node programs', () => {
    const cause = new Error('self-signed certificate; try running Node.js with --use-system-ca');
    const error = new TlsError('its certificate is self-signed', {
      cause,
      remediation: ['Pin it.'],
    });
    expect(formatError(error, [])).toBe(
      'Error: its certificate is self-signed\nWhat to do: Pin it.\n',
    );
  });

  it('takes the last format that was asked for', () => {
    const error = new ConfigError('x', { remediation: [] });
    expect(formatError(error, ['-o', 'json', '-o', 'yaml'])).toBe('Error: x\n');
    expect(formatError(error, ['-o=json'])).toContain('"code": "CONFIG_INVALID"');
    expect(formatError(error, ['-o'])).toBe('Error: x\n');
  });
});

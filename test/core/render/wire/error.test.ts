import { describe, expect, it } from 'vitest';
import { TrueNasUnreachableError } from '../../../../src/lib/core/model/errors.ts';
import { toJson } from '../../../../src/lib/core/render/json.ts';
import { errorToWire } from '../../../../src/lib/core/render/wire/error.ts';
import { publishedSchema } from '../../../support/json-schema.ts';

const context = { requestId: 'req-1', timestamp: new Date('2026-11-22T01:02:03.000Z') };

describe('the wire form of an error', () => {
  it('carries what happened and what to do, and follows the published schema', () => {
    const error = new TrueNasUnreachableError('nas1.example refused\u001b[2J the connection', {
      remediation: ['Check the address.'],
      details: { host: 'nas1.example', port: 443 },
    });
    const wire = errorToWire(error, context);
    expect(wire).toEqual({
      error: {
        code: 'TRUENAS_UNREACHABLE',
        message: 'nas1.example refused\u001b[2J the connection',
        details: { host: 'nas1.example', port: 443 },
        timestamp: '2026-11-22T01:02:03.000Z',
        request_id: 'req-1',
        remediation: ['Check the address.'],
      },
    });
    expect(publishedSchema('error')(wire)).toBe(true);
    expect(toJson(wire)).not.toContain('\u001b');
  });

  it('never carries the cause, which may quote anything', () => {
    const cause = new Error('Authorization: Bearer hunter2');
    const error = new TrueNasUnreachableError('nas1 hung up', { cause, remediation: [] });
    expect(toJson(errorToWire(error, context))).not.toContain('hunter2');
  });
});

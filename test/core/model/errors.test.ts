import { expect, test } from 'vitest';
import * as errors from '../../../src/lib/core/model/errors.ts';

type ErrorType = new (message: string, options: errors.ErrorOptionsWithHelp) => errors.MonitorError;

const types = Object.values(errors).filter(
  (each): each is ErrorType & typeof errors.MonitorError => each !== errors.MonitorError,
);

test.each(types.map((type) => [type.name, type as ErrorType] as const))(
  '%s says what failed, of which class, and what to do',
  (name, type) => {
    const cause = new Error('socket closed');
    const error = new type('nas1 did not answer', { cause, remediation: ['Check the address.'] });
    expect(error).toBeInstanceOf(errors.MonitorError);
    expect(error).toMatchObject({
      name,
      message: 'nas1 did not answer',
      cause,
      remediation: ['Check the address.'],
      details: {},
    });
    expect(error.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(['transient', 'configuration', 'inconsistency', 'critical']).toContain(error.class);
  },
);

test('codes are unique', () => {
  const codes = types.map((type) => new (type as ErrorType)('', { remediation: [] }).code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('further facts are kept', () => {
  const error = new errors.TlsError('x', { remediation: [], details: { port: 443 } });
  expect(error.details).toEqual({ port: 443 });
});

import { expect, test } from 'vitest';
import * as errors from '../../../src/lib/core/model/errors.ts';

type ErrorType = new (message: string, options: errors.ErrorOptionsWithHelp) => errors.MonitorError;

const { BothSidesError, MonitorError, ...others } = errors;
const types: readonly ErrorType[] = Object.values(others);
const both = new BothSidesError([
  new errors.TlsError('nas1 has a certificate of nobody', { remediation: ['Set ca_file.'] }),
  new errors.ClusterAuthError('prod refused the token', { remediation: ['Log in again.'] }),
]);

test.each(types.map((type) => [type.name, type] as const))(
  '%s says what failed, of which class, and what to do',
  (name, type) => {
    const cause = new Error('socket closed');
    const error = new type('nas1 did not answer', { cause, remediation: ['Check the address.'] });
    expect(error).toBeInstanceOf(MonitorError);
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

test('where neither side can be had, both failures and both remedies are told', () => {
  expect(both).toBeInstanceOf(MonitorError);
  expect(both.message).toContain('nas1 has a certificate of nobody');
  expect(both.message).toContain('prod refused the token');
  expect(both.remediation).toEqual(['Set ca_file.', 'Log in again.']);
});

test('codes are unique', () => {
  const codes = [both, ...types.map((type) => new type('', { remediation: [] }))].map(
    ({ code }) => code,
  );
  expect(new Set(codes).size).toBe(codes.length);
});

test('further facts are kept', () => {
  const error = new errors.TlsError('x', { remediation: [], details: { port: 443 } });
  expect(error.details).toEqual({ port: 443 });
});

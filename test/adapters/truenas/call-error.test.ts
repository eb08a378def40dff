import { describe, expect, it } from 'vitest';
import { firstLine, fromRpcError } from '../../../src/lib/adapters/truenas/call-error.ts';

describe('fromRpcError', () => {
  it('finds a missing object in the third field of extra, not in data.error', () => {
    const error = fromRpcError('zfs.resource.query', {
      code: -32602,
      message: 'Invalid params',
      data: {
        error: 22,
        errname: 'EINVAL',
        reason: '[ENOENT] None: PoolDataset tank/x does not exist',
        extra: [[null, 'PoolDataset tank/x does not exist', 2]],
      },
    });
    expect(error).toMatchObject({
      failure: 'absent',
      method: 'zfs.resource.query',
      message: '[ENOENT] None: PoolDataset tank/x does not exist',
    });
  });

  it.each([
    [
      'a missing role',
      { code: -32001, data: { error: 13, errname: 'EACCES', extra: null } },
      'denied',
    ],
    [
      'a lapsed login',
      { code: -32001, data: { error: 207, errname: 'ENOTAUTHENTICATED' } },
      'unauthenticated',
    ],
    ['a lapsed login by number alone', { code: -32001, data: { error: 207 } }, 'unauthenticated'],
    ['an unknown method', { code: -32601, message: 'Method does not exist' }, 'unknown-method'],
    [
      'a method newer than the pinned version',
      { code: -32001, data: { errname: 'ENOMETHOD' } },
      'unknown-method',
    ],
    ['too many calls', { code: -32000, message: 'Maximum number of concurrent calls' }, 'busy'],
    ['the rate limit', { code: -32001, data: { error: 16, errname: 'EBUSY' } }, 'busy'],
    [
      'bad parameters',
      { code: -32602, data: { error: 22, errname: 'EINVAL', extra: [['a', 'b', 22]] } },
      'failed',
    ],
    ['extra of another shape', { code: -32001, data: { error: 14, extra: [1, ['a']] } }, 'failed'],
    ['nothing at all', null, 'failed'],
  ])('reads %s', (_name, error, failure) => {
    expect(fromRpcError('pool.query', error).failure).toBe(failure);
  });
});

describe('firstLine', () => {
  it('keeps the first line of a traceback, cut to a sensible length', () => {
    expect(firstLine('  [EFAULT] no\nTraceback')).toBe('[EFAULT] no');
    expect(firstLine('x'.repeat(1000))).toHaveLength(300);
    expect(firstLine(' \n')).toBeUndefined();
    expect(firstLine(7)).toBeUndefined();
  });
});

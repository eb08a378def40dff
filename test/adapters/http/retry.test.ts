import { describe, expect, it } from 'vitest';
import {
  parseRetryAfter,
  retry,
  SYSTEM_TIMING,
  type RetryOptions,
} from '../../../src/lib/adapters/http/retry.ts';
import { millis } from '../../../src/lib/core/model/units.ts';

class Busy extends Error {
  readonly after: number | undefined;
  constructor(after?: number) {
    super('busy');
    this.after = after;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function options(overrides: Partial<RetryOptions> = {}): {
  options: Writable<RetryOptions>;
  slept: number[];
} {
  const slept: number[] = [];
  return {
    slept,
    options: {
      tries: 4,
      baseDelay: millis(100),
      maxDelay: millis(1_000),
      isTransient: (error) => error instanceof Busy,
      retryAfter: (error) =>
        error instanceof Busy && error.after !== undefined ? millis(error.after) : undefined,
      signal: new AbortController().signal,
      random: () => 0.5,
      sleep: (span) => {
        slept.push(span);
        return Promise.resolve();
      },
      ...overrides,
    },
  };
}

/** Fails with each of the given errors in turn, then answers. */
function failing(...errors: Error[]) {
  const operation = () => {
    operation.calls += 1;
    const error = errors.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
  operation.calls = 0;
  return operation;
}

describe('retry', () => {
  it('answers at once where the first try works', async () => {
    const { options: given, slept } = options();
    await expect(retry(failing(), given)).resolves.toBe('done');
    expect(slept).toEqual([]);
  });

  it('doubles the range it waits in, and waits a random part of it', async () => {
    const { options: given, slept } = options();
    await expect(retry(failing(new Busy(), new Busy(), new Busy()), given)).resolves.toBe('done');
    expect(slept).toEqual([50, 100, 200]);
  });

  it('never waits longer than the longest wait', async () => {
    const { options: given, slept } = options({ maxDelay: millis(120), random: () => 1 });
    await retry(failing(new Busy(), new Busy(), new Busy()), given);
    expect(slept).toEqual([100, 120, 120]);
  });

  it('throws the last failure after the last try', async () => {
    const { options: given, slept } = options({ tries: 2 });
    const last = new Busy();
    const operation = failing(new Busy(), last, new Busy());
    await expect(retry(operation, given)).rejects.toBe(last);
    expect(operation.calls).toBe(2);
    expect(slept).toHaveLength(1);
  });

  it('does not try again what can never work', async () => {
    const { options: given } = options();
    const operation = failing(new TypeError('bug'));
    await expect(retry(operation, given)).rejects.toThrow('bug');
    expect(operation.calls).toBe(1);
  });

  it('waits at least as long as the server asked', async () => {
    const { options: given, slept } = options();
    await retry(failing(new Busy(700), new Busy(1)), given);
    expect(slept).toEqual([700, 100]);
  });

  it('gives up at once where the server asks for more than the longest wait', async () => {
    const { options: given, slept } = options();
    await expect(retry(failing(new Busy(60_000)), given)).rejects.toThrow('busy');
    expect(slept).toEqual([]);
  });

  it('works without a way to read what the server asked', async () => {
    const { options: given, slept } = options();
    delete given.retryAfter;
    await retry(failing(new Busy(700)), given);
    expect(slept).toEqual([50]);
  });

  it('does not start where the signal has already aborted', async () => {
    const reason = new Error('interrupted');
    const { options: given } = options({ signal: AbortSignal.abort(reason) });
    const operation = failing();
    await expect(retry(operation, given)).rejects.toBe(reason);
    expect(operation.calls).toBe(0);
  });

  it('throws the reason of the abort rather than what the abort broke', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const { options: given } = options({ signal: controller.signal });
    const operation = () => {
      controller.abort(reason);
      return Promise.reject(new Busy());
    };
    await expect(retry(operation, given)).rejects.toBe(reason);
  });

  it('stops waiting when the signal aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const { options: given } = options({
      ...SYSTEM_TIMING,
      baseDelay: millis(60_000),
      maxDelay: millis(60_000),
      random: () => 0.9,
      signal: controller.signal,
    });
    const operation = () => {
      setImmediate(() => {
        controller.abort(reason);
      });
      return Promise.reject(new Busy());
    };
    await expect(retry(operation, given)).rejects.toBe(reason);
  });

  it('really waits, and goes on after it', async () => {
    const { options: given } = options({ ...SYSTEM_TIMING, baseDelay: millis(1) });
    await expect(retry(failing(new Busy()), given)).resolves.toBe('done');
  });
});

describe('parseRetryAfter', () => {
  const now = new Date('2026-11-22T01:00:00Z');

  it.each([
    ['3', 3_000],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 01:00:05 GMT', 5_000],
    ['Sun, 22 Nov 2026 00:59:00 GMT', 0],
  ])('reads %j as %d ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it('cannot read an instant without a clock to compare it with', () => {
    expect(parseRetryAfter('Sun, 22 Nov 2026 01:00:05 GMT', null)).toBeUndefined();
    expect(parseRetryAfter('7', null)).toBe(7_000);
  });

  it.each([[undefined], [''], ['soon']])('finds nothing in %j', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});

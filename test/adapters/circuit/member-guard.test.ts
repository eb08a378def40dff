import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Circuit, MemberGuard } from '../../../src/lib/adapters/circuit/member-guard.ts';
import {
  CircuitOpenError,
  ConfigError,
  TrueNasAuthError,
  TrueNasUnreachableError,
} from '../../../src/lib/core/model/errors.ts';
import { millis } from '../../../src/lib/core/model/units.ts';

const GONE = new TrueNasUnreachableError('nas1 cannot be reached', { remediation: ['Mend it.'] });
const NEVER = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) });
});
afterEach(() => {
  vi.useRealTimers();
});

function aGuard(): {
  guard: MemberGuard;
  states: Circuit[];
  fails: (times: number) => Promise<void>;
} {
  const states: Circuit[] = [];
  const guard = new MemberGuard({
    name: 'nas1',
    clock: { now: () => new Date() },
    onState: (state) => states.push(state),
    firstRest: millis(60_000),
    longestRest: millis(600_000),
  });
  const fails = async (times: number): Promise<void> => {
    for (let each = 0; each < times; each += 1) {
      await expect(guard.ask(() => Promise.reject(GONE), NEVER)).rejects.toBeDefined();
    }
  };
  return { guard, states, fails };
}

async function failureOf(answer: Promise<unknown>): Promise<unknown> {
  return await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the guard of a member', () => {
  test('leaves it alone after three failures, and says why and until when', async () => {
    const { guard, states, fails } = aGuard();
    await fails(3);
    const ask = vi.fn(() => Promise.resolve('here'));
    const failure = await failureOf(guard.ask(ask, NEVER));
    expect(ask).not.toHaveBeenCalled();
    expect(failure).toBeInstanceOf(CircuitOpenError);
    expect(failure).toMatchObject({
      class: 'transient',
      remediation: GONE.remediation,
      message: expect.stringContaining('nas1 cannot be reached') as unknown,
    });
    expect(states).toEqual(['open']);
    const { details } = failure as CircuitOpenError;
    const until = Date.parse(String(details['retry_at'])) - Date.now();
    expect(until).toBeGreaterThan(0);
    expect(until).toBeLessThanOrEqual(600_000);
  });

  test('asks it again when it said it would, and goes on where it answers', async () => {
    const { guard, states, fails } = aGuard();
    await fails(3);
    const closed = (await failureOf(
      guard.ask(() => Promise.resolve(1), NEVER),
    )) as CircuitOpenError;
    vi.setSystemTime(Date.parse(String(closed.details['retry_at'])) + 1);
    expect(await guard.ask(() => Promise.resolve('here'), NEVER)).toBe('here');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  test('leaves it alone for longer where it fails again', async () => {
    const { guard, states, fails } = aGuard();
    await fails(3);
    vi.setSystemTime(Date.now() + 600_001);
    await fails(1);
    expect(states).toEqual(['open', 'half-open', 'open']);
    const ask = vi.fn(() => Promise.resolve('here'));
    expect(await failureOf(guard.ask(ask, NEVER))).toBeInstanceOf(CircuitOpenError);
  });

  test('asks it at once where it was heard of', async () => {
    const { guard, states, fails } = aGuard();
    await fails(3);
    guard.seenAgain();
    expect(await guard.ask(() => Promise.resolve('here'), NEVER)).toBe('here');
    expect(states).toEqual(['open', 'closed']);
  });

  test('does not count those who gave up waiting', async () => {
    const { guard, states } = aGuard();
    const given = AbortSignal.abort(new Error('ending'));
    for (let each = 0; each < 5; each += 1) {
      await expect(guard.ask(() => Promise.reject(GONE), given)).rejects.toThrow('ending');
    }
    expect(states).toEqual([]);
  });

  test('makes what one member refuses no reason to end the scan of the others', async () => {
    const { guard } = aGuard();
    const refused = new TrueNasAuthError('nas1 refuses the key', { remediation: [] });
    const failure = await failureOf(guard.ask(() => Promise.reject(refused), NEVER));
    expect(failure).toBeInstanceOf(TrueNasAuthError);
    expect(failure).toMatchObject({ class: 'transient', code: 'TRUENAS_UNAUTHORIZED' });
    expect(guard.lastFailure).toBe(refused);
  });

  test('leaves a mistake in the configuration what it is', async () => {
    const { guard } = aGuard();
    const mistake = new ConfigError('no credentials', { remediation: [] });
    expect(await failureOf(guard.ask(() => Promise.reject(mistake), NEVER))).toBe(mistake);
  });
});

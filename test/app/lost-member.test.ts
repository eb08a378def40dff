import { describe, expect, test } from 'vitest';
import { inspect } from '../../src/lib/app/inspect.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../src/lib/core/model/settings.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type CheckOutcome } from '../../src/lib/core/model/validation.ts';
import { CHECKS } from '../../src/lib/core/rules/check-registry.ts';
import { wellConfigured } from '../../src/lib/lab/scenario/checks/check-worlds.ts';
import { runWorld, type ScanSurroundings, withPorts } from '../support/scan-scenario.ts';

type Around = Pick<ScanSurroundings, 'aroundCluster' | 'aroundSystem'>;

/** What all checks say where a side goes away between who it is and its lists. */
async function inspectWhile(
  lose: (close: (side: 'clusters' | 'systems') => Promise<void>) => Around,
): Promise<readonly CheckOutcome[]> {
  await using running = await runWorld(wellConfigured('25.10'));
  const close = async (side: 'clusters' | 'systems'): Promise<void> => {
    await Promise.all(running[side].map((lab) => lab.close()));
  };
  return await withPorts(running, lose(close), async (ports) => {
    const { summary } = await inspect(ports, {
      rules: CHECKS,
      drivers: [],
      policy: DEFAULT_POLICY,
      ignore: [],
      wholeEstate: true,
      maxAge: millis(0),
      cacheKey: 'test',
      settings: NO_SETTINGS,
      minSeverity: null,
      signal: AbortSignal.timeout(60_000),
    });
    return summary.results;
  });
}

function statusesOf(results: readonly CheckOutcome[], checks: readonly string[]): string[] {
  return results
    .filter(({ check }) => checks.includes(check))
    .map(({ check, status }) => `${status} ${check}`)
    .sort();
}

describe('a side that goes away after it was reached', () => {
  test('is a TrueNAS that does not answer', async () => {
    const results = await inspectWhile((close) => ({
      aroundSystem: (reader) => ({
        ...reader,
        name: reader.name,
        identify: async (signal) => {
          const identity = await reader.identify(signal);
          await close('systems');
          return identity;
        },
        list: (source, signal) => reader.list(source, signal),
        connection: () => reader.connection(),
        close: () => reader.close(),
      }),
    }));
    const names = ['truenas-answers', 'truenas-reachable'];
    expect(statusesOf(results, names)).toEqual(names.map((name) => `FAIL ${name}`));
    const told = results.find(({ check }) => check === 'truenas-answers');
    expect(told?.message).toMatch(/^it answered at first, then .* cannot be reached: /);
    expect(told?.steps).not.toEqual([]);
  });

  test('is a cluster that does not answer', async () => {
    const results = await inspectWhile((close) => ({
      aroundCluster: (reader) => ({
        ...reader,
        identify: async (signal) => {
          const identity = await reader.identify(signal);
          await close('clusters');
          return identity;
        },
      }),
    }));
    const names = ['cluster-answers', 'cluster-reachable'];
    expect(statusesOf(results, names)).toEqual(names.map((name) => `FAIL ${name}`));
    const told = results.find(({ check }) => check === 'cluster-answers');
    expect(told?.message).toMatch(/^it answered at first, then cluster .* cannot be reached/);
  });

  test('and one that answers is not', async () => {
    const results = await inspectWhile(() => ({}));
    const names = ['cluster-answers', 'cluster-reachable', 'truenas-answers', 'truenas-reachable'];
    expect(statusesOf(results, names).every((line) => line.startsWith('PASS'))).toBe(true);
  });
});

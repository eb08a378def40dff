import { describe, expect, it } from 'vitest';
import { openExplainer } from '../../src/lib/app/explain.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type LogLevel } from '../../src/lib/ports/logger.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { toDriverConfig } from '../../src/lib/lab/scenario/driver-config.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type HistoryStore } from '../../src/lib/ports/history.ts';
import { type ScanCache } from '../../src/lib/ports/scan-store.ts';
import { noHistory } from '../../src/lib/app/no-history.ts';
import { recordedSamples } from '../support/recorded-samples.ts';
import { runWorld, withPorts } from '../support/scan-scenario.ts';

function logged(): {
  readonly lines: string[];
  readonly logger: {
    log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  };
} {
  const lines: string[] = [];
  return {
    lines,
    logger: {
      log(level, message, fields) {
        if (level !== 'debug')
          lines.push([level, message, ...Object.values(fields ?? {})].join(' '));
      },
    },
  };
}

describe('a scan of everything', () => {
  it('is added to the history once, with all that was seen', async () => {
    await using world = await runWorld(demo.build('25.10'));
    const history = recordedSamples();
    const { lines, logger } = logged();
    const report = await world.scan({}, { history, logger });
    expect(lines).toEqual([]);
    const [sample, ...more] = history.samples;
    expect(more).toEqual([]);
    expect(sample?.at).toEqual(report.takenAt);
    expect(sample?.systems.map(({ id }) => id)).toEqual(report.systems.map(({ hostId }) => hostId));
    expect(sample?.pools.map(({ name }) => name)).toEqual(
      report.systems.flatMap(({ pools }) => pools),
    );
    expect(sample?.volumes.length).toBeGreaterThan(5);
    expect(sample?.findings.map(({ id }) => id).toSorted()).toEqual(
      [...report.findings, ...report.suppressed.map(({ finding }) => finding)]
        .map(({ id }) => id)
        .toSorted(),
    );
    const skipped = new Set(
      report.skipped.map(({ rule, cluster, system }) => [rule, cluster, system].join(' ')),
    );
    const judged = RULES.length * (report.clusters.length + report.systems.length);
    expect(sample?.judged.length).toBeGreaterThan(0);
    expect(sample?.judged.length).toBeLessThanOrEqual(judged - skipped.size);
  });

  it('is a scan like any other where the history cannot take it, with one warning', async () => {
    await using world = await runWorld(demo.build('25.10'));
    const full: HistoryStore = {
      ...noHistory,
      record: () => Promise.resolve({ state: 'not-kept', reason: 'the disk is full' }),
    };
    const broken: HistoryStore = {
      ...noHistory,
      record: () => Promise.reject(new Error('out of order')),
    };
    const before = await world.scan();
    for (const [history, reason] of [
      [full, 'the disk is full'],
      [broken, 'out of order'],
    ] as const) {
      const { lines, logger } = logged();
      const report = await world.scan({}, { history, logger });
      expect(lines).toEqual([`warn the scan was not added to the history: ${reason}`]);
      expect(report.findings).toEqual(before.findings);
    }
  });
});

describe('the history is not told of', () => {
  it.each([
    [
      'one rule',
      { rules: RULES.filter(({ id }) => id === 'dataset-unclaimed') },
      'not every rule was asked for',
    ],
    [
      'one namespace',
      { filter: { ...NO_FILTER, namespaces: ['shop'] } },
      'a filter kept findings back',
    ],
    [
      'what is old',
      { filter: { ...NO_FILTER, olderThan: millis(1) } },
      'a filter kept findings back',
    ],
  ])('a scan of %s', async (_, overrides, reason) => {
    await using world = await runWorld(demo.build('25.10'));
    const history = recordedSamples();
    const { lines, logger } = logged();
    await world.scan(overrides, { history, logger });
    expect(history.samples).toEqual([]);
    expect(lines).toEqual([`info this scan is not one for the history ${reason}`]);
  });

  it('a scan that could not read a list', async () => {
    await using world = await runWorld(demo.build('25.10'));
    const history = recordedSamples();
    const report = await world.scan(
      {},
      {
        history,
        aroundSystem: (reader) => ({
          name: reader.name,
          identify: (signal) => reader.identify(signal),
          lookUpDatasets: (ids, signal) => reader.lookUpDatasets(ids, signal),
          lookUpSnapshots: (ids, signal) => reader.lookUpSnapshots(ids, signal),
          connection: () => reader.connection(),
          close: () => reader.close(),
          list: async (source, signal) => {
            const listing = await reader.list(source, signal);
            return source === 'smbShares'
              ? { ...listing, coverage: { state: 'failed', reason: 'denied' } }
              : listing;
          },
        }),
      },
    );
    expect(report.complete).toBe(false);
    expect(history.samples).toEqual([]);
  });

  it('an answer from an earlier scan, of which there is nothing to say', async () => {
    await using world = await runWorld(demo.build('25.10'));
    const history = recordedSamples();
    const cache = oneScan();
    const { lines, logger } = logged();
    await world.scan({}, { history, cache });
    const again = await world.scan({ maxAge: millis(60_000) }, { history, cache, logger });
    expect(again.cachedFor).toBe(0);
    expect(history.samples).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('an explanation, though it reads as much as a scan', async () => {
    await using world = await runWorld(demo.build('25.10'));
    const history = recordedSamples();
    await withPorts(world, { history }, async (ports) => {
      await openExplainer(ports, {
        rules: RULES,
        drivers: world.world.drivers.map(toDriverConfig),
        policy: DEFAULT_POLICY,
        filter: NO_FILTER,
        ignore: [],
        wholeEstate: true,
        maxAge: millis(0),
        cacheKey: 'test',
        signal: AbortSignal.timeout(60_000),
      });
    });
    expect(history.samples).toEqual([]);
  });
});

function oneScan(): ScanCache {
  let kept: Awaited<ReturnType<ScanCache['load']>>;
  return {
    load: () => Promise.resolve(kept),
    save: (_, scan) => {
      kept = scan;
      return Promise.resolve();
    },
  };
}

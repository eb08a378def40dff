import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type CheckStatus, type ValidationSummary } from '../../src/lib/core/model/validation.ts';
import { FORMATS } from '../../src/lib/core/render/formats.ts';
import { plainPalette } from '../../src/lib/core/render/text/palette.ts';
import { renderValidation } from '../../src/lib/core/render/validation.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { CHECKS } from '../../src/lib/core/rules/check-registry.ts';
import { misconfigured, wellConfigured } from '../../src/lib/lab/scenario/checks/check-worlds.ts';
import { TRUENAS_VERSIONS, type World } from '../../src/lib/lab/scenario/world.ts';
import { checkWorld } from '../support/check-worlds.ts';
import { expectGolden } from '../support/golden.ts';
import { runWorld } from '../support/scan-scenario.ts';

async function summaryOf(world: World): Promise<ValidationSummary> {
  await using running = await runWorld(world);
  return await checkWorld(running);
}

function checksWith({ results }: ValidationSummary, ...statuses: CheckStatus[]): string[] {
  const found = results.filter(({ status }) => statuses.includes(status));
  return [...new Set(found.map(({ check }) => check))].sort();
}

/** Two results of one id would be one to whoever reads them by it. */
function expectUniqueIds({ results }: ValidationSummary): void {
  const ids = results.map(({ id }) => id);
  expect(results.filter(({ id }, at) => ids.indexOf(id) !== at)).toEqual([]);
}

/** What a sound world leaves open, for want of a server that tells. */
const UNTOLD = {
  '24.10': ['api-key-expiry', 'iscsi-auth-exists', 'nvmet-subsystem-port', 'truenas-methods'],
  '25.04': ['nvmet-subsystem-port'],
  '25.10': [],
  '26': ['driver-supports-truenas'],
} as const;

/**
 * What cannot be wrong at once with the rest, over plain http to this machine, or without files. Each is shown to fail by its
 * own test.
 */
const ELSEWHERE = [
  // A side that answers can be judged, and one that does not cannot.
  ...['cluster-answers', 'cluster-reachable', 'truenas-answers', 'truenas-reachable'],
  ...['api-latency', 'connection-latency', 'truenas-methods'],
  ...['tls-expiry', 'tls-in-use', 'tls-trusted', 'tls-verified', 'tls-version'],
  ...['config-file-permissions', 'config-file-valid', 'config-plain-secrets'],
  ...['driver-file-readable', 'secret-file-permissions'],
  // Known of other versions alone.
  ...['driver-api-version', 'driver-supports-truenas', 'truenas-version-supported'],
  // A parent that is not there, is no filesystem or is locked has none of the other faults.
  ...['parent-exists', 'parent-is-filesystem', 'parent-path-plain', 'parent-unlocked'],
  ...['detached-parent-exists', 'parent-pool-online', 'driver-handle-template'],
  ...['driver-name-length', 'iscsi-auth-exists', 'iscsi-portal-address'],
  ...['nvmet-subsystem-port', 'snapshot-crds-installed', 'storage-class-reclaim-policy'],
  'volume-quota',
].sort();

describe.each(TRUENAS_VERSIONS)('on TrueNAS %s', (version) => {
  test('nothing is wrong with a fleet that is set up as it should be', async () => {
    const summary = await summaryOf(wellConfigured(version));
    expect(summary.complete).toBe(true);
    expect(checksWith(summary, 'FAIL', 'WARNING')).toEqual([]);
    expect(checksWith(summary, 'SKIPPED')).toEqual(UNTOLD[version]);
    expectUniqueIds(summary);
  });

  test('everything is found that is wrong at once', async () => {
    const summary = await summaryOf(misconfigured(version));
    const failing = checksWith(summary, 'FAIL', 'WARNING');
    const silent = CHECKS.map(({ id }) => id).filter((id) => !failing.includes(id));
    // Over REST nothing is told of a key, nor whether a smaller role would do.
    const untold = version === '24.10' ? ['api-key-expiry', 'truenas-roles'] : [];
    expect(silent.sort()).toEqual([...ELSEWHERE, ...untold].sort());
    expect(summary.overall).toBe('FAIL');
    expectUniqueIds(summary);
    for (const { check, severity } of summary.results) {
      if (CHECKS.some(({ id, severity: own }) => id === check && own === severity)) continue;
      const page = await readFile(`docs/rules/${check}.md`, 'utf8');
      expect(page, check).toMatch(/^\| severity \| \w+, or as the page says \|$/m);
    }
  });
});

/** The same, whatever ports and milliseconds it came about with. */
function timeless(summary: ValidationSummary): ValidationSummary {
  const still = (text: string): string =>
    text
      .replaceAll(/127\.0\.0\.1:\d+/g, 'lab.example')
      .replaceAll(/\d+ requests, half within [\d.]+ m?s, 95 % within [\d.]+ m?s/g, '40 requests');
  return {
    ...summary,
    duration: millis(840),
    connections: summary.connections.map((each) => ({
      ...each,
      host: 'lab.example',
      requests: 40,
      latency: { p50: millis(4), p95: millis(20) },
    })),
    systems: summary.systems.map((each) => ({ ...each, host: 'lab.example' })),
    results: summary.results.map((each) => ({ ...each, message: still(each.message) })),
  };
}

test.each(FORMATS.map(({ name }) => name))('all of it reads well as %s', async (format) => {
  const summary = timeless(await summaryOf(misconfigured('25.10')));
  const template =
    format === 'jsonpath' ? 'jsonpath={.failed_checks} of {.total_checks}\n' : format;
  const text = renderValidation(summary, template, {
    columns: 100,
    palette: plainPalette,
    version: '0.1.0',
  });
  expectGolden(text, 'check-worlds', `misconfigured.${format}`);
});

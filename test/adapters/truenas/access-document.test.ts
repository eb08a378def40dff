import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SYSTEM_SOURCES } from '../../../src/lib/core/model/inventory.ts';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { open, patient } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

const page = readFileSync(
  path.join(import.meta.dirname, '../../../docs/truenas-access.md'),
  'utf8',
);
/** The roles a privilege of one's own needs, from their table. */
const narrow = page
  .split('\n')
  .filter((line) => line.startsWith('| `') && line.includes('_READ`'))
  .flatMap((line) => [...line.matchAll(/`([A-Z_]+_READ)`/g)].map(([, role = '']) => role));
const routes = [...page.matchAll(/`(\/(?!api)[a-z_/{}]+)`/g)].map(([, route = '']) => route);

/** Asks for everything a scan may ask for, and says what could not be read. */
async function readEverything(
  version: TrueNasVersion,
  roles?: string[],
): Promise<{ readonly lab: TrueNasLab; readonly unread: readonly string[] }> {
  const lab = await startTrueNasLab(aSystem(version, roles), { now: () => new Date() });
  onTestFinished(() => lab.close());
  const nas = await open(lab.url, { apiKey: KEY });
  await nas.identify(patient());
  const listings = await Promise.all(
    SYSTEM_SOURCES.map(async (source) => [source, await nas.list(source, patient())] as const),
  );
  const looks = [
    ['one dataset', await nas.lookUpDatasets(['tank/k8s/pvc-1'], patient())],
    ['one snapshot', await nas.lookUpSnapshots(['tank/k8s/pvc-1@snapshot-1'], patient())],
  ] as const;
  const unread = [...listings, ...looks].filter(
    ([, { coverage }]) => !['complete', 'not_applicable'].includes(coverage.state),
  );
  return { lab, unread: unread.map(([what]) => what) };
}

describe.each(['25.04', '25.10', '26'] as const)('on TrueNAS %s', (version) => {
  test('READONLY_ADMIN is enough', async () => {
    expect((await readEverything(version, ['READONLY_ADMIN'])).unread).toEqual([]);
  });

  test('the roles of the table are enough', async () => {
    expect(narrow.length).toBeGreaterThan(10);
    expect((await readEverything(version, narrow)).unread).toEqual([]);
  });
});

test('on TrueNAS 24.10 nothing is asked for but the routes that are listed', async () => {
  const { lab, unread } = await readEverything('24.10');
  const asked = lab.calls
    .flatMap(({ path: route = '' }) => route.split('?', 1))
    .filter((route) => route.startsWith('/api/v2.0/'))
    .map((route) => route.replace('/api/v2.0', '').replace(/\/id\/.*/, '/id/{id}'));
  expect(unread).toEqual([]);
  expect([...new Set(asked)].sort()).toEqual([...routes].sort());
});

import { describe, expect, it } from 'vitest';
import { openExplainer } from '../../src/lib/app/explain.ts';
import { type ScanRequest } from '../../src/lib/app/scan-request.ts';
import { type Explanation } from '../../src/lib/core/explain/explanation.ts';
import { parseWanted } from '../../src/lib/core/explain/wanted.ts';
import { COMPLETE, partial } from '../../src/lib/core/model/coverage.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { type StoredScan } from '../../src/lib/ports/scan-store.ts';
import {
  aDataset,
  aDriver,
  anInventory,
  aPv,
  aZfsSnapshot,
  details,
  HANDLE,
  PARENT,
} from '../support/builders.ts';
import { portsOf } from '../support/inventory-readers.ts';

const PATH = `${PARENT}/${HANDLE}`;

const REQUEST: ScanRequest = {
  rules: RULES,
  drivers: [aDriver()],
  policy: DEFAULT_POLICY,
  filter: NO_FILTER,
  ignore: [],
  wholeEstate: true,
  maxAge: millis(0),
  cacheKey: 'test',
  signal: AbortSignal.timeout(60_000),
};

const inventory = anInventory({
  persistentVolumes: [aPv(), aPv({ name: 'other', claim: null })],
  datasets: [aDataset(), aDataset({ id: `${PARENT}/other` })],
  zfsSnapshots: [
    aZfsSnapshot({ name: 'held', details: details({ holds: ['backup'] }) }),
    aZfsSnapshot({ name: 'going' }),
    aZfsSnapshot({ dataset: `${PARENT}/other`, name: 'another' }),
  ],
});

function holds({ chains }: Explanation): string[] {
  return chains
    .flatMap(({ blockers }) => blockers)
    .filter(({ kind }) => kind === 'hold')
    .map(({ state, what }) => `${state} ${what}`);
}

describe('an explanation', () => {
  it('looks up the snapshots of its chain one by one, and no others', async () => {
    const looked: string[] = [];
    const ports = portsOf(inventory);
    const systems = ports.systems.map((reader) => ({
      ...reader,
      lookUpSnapshots: async (ids: readonly string[], signal: AbortSignal) => {
        looked.push(...ids);
        const result = await reader.lookUpSnapshots(ids, signal);
        // One of them went between the list and the look.
        const found = new Map([...result.found].filter(([id]) => !id.endsWith('@going')));
        const absent = new Set(ids.filter((id) => id.endsWith('@going')));
        return { ...result, found, absent };
      },
    }));
    const explainer = await openExplainer({ ...ports, systems }, REQUEST);
    const explanation = await explainer.explain(parseWanted(['dataset', PATH]));
    expect(looked.filter((id) => id.startsWith(PATH)).toSorted()).toEqual([
      `${PATH}@going`,
      `${PATH}@held`,
    ]);
    expect(looked).not.toContain(`${PARENT}/other@another`);
    expect(holds(explanation)).toEqual([`present ZfsSnapshot ${PATH}@held is held by backup`]);
    expect(JSON.stringify(explanation.chains)).not.toContain('@going');
  });

  it('says that holds are not known where the snapshots could not be looked up', async () => {
    const ports = portsOf(inventory);
    const systems = ports.systems.map((reader) => ({
      ...reader,
      lookUpSnapshots: () =>
        Promise.resolve({
          found: new Map(),
          absent: new Set<string>(),
          coverage: partial('timed out'),
        }),
    }));
    const explainer = await openExplainer({ ...ports, systems }, REQUEST);
    const explanation = await explainer.explain(parseWanted(['dataset', PATH]));
    expect(holds(explanation)).toEqual([
      `unknown a hold is on ZfsSnapshot ${PATH}@held: that was not read`,
      `unknown a hold is on ZfsSnapshot ${PATH}@going: that was not read`,
    ]);
  });

  it('asks of the dataset of its chain what else uses it, and of no other', async () => {
    const asked: string[] = [];
    const bare = anInventory({
      persistentVolumes: [aPv()],
      datasets: [
        aDataset({ attachments: null }),
        aDataset({ id: `${PARENT}/x`, attachments: null }),
      ],
    });
    const ports = portsOf(bare);
    const systems = ports.systems.map((reader) => ({
      ...reader,
      lookUpDatasets: (ids: readonly string[]) => {
        asked.push(...ids);
        const attachments = [{ type: 'VM', names: ['gitlab'] }];
        const found = new Map(ids.map((id) => [id, aDataset({ id, attachments })]));
        return Promise.resolve({ found, absent: new Set<string>(), coverage: COMPLETE });
      },
    }));
    const explainer = await openExplainer({ ...ports, systems }, { ...REQUEST, rules: [] });
    const { chains } = await explainer.explain(parseWanted([`pv/${HANDLE}`]));
    expect(asked).toEqual([PATH]);
    expect(chains[0]?.blockers.map(({ what }) => what)).toEqual([`VM gitlab uses Dataset ${PATH}`]);
  });

  it('of a kept scan looks nothing up: it would belong to another moment', async () => {
    const kept: StoredScan[] = [];
    const cache = {
      load: () => Promise.resolve(kept[0]),
      save: (_: string, scan: StoredScan) => {
        kept.push(scan);
        return Promise.resolve();
      },
    };
    const ports = { ...portsOf(inventory), cache };
    await openExplainer(ports, REQUEST);
    const unreachable = ports.systems.map((reader) => ({
      ...reader,
      identify: () => Promise.reject(new Error('nobody may ask')),
      lookUpSnapshots: () => Promise.reject(new Error('nobody may ask')),
    }));
    const request = { ...REQUEST, maxAge: millis(60_000) };
    const explainer = await openExplainer({ ...ports, systems: unreachable }, request);
    expect(explainer.report.cachedFor).toBe(0);
    const explanation = await explainer.explain(parseWanted(['dataset', PATH]));
    expect(holds(explanation).every((line) => line.startsWith('unknown'))).toBe(true);
  });

  it('rests on a scan with every list a chain is made from', async () => {
    const { report } = await openExplainer(portsOf(inventory), { ...REQUEST, rules: [] });
    const names = report.sources.map(({ name }) => name);
    for (const name of ['pods', 'cronJobs', 'events', 'iscsiSessions', 'runningJobs']) {
      expect(names).toContain(name);
    }
  });
});

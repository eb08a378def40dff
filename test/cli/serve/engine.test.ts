import { describe, expect, test, vi } from 'vitest';
import { type EngineEvent } from '../../../src/lib/ports/scan-engine.ts';
import {
  anEngineSite,
  type EngineSite,
  runEngineOf,
  type RunningEngine,
} from '../../support/engine-site.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

function ofKind<K extends EngineEvent['kind']>(
  { events }: RunningEngine,
  kind: K,
): readonly Extract<EngineEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<EngineEvent, { kind: K }> => event.kind === kind);
}

function logins({ nas }: EngineSite): number {
  return nas.calls.filter(({ method }) => method === 'core.set_options').length;
}

describe('the scanning engine', () => {
  test('scans again and again over one session, and is told of nothing it did itself', async () => {
    const site = await anEngineSite();
    const engine = await runEngineOf(site);
    for (let scan = 0; scan < 3; scan += 1) expect((await engine.scan()).state).toBe('done');
    expect(logins(site)).toBe(1);
    expect(ofKind(engine, 'changed')).toEqual([]);
    const calls = ofKind(engine, 'call');
    expect(new Set(calls.map(({ api, outcome }) => `${api} ${outcome}`))).toEqual(
      new Set(['kubernetes ok', 'truenas ok']),
    );
  });

  test('tells of a change on either side', async () => {
    const site = await anEngineSite();
    const engine = await runEngineOf(site);
    await engine.scan();
    site.cluster.cluster.objects['persistentvolumes']?.pop();
    site.cluster.refresh();
    await vi.waitFor(() => {
      const told = ofKind(engine, 'changed').map(({ source }) => source);
      expect(told).toContain(site.cluster.cluster.name);
    }, PATIENCE);
  });

  test('goes on where a NAS was away, asks it again when it is back, and says that it may have changed', async () => {
    const site = await anEngineSite();
    const engine = await runEngineOf(site);
    expect((await engine.scan()).state).toBe('done');
    await site.nas.close();
    for (let scan = 0; scan < 3; scan += 1) {
      expect(await engine.scan()).toMatchObject({
        state: 'failed',
        error: { code: 'TRUENAS_UNREACHABLE' },
      });
    }
    expect(ofKind(engine, 'circuit').at(-1)?.state).toBe('open');
    expect(await engine.scan()).toMatchObject({ state: 'failed', error: { code: 'CIRCUIT_OPEN' } });
    await site.restartNas();
    await vi.waitFor(() => {
      expect(ofKind(engine, 'changed').map(({ source }) => source)).toContain(site.nas.system.name);
    }, PATIENCE);
    expect((await engine.scan()).state).toBe('done');
    expect(ofKind(engine, 'circuit').at(-1)?.state).toBe('closed');
  });

  test('goes by a secret that was changed, and by the old one while the new file is broken', async () => {
    const site = await anEngineSite();
    const engine = await runEngineOf(site);
    expect((await engine.scan()).state).toBe('done');
    await site.configure({ text: 'truenas: [' });
    expect((await engine.scan()).state).toBe('done');
    expect(ofKind(engine, 'configuration').at(-1)?.failure?.code).toBe('CONFIG_INVALID');
    expect(engine.log.filter((line) => line.startsWith('error the configuration'))).toHaveLength(1);
    await site.configure({ key: '1-wrong' });
    expect(await engine.scan()).toMatchObject({
      state: 'failed',
      error: { code: 'TRUENAS_UNAUTHORIZED' },
    });
    expect(ofKind(engine, 'configuration').at(-1)?.failure).toBeNull();
    await site.configure();
    expect((await engine.scan()).state).toBe('done');
  });

  test('shows what was kept without reading anything', async () => {
    const site = await anEngineSite();
    const first = await runEngineOf(site);
    expect(await first.scan(true)).toMatchObject({
      state: 'failed',
      error: { code: 'NOTHING_KEPT' },
    });
    await first.scan();
    await first.end();
    expect(ofKind(first, 'kept').map(({ outcome }) => outcome)).toEqual(['miss']);
  });

  test('lets go of every connection in the middle of a scan', async () => {
    const site = await anEngineSite();
    const engine = await runEngineOf(site);
    site.nas.faults.latencyMs = 60_000;
    const scan = engine.scan();
    const began = performance.now();
    await engine.end();
    expect(await scan).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

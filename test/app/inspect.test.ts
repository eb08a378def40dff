import { describe, expect, it } from 'vitest';
import { inspect, type InspectRequest } from '../../src/lib/app/inspect.ts';
import { type ScanPorts } from '../../src/lib/app/scan-request.ts';
import { failed, unlisted } from '../../src/lib/core/model/coverage.ts';
import {
  ConfigError,
  InterruptedError,
  KubeconfigError,
  TlsError,
  TrueNasAuthError,
  TrueNasUnreachableError,
} from '../../src/lib/core/model/errors.ts';
import { type ListSource } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../src/lib/core/model/settings.ts';
import { bytes, millis } from '../../src/lib/core/model/units.ts';
import { refToCluster } from '../../src/lib/core/model/surroundings.ts';
import { type ValidationSummary } from '../../src/lib/core/model/validation.ts';
import { defineCheck } from '../../src/lib/core/rules/define-check.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';
import { type StoredScan } from '../../src/lib/ports/scan-store.ts';
import { aDriver, anInventory, aPool, aStorageClass } from '../support/builders.ts';
import { portsOf } from '../support/inventory-readers.ts';
import {
  classIsPlain,
  clusterIsReached,
  poolIsOnline,
  SAMPLE_CHECKS,
} from '../support/sample-checks.ts';
import { aConnection } from '../support/surrounding-builders.ts';

const REQUEST: InspectRequest = {
  rules: SAMPLE_CHECKS,
  settings: NO_SETTINGS,
  minSeverity: null,
  drivers: [aDriver()],
  policy: DEFAULT_POLICY,
  ignore: [],
  wholeEstate: true,
  maxAge: millis(0),
  cacheKey: 'test',
  signal: AbortSignal.timeout(60_000),
};

const world = anInventory({
  pools: [aPool({ size: bytes(100) })],
  storageClasses: [aStorageClass()],
});

/** Both sides, some of whose members fail to say who they are. */
function down(sides: { cluster?: Error; system?: Error }, ports = portsOf(world)): ScanPorts {
  const failing = (error: Error) => ({ identify: () => Promise.reject(error) });
  const { cluster, system } = sides;
  return {
    ...ports,
    clusters: ports.clusters.map((each) => ({ ...each, ...(cluster && failing(cluster)) })),
    systems: ports.systems.map((each) => ({ ...each, ...(system && failing(system)) })),
  };
}

async function summaryOf(
  ports: ScanPorts,
  over: Partial<InspectRequest> = {},
): Promise<ValidationSummary> {
  return (await inspect(ports, { ...REQUEST, ...over })).summary;
}

function lines({ results }: ValidationSummary): string[] {
  return results.map(({ status, check, message }) => `${status} ${check}: ${message}`).sort();
}

const remediation = ['Switch it on.'];
const unreachable = new TrueNasUnreachableError('nas1 cannot be reached', {
  cause: new Error('connect ECONNREFUSED 10.0.0.5:443'),
  remediation,
});

describe('an inspection', () => {
  it('reads once, what its checks need and nothing else, and no object on its own', async () => {
    const read: ListSource[] = [];
    const ports = portsOf(world);
    const none = () => Promise.reject(new Error('is not asked'));
    const listening = {
      ...ports,
      clusters: ports.clusters.map((each) => ({
        ...each,
        list: ((source, signal) => {
          read.push(source);
          return each.list(source, signal);
        }) satisfies typeof each.list,
      })),
      systems: ports.systems.map((each) => ({
        ...each,
        list: ((source, signal) => {
          read.push(source);
          return each.list(source, signal);
        }) satisfies typeof each.list,
        lookUpDatasets: none,
        lookUpSnapshots: none,
      })),
    };
    const rules = [classIsPlain, poolIsOnline, clusterIsReached];
    expect((await summaryOf(listening, { rules })).overall).toBe('PASS');
    expect(read.sort()).toEqual(['pools', 'storageClasses']);
  });

  it('hands the configuration to the checks that ask for it', async () => {
    const settingsAreKnown = defineCheck({
      id: 'settings-are-known',
      category: 'validation',
      severity: 'low',
      component: 'configuration',
      title: 'The configuration is known',
      scope: 'cluster',
      subjects: ['Cluster'],
      requires: ['settings', 'clusters'],
      consults: [],
      steps: [],
      *inspect({ settings, clusters }) {
        for (const { name } of clusters) {
          yield {
            subject: refToCluster(name),
            sound: true,
            seen: (settings.plainSecrets ?? []).join(),
          };
        }
      },
    });
    const settings = { ...NO_SETTINGS, plainSecrets: ['truenas.api_key'] };
    const summary = await summaryOf(portsOf(world), { rules: [settingsAreKnown], settings });
    expect(summary.results).toMatchObject([{ status: 'PASS', message: 'truenas.api_key' }]);
  });
});

describe('a side that cannot be had', () => {
  it('is a failed connection with its remedy, and the lists it owes are skipped with the reason', async () => {
    const summary = await summaryOf(down({ system: unreachable }));
    expect(lines(summary)).toEqual([
      'FAIL system-is-reached: nas1 cannot be reached (connect ECONNREFUSED 10.0.0.5:443)',
      'PASS class-is-plain: it is not the default',
      'PASS cluster-is-reached: it answers',
      'SKIPPED dataset-is-named: nas1 cannot be reached',
      'SKIPPED pool-is-online: nas1 cannot be reached',
    ]);
    expect(summary).toMatchObject({ complete: false, overall: 'FAIL' });
    expect(summary.results.find(({ status }) => status === 'FAIL')?.steps).toEqual(remediation);
    expect(summary.connections).toMatchObject([
      { side: 'kubernetes', failure: null },
      {
        side: 'truenas',
        host: 'nas1.example',
        failure: { code: 'TRUENAS_UNREACHABLE', remediation },
      },
    ]);
    expect(summary.systems).toMatchObject([{ name: 'nas1', host: 'nas1.example' }]);
  });

  it('is so too where it is both, and every check says what it lacks', async () => {
    const refused = new TrueNasAuthError('nas1 refused the key', { remediation });
    const tls = new TlsError('prod has a certificate nobody trusts', {
      cause: new Error('self-signed certificate; if the root CA is installed locally, …'),
      remediation,
    });
    const summary = await summaryOf(down({ cluster: tls, system: refused }));
    expect(lines(summary).filter((line) => line.startsWith('FAIL'))).toEqual([
      'FAIL cluster-is-reached: prod has a certificate nobody trusts',
      'FAIL system-is-reached: nas1 refused the key',
    ]);
    expect(lines(summary).filter((line) => line.startsWith('PASS'))).toEqual([]);
  });

  it('does not keep the other from being read, one member of several included', async () => {
    const ports = portsOf(world);
    const [system] = ports.systems;
    if (system === undefined) throw new Error('there is one');
    const second: NasReader = {
      ...system,
      name: 'nas2',
      connection: () => aConnection({ name: 'nas2' }),
      identify: () => Promise.reject(unreachable),
    };
    const summary = await summaryOf({ ...ports, systems: [system, second] });
    expect(lines(summary).filter((line) => line.includes('pool-is-online'))).toEqual([
      'PASS pool-is-online: it is ONLINE',
      'SKIPPED pool-is-online: nas1 cannot be reached',
    ]);
  });

  it.each([
    new ConfigError('there is nothing to log in with', { remediation }),
    new KubeconfigError('there is no such context', { remediation }),
    new TypeError('this is a bug'),
  ])('for a mistake that is no answer ends the inspection: %s', async (error) => {
    await expect(inspect(down({ cluster: error }), REQUEST)).rejects.toBe(error);
  });

  it('because somebody interrupted it is no failed check', async () => {
    const stop = new AbortController();
    const reason = new InterruptedError('interrupted by SIGINT', { remediation: [] });
    stop.abort(reason);
    const ports = down({ cluster: reason, system: reason });
    await expect(inspect(ports, { ...REQUEST, signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('a list that may not be read', () => {
  it('skips the checks that rest on it, and no other', async () => {
    const ports = portsOf(world);
    const systems = ports.systems.map((each) => ({
      ...each,
      list: () => Promise.resolve(unlisted<never>(failed('nas1 denied pool.query'))),
    }));
    const summary = await summaryOf({ ...ports, systems });
    expect(lines(summary).filter((line) => !line.startsWith('PASS'))).toEqual([
      'SKIPPED dataset-is-named: nas1 denied pool.query',
      'SKIPPED pool-is-online: nas1 denied pool.query',
    ]);
    expect(summary).toMatchObject({ complete: false, overall: 'UNKNOWN' });
  });
});

describe('a kept scan', () => {
  const HOUR = millis(3_600_000);

  /** Ports that keep what they are given, and how often a side was asked who it is. */
  function keeping(): { ports: ScanPorts; kept: Map<string, StoredScan>; asked: () => number } {
    const kept = new Map<string, StoredScan>();
    let asked = 0;
    const ports = portsOf(world);
    return {
      kept,
      asked: () => asked,
      ports: {
        ...ports,
        clusters: ports.clusters.map((each) => ({
          ...each,
          identify: (signal) => {
            asked += 1;
            return each.identify(signal);
          },
        })),
        cache: {
          load: (key) => Promise.resolve(kept.get(key)),
          save: (key, scan) => {
            kept.set(key, scan);
            return Promise.resolve();
          },
        },
      },
    };
  }

  it('stands in for a fresh one, as it was, connections included', async () => {
    const { ports, asked } = keeping();
    const fresh = await summaryOf(ports);
    const kept = await summaryOf(ports, { maxAge: HOUR });
    expect(asked()).toBe(1);
    expect(kept.cachedFor).toBe(0);
    expect({ ...kept, cachedFor: null, duration: fresh.duration }).toEqual(fresh);
  });

  it('is not that of the findings, which confirmed them', async () => {
    const { ports, kept } = keeping();
    await summaryOf(ports);
    expect([...kept.keys()]).toEqual(['test-checks']);
  });

  it('is narrowed to what is asked for', async () => {
    const { ports, asked } = keeping();
    await summaryOf(ports);
    const less = await summaryOf(ports, { maxAge: HOUR, rules: [classIsPlain] });
    expect(asked()).toBe(1);
    expect(less.sources.map(({ name }) => name)).toEqual(['storageClasses']);
  });

  it('may be that of the findings, where it has every list and all of them whole', async () => {
    const { ports, asked, kept } = keeping();
    await summaryOf(ports);
    const scan = kept.get('test-checks');
    if (scan === undefined) throw new Error('it was kept');
    kept.clear();
    kept.set('test', scan);
    await summaryOf(ports, { maxAge: HOUR });
    expect(asked()).toBe(1);
    const sources = scan.sources.map((each) =>
      each.name === 'pools' ? { ...each, coverage: failed('timed out') } : each,
    );
    kept.set('test', { ...scan, sources });
    await summaryOf(ports, { maxAge: HOUR });
    expect(asked()).toBe(2);
  });

  it.each(['a list', 'how a side was reached'])('without %s is not used', async (lack) => {
    const { ports, asked, kept } = keeping();
    await summaryOf(ports);
    const scan = kept.get('test-checks');
    if (scan === undefined) throw new Error('it was kept');
    const systems = scan.inventory.systems.map(({ identity, lists, connection }) => {
      const { pools, ...others } = lists;
      return lack === 'a list'
        ? { identity, lists: others, ...(connection && { connection }) }
        : { identity, lists: { pools, ...others } };
    });
    kept.set('test-checks', { ...scan, inventory: { ...scan.inventory, systems } } as StoredScan);
    await summaryOf(ports, { maxAge: HOUR });
    expect(asked()).toBe(2);
  });

  it('of checks stands in with the gaps it had', async () => {
    const { ports, asked } = keeping();
    const denied = () => Promise.resolve(unlisted<never>(failed('nas1 denied pool.query')));
    const gappy = { ...ports, systems: ports.systems.map((each) => ({ ...each, list: denied })) };
    const fresh = await summaryOf(gappy);
    const kept = await summaryOf(ports, { maxAge: HOUR });
    expect(asked()).toBe(1);
    expect(kept.complete).toBe(false);
    expect(lines(kept)).toEqual(lines(fresh));
  });

  it('is not made of a side that was down: it is asked again', async () => {
    const { ports, kept } = keeping();
    await summaryOf(down({ system: unreachable }, ports));
    expect(kept.size).toBe(0);
  });

  it('that cannot be judged is read anew', async () => {
    const { ports, asked, kept } = keeping();
    await summaryOf(ports);
    const broken = { inventory: { takenAt: world.takenAt } } as unknown as StoredScan;
    kept.set('test-checks', broken);
    expect((await summaryOf(ports, { maxAge: HOUR })).overall).toBe('PASS');
    expect(asked()).toBe(2);
  });
});

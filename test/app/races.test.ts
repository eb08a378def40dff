import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MonitorError } from '../../src/lib/core/model/errors.ts';
import { type ClusterSource } from '../../src/lib/core/model/inventory.ts';
import { type Report } from '../../src/lib/core/model/report.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { type KubernetesFaults } from '../../src/lib/lab/kubernetes/faults.ts';
import { type KubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { unclaimed } from '../../src/lib/lab/scenario/build/expect.ts';
import {
  addOne,
  addSound,
  finish,
  newSite,
  type Site,
} from '../../src/lib/lab/scenario/build/site.ts';
import { type Volume } from '../../src/lib/lab/scenario/build/volume.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { fleet } from '../../src/lib/lab/scenario/fleet.ts';
import { type ExpectedFinding, type TrueNasVersion } from '../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../src/lib/lab/truenas/faults.ts';
import { type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';
import { type RunningWorld, runWorld, type ScanSurroundings } from '../support/scan-scenario.ts';

/*
 * What goes wrong while a scan is under way. In every case a finding must be about something that really is so:
 * what a broken read leaves behind is silence and an incomplete scan.
 */

const line = ({ rule, name }: Pick<ExpectedFinding, 'rule' | 'name'>): string => `${rule} ${name}`;

function found(report: Report): string[] {
  return report.findings
    .map(({ rule, subject: { namespace, name } }) =>
      line({ rule, name: namespace === null ? name : `${namespace}/${name}` }),
    )
    .sort();
}

function unread(report: Report): string[] {
  return report.sources
    .filter(({ coverage }) => coverage.state === 'failed' || coverage.state === 'partial')
    .map(({ name }) => name);
}

function only<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('there is one of it');
  return first;
}

type Side = 'cluster' | 'system';

/** Lets one side list everything; then something happens; and only then does the other side list. */
function between(first: Side, happens: () => void): ScanSurroundings {
  const gate = Promise.withResolvers<undefined>();
  let underWay = 0;
  let done = false;
  const finished = <T>(listing: T): T => {
    underWay -= 1;
    // A side asks for all its lists at once, so none under way means that all were read.
    if (underWay === 0 && !done) {
      done = true;
      happens();
      gate.resolve(undefined);
    }
    return listing;
  };
  const leading = <T>(read: () => Promise<T>): Promise<T> => {
    underWay += 1;
    return read().then(finished);
  };
  const waiting = <T>(read: () => Promise<T>): Promise<T> => gate.promise.then(read);
  const [onCluster, onSystem] = first === 'cluster' ? [leading, waiting] : [waiting, leading];
  return {
    aroundCluster: (reader) => ({
      name: reader.name,
      identify: (signal) => reader.identify(signal),
      list: (source, signal) => onCluster(() => reader.list(source, signal)),
      connection: () => reader.connection(),
      close: () => reader.close(),
    }),
    aroundSystem: (reader) => ({
      name: reader.name,
      identify: (signal) => reader.identify(signal),
      list: (source, signal) => onSystem(() => reader.list(source, signal)),
      lookUpDatasets: (ids, signal) => reader.lookUpDatasets(ids, signal),
      lookUpSnapshots: (ids, signal) => reader.lookUpSnapshots(ids, signal),
      close: () => reader.close(),
    }),
  };
}

/** Does something each time a list of a cluster has been read. */
function afterList(then: (source: ClusterSource) => void): ScanSurroundings {
  return {
    aroundCluster: (reader: ClusterReader): ClusterReader => ({
      name: reader.name,
      identify: (signal) => reader.identify(signal),
      list: async (source, signal) => {
        const listing = await reader.list(source, signal);
        then(source);
        return listing;
      },
      connection: () => reader.connection(),
      close: () => reader.close(),
    }),
  };
}

/** Does something before the second look at datasets and snapshots. */
function beforeLookUp(first: () => void): ScanSurroundings {
  return {
    aroundSystem: (reader: NasReader): NasReader => ({
      name: reader.name,
      identify: (signal) => reader.identify(signal),
      list: (source, signal) => reader.list(source, signal),
      lookUpDatasets: (ids, signal) => {
        first();
        return reader.lookUpDatasets(ids, signal);
      },
      lookUpSnapshots: (ids, signal) => {
        first();
        return reader.lookUpSnapshots(ids, signal);
      },
      close: () => reader.close(),
    }),
  };
}

/** Takes every trace of a volume out of the world. */
function remove({ nas, cluster }: Site, volume: Volume): void {
  const { objects } = cluster.cluster;
  const without = <T>(list: T[], isIt: (item: T) => boolean): void => {
    list.splice(0, list.length, ...list.filter((item) => !isIt(item)));
  };
  without(objects['persistentvolumes'] ?? [], ({ metadata }) => metadata.name === volume.name);
  without(objects['persistentvolumeclaims'] ?? [], ({ metadata }) => {
    return metadata.name === volume.claimName && metadata.namespace === volume.namespace;
  });
  const names = (object: unknown, text: string): boolean => JSON.stringify(object).includes(text);
  without(objects['pods'] ?? [], (pod) => names(pod, `"claimName":"${volume.claimName}"`));
  without(objects['volumeattachments'] ?? [], (attachment) => names(attachment, volume.name));
  const { system } = nas;
  without(system.datasets, ({ id }) => id === volume.dataset);
  without(system.nfsShares, ({ path }) => path === `/mnt/${volume.dataset}`);
  const targets = system.iscsiTargets.filter(({ name }) => name === volume.assets);
  without(system.iscsiTargetExtents, ({ target }) => targets.some(({ id }) => id === target));
  without(system.iscsiTargets, ({ name }) => name === volume.assets);
  without(system.iscsiExtents, ({ name }) => name === volume.assets);
}

function soundSite(version: TrueNasVersion): Site {
  const site = newSite(version);
  addSound(site.nfs, 6);
  addSound(site.iscsi, 6);
  finish(site, []);
  return site;
}

/** Adds a volume that a pod uses. */
function addUsed(site: Site, protocol: 'nfs' | 'iscsi', claim: string): Volume {
  const volume = addOne(site[protocol], claim);
  finish(site, []);
  return volume;
}

const ORDERS = (['24.10', '25.10', '26'] as const).flatMap((version) =>
  (['nfs', 'iscsi'] as const).flatMap((protocol) =>
    (['cluster', 'system'] as const).map((first) => [version, protocol, first] as const),
  ),
);

describe.each(ORDERS)('TrueNAS %s, a volume over %s, and the %s listed first', (...row) => {
  const [version, protocol, first] = row;

  it('says nothing of a volume that was made in between, even one that looks old', async () => {
    const site = soundSite(version);
    await using running = await runWorld(site.stage.world);
    const report = await running.scan(
      {},
      between(first, () => addUsed(site, protocol, 'apps/made-meanwhile')),
    );
    expect(found(report)).toEqual([]);
    expect(unread(report)).toEqual([]);
    expect(report.complete).toBe(true);
  });

  it('says nothing of a volume that was deleted in between', async () => {
    const site = soundSite(version);
    const volume = addUsed(site, protocol, 'apps/deleted-meanwhile');
    await using running = await runWorld(site.stage.world);
    const report = await running.scan(
      {},
      between(first, () => {
        remove(site, volume);
      }),
    );
    expect(found(report)).toEqual([]);
    expect(unread(report)).toEqual([]);
    expect(report.complete).toBe(true);
  });

  it('still reports what only one side lost in between', async () => {
    const site = soundSite(version);
    const volume = addOne(site[protocol], 'apps/half-deleted');
    const { persistentvolumes: volumes = [], persistentvolumeclaims: claims = [] } =
      site.cluster.cluster.objects;
    await using running = await runWorld(site.stage.world);
    // The cluster forgets it before either side is listed.
    volumes.pop();
    claims.pop();
    const report = await running.scan(
      {},
      between(first, () => undefined),
    );
    expect(found(report)).toEqual(unclaimed(volume).map(line).sort());
  });
});

interface RunningDemo extends AsyncDisposable {
  readonly scan: RunningWorld['scan'];
  readonly cluster: KubernetesLab;
  readonly system: TrueNasLab;
  /** What is really wrong with it. */
  readonly expected: readonly string[];
}

/** A world with one fault of every rule, running. */
async function runDemo(version: TrueNasVersion): Promise<RunningDemo> {
  const running = await runWorld(demo.build(version));
  return {
    scan: (overrides, surroundings) => running.scan(overrides, surroundings),
    cluster: only(running.clusters),
    system: only(running.systems),
    expected: demo.expected.map(line).sort(),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** Whether the fault that breaks a connection has struck. */
function isSpent({ dropConnection }: TrueNasFaults): boolean {
  return dropConnection === undefined;
}

function expectOnlyTruth(report: Report, expected: readonly string[]): void {
  const untrue = found(report).filter((each) => !expected.includes(each));
  expect(untrue).toEqual([]);
  if (report.complete) expect(found(report)).toEqual(expected);
  else expect(unread(report).length).toBeGreaterThan(0);
}

describe('a second read that fails', () => {
  it('takes back what rested on Kubernetes, skips its rules, and leaves the rest', async () => {
    await using running = await runDemo('25.10');
    const { cluster, expected } = running;
    const report = await running.scan(
      {},
      afterList((source) => {
        if (source !== 'persistentVolumes') return;
        cluster.faults.status = { persistentvolumes: { status: 403 } };
      }),
    );
    expectOnlyTruth(report, expected);
    expect(report.complete).toBe(false);
    expect(unread(report)).toContain('persistentVolumes');
    const rules = report.findings.map(({ rule }) => rule);
    expect(rules).not.toContain('dataset-unclaimed');
    expect(report.skipped.map(({ rule }) => rule)).toContain('dataset-unclaimed');
    expect(rules).toContain('pvc-pending');
  });

  it.each(['24.10', '25.04', '25.10', '26'] as const)(
    'takes back what rested on datasets of TrueNAS %s',
    async (version) => {
      await using running = await runDemo(version);
      const { system, expected } = running;
      const report = await running.scan(
        {},
        beforeLookUp(() => {
          system.faults.deniedMethods = ['pool.*', 'zfs.*'];
        }),
      );
      expectOnlyTruth(report, expected);
      expect(report.complete).toBe(false);
      expect(unread(report)).toContain('datasets');
      expect(report.findings.map(({ rule }) => rule)).not.toContain('pv-backend-missing');
      expect(report.skipped.map(({ rule }) => rule)).toContain('pv-backend-missing');
    },
  );
});

describe('a list of five pages', () => {
  const scenario = fleet(2100);
  const expected = scenario.expected
    .filter(({ rule }) => !rule.includes('snapshot'))
    .map(line)
    .sort();

  /** Rules about snapshots would only make the lists longer. */
  const rules = RULES.filter(({ id }) => !id.includes('snapshot'));
  let running: RunningWorld;

  beforeAll(async () => {
    running = await runWorld(scenario.build('25.10'));
  });

  afterAll(async () => {
    await running[Symbol.asyncDispose]();
  });

  async function scanWith(faults: KubernetesFaults): Promise<Report> {
    const lab = only(running.clusters);
    Object.assign(lab.faults, faults);
    try {
      return await running.scan({ rules });
    } finally {
      for (const name of Object.keys(faults)) Reflect.deleteProperty(lab.faults, name);
    }
  }

  const SECOND = { resource: 'persistentvolumes', page: 2 } as const;

  it.each<[string, KubernetesFaults]>([
    ['whose second page fails once', { failPage: { ...SECOND, status: 500, times: 1 } }],
    [
      'whose second page cuts the connection',
      { failPage: { ...SECOND, status: 'drop', times: 1 } },
    ],
    ['whose second page is a web page once', { failPage: { ...SECOND, status: 'html', times: 1 } }],
    ['whose token expires once (410)', { expireTokens: 1 }],
    [
      'whose connection drops in the middle of an answer',
      { dropAfterBytes: { resource: 'persistentvolumes', bytes: 100_000, times: 1 } },
    ],
  ])('%s is read whole on the second try', async (_, faults) => {
    const report = await scanWith(faults);
    expect(found(report)).toEqual(expected);
    expect(unread(report)).toEqual([]);
    expect(report.complete).toBe(true);
    expect(report.summary.totalPvs).toBe(2100);
  });

  it.each<[string, KubernetesFaults]>([
    ['whose second page always fails', { failPage: { ...SECOND, status: 500 } }],
    ['whose second page always cuts the connection', { failPage: { ...SECOND, status: 'drop' } }],
    ['whose second page is always a web page', { failPage: { ...SECOND, status: 'html' } }],
    ['whose second page may not be read', { failPage: { ...SECOND, status: 403 } }],
    ['whose token always expires (410)', { failPage: { ...SECOND, status: 410 } }],
    [
      'whose connection always drops in the middle',
      { dropAfterBytes: { resource: 'persistentvolumes', bytes: 100_000 } },
    ],
  ])('%s is not read, and nothing is called an orphan for it', async (_, faults) => {
    const report = await scanWith(faults);
    expectOnlyTruth(report, expected);
    expect(report.complete).toBe(false);
    expect(unread(report)).toEqual(['persistentVolumes']);
    const reported = new Set(report.findings.map(({ rule }) => rule));
    for (const rule of ['dataset-unclaimed', 'pv-backend-missing', 'pv-released']) {
      expect(reported).not.toContain(rule);
      expect(report.skipped.map((skipped) => skipped.rule)).toContain(rule);
    }
  });
});

describe.each([
  ['24.10', 0],
  ['25.04', 1],
  ['25.10', 2],
  ['26', 0],
] as const)('TrueNAS %s', (version, offset) => {
  it('breaks the connection at any call, before or in the middle of a reply', async () => {
    let broke = true;
    let breaks = 0;
    // Every third call: all of them, over the versions, take their turn. A world each, since logins are rationed.
    for (let afterCalls = offset; broke; afterCalls += 3) {
      await using running = await runDemo(version);
      const { system, expected } = running;
      const { faults } = system;
      faults.dropConnection = { afterCalls, midReply: afterCalls % 2 === 0 };
      const outcome = await running.scan().catch((error: unknown) => error);
      if (outcome instanceof MonitorError) expect(outcome.code).toBe('TRUENAS_UNREACHABLE');
      else expectOnlyTruth(outcome as Report, expected);
      broke = isSpent(faults);
      if (broke) breaks += 1;
    }
    expect(breaks).toBeGreaterThan(5);
  });

  it('goes away half-way', async () => {
    await using running = await runDemo(version);
    const { system, expected } = running;
    const report = await running.scan(
      {},
      beforeLookUp(() => void system.close()),
    );
    expectOnlyTruth(report, expected);
    expect(report.complete).toBe(false);
    expect(unread(report)).toContain('datasets');
  });
});

describe('a Kubernetes API server', () => {
  it('that goes away after the first list leaves every other list unread', async () => {
    await using running = await runDemo('25.10');
    const { cluster, expected } = running;
    const report = await running.scan(
      {},
      afterList(() => {
        cluster.faults.stopAccepting = true;
      }),
    );
    expectOnlyTruth(report, expected);
    expect(report.complete).toBe(false);
    expect(unread(report).length).toBeGreaterThan(1);
  });

  it('that stops knowing the token half-way leaves what it no longer shows unread', async () => {
    await using running = await runDemo('25.10');
    const { cluster, expected } = running;
    const report = await running.scan(
      {},
      afterList(() => {
        cluster.faults.unauthorized = true;
      }),
    );
    expectOnlyTruth(report, expected);
    expect(report.complete).toBe(false);
  });
});

describe('a TrueNAS', () => {
  // Over REST every request logs in.
  it.each(['25.04', '25.10', '26'] as const)(
    'that forgets the login is logged in to again (%s)',
    async (version) => {
      await using running = await runDemo(version);
      const { system, expected } = running;
      let calls = 0;
      system.faults.onCall = () => {
        calls += 1;
        if (calls === 8) system.faults.expireSession = 1;
      };
      const report = await running.scan();
      expect(found(report)).toEqual(expected);
      expect(report.complete).toBe(true);
    },
  );

  it.each(['24.10', '26'] as const)(
    'that never answers one question leaves it unread (%s)',
    async (version) => {
      await using running = await runDemo(version);
      const { system, expected } = running;
      system.faults.lostAnswers = ['sharing.nfs.query'];
      const report = await running.scan({}, { timeout: millis(1_500) });
      expectOnlyTruth(report, expected);
      expect(report.complete).toBe(false);
      expect(unread(report)).toContain('nfsShares');
      expect(report.findings.map(({ rule }) => rule)).not.toContain('share-missing');
    },
  );
});

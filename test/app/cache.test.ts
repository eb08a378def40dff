import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fileCache } from '../../src/lib/adapters/store/file-cache.ts';
import { firstSeenFile } from '../../src/lib/adapters/store/first-seen.ts';
import Orphans from '../../src/commands/orphans.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import { type Report } from '../../src/lib/core/model/report.ts';
import { failed, unlisted } from '../../src/lib/core/model/coverage.ts';
import {
  CLUSTER_SOURCES,
  type ListSource,
  SYSTEM_SOURCES,
} from '../../src/lib/core/model/inventory.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { listsFor } from '../../src/lib/core/correlate/sources.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type KubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type Logger } from '../../src/lib/ports/logger.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';
import { Sandbox } from '../support/run-command.ts';
import { type RunningWorld, runWorld, type ScanSurroundings } from '../support/scan-scenario.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SILENT: Logger = { log: () => undefined };

let sandbox: Sandbox;
let running: RunningWorld;
let cluster: KubernetesLab;
let system: TrueNasLab;
let now: Date;
let surroundings: ScanSurroundings;

beforeEach(async () => {
  sandbox = await Sandbox.create();
  running = await runWorld(demo.build('25.10'));
  const [firstCluster] = running.clusters;
  const [firstSystem] = running.systems;
  if (firstCluster === undefined || firstSystem === undefined) throw new Error('both sides run');
  cluster = firstCluster;
  system = firstSystem;
  now = new Date(running.world.now);
  const clock = { now: () => now };
  surroundings = {
    clock,
    cache: fileCache({
      directory: sandbox.path('cache'),
      ttl: millis(24 * HOUR),
      clock,
      logger: SILENT,
    }),
    firstSeen: firstSeenFile(sandbox.path('state', 'first-seen.json'), SILENT),
    memory: { release: () => undefined, rest: () => undefined },
  };
});

afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

/** One scan by some rules, which takes a kept inventory up to so old. */
function scan(maxAge: number, rules: (id: string) => boolean = () => true): Promise<Report> {
  const chosen = RULES.filter(({ id }) => rules(id));
  return running.scan({ rules: chosen, maxAge: millis(maxAge) }, surroundings);
}

/** A fresh scan by every rule, in which one list fails, but not when it is read again. */
function scanWithout(broken: ListSource): Promise<Report> {
  const reads = new Set<string>();
  const failing = <R extends ClusterReader | NasReader>(reader: R): R =>
    new Proxy(reader, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...argv: readonly unknown[]): unknown => {
          const [source] = argv;
          if (key === 'list' && source === broken && !reads.has(target.name)) {
            reads.add(target.name);
            return Promise.resolve(unlisted(failed('no')));
          }
          return Reflect.apply(value, target, argv);
        };
      },
    });
  return running.scan({}, { ...surroundings, aroundCluster: failing, aroundSystem: failing });
}

function pass(span: number): void {
  now = new Date(now.getTime() + span);
}

function asked(): number {
  return cluster.requests.length + system.calls.length;
}

function sure(report: Report): string[] {
  return report.findings.map(({ id, confidence }) => `${id} ${confidence}`);
}

function only(report: Report, rule: string): Finding {
  const [finding, ...others] = report.findings.filter((each) => each.rule === rule);
  if (finding === undefined || others.length > 0) throw new Error(`there is one ${rule}`);
  return finding;
}

/** What a scan by every rule reads; what only checks look at is in no scan. */
const READ = listsFor(RULES.flatMap(({ requires, consults }) => [...requires, ...consults]));

describe('--max-age', () => {
  it('serves the kept inventory without a request, marked, and as sure as it was', async () => {
    const fresh = await scan(0);
    expect(fresh.cachedFor).toBeNull();
    const before = asked();
    pass(5 * MINUTE);
    const kept = await scan(10 * MINUTE);
    expect(asked()).toBe(before);
    expect(kept.cachedFor).toBe(5 * MINUTE);
    expect(kept.takenAt).toEqual(fresh.takenAt);
    expect(kept.complete).toBe(true);
    expect(sure(kept)).toEqual(sure(fresh));
    expect(kept.findings.some(({ confidence }) => confidence === 'certain')).toBe(true);
  });

  it('takes what no second read confirmed for likely', async () => {
    await scan(0, (id) => id === 'pv-backend-missing' || id === 'share-missing');
    const before = asked();
    const kept = await scan(HOUR, (id) => id === 'pv-backend-missing' || id === 'pv-released');
    expect(asked()).toBe(before);
    expect(only(kept, 'pv-backend-missing').confidence).toBe('certain');
    const released = kept.findings.filter(({ rule }) => rule === 'pv-released');
    expect(released.map(({ confidence }) => confidence)).toEqual(['likely', 'likely']);
  });

  it('reads anew where the kept inventory lacks a list that a rule needs', async () => {
    await scan(0, (id) => id === 'pvc-pending');
    const before = asked();
    const report = await scan(HOUR, (id) => id === 'dataset-unclaimed');
    expect(asked()).toBeGreaterThan(before);
    expect(report.cachedFor).toBeNull();
    expect(report.findings.map(({ rule }) => rule)).toContain('dataset-unclaimed');
  });

  it('reads anew where it is older than allowed, than its lifetime, or from the future', async () => {
    await scan(0);
    pass(11 * MINUTE);
    expect((await scan(10 * MINUTE)).cachedFor).toBeNull();
    pass(25 * HOUR);
    expect((await scan(48 * HOUR)).cachedFor).toBeNull();
    pass(-HOUR);
    expect((await scan(48 * HOUR)).cachedFor).toBeNull();
  });

  it('stays incomplete where it was', async () => {
    cluster.cluster.forbidden = ['persistentvolumes'];
    const fresh = await scan(0);
    expect(fresh.complete).toBe(false);
    delete cluster.cluster.forbidden;
    const kept = await scan(HOUR);
    expect(kept.cachedFor).not.toBeNull();
    expect(kept.complete).toBe(false);
    expect(kept.sources).toEqual(fresh.sources);
    expect(kept.skipped).toEqual(fresh.skipped);
    expect(sure(kept)).toEqual(sure(fresh));
  });

  it.each([...CLUSTER_SOURCES, ...SYSTEM_SOURCES].filter((source) => READ.has(source)))(
    'claims no more than its scan did where the first list of %s failed, and the second did not',
    async (broken) => {
      const fresh = await scanWithout(broken);
      expect(fresh.complete).toBe(false);
      const kept = await scan(HOUR);
      expect(kept.cachedFor).not.toBeNull();
      expect(kept.complete).toBe(false);
      expect(kept.sources).toEqual(fresh.sources);
      expect(kept.skipped.map(({ rule }) => rule)).toEqual(fresh.skipped.map(({ rule }) => rule));
      expect(sure(kept)).toEqual(sure(fresh));
    },
  );

  it('still serves a complete scan after an incomplete one', async () => {
    const whole = await scan(0);
    pass(MINUTE);
    expect((await scanWithout('nfsShares')).complete).toBe(false);
    const kept = await scan(HOUR);
    expect(kept).toMatchObject({ cachedFor: MINUTE, complete: true });
    expect(sure(kept)).toEqual(sure(whole));
  });

  it('serves the incomplete one where the complete one lacks a list, or is too old', async () => {
    await scan(0, (id) => id === 'pvc-pending');
    pass(MINUTE);
    await scanWithout('nfsShares');
    expect(await scan(HOUR)).toMatchObject({ cachedFor: 0, complete: false });
    await scan(0);
    pass(25 * HOUR);
    await scanWithout('nfsShares');
    expect(await scan(HOUR)).toMatchObject({ cachedFor: 0, complete: false });
  });

  it('survives a file that is garbage, and replaces it', async () => {
    await scan(0);
    const [name = ''] = await readdir(sandbox.path('cache'));
    await writeFile(sandbox.path('cache', name), 'garbage\n{"', { mode: 0o600 });
    expect((await scan(HOUR)).cachedFor).toBeNull();
    expect((await scan(HOUR)).cachedFor).toBe(0);
  });

  it('reads anew where what was kept cannot be judged', async () => {
    await scan(0);
    const [name = ''] = await readdir(sandbox.path('cache'));
    const file = sandbox.path('cache', name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/"columns":\{.*\}(?=\}\}\n)/g, '"columns":{}'));
    const report = await scan(HOUR);
    expect(report).toMatchObject({ cachedFor: null, complete: true });
    expect((await scan(HOUR)).cachedFor).toBe(0);
  });

  it('is whole after several scans at once', async () => {
    const reports = await Promise.all([scan(0), scan(0), scan(0), scan(0)]);
    const [one] = reports;
    for (const report of reports) expect(sure(report)).toEqual(sure(one));
    const files = await readdir(sandbox.path('cache'));
    expect(files).toHaveLength(1);
    const kept = await scan(HOUR);
    expect(kept.cachedFor).toBe(0);
    expect(sure(kept)).toEqual(sure(one));
    expect(await readdir(sandbox.path('state'))).toEqual(['first-seen.json']);
  });
});

describe('objects without a creation time', () => {
  const UNDATED = ['nfs-share-dangling', 'iscsi-extent-dangling'] as const;

  it('have none, and beside that the instant they were first seen, from scan to scan', async () => {
    const first = await scan(0);
    const since = new Date(running.world.now);
    const undated = { createdAt: null, age: null };
    for (const rule of UNDATED) {
      expect(only(first, rule)).toMatchObject({ ...undated, firstSeen: null });
    }
    pass(3 * 24 * HOUR);
    const later = await scan(0);
    for (const rule of UNDATED) {
      const { id } = only(first, rule);
      expect(only(later, rule)).toMatchObject({ ...undated, firstSeen: since, id });
      // Ages are measured by the clocks of the servers, which stand still.
      expect(only(later, rule).seenFor).toBeGreaterThanOrEqual(0);
    }
  });

  it('keep their date while the list that shows them cannot be read', async () => {
    await scan(0);
    const since = new Date(running.world.now);
    pass(HOUR);
    system.faults.deniedMethods = ['sharing.nfs.query'];
    await scan(0);
    delete system.faults.deniedMethods;
    pass(HOUR);
    expect(only(await scan(0), 'nfs-share-dangling').firstSeen).toEqual(since);
  });

  it('lose it once they have gone: a later one of that name is another', async () => {
    await scan(0);
    const shares = system.system.nfsShares.splice(0);
    const { subject } = only(await scan(HOUR), 'nfs-share-dangling');
    const others = shares.filter(({ path }) => path !== subject.name);
    system.system.nfsShares.push(...others);
    pass(HOUR);
    await scan(0);
    system.system.nfsShares.splice(0, others.length, ...shares);
    pass(HOUR);
    expect(only(await scan(0), 'nfs-share-dangling').firstSeen).toBeNull();
  });

  it('are never from the future, whatever a wrong clock wrote down', async () => {
    pass(9 * 24 * HOUR);
    await scan(0);
    pass(-9 * 24 * HOUR);
    const report = await scan(0);
    for (const rule of UNDATED) {
      const { seenFor, firstSeen } = only(report, rule);
      expect(seenFor ?? 0).toBeGreaterThanOrEqual(0);
      expect((firstSeen ?? now).getTime()).toBeLessThanOrEqual(now.getTime());
    }
  });
});

describe('--demo', () => {
  let own: Sandbox;

  beforeAll(async () => {
    own = await Sandbox.create();
  });

  afterAll(async () => {
    await own[Symbol.asyncDispose]();
  });

  it('neither reads nor writes what belongs to the user', async () => {
    const folders = ['config', 'cache', 'state'].map((each) => own.path(each, 'truenas-monitor'));
    for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
    // A configuration that nobody could run with.
    await writeFile(own.path('config', 'truenas-monitor', 'config.yaml'), 'nonsense: [', {
      mode: 0o600,
    });
    const argv = ['--demo', '--demo-state', own.path('demo'), '--max-age', '1h', '-o', 'json'];
    const environment = { TRUENAS_URL: 'http://127.0.0.1:1', KUBECONFIG: '/nowhere' };
    const first = await own.run(Orphans, argv, environment);
    const second = await own.run(Orphans, argv, environment);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(second.stdout)).toMatchObject({ complete: true });
    expect(await readdir(own.path('config', 'truenas-monitor'))).toEqual(['config.yaml']);
    expect(await readdir(own.path('cache', 'truenas-monitor'))).toEqual([]);
    expect(await readdir(own.path('state', 'truenas-monitor'))).toEqual([]);
    expect((await readdir(own.directory)).sort()).toEqual(['cache', 'config', 'demo', 'state']);
  });
});

import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Orphans from '../../src/commands/orphans.ts';
import { type IgnoreEntry } from '../../src/lib/core/model/filter.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { startSite } from '../support/command-site.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';
import { runWorld } from '../support/scan-scenario.ts';

interface WireFinding {
  readonly id: string;
  readonly rule: string;
  readonly category: string;
  readonly severity: string;
  readonly type: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly kubernetes_reference: string | null;
  readonly age_seconds: number | null;
}

interface WireReport {
  readonly complete: boolean;
  readonly sources: readonly unknown[];
  readonly summary: {
    readonly total_orphans: number;
    readonly by_severity: Readonly<Record<string, number>>;
  };
  readonly findings: readonly WireFinding[];
  readonly suppressed: readonly { readonly id: string; readonly reason: string }[];
}

const DAY = 86_400;

let sandbox: Sandbox;
let everything: WireReport;

beforeAll(async () => {
  sandbox = await Sandbox.create();
  // The first scan dates what has no creation time; the ones after it see the same.
  await run([]);
  everything = parsed(await run(['-o', 'json']));
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

function run(flags: readonly string[]): Promise<CommandResult> {
  return sandbox.run(Orphans, ['--demo', ...flags]);
}

function parsed({ stdout }: CommandResult): WireReport {
  return JSON.parse(stdout) as WireReport; // the wire form has tests of its own
}

type Filter = readonly [
  flags: readonly string[],
  passes: (finding: WireFinding) => boolean,
  /** Whether rules are left out, and with them lists that only they need. */
  chooses: 'findings' | 'rules',
];

/** Several findings may be about one object. */
function objectOf({ type, namespace, name }: WireFinding): string {
  return [type, namespace, name].join(' ');
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

const inNamespace =
  (namespace: string) =>
  (finding: WireFinding): boolean =>
    (finding.namespace ?? finding.kubernetes_reference?.split('/')[0]) === namespace;

const FILTERS: readonly Filter[] = [
  [['-n', 'databases'], inNamespace('databases'), 'findings'],
  [
    ['-n', 'search', '-n', 'gitlab'],
    (each) => inNamespace('search')(each) || inNamespace('gitlab')(each),
    'findings',
  ],
  [
    ['-l', 'app.kubernetes.io/name'],
    ({ labels }) => 'app.kubernetes.io/name' in labels,
    'findings',
  ],
  [
    ['-l', 'app.kubernetes.io/name!=gitlab-backups'],
    ({ labels }) => labels['app.kubernetes.io/name'] !== 'gitlab-backups',
    'findings',
  ],
  [['--older-than', '150d'], (each) => (each.age_seconds ?? -1) >= 150 * DAY, 'findings'],
  [
    ['--min-severity', 'high'],
    ({ severity }) => severity === 'critical' || severity === 'high',
    'findings',
  ],
  [['--type', 'pv'], ({ type }) => type === 'PersistentVolume', 'rules'],
  [
    ['--type', 'dataset,nfsshare'],
    ({ type }) => type === 'Dataset' || type === 'NfsShare',
    'rules',
  ],
  [['--rule', 'dataset-*'], ({ rule }) => rule.startsWith('dataset-'), 'rules'],
  [
    ['--rule', 'pv?-*', '--rule', 'share-missing'],
    ({ rule }) => /^pv.-/.test(rule) || rule === 'share-missing',
    'rules',
  ],
  [
    ['--rule', 'pv-*', '-n', 'databases', '--older-than', '400d'],
    (each) => each.rule === 'pv-released' && inNamespace('databases')(each),
    'rules',
  ],
];

describe.each(FILTERS.map((filter) => [filter[0].join(' '), ...filter] as const))(
  '%s',
  (_, flags, passes, chooses) => {
    let report: WireReport;

    beforeAll(async () => {
      report = parsed(await run([...flags, '-o', 'json']));
    });

    it('lets through the very findings of the whole report that pass, as sure and as proven', () => {
      const wanted = everything.findings.filter(passes);
      expect(wanted.length).toBeGreaterThan(0);
      expect(wanted.length).toBeLessThan(everything.findings.length);
      expect(report.findings).toEqual(wanted);
      expect(report.complete).toBe(true);
      if (chooses === 'findings') expect(report.sources).toEqual(everything.sources);
    });

    it('is followed by the summary and by the exit code', async () => {
      const wanted = everything.findings.filter(passes);
      const counts: Record<string, number> = {};
      for (const { severity } of wanted) counts[severity] = (counts[severity] ?? 0) + 1;
      const { summary } = report;
      expect(summary.by_severity).toEqual(counts);
      const orphans = wanted.filter(
        ({ category, severity }) => category === 'orphan' && severity !== 'info',
      );
      const objects = new Set(orphans.map(objectOf));
      expect(summary.total_orphans).toBe(objects.size);
      const { exitCode } = await run([...flags, '-o', 'name', '--fail-on', 'critical']);
      expect(exitCode).toBe('critical' in counts ? 1 : 0);
    });

    it.each(['yaml', 'csv', 'name', 'table', 'wide'])('filters %s like JSON', async (format) => {
      const { stdout, exitCode } = await run([...flags, '-o', format]);
      expect(exitCode).toBe(0);
      for (const finding of everything.findings) {
        const names = new RegExp(`${literally(finding.name)}(?![-\\w@])`);
        const shown = everything.findings.some(
          (each) => passes(each) && each.name === finding.name,
        );
        if (shown || stdoutMentions(finding)) continue;
        expect(stdout, finding.rule).not.toMatch(names);
      }
      for (const finding of everything.findings.filter(passes)) {
        expect(stdout).toContain(finding.name);
      }
      if (format === 'name') {
        const objects = new Set(everything.findings.filter(passes).map(objectOf));
        expect(stdout.trim().split('\n')).toHaveLength(objects.size);
      }
    });

    /** A dataset is named by whatever lies on it, so finding its name proves nothing. */
    function stdoutMentions({ name }: WireFinding): boolean {
      return everything.findings.some(
        (each) => passes(each) && JSON.stringify(each).includes(name),
      );
    }
  },
);

describe('what is not asked about', () => {
  it.each([
    ['--rule pv-*', ['--rule', 'pv-*'], /snapshot/],
    ['--type pv', ['--type', 'pv'], /snapshottask|replication\.|initiator|\/(apps|batch)\/|nodes/],
    [
      '--type pvc',
      ['--type', 'pvc'],
      /snapshot\.query|snapshotcontents|snapshottask|replication\./,
    ],
    [
      '--rule pvc-pending',
      ['--rule', 'pvc-pending'],
      /pool\.(?!query$)|sharing\.|iscsi\.|snapshot/,
    ],
  ])('is not listed: %s', async (_, flags, unwanted) => {
    await using own = await Sandbox.create();
    await using site = await startSite(own, demo.build('25.10'));
    const { exitCode } = await own.run(Orphans, [...flags, '-o', 'name'], site.environment);
    expect(exitCode).toBe(0);
    const asked = [
      ...site.kubernetes.requests.map(({ path }) => path.split('?', 1)[0] ?? ''),
      ...site.truenas.calls.map(({ method }) => method),
    ];
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((each) => unwanted.test(each))).toEqual([]);
  });
});

describe('ignore', () => {
  const entry: IgnoreEntry = {
    rule: 'pv-*',
    name: null,
    namespace: null,
    selector: null,
    reason: 'kept until the audit is over',
    until: null,
  };

  it.each([
    ['for ever', 0, null, 4],
    ['until a later instant', 0, 1, 4],
    ['until this very instant', 0, 0, 0],
    ['until an earlier instant', 0, -1, 0],
  ])('%s', async (_, __, offset, suppressed) => {
    await using running = await runWorld(demo.build('25.10'));
    const now = Date.parse(running.world.now);
    const until = offset === null ? null : new Date(now + offset * 1000);
    const all = await running.scan();
    const volumes = all.findings.filter(({ rule }) => rule.startsWith('pv-'));
    const report = await running.scan({ ignore: [{ ...entry, until }] });
    expect(report.suppressed.map(({ finding }) => finding.id).sort()).toEqual(
      suppressed === 0 ? [] : volumes.map(({ id }) => id).sort(),
    );
    expect(report.findings.length + report.suppressed.length).toBe(all.findings.length);
    for (const each of report.suppressed)
      expect(each).toMatchObject({ reason: entry.reason, until });
  });

  it('shows what it suppresses, and counts it no more', async () => {
    await using own = await Sandbox.create();
    await using site = await startSite(own, demo.build('25.10'));
    const config = own.path('ignore.yaml');
    await writeFile(
      config,
      `ignore:
  - {rule: pv-backend-missing, reason: known since the fire, until: 2999-01-01}
  - {rule: share-missing, reason: long over, until: 2001-01-01}
`,
    );
    const flags = ['--config', config, '--rule', 'pv-backend-missing', '--rule', 'share-missing'];
    const json = await own.run(Orphans, [...flags, '-o', 'json'], site.environment);
    const report = JSON.parse(json.stdout) as WireReport; // the wire form has tests of its own
    expect(report.findings.map(({ rule }) => rule)).toEqual(['share-missing']);
    expect(report.suppressed).toEqual([
      expect.objectContaining({
        rule: 'pv-backend-missing',
        reason: 'known since the fire',
        until: '2999-01-01T00:00:00.000Z',
      }),
    ]);
    const table = await own.run(Orphans, [...flags, '--fail-on', 'critical'], site.environment);
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain('1 finding suppressed');
    const wide = await own.run(Orphans, [...flags, '-o', 'wide'], site.environment);
    expect(wide.stdout).toContain('known since the fire');
    const [, , ...unconfigured] = flags;
    const all = await own.run(
      Orphans,
      [...unconfigured, '--fail-on', 'critical'],
      site.environment,
    );
    expect(all.exitCode).toBe(1);
  });
});

import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Health from '../../src/commands/health.ts';
import Orphans from '../../src/commands/orphans.ts';
import Validate from '../../src/commands/validate.ts';
import { decodeScan, encodeScan } from '../../src/lib/adapters/store/inventory-lines.ts';
import { SEVERITIES, type Severity } from '../../src/lib/core/model/finding.ts';
import { FORMATS } from '../../src/lib/core/render/formats.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type CommandSite, startSite } from '../support/command-site.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

/*
 * What both commands that check have in common; which checks there are is no matter of theirs.
 */

let sandbox: Sandbox;
let site: CommandSite;

beforeAll(async () => {
  sandbox = await Sandbox.create();
  site = await startSite(sandbox, demo.build('25.10'));
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

interface Parsed {
  readonly kind: string;
  readonly complete: boolean;
  readonly overall_status: string;
  readonly total_checks: number;
  readonly results: readonly {
    readonly check: string;
    readonly component: string;
    readonly status: string;
    readonly severity: string;
  }[];
  readonly suppressed: readonly unknown[];
}

function parsed({ stdout }: CommandResult): Parsed {
  return JSON.parse(stdout) as Parsed; // the wire form has tests of its own
}

/** What a command has to end with that said this, and is to fail on failures at least this severe. */
function codeFor({ results, complete }: Parsed, failOn: Severity | null): number {
  const bad: readonly string[] =
    failOn === null ? [] : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  const reached = results.some(
    ({ status, severity }) =>
      (status === 'FAIL' || status === 'WARNING') && bad.includes(severity.toLowerCase()),
  );
  if (reached) return 1;
  return complete ? 0 : 3;
}

const NOBODY = 'http://127.0.0.1:1';

describe.each([
  ['validate', Validate, 'high'],
  ['health', Health, 'critical'],
] as const)('%s', (name, command, failOn) => {
  const run = (
    argv: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> => sandbox.run(command, argv, environment);

  it('says of the demo what every check came to, and ends accordingly', async () => {
    const result = await run(['--demo', '-o', 'json']);
    expect(result.stderr).toBe('');
    const said = parsed(result);
    expect(said).toMatchObject({ kind: 'ValidationSummary', total_checks: said.results.length });
    expect(result.exitCode).toBe(codeFor(said, failOn));
  });

  it.each([['none'], ['critical'], ['high'], ['medium'], ['low'], ['info']])(
    'ends as --fail-on %s asks it to',
    async (severity) => {
      const result = await run(['--demo', '-o', 'json', '--fail-on', severity]);
      const asked = SEVERITIES.find((each) => each === severity) ?? null;
      expect(result.exitCode).toBe(codeFor(parsed(result), asked));
    },
  );

  it.each(FORMATS.map((format) => format.name))('writes %s', async (format) => {
    const asked = format === 'jsonpath' ? 'jsonpath={.overall_status}' : format;
    const result = await run(['--demo', '-o', asked, '--fail-on', 'none']);
    expect(result.exitCode).not.toBe(2);
    expect(result.stderr).toBe('');
    // Where nothing is wrong there is nothing to name.
    if (format !== 'name') expect(result.stdout).not.toBe('');
  });

  it('writes to a file whole, and colours only where it is asked to', async () => {
    const path = sandbox.path(`${name}.json`);
    const result = await run(['--demo', '-o', 'json', '--output-file', path]);
    expect(result.stdout).toBe('');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ kind: 'ValidationSummary' });
    expect((await run(['--demo'], { FORCE_COLOR: '1' })).stdout).toContain('\u001b[');
    expect((await run(['--demo', '--no-color'], { FORCE_COLOR: '1' })).stdout).not.toContain(
      '\u001b[',
    );
  });

  it('touches nothing of the user with --demo', async () => {
    await using own = await Sandbox.create();
    await own.run(command, ['--demo', '--demo-state', own.path('demo')]);
    expect(await readdir(own.directory)).toEqual(['demo']);
  });

  it('reads real servers, and keeps what it read under a name of its own', async () => {
    await using own = await Sandbox.create();
    const first = await own.run(command, ['-o', 'json'], site.environment);
    expect(first.exitCode).toBe(codeFor(parsed(first), failOn));
    const [kept = '', ...others] = await readdir(own.path('cache', 'truenas-monitor'));
    expect(kept).toMatch(/-checks\.jsonl$/);
    expect(others).toEqual([]);
    const again = await own.run(command, ['-o', 'json', '--max-age', '1h'], site.environment);
    expect(JSON.parse(again.stdout)).toHaveProperty('cached', true);
  });

  describe('a side that cannot be had', () => {
    const wrongToken = async (): Promise<Record<string, string>> => {
      const text = site.kubernetes.kubeconfig().replaceAll(site.kubernetes.token, 'wrong-token');
      const path = sandbox.path('wrong-kubeconfig');
      await writeFile(path, text, { mode: 0o600 });
      return { KUBECONFIG: path };
    };
    const noCluster = async (): Promise<Record<string, string>> => {
      const text = site.kubernetes.kubeconfig().replaceAll(/server: .*/g, `server: ${NOBODY}`);
      const path = sandbox.path('dead-kubeconfig');
      await writeFile(path, text, { mode: 0o600 });
      return { KUBECONFIG: path };
    };

    it.each([
      ['TrueNAS out of reach', () => Promise.resolve({ TRUENAS_URL: NOBODY })],
      ['a cluster out of reach', noCluster],
      ['neither', async () => ({ ...(await noCluster()), TRUENAS_URL: NOBODY })],
      ['a wrong key', () => Promise.resolve({ TRUENAS_API_KEY: '1-wrongwrongwrongwrong' })],
      ['a refused token', wrongToken],
    ])('(%s) is an answer, and not the end', async (_, change) => {
      const environment = { ...site.environment, ...(await change()) };
      const result = await run(['-o', 'json', '--timeout', '5s'], environment);
      const said = parsed(result);
      expect(result.stderr).toBe('');
      expect(said.complete).toBe(false);
      expect(['FAIL', 'WARNING', 'UNKNOWN']).toContain(said.overall_status);
      expect(result.exitCode).toBe(codeFor(said, failOn));
      expect([1, 3]).toContain(result.exitCode);
      for (const secret of [...site.secrets, 'wrongwrong', 'wrong-token']) {
        expect(result.stdout).not.toContain(secret);
      }
      const people = await run(['--timeout', '5s'], environment);
      expect(people.exitCode).toBe(result.exitCode);
      expect(people.stdout).not.toBe('');
    });

    it('for a mistake of ours ends it with 2 all the same', async () => {
      const keyless = { ...site.environment, TRUENAS_API_KEY: '' };
      expect((await run([], keyless)).stderr).toContain('there is no API key');
      expect((await run([], keyless)).exitCode).toBe(2);
      const plain = await run([], { ...site.environment, TRUENAS_URL: 'http://nas1.example' });
      expect(plain.exitCode).toBe(2);
      const elsewhere = await run(['--context', 'staging'], site.environment);
      expect(elsewhere.exitCode).toBe(2);
      expect(elsewhere.stderr).toContain('staging');
      const nothing = await run(['--config', '/nowhere.yaml'], site.environment);
      expect(nothing.exitCode).toBe(2);
    });
  });

  it('ends with 130 where it is interrupted, and says nothing on stdout', async () => {
    const silent = createServer(() => process.emit('SIGINT', 'SIGINT'));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // it listens on a port
    const environment = { ...site.environment, TRUENAS_URL: `http://127.0.0.1:${port}` };
    const result = await run(['-o', 'json'], environment);
    silent.closeAllConnections();
    silent.close();
    expect(result.exitCode).toBe(130);
    expect(result.stdout).toBe('');
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  it.each([
    [['--demoo'], 'there is no flag --demoo', 'Did you mean --demo?'],
    [['-o', 'jsn'], 'unknown output format "jsn"', 'Did you mean -o json?'],
    [['--fail-on', 'hihg'], '--fail-on does not take "hihg"', 'Did you mean --fail-on high?'],
    [['--rule', 'pv-released'], 'pv-released is a rule of orphans', 'orphans --rule pv-released'],
    [['--rule', 'nope'], `no check of ${name} is called "nope"`, 'docs/rules/README.md'],
    [['-o', 'jsonpath={nope}'], 'invalid jsonpath template', '{range .results[*]}{.check}'],
    [['-o', 'jsonpath='], 'output format jsonpath needs', '{.results[*].check}'],
    [['--component', 'nope'], '--component does not take "nope"', 'Use one of '],
    [['--min-severity', 'bad'], '--min-severity does not take "bad"', 'critical, high'],
    [['--demo', '--url', 'https://x'], '--demo has servers of its own', 'Leave out --url'],
    [['--output-file', '/nowhere/x', '--demo'], '--output-file /nowhere/x', 'Name a file'],
    [['--namespace', 'x'], 'there is no flag --namespace', 'See every option'],
  ])('refuses %j with 2 and a way out', async (argv, message, remedy) => {
    const result = await run(argv);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(`Error: ${message}`);
    expect(result.stderr).toContain(remedy);
  });
});

it.each([
  [Validate, ['--rule', 'pool-status'], 'pool-status is a check of health', 'health --rule pool-'],
  [Health, ['--rule', 'tls-*'], '"tls-*" names checks of validate alone', "--rule 'tls-*'"],
  [Validate, ['--component', 'alert'], 'alert is a component of health', 'health --component al'],
  [Validate, ['--rule', 'iscsi-portals'], 'no check of validate', 'iscsi-portal-'],
] as const)('%o refuses %j and says where it is', async (command, argv, message, remedy) => {
  const { exitCode, stderr } = await sandbox.run(command, [...argv]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`Error: ${message}`);
  expect(stderr).toContain(remedy);
  expect(stderr.length).toBeLessThan(500);
});

describe('what is chosen of validate', () => {
  const ids = (result: CommandResult): string[] => [
    ...new Set(parsed(result).results.map(({ check }) => check)),
  ];

  it('is one check by its id, all of a component, and what both have in common', async () => {
    const run = (...argv: string[]): Promise<CommandResult> =>
      sandbox.run(Validate, ['--demo', '-o', 'json', ...argv]);
    expect(ids(await run('--rule', 'default-storage-*'))).toEqual(['default-storage-class']);
    const some = parsed(await run('--component', 'storage-class'));
    expect(new Set(some.results.map(({ component }) => component))).toEqual(
      new Set(['storage-class']),
    );
    const severe = parsed(await run('--min-severity', 'high'));
    expect(severe.results.map(({ severity }) => severity)).not.toContain('MEDIUM');
  });

  it('is no more than it takes: the lists of other checks are not read', async () => {
    const { forbidden } = site.kubernetes.cluster;
    site.kubernetes.cluster.forbidden = ['pods', 'persistentvolumes'];
    try {
      const argv = ['-o', 'json', '--rule', 'default-storage-class'];
      const result = await sandbox.run(Validate, argv, site.environment);
      expect(parsed(result)).toMatchObject({ complete: true, overall_status: 'PASS' });
      expect(result.exitCode).toBe(0);
    } finally {
      if (forbidden === undefined) Reflect.deleteProperty(site.kubernetes.cluster, 'forbidden');
      else site.kubernetes.cluster.forbidden = forbidden;
    }
  });

  it('says what a list for people leaves out, once', async () => {
    const argv = ['--demo', '--rule', 'default-storage-class', '--min-severity', 'critical'];
    const { stdout, stderr } = await sandbox.run(Validate, argv);
    expect(stderr).toBe('');
    expect(stdout).toContain('Of 1 check none is as severe as --min-severity asks for.');
    expect((await sandbox.run(Validate, [...argv, '-o', 'json'])).stderr).toBe('');
  });
});

describe('a list that may not be read', () => {
  it('skips the check that rests on it, and makes the answer incomplete', async () => {
    const { forbidden } = site.kubernetes.cluster;
    site.kubernetes.cluster.forbidden = ['storageclasses'];
    try {
      const argv = ['-o', 'json', '--rule', 'default-storage-class'];
      const result = await sandbox.run(Validate, argv, site.environment);
      expect(parsed(result)).toMatchObject({
        complete: false,
        overall_status: 'UNKNOWN',
        results: [{ status: 'SKIPPED' }],
      });
      expect(result.exitCode).toBe(3);
    } finally {
      if (forbidden === undefined) Reflect.deleteProperty(site.kubernetes.cluster, 'forbidden');
      else site.kubernetes.cluster.forbidden = forbidden;
    }
  });
});

describe('a failure that is left alone', () => {
  /** Makes every class of the kept scan a default, which no class of the demo is. */
  async function spoilKept(own: Sandbox): Promise<void> {
    const [file = ''] = await readdir(own.path('cache', 'truenas-monitor'));
    const path = own.path('cache', 'truenas-monitor', file);
    const key = /^scan-(.*)\.jsonl$/.exec(file)?.[1] ?? '';
    const scan = decodeScan(key, await readFile(path, 'utf8'));
    if (scan === undefined) throw new Error('it was kept');
    const classes = scan.inventory.clusters.flatMap(
      ({ lists }) => lists.storageClasses?.items ?? [],
    );
    for (const each of classes) Object.assign(each, { isDefault: true });
    expect(classes.length).toBeGreaterThan(1);
    await writeFile(path, [...encodeScan(key, scan)].join(''));
  }

  it('is shown as suppressed, counts for no exit code, and orphans knows the check too', async () => {
    await using own = await Sandbox.create();
    const rule = ['--rule', 'default-storage-class', '-o', 'json', '--fail-on', 'medium'];
    const run = (...argv: string[]): Promise<CommandResult> =>
      own.run(Validate, [...rule, '--max-age', '1h', ...argv], site.environment);
    expect((await run()).exitCode).toBe(0);
    await spoilKept(own);
    const bad = await run();
    expect(parsed(bad)).toMatchObject({ overall_status: 'WARNING', suppressed: [] });
    expect(bad.exitCode).toBe(1);

    const config = own.path('ignore.yaml');
    await writeFile(config, 'ignore: [{rule: default-storage-class, reason: a move}]\n');
    const left = await run('--config', config);
    expect(left.stderr).toBe('');
    expect(parsed(left)).toMatchObject({ overall_status: 'UNKNOWN', results: [] });
    expect(parsed(left).suppressed).toHaveLength(1);
    expect(left.exitCode).toBe(0);

    const orphans = await own.run(Orphans, ['--config', config, '-o', 'name'], site.environment);
    expect(orphans.stderr).toBe('');
  });
});

describe('health --watch', () => {
  it.each([
    [['--watch'], '--watch needs a terminal', 'leave out --watch'],
    [['--watch', '-o', 'json'], '--watch has a screen of its own', 'Leave out --output'],
    [['--watch', '--output-file', 'x'], '--watch has a screen of its own', '--output-file'],
    [['--watch', '--max-age', '1m'], '--watch has a screen of its own', '--max-age'],
    [['--interval', '5s'], '--interval is only for --watch', 'Add --watch'],
  ])('refuses %j with 2 and a way out', async (argv, message, remedy) => {
    const result = await sandbox.run(Health, ['--demo', ...argv]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain(remedy);
  });
});

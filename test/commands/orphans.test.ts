import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Orphans from '../../src/commands/orphans.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await Sandbox.create();
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return sandbox.run(Orphans, argv, environment);
}

interface Parsed {
  readonly complete: boolean;
  readonly findings: readonly {
    rule: string;
    name: string;
    namespace: string | null;
    severity: string;
  }[];
}

function parsed({ stdout }: CommandResult): Parsed {
  return JSON.parse(stdout) as Parsed; // the wire form has tests of its own
}

describe('orphans --demo', () => {
  it('finds what the demo world says, and exits with 0 where nothing has to fail', async () => {
    const result = await run(['--demo', '-o', 'json']);
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    const found = parsed(result).findings.map(
      ({ rule, name, namespace }) => `${rule} ${namespace === null ? '' : `${namespace}/`}${name}`,
    );
    const expected = demo.expected.map(({ rule, name }) => `${rule} ${name}`);
    expect(found.sort()).toEqual(expected.sort());
  });

  it('counts what is reported for --fail-on, after the filters', async () => {
    expect((await run(['--demo', '--fail-on', 'high'])).exitCode).toBe(1);
    const filtered = ['--demo', '--rule', 'nfs-share-dangling', '--fail-on', 'high'];
    expect((await run(filtered)).exitCode).toBe(0);
  });

  it('says what a filter leaves out, and that no namespace is meant', async () => {
    const high = await run(['--demo', '--min-severity', 'high']);
    expect(high.stderr).toMatch(/^Warning: \d+ findings outside the filter, and not shown\n$/);
    const script = await run(['--demo', '--min-severity', 'high', '-o', 'name']);
    expect(script.stderr).toBe('');
    const none = await run(['--demo', '-n', 'serach']);
    expect(none.stderr).toContain('--namespace serach: nothing that was read lies in');
    expect(none.stderr).toContain('did you mean search?');
    const wire = await run(['--demo', '-n', 'serach', '-o', 'json']);
    expect(wire.stderr).toBe('');
    expect(wire.stdout).toContain('"code": "namespace-unmatched"');
  });

  it('filters by namespace, type, severity and age', async () => {
    const lost = parsed(await run(['--demo', '-n', 'search', '-o', 'json']));
    expect(lost.findings.map(({ rule }) => rule)).toEqual(['pvc-lost']);
    const typed = parsed(await run(['--demo', '--type', 'nfsshare,pvc', '-o', 'json']));
    expect(typed.findings.map(({ rule }) => rule)).toEqual([
      'pvc-lost',
      'pvc-pending',
      'nfs-share-dangling',
      'share-unclaimed',
      'pvc-unused',
    ]);
    const worst = parsed(await run(['--demo', '--min-severity', 'critical', '-o', 'json']));
    expect(worst.findings.map(({ severity }) => severity)).toEqual(['critical']);
    const old = parsed(await run(['--demo', '--older-than', '600d', '-o', 'json']));
    expect(old.findings.map(({ rule }) => rule)).toEqual(['pv-released']);
  });

  it('keeps its world and its clock, and touches nothing of the user', async () => {
    await using own = await Sandbox.create();
    const state = own.path('demo');
    const at = (flags: string[]): Promise<CommandResult> =>
      own.run(Orphans, ['--demo', '--demo-state', state, '-o', 'json', ...flags]);
    const timestamp = ({ stdout }: CommandResult): string =>
      (JSON.parse(stdout) as { timestamp: string }).timestamp;
    const first = timestamp(await at([]));
    const later = timestamp(await at(['--demo-now', '+8d']));
    expect(Date.parse(later) - Date.parse(first)).toBe(8 * 86_400_000);
    expect(timestamp(await at([]))).toBe(later);
    expect(timestamp(await at(['--demo-now', '2027-01-31T12:00:00Z']))).toBe(
      '2027-01-31T12:00:00.000Z',
    );
    expect(timestamp(await at(['--demo-reset']))).toBe(first);
    expect(await readdir(own.directory)).toEqual(['demo']);
    expect((await readdir(state)).sort()[0]).toBe('first-seen.json');
  });

  it('runs a fleet of any size, and says so where another world is kept', async () => {
    await using own = await Sandbox.create();
    const fleet = await own.run(Orphans, ['--demo', '--demo-size', '20', '-o', 'json']);
    expect(JSON.parse(fleet.stdout)).toMatchObject({ summary: { total_pvs: 20 } });
    const other = await own.run(Orphans, ['--demo', '--demo-size', '30']);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toBe(
      `Error: the demo world that is kept in ${own.path('state', 'truenas-monitor', 'demo')} is another one\n` +
        'What to do: Add --demo-reset to replace it, or --demo-state DIR to keep both.\n',
    );
  });

  it('says how to get out of a world that cannot be read', async () => {
    await using own = await Sandbox.create();
    await writeFile(own.path('world.json'), '{', { mode: 0o600 });
    const result = await own.run(Orphans, ['--demo', '--demo-state', own.directory]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(`the demo world in ${own.path('world.json')} cannot be used`);
    await writeFile(own.path('world.json'), '{"format":0}', { mode: 0o600 });
    const older = await own.run(Orphans, ['--demo', '--demo-state', own.directory]);
    expect(older.stderr).toContain('What to do: Make it anew with --demo-reset.');
  });

  it('serves the kept inventory up to --max-age', async () => {
    await run(['--demo', '-o', 'name']);
    const kept = await run(['--demo', '--max-age', '1h']);
    expect(kept.exitCode).toBe(0);
    expect(kept.stdout).toMatch(/kept|cache|ago|old/i);
  });

  it('writes to a file whole, and to no device', async () => {
    const path = sandbox.path('report.csv');
    const result = await run(['--demo', '-o', 'csv', '--output-file', path]);
    expect(result.stdout).toBe('');
    expect((await readFile(path, 'utf8')).split('\n').length).toBeGreaterThan(10);
    expect((await run(['--demo', '--output-file', '/dev/null'])).exitCode).toBe(0);
    expect((await readdir(sandbox.directory)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('colours a table only where it is asked to', async () => {
    const color = await run(['--demo'], { FORCE_COLOR: '1' });
    expect(color.stdout).toContain('\x1b[');
    const plain = await run(['--demo', '--no-color'], { FORCE_COLOR: '1' });
    expect(plain.stdout).not.toContain('\x1b[');
  });
});

describe('a command line that makes no sense', () => {
  it.each([
    [['--demoo'], 'there is no flag --demoo', 'Did you mean --demo?'],
    [['-o', 'jsn'], 'unknown output format "jsn"', 'Did you mean -o json?'],
    [['--fail-on', 'hihg'], '--fail-on does not take "hihg"', 'Did you mean --fail-on high?'],
    [['--older-than', '5'], '--older-than does not take "5"', 'such as 30s, 5m, 24h or 30d'],
    [['--type', 'pvv'], '--type does not take "pvv"', 'Did you mean --type pv?'],
    [['-l', 'a in b'], '--selector does not take "a in b"', 'app=db,tier!=cache'],
    [['--rule', 'nope'], 'no rule is called "nope"', 'docs/rules/README.md lists every rule'],
    [['--demo', '--url', 'https://x'], '--demo has servers of its own', 'Leave out --url'],
    [['--demo-size', '3'], '--demo-size is only for the demo', 'Add --demo'],
    [['--demo-reset'], '--demo-reset is only for the demo', 'Add --demo'],
    [['--demo', '--demo-size', '0'], '--demo-size does not take "0"', 'from 1 to 100000'],
    [['--demo', '--demo-now', 'soon'], '--demo-now does not take "soon"', 'such as +8d'],
    [['--demo', '--demo-now', '+x'], '--demo-now does not take "x"', 'such as 30s'],
    [['-n', ''], '--namespace does not take ""', 'leave out --namespace'],
    [['-n', 'a', '-A'], '--namespace and --all-namespaces exclude each other', 'Leave out one'],
    [
      ['--rule', 'pvc-lost', '--type', 'pv', '--demo'],
      'no rule is left to judge by',
      '--rule and --type',
    ],
    [['--timeout'], 'flag --timeout expects a value', 'truenas-monitor orphans --help'],
    [['--log-level', 'loud'], '--log-level does not take "loud"', 'debug, info, warn, error'],
    [
      ['--demo', '--output-file', '/nowhere/x'],
      '--output-file /nowhere/x cannot be written',
      'Name a file',
    ],
  ])('%j is refused with 2 and a way out', async (argv, message, remedy) => {
    const result = await run(argv);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(`Error: ${message}`);
    expect(result.stderr).toContain(remedy);
  });

  it.each([[['-o', 'json']], [['-ojson']], [['--output=json']], [['--output', 'json']]])(
    'is said as JSON with %j',
    async (argv) => {
      const result = await run([...argv, '--nope']);
      const error = JSON.parse(result.stderr) as { error: Record<string, unknown> };
      expect(error.error).toMatchObject({ code: 'USAGE', message: 'there is no flag --nope' });
      expect(error.error['request_id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(result.exitCode).toBe(2);
    },
  );
});

describe('without a demo', () => {
  it('says what to write where nothing says where TrueNAS is', async () => {
    const result = await run([]);
    expect(result).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `Error: nothing says where TrueNAS is, and no Secret of a CSI driver does
  cluster kubernetes: no kubeconfig was found
What to do:
  1. Write a configuration: truenas-monitor config init --url https://nas1.example.
  2. Or export TRUENAS_URL, TRUENAS_USERNAME and TRUENAS_API_KEY.
  3. Or look around first, without any server: truenas-monitor orphans --demo.
  4. Name one with --kubeconfig, $KUBECONFIG, or kubernetes.kubeconfig of the configuration.
  5. In a pod, set kubernetes.in_cluster to true and give the pod a service account.
`,
    });
  });

  it('says where a key comes from where there is none', async () => {
    const result = await run(['--url', 'https://nas1.example']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('Error: there is no API key for TrueNAS nas1.example');
    expect(result.stderr).toContain('Export it as TRUENAS_API_KEY, with TRUENAS_USERNAME.');
  });

  it('names a configuration that is not there, and one that is wrong', async () => {
    const missing = await run(['--config', '/nowhere.yaml']);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain(
      'Error: configuration file /nowhere.yaml, named by --config, does not exist',
    );
    const path = sandbox.path('wrong.yaml');
    await writeFile(path, 'truenas:\n  ulr: https://nas1.example\n');
    const wrong = await run(['--config', path]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toBe(
      `Error: ${path}: line 2: truenas.ulr is not a known key\n` +
        'What to do: Line 2: did you mean truenas.url? Rename it or remove it.\n',
    );
  });
});

describe('against servers', () => {
  let world: World;
  let closeAll: () => Promise<void>;
  let environment: Record<string, string>;
  let web: Server;
  let kubernetes: Awaited<ReturnType<typeof startKubernetesLab>>;

  beforeAll(async () => {
    world = demo.build('25.10');
    const now = (): Date => new Date(world.now);
    const [cluster] = world.clusters;
    const [system] = world.systems;
    const [key] = system?.apiKeys ?? [];
    if (cluster === undefined || system === undefined || key === undefined)
      throw new Error('empty');
    kubernetes = await startKubernetesLab(cluster, { now });
    const truenas = await startTrueNasLab(system, { now });
    web = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<html>hello</html>');
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    await writeFile(sandbox.path('kubeconfig'), kubernetes.kubeconfig(), { mode: 0o600 });
    environment = {
      KUBECONFIG: sandbox.path('kubeconfig'),
      TRUENAS_URL: truenas.url,
      TRUENAS_USERNAME: key.username,
      TRUENAS_API_KEY: `${key.id}-${key.secret}`,
    };
    closeAll = async () => {
      await Promise.all([kubernetes.close(), truenas.close()]);
      web.close();
    };
  });

  afterAll(async () => {
    await closeAll();
  });

  function secretless({ stdout, stderr }: CommandResult): void {
    for (const secret of [environment['TRUENAS_API_KEY'] ?? '?', kubernetes.token]) {
      expect(`${stdout}${stderr}`).not.toContain(secret);
    }
  }

  it('scans what the environment names, and keeps the scan in the XDG cache', async () => {
    const result = await run(['-o', 'json'], environment);
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(parsed(result).complete).toBe(true);
    expect(parsed(result).findings.map(({ rule }) => rule)).toContain('pv-backend-missing');
    const [name = ''] = await readdir(sandbox.path('cache', 'truenas-monitor'));
    const kept = await readFile(sandbox.path('cache', 'truenas-monitor', name), 'utf8');
    expect(kept).not.toContain(environment['TRUENAS_API_KEY']);
    expect(kept).not.toContain(kubernetes.token);
  });

  it('refuses a context that does not exist', async () => {
    const result = await run(['--context', 'staging'], environment);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('staging');
    expect(result.stderr).toContain('What to do:');
  });

  it('refuses a wrong key without repeating it', async () => {
    const result = await run([], { ...environment, TRUENAS_API_KEY: '1-wrongwrongwrongwrong' });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/^Error: .*\n(?:Cause: .*\n)?What to do:/);
    expect(result.stderr).not.toContain('wrongwrong');
  });

  it('names a server that cannot be reached', async () => {
    const result = await run(['--timeout', '2s'], {
      ...environment,
      TRUENAS_URL: 'http://127.0.0.1:1',
    });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('127.0.0.1');
    expect(result.stderr).toContain('What to do:');
    secretless(result);
  });

  it('tells a web page from TrueNAS', async () => {
    const { port } = web.address() as AddressInfo; // it listens on a port
    const result = await run([], { ...environment, TRUENAS_URL: `http://127.0.0.1:${port}` });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('What to do:');
    secretless(result);
  });

  it('refuses to send a key in the clear to another machine', async () => {
    const result = await run([], { ...environment, TRUENAS_URL: 'http://nas1.example' });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('https');
    secretless(result);
  });

  it('reports an incomplete scan with 3, and nothing as orphaned because of it', async () => {
    const forbidden = kubernetes.cluster.forbidden;
    kubernetes.cluster.forbidden = ['persistentvolumes'];
    try {
      const result = await run(['-o', 'json', '--fail-on', 'critical'], environment);
      expect(result.exitCode).toBe(3);
      expect(parsed(result).complete).toBe(false);
      const rules = parsed(result).findings.map(({ rule }) => rule);
      expect(rules.filter((rule) => rule === 'dataset-unclaimed')).toEqual([]);
    } finally {
      if (forbidden === undefined) Reflect.deleteProperty(kubernetes.cluster, 'forbidden');
      else kubernetes.cluster.forbidden = forbidden;
    }
  });

  it('ends with 130 where it is interrupted, whatever it was waiting for', async () => {
    const silent = createServer(() => process.emit('SIGINT', 'SIGINT'));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // it listens on a port
    const url = `http://127.0.0.1:${port}`;
    const result = await run(['-o', 'json'], { ...environment, TRUENAS_URL: url });
    silent.closeAllConnections();
    silent.close();
    expect(result.exitCode).toBe(130);
    expect(result.stdout).toBe('');
    expect(JSON.parse(result.stderr)).toMatchObject({
      error: { code: 'INTERRUPTED', message: 'interrupted by SIGINT' },
    });
  });
});

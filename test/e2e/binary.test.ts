import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSound, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { BINARY, type CliResult, ended, needsBinary, start } from '../support/built-cli.ts';
import { startSite } from '../support/command-site.ts';
import { findKubectl } from '../support/kubectl.ts';
import { needsTool } from '../support/missing-tool.ts';
import { hasPoppler, poppler } from '../support/poppler.ts';
import { Sandbox } from '../support/run-command.ts';

type Environment = Readonly<Record<string, string>>;

describe('the executable', needsBinary(), () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  const run = async (argv: readonly string[], more: Environment = {}): Promise<CliResult> =>
    await ended(start(sandbox, [BINARY, ...argv], more));

  it('says its version, the commit it is made from, the platform and its Node', async () => {
    const { code, stdout } = await run(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^truenas-monitor/\\d+\\.\\d+\\.\\d+(?:\\+[0-9a-f]{12}(?:\\.changed)?)? ${process.platform}-${process.arch} node-v[\\d.]+\\n$`,
      ),
    );
  });

  it('runs in an empty folder with nothing in its environment', () => {
    for (const argv of [
      ['--help'],
      ['orphans', '--help'],
      ['config', 'init', '-o', '-'],
      ['help', 'explain'],
    ]) {
      const { status, stdout, stderr } = spawnSync(BINARY, argv, {
        cwd: sandbox.directory,
        env: {},
        encoding: 'utf8',
      });
      expect({ argv, status, stderr }).toEqual({ argv, status: 0, stderr: '' });
      expect(stdout.length).toBeGreaterThan(200);
    }
  });

  it('takes no notice of NODE_OPTIONS', async () => {
    const { code, stderr } = await run(['--version'], { NODE_OPTIONS: '--require /nowhere.js' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('scans real servers as every command does', async () => {
    await using own = await Sandbox.create();
    await using site = await startSite(own, demo.build('25.10'));
    const scan = async (...argv: readonly string[]): Promise<CliResult> =>
      await ended(start(own, [BINARY, ...argv], site.environment));
    const orphans = await scan('orphans', '-o', 'json');
    expect({ code: orphans.code, stderr: orphans.stderr }).toEqual({ code: 0, stderr: '' });
    const { findings } = JSON.parse(orphans.stdout) as { findings: { id: string; rule: string }[] };
    expect(findings.length).toBeGreaterThan(10);
    const [first] = findings;
    const explained = await scan('explain', first?.id ?? '', '-o', 'json');
    expect(explained.code).toBe(0);
    expect(JSON.parse(explained.stdout)).toMatchObject({ kind: 'Explanation', asked: first?.id });
    for (const format of [
      'table',
      'wide',
      'yaml',
      'csv',
      'name',
      'jsonpath={.summary.total_pvs}',
    ]) {
      const { code, stdout } = await scan('orphans', '-o', format, '--max-age', '1h');
      expect({ format, code, empty: stdout === '' }).toEqual({ format, code: 0, empty: false });
    }
    expect((await scan('orphans', '--fail-on', 'low', '--max-age', '1h')).code).toBe(1);
    const check = await scan('config', 'check');
    expect(check).toMatchObject({ code: 0, stderr: '' });
    const view = await scan('config', 'view');
    expect(view.code).toBe(0);
    for (const secret of site.secrets) expect(view.stdout).not.toContain(secret);
  });

  it('runs the demo, and keeps its world between commands', async () => {
    const first = await run(['orphans', '--demo', '-o', 'name']);
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await run(['orphans', '--demo', '-o', 'name'])).stdout).toBe(first.stdout);
  });

  it('makes a report with its charts, its fonts and its pages', async () => {
    const { code, stderr } = await run([
      'report',
      '--demo',
      '-o',
      'html,pdf',
      '--output-file',
      'report/',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const page = await readFile(sandbox.path('report/truenas-monitor-report.html'), 'utf8');
    expect(page.match(/<svg /g)?.length).toBeGreaterThan(5);
    const pdf = await readFile(sandbox.path('report/truenas-monitor-report.pdf'));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(100_000);
    if (!hasPoppler) return;
    expect(poppler('pdftotext', pdf)).toContain('Capacity and forecast');
    expect(poppler('pdffonts', pdf)).toContain('Roboto-Regular');
  });

  it.each([
    [['orphns'], 'Did you mean truenas-monitor orphans?'],
    [['orphans', '--no-such-flag'], '--no-such-flag'],
    [['orphans'], 'config init'],
    [['config', 'view', '--config', '/nowhere.yaml'], 'does not exist'],
    [['explain', '--demo', 'pod/x/y'], 'pod'],
  ])('refuses %j with 2 and a way out', async (argv, said) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it(
    'answers to kubectl by its name',
    needsTool('kubectl', !('missing' in findKubectl())),
    async () => {
      const bin = sandbox.path('kubectl-bin');
      await mkdir(bin);
      await symlink(BINARY, join(bin, 'kubectl-truenas_monitor'));
      const found = findKubectl();
      const { status, stdout } = spawnSync(
        'path' in found ? found.path : '',
        ['truenas-monitor', '--version'],
        {
          env: { ...sandbox.environment, PATH: [bin, process.env['PATH']].join(delimiter) },
          encoding: 'utf8',
        },
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/^truenas-monitor\//);
    },
  );

  it('is the file alone: a copy of it elsewhere does the same', async () => {
    const copy = sandbox.path('copy');
    await copyFile(BINARY, copy);
    await chmod(copy, 0o755);
    const { status, stdout } = spawnSync(copy, ['config', 'init', '-o', '-'], {
      env: {},
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('truenas:');
    await rm(copy);
  });

  describe('ends as its surroundings do', () => {
    it('quietly, where whoever reads its output has gone', async () => {
      const child = spawn(
        'sh',
        ['-c', `'${BINARY}' orphans --demo -o json | head -n 1; echo "head \${?}" >&2`],
        {
          env: { PATH: process.env['PATH'] ?? '', ...sandbox.environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      const { code, stdout, stderr } = await ended(child);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '{\n', stderr: 'head 0\n' });
    });

    it('with 2 and a reason, where stdout is closed or full', async () => {
      const closed = spawn('sh', ['-c', `'${BINARY}' orphans --demo -o json >&-`], {
        env: { PATH: process.env['PATH'] ?? '', ...sandbox.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const { signal, stderr } = await ended(closed);
      expect(signal).toBeNull();
      expect(stderr).not.toMatch(/internal error|at .*\.js/);
      const full = spawn('sh', ['-c', `'${BINARY}' orphans --demo -o json >/dev/full`], {
        env: { PATH: process.env['PATH'] ?? '', ...sandbox.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const outcome = await ended(full);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain('results cannot be written to stdout');
      expect(outcome.stderr).not.toContain('internal error');
    });

    it('with 130 and one line, where it is interrupted in a scan', async () => {
      const silent = createServer(() => child.kill('SIGINT'));
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo; // it listens on a port
      await using own = await Sandbox.create();
      const site = newSite('25.10');
      addSound(site.nfs, 1);
      await using servers = await startSite(own, site.stage.world);
      const child = start(own, [BINARY, 'orphans'], {
        ...servers.environment,
        TRUENAS_URL: `http://127.0.0.1:${port}`,
      });
      const { code, signal, stdout, stderr } = await ended(child);
      silent.closeAllConnections();
      silent.close();
      expect({ code, signal, stdout }).toEqual({ code: 130, signal: null, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    });
  });

  describe('without a cache to keep a scan in', () => {
    const withoutCache = async (environment: Environment): Promise<void> => {
      await using own = await Sandbox.create();
      const site = newSite('25.10');
      addSound(site.nfs, 2);
      await using servers = await startSite(own, site.stage.world);
      const argv = ['orphans', '-o', 'json', '--log-level', 'debug'];
      const { code, stdout, stderr } = await ended(
        start(own, [BINARY, ...argv], { ...servers.environment, ...environment }),
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ complete: true });
      const said = stderr.split('\n').filter((line) => line.includes('the scan could not be kept'));
      expect(said).toHaveLength(1);
    };

    it('works where its place is a file', async () => {
      const file = sandbox.path('a-file');
      await writeFile(file, '');
      await withoutCache({ XDG_CACHE_HOME: file });
    });

    it('works where its place may not be written', async () => {
      // Where even root may make nothing.
      await withoutCache({ XDG_CACHE_HOME: '/proc/nowhere' });
    });
  });

  describe('starts with what a command needs', () => {
    async function readTrace(file: string): Promise<{ name: string; fromCache: boolean }[]> {
      const { chunks } = JSON.parse(await readFile(file, 'utf8')) as {
        chunks: { name: string; fromCache: boolean }[];
      };
      return chunks;
    }

    /** Chunks the executable loaded, and whether each came with compiled code V8 took. */
    async function chunksOf(argv: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
      const file = sandbox.path('trace.json');
      await run(argv, { TRUENAS_MONITOR_TRACE_FILE: file });
      const chunks = await readTrace(file);
      return new Map(chunks.map(({ name, fromCache }) => [name, fromCache]));
    }

    /** What takes a millisecond or more; the width of texts, which every message is fitted with, does not. */
    const HEAVY = [
      'undici.js',
      'yaml.js',
      'zod.js',
      'ws.js',
      'chalk.js',
      'kubernetes-client-node.js',
      'ink.js',
      'demo.js',
      'demo-world.js',
      // What answers requests, and belongs to `serve` alone.
      'serve.js',
      'engine-thread.js',
      'fastify.js',
      'pino.js',
      'prom-client.js',
      'jose.js',
      'lru-cache.js',
      'cockatiel.js',
    ];

    const DEMO = ['yaml.js', 'zod.js', 'undici.js', 'ws.js', 'demo.js', 'demo-world.js'];

    it('serve, which needs neither the client of Kubernetes nor what proves tokens on loopback', async () => {
      const file = sandbox.path('trace-of-serve.json');
      const argv = ['serve', '--demo', '--listen', '127.0.0.1:0', '--metrics-listen', 'off'];
      const child = start(sandbox, [BINARY, ...argv], { TRUENAS_MONITOR_TRACE_FILE: file });
      await new Promise<void>((resolve) => {
        child.stderr?.on('data', (text: Buffer) => {
          if (String(text).includes('http://127.0.0.1:')) resolve();
        });
        child.once('exit', () => {
          resolve();
        });
      });
      child.kill('SIGTERM');
      expect((await ended(child)).code).toBe(0);
      const names = (await readTrace(file)).map(({ name }) => name);
      expect(names).toContain('fastify.js');
      expect(names.filter((name) => /^(?:kubernetes-client-node|jose)/.test(name))).toEqual([]);
    });

    it.each<[string, readonly string[]]>([
      ['--version', []],
      ['--help', []],
      ['orphans --help', []],
      ['explain --help', []],
      ['serve --help', ['serve.js']],
      ['serve --listen nowhere', ['serve.js', 'pino.js', 'yaml.js', 'zod.js', 'demo-world.js']],
      ['validate --help', []],
      ['health --help', []],
      ['config check --help', []],
      ['complete -- orp', []],
      ['complete -- orphans --rule pv', []],
      ['complete -- validate --component po', []],
      ['autocomplete bash', []],
      ['no-such-command', []],
      ['config init -o -', ['yaml.js', 'zod.js']],
      ['config check --config /nowhere.yaml', ['yaml.js', 'zod.js']],
      ['orphans --config /nowhere.yaml', ['yaml.js', 'zod.js', 'undici.js']],
      ['orphans --demo -o json', DEMO],
      ['validate --demo -o json', DEMO],
      ['health --demo -o json', DEMO],
      ['health --watch', []],
    ])('%s', async (line, allowed) => {
      const chunks = await chunksOf(line.split(' '));
      expect(
        [...chunks.keys()].filter((name) => HEAVY.includes(name) && !allowed.includes(name)),
      ).toEqual([]);
      // Code that V8 refused would be compiled anew at every start.
      expect([...chunks].filter(([, fromCache]) => !fromCache)).toEqual([]);
    });
  });
});

describe('a release', needsBinary(), () => {
  const folder = join(BINARY, '../binary/release');

  it('has a bill of materials that names what is inside, and nothing that is not', async () => {
    const name = `truenas-monitor-0.1.0-${process.platform}-${process.arch}`;
    const bill = JSON.parse(await readFile(join(folder, `${name}.cdx.json`), 'utf8')) as {
      components: { name: string; version: string }[];
    };
    const names = bill.components.map((each) => each.name);
    for (const each of ['node', '@oclif/core', 'undici', 'yaml', 'ink'])
      expect(names).toContain(each);
    for (const each of ['typescript', 'vitest', 'rolldown']) expect(names).not.toContain(each);
    expect(new Set(bill.components.map((each) => `${each.name}@${each.version}`)).size).toBe(
      names.length,
    );
  });

  it('has checksums that are right, and an archive with all that belongs to it', () => {
    const { status, stdout } = spawnSync('sha256sum', ['--check', 'SHA256SUMS'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, failed: stdout.includes('FAILED') }).toEqual({ status: 0, failed: false });
    const name = `truenas-monitor-0.1.0-${process.platform}-${process.arch}`;
    const listed = spawnSync('tar', ['-tJf', `${name}.tar.xz`], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
    for (const each of [
      'truenas-monitor',
      'kubectl-truenas_monitor',
      'LICENSE',
      'THIRD-PARTY-LICENSES.txt',
      'sbom.cdx.json',
      'completions/truenas-monitor.fish',
    ]) {
      expect(listed.split('\n')).toContain(`${name}/${each}`);
    }
  });
});

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import ConfigCheck from '../../../src/commands/config/check.ts';
import ConfigInit from '../../../src/commands/config/init.ts';
import ConfigView from '../../../src/commands/config/view.ts';
import { Sandbox } from '../../support/run-command.ts';

const KEY = { TRUENAS_API_KEY: '1-verysecretindeed' };

describe('config init', () => {
  it('writes a file for its owner alone, which check finds good', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('config', 'truenas-monitor', 'config.yaml');
    const argv = ['--url', 'https://nas1.example', '--username', 'me', '--context', 'prod'];
    expect(await sandbox.run(ConfigInit, argv)).toEqual({
      exitCode: 0,
      stdout: `wrote ${path}\ncheck it with: truenas-monitor config check\n`,
      stderr: '',
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await sandbox.run(ConfigCheck, [], KEY)).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `ok: ${path}
  cluster prod: context prod
  system nas1.example: https://nas1.example, API key of me
  0 drivers, 0 ignore entries
Nothing was connected to.
`,
    });
  });

  it('replaces a file only by force', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('c.yaml');
    await writeFile(path, 'mine');
    const refused = await sandbox.run(ConfigInit, ['-o', path]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toBe(
      `Error: ${path} exists already\n` +
        'What to do: Add --force to replace it, or name another file with --output-file.\n',
    );
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect((await sandbox.run(ConfigInit, ['-o', path, '--force'])).exitCode).toBe(0);
    expect(await readFile(path, 'utf8')).toContain('orphan_threshold: 24h');
  });

  it('shows it on stdout with -o -, and every commented line is valid too', async () => {
    await using sandbox = await Sandbox.create();
    const { stdout } = await sandbox.run(ConfigInit, [
      ...['-o', '-', '--context', 'a: b', '--url', 'https://nas1.example'],
    ]);
    expect(stdout).toContain('context: "a: b"');
    const full = stdout.replaceAll(/^( *)# (?=[ -] |[a-z_]+:)/gm, '$1');
    const uncommented = full
      .replace(/^ {2}in_cluster: true.*\n/m, '')
      .replace(/^ {2}api_key_file.*\n/m, '')
      .replaceAll('/run/secrets/nas2-api-key', sandbox.path('nas2-api-key'));
    expect(uncommented).toContain('\ndrivers:\n');
    expect(uncommented).toContain('\nsystems:\n');
    await writeFile(sandbox.path('nas2-api-key'), '1-x', { mode: 0o600 });
    await writeFile(sandbox.path('full.yaml'), uncommented);
    const check = await sandbox.run(ConfigCheck, ['--config', sandbox.path('full.yaml')], KEY);
    expect(check.stderr).toBe('');
    expect(check.stdout).toContain('1 driver, 1 ignore entry');
  });

  it('offers drivers that are valid where nothing else is uncommented', async () => {
    await using sandbox = await Sandbox.create();
    const { stdout } = await sandbox.run(ConfigInit, ['-o', '-', '--url', 'https://nas1.example']);
    const [, drivers = ''] = /\n# drivers:\n((?:# .*\n)+)/.exec(stdout) ?? [];
    expect(drivers).toContain('driver: org.democratic-csi.nfs');
    const file = stdout.replace(
      `# drivers:\n${drivers}`,
      `drivers:\n${drivers.replaceAll(/^# /gm, '')}`,
    );
    await writeFile(sandbox.path('c.yaml'), file);
    const check = await sandbox.run(ConfigCheck, ['--config', sandbox.path('c.yaml')], KEY);
    expect(check.stderr).toBe('');
    expect(check.stdout).toContain('1 driver,');
  });

  it('refuses an address that check would refuse, in the same words', async () => {
    await using sandbox = await Sandbox.create();
    const argv = ['-o', sandbox.path('c.yaml'), '--url'];
    const init = await sandbox.run(ConfigInit, [...argv, 'http://nas1']);
    expect(init.exitCode).toBe(2);
    expect(init.stderr).toBe(
      'Error: --url would be sent the API key in the clear\n' +
        'What to do: Write the https address of the system: TrueNAS revokes a key that arrives over plain http.\n',
    );
    expect((await sandbox.run(ConfigInit, [...argv, 'http://127.0.0.1:8080'])).exitCode).toBe(0);
    await writeFile(
      sandbox.path('bad.yaml'),
      'truenas:\n  url: http://nas1.example\n  tiemout: 3s\nsystems:\n  - url: http://nas2.example\n',
    );
    const check = await sandbox.run(ConfigCheck, ['--config', sandbox.path('bad.yaml')], KEY);
    expect(check.stderr).toContain('has 3 problems');
    expect(check.stderr).toContain('line 2: truenas.url would be sent the API key in the clear');
    expect(check.stderr).toContain('line 3: truenas.tiemout is not a known key');
    expect(check.stderr).toContain('line 5: systems[0].url would be sent the API key');
  });

  it('refuses an address that is none, and a place it cannot write to', async () => {
    await using sandbox = await Sandbox.create();
    const address = await sandbox.run(ConfigInit, ['--url', 'https://u:p@nas']);
    expect(address.exitCode).toBe(2);
    expect(address.stderr).toContain('Error: --url is not the address of a server');
    await writeFile(sandbox.path('file'), '');
    const place = await sandbox.run(ConfigInit, ['-o', sandbox.path('file', 'x')]);
    expect(place.exitCode).toBe(2);
    expect(place.stderr).toContain('cannot be written');
  });
});

describe('config view', () => {
  it('shows each value with its origin, and no secret', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('truenas-monitor.yaml');
    await writeFile(
      path,
      'truenas:\n  url: https://nas1.example\n  password: hunter2hunter2\ndrivers:\n  - driver: d\n    parent: tank/x\n',
      { mode: 0o600 },
    );
    const result = await sandbox.run(ConfigView, [], { TRUENAS_USERNAME: 'me' });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain(`# ${path}\n`);
    expect(result.stdout).not.toContain('no TrueNAS is named');
    expect(result.stdout).toContain('  url: https://nas1.example # line 2\n');
    expect(result.stdout).toContain('  username: me # $TRUENAS_USERNAME\n');
    expect(result.stdout).toContain('  password: "********" # line 3\n');
    expect(result.stdout).toContain('    parent: tank/x # line 6\n');
    expect(result.stdout).toContain('  timeout: 30s # default\n');
    expect(`${result.stdout}${result.stderr}`).not.toContain('hunter2');
    const fromKey = await sandbox.run(ConfigView, [], KEY);
    expect(fromKey.stdout).toContain('  api_key: "********" # $TRUENAS_API_KEY\n');
    expect(fromKey.stdout).not.toContain('verysecret');
  });

  it('shows the kubeconfig that is used, and where each empty list comes from', async () => {
    await using sandbox = await Sandbox.create();
    await writeFile(
      sandbox.path('truenas-monitor.yaml'),
      'clusters:\n  - {name: a, in_cluster: true}\nignore: []\n',
    );
    const named = await sandbox.run(ConfigView, [], { KUBECONFIG: '/etc/one.yaml' });
    expect(named.stdout).toContain('  kubeconfig: /etc/one.yaml # $KUBECONFIG\n');
    expect(named.stdout).toContain('    kubeconfig: null # default\n');
    expect(named.stdout).toContain('\ndrivers: [] # default\n');
    expect(named.stdout).toContain('\nignore: [] # line 3\n');
    expect(named.stdout).toContain('\n# no TrueNAS is named: ');
    const usual = await sandbox.run(ConfigView, [], { KUBECONFIG: '' });
    expect(usual.stdout).toMatch(/^ {2}kubeconfig: \/\S+\/\.kube\/config # default$/m);
  });

  it('says that there is no file, and shows the defaults', async () => {
    await using sandbox = await Sandbox.create();
    const { stdout } = await sandbox.run(ConfigView, []);
    expect(stdout).toMatch(
      /^# no configuration file\n# no TrueNAS is named: a scan asks the Secret of the CSI driver/,
    );
    expect(stdout).toContain('  orphan_threshold: 24h # default\n');
  });
});

describe('config check', () => {
  it('lists every problem with 2', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('c.yaml');
    await writeFile(path, 'truenas:\n  ulr: x\nalerts: {}\n');
    expect(await sandbox.run(ConfigCheck, ['--config', path])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `Error: ${path} has 2 problems
  line 2: truenas.ulr is not a known key
  line 3: alerts is not supported yet
What to do:
  1. Line 2: did you mean truenas.url? Rename it or remove it.
  2. Line 3: remove the key until it is.
`,
    });
  });

  it('says what is missing to connect', async () => {
    await using sandbox = await Sandbox.create();
    await writeFile(
      sandbox.path('truenas-monitor.yaml'),
      'truenas: {url: "https://n.example", password: x}',
    );
    const user = await sandbox.run(ConfigCheck, []);
    expect(user.exitCode).toBe(2);
    expect(user.stderr).toContain('there is a password for TrueNAS n.example, but no user name');
    await writeFile(sandbox.path('truenas-monitor.yaml'), 'truenas: {username: me}');
    const url = await sandbox.run(ConfigCheck, []);
    expect(url.stderr).toContain('Error: nothing says where TrueNAS is');
    const file = sandbox.path('truenas-monitor.yaml');
    expect(url.stderr).toContain(`Set truenas.url in ${file}.`);
    await writeFile(file, 'truenas: {url: "https://n.example", username: me}');
    const key = await sandbox.run(ConfigCheck, []);
    expect(key.stderr).toContain(`set truenas.api_key_file in ${file} to the path of that.`);
    expect(key.stderr).toContain('Or export it as TRUENAS_API_KEY');
    expect(key.stderr).not.toContain('truenas: {');
    await writeFile(file, 'systems: [{username: me}]');
    const nowhere = await sandbox.run(ConfigCheck, []);
    expect(nowhere.stderr).toContain(`Set systems[0].url in ${file}.`);
    expect(nowhere.stderr).not.toContain('TRUENAS_URL');
    await writeFile(file, 'systems: [{url: "https://n.example"}]');
    const second = await sandbox.run(ConfigCheck, []);
    expect(second.stderr).toContain(`set systems[0].api_key_file in ${file}`);
    expect(second.stderr).not.toContain('TRUENAS_API_KEY');
  });

  it('warns of what is valid and most likely not meant', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('c.yaml');
    await writeFile(
      path,
      `truenas: {url: "https://truenas.example", name: one, tls_verify: false}
systems:
  - {url: "https://truenas.example/", name: two, api_key: abcdef}
ignore:
  - {rule: "*", reason: old, until: 2020-01-31}
  - {rule: "*", reason: new, until: 2999-01-31}
`,
      { mode: 0o600 },
    );
    const { exitCode, stderr } = await sandbox.run(ConfigCheck, ['--config', path], KEY);
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Warning: line 1: truenas.url is still the example: write the address of your TrueNAS',
      'Warning: line 1: truenas.tls_verify is off, so that whoever sits between here and TrueNAS gets the key: ca_file or pinned_spki_sha256 let it be on',
      'Warning: line 3: systems[0].url is still the example: write the address of your TrueNAS',
      'Warning: line 3: systems[0].api_key does not look like an API key, which is a number, a dash and a long word',
      'Warning: line 3: systems[0].url is the address of truenas too: it is read twice',
      'Warning: line 5: ignore[0].until has passed: what it spoke for is reported again',
    ]);
    expect(stderr).not.toContain('abcdef');
  });

  it('names each name once that could have been meant', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('c.yaml');
    await writeFile(
      path,
      'clusters: [{name: a}, {name: a}]\ndrivers: [{driver: d, parent: tank/x, cluster: zzzzzz}]\n',
    );
    const { stderr } = await sandbox.run(ConfigCheck, ['--config', path], KEY);
    expect(stderr).toContain('use one of "a".');
  });

  it('warns of what is unwise, unless it has to be quiet', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('c.yaml');
    await writeFile(path, 'truenas: {url: "https://n.example", api_key: 1-literalliteral}', {
      mode: 0o644,
    });
    const loud = await sandbox.run(ConfigCheck, ['--config', path]);
    expect(loud.exitCode).toBe(0);
    expect(loud.stderr).toBe(
      `Warning: ${path} line 1: other users can read truenas.api_key; run: chmod 600 ${path}\n`,
    );
    expect((await sandbox.run(ConfigCheck, ['-q', '--config', path])).stderr).toBe('');
    const both = ['-q', '--log-level', 'debug', '--config', path];
    expect((await sandbox.run(ConfigCheck, both)).stderr).toBe('');
    const json = await sandbox.run(ConfigCheck, ['--log-format', 'json', '--config', path]);
    expect(JSON.parse(json.stderr)).toMatchObject({ level: 'warn' });
  });

  it('says that the Secret of the driver is asked where nothing names a system', async () => {
    await using sandbox = await Sandbox.create();
    expect(await sandbox.run(ConfigCheck, [])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `ok: no configuration file, and nothing in the environment
  cluster kubernetes: context (current)
  no system is named: a scan asks the Secret of the CSI driver where TrueNAS is and for its key
  0 drivers, 0 ignore entries
Nothing was connected to.
`,
    });
    const path = sandbox.path('c.yaml');
    await writeFile(path, 'truenas: {timeout: 5s, tls_verify: false}\n');
    const { stdout, stderr } = await sandbox.run(ConfigCheck, ['--config', path]);
    expect(stdout).toMatch(/^ok: .*c\.yaml\n.*\n {2}no system is named/);
    expect(stderr).toMatch(/^Warning: line 1: truenas\.tls_verify is off, .*\n$/);
  });

  it('knows clusters in pods and systems without a user', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('c.yaml');
    await writeFile(path, 'kubernetes: {in_cluster: true}\ntruenas: {url: "https://n.example"}\n');
    const { stdout } = await sandbox.run(ConfigCheck, ['--config', path], KEY);
    expect(stdout).toContain('  cluster in-cluster: in this pod\n');
    expect(stdout).toContain('API key of its owner');
  });
});

describe('config check', () => {
  it('does not call an address good that would be sent the key in the clear', async () => {
    await using sandbox = await Sandbox.create();
    const environment = { ...KEY, TRUENAS_URL: 'http://nas1.example', TRUENAS_USERNAME: 'me' };
    const { exitCode, stderr } = await sandbox.run(ConfigCheck, [], environment);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('would be sent the API key in the clear');
    const here = { ...environment, TRUENAS_URL: 'http://127.0.0.1:8080' };
    expect((await sandbox.run(ConfigCheck, [], here)).exitCode).toBe(0);
  });
});

describe('config --demo', () => {
  it('checks and shows the configuration of the demo world, and touches nothing else', async () => {
    await using sandbox = await Sandbox.create();
    const state = ['--demo', '--demo-state', sandbox.path('demo')];
    const check = await sandbox.run(ConfigCheck, state);
    expect(check.stderr).toBe('');
    expect(check.stdout).toContain('cluster prod: context prod');
    expect(check.stdout).toContain('4 drivers');
    const view = await sandbox.run(ConfigView, state);
    expect(view.stdout).toContain('exclusive: true');
    expect(view.stdout).toContain('api_key: "********"');
    expect(await readdir(sandbox.directory)).toEqual(['demo']);
  });

  it('writes a new one beside the demo world, not where the user keeps his', async () => {
    await using sandbox = await Sandbox.create();
    const state = ['--demo', '--demo-state', sandbox.path('demo')];
    const made = await sandbox.run(ConfigInit, state);
    const written = sandbox.path('demo', 'new-config.yaml');
    expect(made.stdout).toBe(
      `wrote ${written}\ncheck it with: truenas-monitor config check --config ${written}\n`,
    );
    expect(await readdir(sandbox.directory)).toEqual(['demo']);
  });

  it('goes with no file of the user, and only with --demo', async () => {
    await using sandbox = await Sandbox.create();
    const both = await sandbox.run(ConfigView, ['--demo', '--config', 'x.yaml']);
    expect(both.exitCode).toBe(2);
    expect(both.stderr).toContain('--demo has servers of its own');
    const half = await sandbox.run(ConfigCheck, ['--demo-reset']);
    expect(half.exitCode).toBe(2);
    expect(half.stderr).toContain('--demo-reset is only for the demo');
  });
});

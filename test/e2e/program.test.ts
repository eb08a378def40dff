import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { addSound, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import { cli, ended, needsBuild, PROGRAM, start } from '../support/built-cli.ts';
import { startSite } from '../support/command-site.ts';
import { needsTool } from '../support/missing-tool.ts';
import { Sandbox } from '../support/run-command.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

function soundWorld(): World {
  const site = newSite('25.10');
  addSound(site.nfs, 3);
  return site.stage.world;
}

describe('the built program', needsBuild(), () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('says its version', async () => {
    const { code, stdout } = await cli(sandbox, ['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^truenas-monitor/${version.replaceAll('.', '\\.')} `));
  });

  it('explains every exit code in the help of a command', async () => {
    const { code, stdout, stderr } = await cli(sandbox, ['orphans', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const each of [0, 1, 2, 3, 130]) expect(stdout).toMatch(new RegExp(`^\\s*${each}  `, 'm'));
    for (const flag of ['--demo', '--max-age', '--fail-on', '--context', '--output-file']) {
      expect(stdout).toContain(flag);
    }
  });

  it.each([
    [['orphns'], 'there is no command "orphns"', 'Did you mean truenas-monitor orphans?'],
    [['orphans', '-o', 'bogus'], 'unknown output format "bogus"', 'Use one of table, wide, json'],
    [['orphans'], 'nothing says where TrueNAS is', 'config init'],
    [['config', 'view', '--config', '/nowhere.yaml'], 'does not exist', 'config init'],
  ])('refuses %j with 2 and a way out', async (argv, message, remedy) => {
    const { code, stdout, stderr } = await cli(sandbox, argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(remedy);
  });

  it('writes, shows and checks a configuration, and never shows its key', async () => {
    const file = sandbox.path('config', 'truenas-monitor', 'config.yaml');
    const key = '7-planted-key-of-the-test';
    const url = 'https://nas1.example';
    expect(await cli(sandbox, ['config', 'init', '--url', url])).toMatchObject({
      code: 0,
      stdout: `wrote ${file}\ncheck it with: truenas-monitor config check\n`,
      stderr: '',
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const view = await cli(sandbox, ['config', 'view'], { TRUENAS_API_KEY: key });
    expect(view).toMatchObject({ code: 0, stderr: '' });
    expect(view.stdout).toContain(`url: ${url} # line`);
    expect(view.stdout).toContain('api_key: "********" # $TRUENAS_API_KEY');
    expect(view.stdout).not.toContain(key);
    const check = await cli(sandbox, ['config', 'check'], { TRUENAS_API_KEY: key });
    expect(check).toMatchObject({ code: 0, stderr: '' });
    expect(check.stdout).toMatch(/^ok: .*config\.yaml$/m);
    await writeFile(file, `${await readFile(file, 'utf8')}\nalerts: {interval: 1h}\n`);
    const broken = await cli(sandbox, ['config', 'check'], { TRUENAS_API_KEY: key });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('alerts is not supported yet');
  });

  it('gets its token from a plug-in of the kubeconfig', async () => {
    await using own = await Sandbox.create();
    await using site = await startSite(own, soundWorld());
    const plugin = own.path('plugin.mjs');
    await writeFile(
      plugin,
      `const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
process.stdout.write(JSON.stringify({
  apiVersion, kind: 'ExecCredential', status: { token: process.env.PLUGIN_TOKEN },
}));\n`,
    );
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod',
      clusters: [{ name: 'prod', cluster: { server: site.kubernetes.url } }],
      contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'plugin' } }],
      users: [
        {
          name: 'plugin',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              interactiveMode: 'Never',
              command: process.execPath,
              args: [plugin],
              env: [{ name: 'PLUGIN_TOKEN', value: site.kubernetes.token }],
            },
          },
        },
      ],
    };
    await writeFile(own.path('kubeconfig'), JSON.stringify(kubeconfig), { mode: 0o600 });
    const argv = ['orphans', '-o', 'json'];
    const { code, stdout, stderr } = await cli(own, argv, site.environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, summary: { total_pvs: 3 } });
    await writeFile(plugin, `process.stderr.write('${site.kubernetes.token}'); process.exit(3);\n`);
    const failed = await cli(own, argv, site.environment);
    expect(failed.code).toBe(2);
    expect(JSON.parse(failed.stderr)).toMatchObject({ error: { code: 'KUBECONFIG_INVALID' } });
    expect(`${failed.stdout}${failed.stderr}`).not.toContain(site.kubernetes.token);
  });

  it('ends with 130 where it is interrupted in the middle of a scan', async () => {
    await using own = await Sandbox.create();
    await using site = await startSite(own, soundWorld());
    const silent = createServer(() => child.kill('SIGINT'));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // it listens on a port
    const child = start(own, [process.execPath, PROGRAM, 'orphans', '-o', 'json'], {
      ...site.environment,
      TRUENAS_URL: `http://127.0.0.1:${port}`,
    });
    const { code, signal, stdout, stderr } = await ended(child);
    silent.closeAllConnections();
    silent.close();
    expect({ code, signal, stdout }).toEqual({ code: 130, signal: null, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  it('ends with 130, and quietly, where it is interrupted while it looks again', async () => {
    await using own = await Sandbox.create();
    await using site = await startSite(own, demo.build('25.10'));
    // The first read lists the shares once; from the second read on, nothing is answered any more.
    let lists = 0;
    site.truenas.faults.onCall = async (method) => {
      if (method === 'sharing.nfs.query') {
        lists += 1;
        // A second signal would end the program at once.
        if (lists === 2) child.kill('SIGINT');
      }
      if (lists >= 2) await new Promise(() => undefined);
    };
    const argv = ['orphans', '-o', 'json'];
    const child = start(own, [process.execPath, PROGRAM, ...argv], site.environment);
    const { code, signal, stdout, stderr } = await ended(child);
    expect({ code, signal, stdout }).toEqual({ code: 130, signal: null, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  const oldNode = findOldNode();

  it(
    'says in one line that a Node is too old',
    needsTool('Node before 22.19', oldNode !== ''),
    async () => {
      const { code, stdout, stderr } = await ended(start(sandbox, [oldNode, PROGRAM, '--version']));
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^truenas-monitor needs Node 22\.19 or newer, this is v[\d.]+\n$/);
    },
  );
});

/** A Node of this machine that is older than what the program needs; empty where there is none. */
function findOldNode(): string {
  const candidates = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((place) => join(place, 'node'));
  const isOld = (path: string): boolean => {
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (status !== 0) return false;
    const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number);
    return major < 22 || (major === 22 && minor < 19);
  };
  return candidates.find(isOld) ?? '';
}

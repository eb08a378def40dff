import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Serve from '../../src/commands/serve.ts';
import { loadConfig } from '../../src/lib/adapters/config/load.ts';
import { DEPLOY } from '../support/manifests.ts';
import { needsTool } from '../support/missing-tool.ts';
import { Sandbox } from '../support/run-command.ts';

const NAME = 'truenas-monitor.service';
const unit = readFileSync(join(DEPLOY, 'systemd', NAME), 'utf8');
const page = readFileSync(join(DEPLOY, '../docs/serve.md'), 'utf8');

/** Every value of a setting; a unit may set one several times. */
const valuesOf = (setting: string): readonly string[] =>
  [...unit.matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'))].map(([, value = '']) => value);

const analyze = (...argv: readonly string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...argv], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, output: `${stdout}${stderr}` };
};
const isHere = analyze('--version').status === 0;

describe('the unit of systemd', () => {
  it('ends later than the service does, and starts again only what may work the next time', () => {
    expect(valuesOf('TimeoutStopSec')).toEqual(['20s']);
    expect(valuesOf('Restart')).toEqual(['on-failure']);
    // A wrong configuration ends it with 2.
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['2']);
    expect(valuesOf('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
    // Nothing tells systemd that it is alive, so that it must not wait for that.
    expect(unit).not.toContain('WatchdogSec');
    expect(valuesOf('Type')).toEqual(['exec']);
  });

  it('starts a command with flags that it has', () => {
    const [start = ''] = valuesOf('ExecStart');
    const [program, command, ...args] = start.split(' ');
    expect([program, command]).toEqual(['/usr/local/bin/truenas-monitor', 'serve']);
    const known = Object.keys({ ...Serve.flags, ...Serve.baseFlags });
    const flags = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2));
    expect(known).toEqual(expect.arrayContaining(flags));
  });

  it('has no user, no key and no home of its own', () => {
    expect(valuesOf('DynamicUser')).toEqual(['yes']);
    expect(unit).not.toMatch(/^User=/m);
    expect(valuesOf('LoadCredential').map((value) => value.split(':')[0])).toEqual([
      'truenas-api-key',
      'kubeconfig',
    ]);
    expect(unit).not.toMatch(/API_KEY=/);
  });

  it('keeps everything in directories below those that systemd makes, which are links', () => {
    const variables = valuesOf('Environment').flatMap((line) => line.split(' '));
    expect(variables).toEqual([
      'XDG_STATE_HOME=%S/truenas-monitor',
      'XDG_DATA_HOME=%S/truenas-monitor',
      'XDG_CACHE_HOME=%C/truenas-monitor',
      'HOME=%S/truenas-monitor',
      'KUBECONFIG=%d/kubeconfig',
    ]);
  });

  it('goes with the configuration of the document, which loads', async () => {
    await using sandbox = await Sandbox.create();
    const text = [...page.matchAll(/```yaml\n(.*?)```/gs)]
      .map(([, block = '']) => block)
      .find((block) => block.includes('CREDENTIALS_DIRECTORY'));
    const file = sandbox.path('config.yaml');
    await writeFile(file, text ?? '', { mode: 0o600 });
    await writeFile(sandbox.path('truenas-api-key'), '1-key\n', { mode: 0o600 });
    const { config, warnings } = await loadConfig({
      file,
      environment: { CREDENTIALS_DIRECTORY: sandbox.directory },
      ruleNames: [],
    });
    expect(warnings).toEqual([]);
    expect(config.systems[0]?.apiKey?.reveal()).toBe('1-key');
  });

  describe('as systemd sees it', needsTool('systemd-analyze', isHere), () => {
    let sandbox: Sandbox;
    let file: string;

    beforeAll(async () => {
      sandbox = await Sandbox.create();
      file = sandbox.path(NAME);
      // What it starts is not installed here; anything that can be started will do.
      await writeFile(file, unit.replace('/usr/local/bin/truenas-monitor', process.execPath));
    });
    afterAll(() => sandbox[Symbol.asyncDispose]());

    it('is without a fault', () => {
      expect(analyze('verify', '--man=no', file)).toEqual({ status: 0, output: '' });
    });

    it('would not pass with a setting that is misspelt', async () => {
      const bad = sandbox.path('misspelt.service');
      await writeFile(bad, unit.replace('ProtectSystem=strict', 'ProtectSystm=strict'));
      expect(analyze('verify', '--man=no', bad).output).toContain('ProtectSystm');
    });

    it('is hardly exposed', () => {
      const { output } = analyze('security', '--offline=true', '--no-pager', file);
      const [, exposure = '10'] = /exposure level for \S+: (\d+\.\d+)/.exec(output) ?? [];
      expect(Number(exposure), output).toBeLessThan(2);
    });
  });
});

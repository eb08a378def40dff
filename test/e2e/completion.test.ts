import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, needsBuild, PROGRAM } from '../support/built-cli.ts';
import { findKubectl } from '../support/kubectl.ts';
import { needsTool } from '../support/missing-tool.ts';
import { Sandbox } from '../support/run-command.ts';

const kubectl = findKubectl();
const SCRIPTS = resolve(import.meta.dirname, '../../completions');

function has(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

describe('completion', needsBuild(), () => {
  let sandbox: Sandbox;
  let environment: Record<string, string>;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
    const bin = sandbox.path('bin');
    await mkdir(bin);
    for (const name of ['truenas-monitor', 'kubectl-truenas_monitor']) {
      await writeFile(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
      await chmod(join(bin, name), 0o755);
    }
    environment = {
      ...sandbox.environment,
      PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
      TERM: 'dumb',
    };
    // Names come from the scan that was kept.
    await cli(sandbox, ['orphans', '--demo', '-o', 'name']);
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  function run(program: string, argv: readonly string[]): string {
    const { stdout, stderr } = spawnSync(program, argv, {
      cwd: sandbox.directory,
      env: environment,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout;
  }

  /** What bash would put in place of the last of these words, which it took the line apart into. */
  function inBash(line: string, ...words: readonly string[]): readonly string[] {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const script = `source '${SCRIPTS}/truenas-monitor.bash'
compopt() { :; }
COMP_LINE='${line}'; COMP_POINT=${line.length}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
__truenas_monitor_complete
printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run('bash', ['--norc', '-c', script])
      .split('\n')
      .filter((each) => each !== '');
  }

  describe('in bash', needsTool('bash', has('bash')), () => {
    it('completes commands, flags and values', () => {
      const program = 'truenas-monitor';
      expect(inBash(`${program} orp`, program, 'orp')).toEqual(['orphans']);
      expect(inBash(`${program} orphans --fail-on-`, program, 'orphans', '--fail-on-')).toEqual([
        '--fail-on-confidence',
      ]);
      expect(
        inBash(`${program} orphans --rule pvc-l`, program, 'orphans', '--rule', 'pvc-l'),
      ).toEqual(['pvc-lost']);
    });

    it('completes behind an equals sign and a colon, which bash takes for the end of a word', () => {
      const program = 'truenas-monitor';
      const rule = ['orphans', '--rule', '=', 'pv-av'];
      expect(inBash(`${program} orphans --rule=pv-av`, program, ...rule)).toEqual(['pv-available']);
      const severity = ['orphans', '--min-severity', '='];
      expect(inBash(`${program} orphans --min-severity=`, program, ...severity)).toContain(
        'critical',
      );
    });

    it('completes names of the last scan', () => {
      const words = ['truenas-monitor', 'explain', '--demo', 'pvc/search/'];
      expect(inBash(words.join(' '), ...words)).toContain('pvc/search/data-opensearch-2');
    });
  });

  describe('in fish', needsTool('fish', has('fish')), () => {
    const inFish = (line: string): readonly string[] => {
      const script = `source '${SCRIPTS}/truenas-monitor.fish'; complete -C '${line}'`;
      return run('fish', ['--no-config', '-c', script]).trimEnd().split('\n');
    };

    it('completes commands, flags and values with what they mean', () => {
      expect(inFish('truenas-monitor orp')).toEqual([
        'orphans\tlist storage that one side has forgotten',
      ]);
      expect(inFish('truenas-monitor orphans --rule pvc-l')).toEqual([
        'pvc-lost\tPersistentVolumeClaim whose PersistentVolume is gone',
      ]);
      expect(inFish('truenas-monitor explain --demo pvc/search/')).toContain(
        'pvc/search/data-opensearch-2',
      );
    });

    it('leaves files to the shell', async () => {
      await writeFile(sandbox.path('monitor.yaml'), '');
      expect(inFish('truenas-monitor orphans --config mon')).toEqual(['monitor.yaml']);
    });
  });

  /** Types into zsh on a terminal, as nothing less makes it complete; waits for each text before it goes on. */
  async function inZsh(
    ...steps: readonly (readonly [typed: string, seen: string])[]
  ): Promise<string> {
    const child = spawn('script', ['-qefc', 'stty cols 120; zsh -f -i', '/dev/null'], {
      cwd: sandbox.directory,
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let screen = '';
    let wake = (): void => undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      wake();
    });
    for (const [typed, seen] of steps) {
      const from = screen.length;
      child.stdin.write(typed);
      while (!screen.slice(from).includes(seen)) {
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    }
    child.kill();
    return screen;
  }

  const zshOnTerminal = has('zsh') && has('script');

  it('completes flags and values in zsh', needsTool('zsh', zshOnTerminal), async () => {
    await writeFile(
      sandbox.path('zshrc'),
      `PS1='READY> '\nautoload -Uz compinit && compinit -u -D\nsource '${SCRIPTS}/_truenas-monitor'\n`,
    );
    const screen = await inZsh(
      [`source '${sandbox.path('zshrc')}'\n`, 'READY> '],
      ['truenas-monitor orphans --rul\t', '--rule '],
      ['pvc-l\t', 'pvc-lost '],
    );
    expect(screen).toContain('pvc-lost');
  });

  it(
    'is found by kubectl for the plug-in',
    needsTool('kubectl', !('missing' in kubectl)),
    async () => {
      const bin = sandbox.path('bin');
      const script = join(bin, 'kubectl_complete-truenas_monitor');
      await writeFile(script, run('cat', [join(SCRIPTS, 'kubectl_complete-truenas_monitor')]));
      await chmod(script, 0o755);
      const path = 'missing' in kubectl ? '' : kubectl.path;
      const words = ['__complete', 'truenas-monitor', 'orphans', '--rule', 'pvc-l'];
      // What it says beside on stderr is its own.
      const { stdout } = spawnSync(path, words, { env: environment, encoding: 'utf8' });
      expect(stdout).toContain(
        'pvc-lost\tPersistentVolumeClaim whose PersistentVolume is gone\n:4',
      );
    },
  );

  it('prints the script of a shell, and says which shells there are', async () => {
    for (const [shell, file] of [
      ['bash', 'truenas-monitor.bash'],
      ['zsh', '_truenas-monitor'],
      ['fish', 'truenas-monitor.fish'],
      ['powershell', 'truenas-monitor.ps1'],
    ] as const) {
      const { code, stdout } = await cli(sandbox, ['autocomplete', shell]);
      expect(code).toBe(0);
      expect(stdout).toBe(run('cat', [join(SCRIPTS, file)]));
    }
    const { code, stderr } = await cli(sandbox, ['autocomplete', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish, powershell');
  });

  it.each([
    ['no configuration', []],
    ['a broken configuration', ['--config', 'broken.yaml']],
    ['a kubeconfig that is none', ['--kubeconfig', 'broken.yaml']],
  ])('offers nothing and says nothing with %s', async (_, flags) => {
    await writeFile(sandbox.path('broken.yaml'), '{{{');
    for (const words of [
      ['orphans', ...flags, '-n', ''],
      ['orphans', ...flags, '--context', ''],
      ['explain', ...flags, 'pv/'],
    ]) {
      const { code, stdout, stderr } = await cli(sandbox, ['complete', '--', ...words]);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: ':4\n', stderr: '' });
    }
  });
});

import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addSound, finish, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import { BINARY, ended, needsBinary } from '../support/built-cli.ts';
import { type CommandSite, startSite } from '../support/command-site.ts';
import { Sandbox } from '../support/run-command.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../docs/ci');

interface Step {
  readonly name?: string;
  readonly run?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
type Pipeline = Readonly<Record<string, { readonly script?: readonly string[] }>>;
interface PodTemplate {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { args: string[] }[] } };
  };
}
interface Task {
  readonly name: string;
  readonly 'ansible.builtin.command'?: { readonly argv: readonly string[] };
}

const example = async (file: string): Promise<unknown> =>
  parse(await readFile(join(EXAMPLES, file), 'utf8'));

/** Every example of docs/ci, as far as a shell can run it: against two sides that are sound. */
describe('the examples for pipelines', needsBinary(), () => {
  let sandbox: Sandbox;
  let site: CommandSite;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
    const sound = newSite('25.10');
    addSound(sound.nfs, 5);
    addSound(sound.iscsi, 3);
    const { world } = finish(sound, []);
    // Its clocks have to be right: the program has none but this machine's.
    world.now = new Date().toISOString();
    site = await startSite(sandbox, world);
    const bin = sandbox.path('bin');
    await mkdir(bin);
    await symlink(BINARY, join(bin, 'truenas-monitor'));
    await cp(join(EXAMPLES, 'storage'), sandbox.path('storage'), { recursive: true });
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  /** Not `spawnSync`: the servers it asks run in this process. */
  const shell = async (
    script: string,
    input = '',
  ): Promise<{ status: number | null; stdout: string; stderr: string }> => {
    const child = spawn('sh', ['-e', '-c', script], {
      cwd: sandbox.directory,
      env: {
        ...sandbox.environment,
        ...site.environment,
        PATH: [sandbox.path('bin'), process.env['PATH']].join(delimiter),
        GITHUB_STEP_SUMMARY: sandbox.path('step-summary.md'),
      },
    });
    child.stdin.end(input);
    const { code, stdout, stderr } = await ended(child);
    return { status: code, stdout, stderr };
  };

  it('run as steps of GitHub Actions', async () => {
    const { jobs } = (await example('github-actions.yaml')) as Workflow;
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const scripts = steps.filter(({ run, name }) => run !== undefined && name !== 'Install');
    expect(scripts).toHaveLength(3);
    for (const { name, run = '' } of scripts) {
      expect({ name, ...(await shell(run)) }).toMatchObject({ name, status: 0, stderr: '' });
    }
    expect(await readFile(sandbox.path('step-summary.md'), 'utf8')).toMatch(/^#+ /);
    for (const file of ['validate.sarif', 'orphans.sarif']) {
      const { version } = JSON.parse(await readFile(sandbox.path(file), 'utf8')) as {
        version: string;
      };
      expect(version).toBe('2.1.0');
    }
  });

  it('run as jobs of GitLab CI', async () => {
    const pipeline = (await example('gitlab-ci.yaml')) as Pipeline;
    const scripts = Object.values(pipeline).flatMap(({ script = [] }) => script);
    expect(scripts).toHaveLength(3);
    for (const script of scripts) {
      expect({ script, ...(await shell(script)) }).toMatchObject({ status: 0, stderr: '' });
    }
    expect(await readFile(sandbox.path('validate.xml'), 'utf8')).toMatch(
      /^<\?xml .*\n<testsuites /,
    );
  });

  it('run as Jobs of Kubernetes and Argo CD', async () => {
    const config = sandbox.path('config.yaml');
    await writeFile(config, '{}\n', { mode: 0o600 });
    const { spec } = (await example('cronjob.yaml')) as { spec: { jobTemplate: PodTemplate } };
    for (const job of [spec.jobTemplate, (await example('argocd-postsync.yaml')) as PodTemplate]) {
      const [container] = job.spec.template.spec.containers;
      const args = (container?.args ?? []).map((arg) =>
        arg === '/etc/truenas-monitor/config.yaml' ? config : arg,
      );
      expect(await shell(`truenas-monitor ${args.join(' ')}`)).toMatchObject({
        status: 0,
        stderr: '',
      });
    }
  });

  it('run as tasks of Ansible', async () => {
    const tasks = (await example('ansible.yaml')) as readonly Task[];
    const commands = tasks.flatMap((task) => task['ansible.builtin.command'] ?? []);
    expect(commands).toHaveLength(2);
    const outputs = [];
    for (const { argv } of commands) outputs.push(await shell(argv.join(' ')));
    expect(outputs).toMatchObject([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ]);
    expect(JSON.parse(outputs[1]?.stdout ?? '')).toMatchObject({ failed_checks: 0 });
  });

  it('run as an external data source of Terraform: a flat map of texts', async () => {
    const program = join(EXAMPLES, 'terraform/truenas-monitor.sh');
    for (const query of [{}, { component: 'pool' }, { component: 'pool,capacity' }]) {
      const { status, stdout, stderr } = await shell(`sh ${program}`, JSON.stringify(query));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const answer = JSON.parse(stdout) as Record<string, unknown>;
      expect(answer).toMatchObject({ overall_status: 'PASS', failed_checks: '0' });
      expect(Object.values(answer).every((value) => typeof value === 'string')).toBe(true);
    }
  });
});

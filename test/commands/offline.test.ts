import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Validate from '../../src/commands/validate.ts';
import {
  validationSchema,
  type ValidationWire,
} from '../../src/lib/core/render/wire/validation-schema.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

/*
 * `validate --offline`: what is checked of files alone.
 */

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await Sandbox.create();
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function file(name: string, text: string | Uint8Array, mode = 0o600): Promise<string> {
  await writeFile(sandbox.path(name), text, { mode });
  return name;
}

const run = (...argv: readonly string[]): Promise<CommandResult> =>
  sandbox.run(Validate, ['--offline', ...argv]);

async function said(...argv: readonly string[]): Promise<ValidationWire> {
  const { stdout } = await run('-o', 'json', '--fail-on', 'none', ...argv);
  return validationSchema.parse(JSON.parse(stdout));
}

function statuses({ results }: ValidationWire, check: string): string[] {
  return results
    .filter((each) => each.check === check)
    .map(({ status, object }) => `${status} ${object ?? ''}`)
    .sort();
}

const CONFIG_CHECKS = ['config-file-permissions', 'config-plain-secrets'] as const;

const driver = (parent: string): string => `driver: freenas-api-nfs
httpConnection: {protocol: https, host: nas1.example, apiKey: 1-s3cret}
zfs:
  datasetParentName: ${parent}
  detachedSnapshotsDatasetParentName: tank/snaps/${parent}
`;

const secret = (name: string, parent: string, namespace = 'nas'): string => `apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: ${namespace}}
data:
  driver-config-file.yaml: ${Buffer.from(driver(parent)).toString('base64')}
`;

describe('the configuration file', () => {
  it('is not said to hold no secret where it is no YAML', async () => {
    const wire = await said(
      '--config',
      await file('broken.yaml', 'truenas:\n  api_key: "1-s3cret\n', 0o644),
    );
    for (const check of CONFIG_CHECKS) {
      expect(statuses(wire, check)).toEqual([expect.stringMatching(/^SKIPPED configfile\//)]);
    }
    expect(statuses(wire, 'config-file-valid')).toHaveLength(1);
    expect(JSON.stringify(wire)).toContain('nothing is known of secrets in it');
    expect(JSON.stringify(wire)).not.toContain('s3cret');
  });

  it('is not said to hold none where it is another kind of file', async () => {
    const wire = await said(
      '--config',
      await file('values.yaml', 'apiKey: 1-s3cret\npassword: s3cret\n', 0o644),
    );
    for (const check of CONFIG_CHECKS) {
      expect(statuses(wire, check)).toEqual([expect.stringMatching(/^SKIPPED /)]);
    }
    expect(JSON.stringify(wire)).toContain('the keys this tool knows hold no secret');
    expect(JSON.stringify(wire)).not.toContain('s3cret');
  });

  it('is said to hold none where variables that are not set here are all that is odd', async () => {
    const text = 'truenas: {url: "${NAS_URL_ELSEWHERE}", api_key: "${NAS_KEY_ELSEWHERE}"}\n';
    const wire = await said('--config', await file('good.yaml', text));
    const object = `configfile${sandbox.path('good.yaml')}`;
    for (const check of [...CONFIG_CHECKS, 'config-file-valid']) {
      expect(statuses(wire, check)).toEqual([`PASS ${object}`]);
    }
    expect(wire.files).toEqual([sandbox.path('good.yaml')]);
  });

  it('has nothing said of it where there is none', async () => {
    const wire = await said('--driver-file', await file('one.yaml', driver('tank/one')));
    const ids = wire.results.map(({ check }) => check);
    expect(ids.filter((id) => id.startsWith('config-') || id.startsWith('default-'))).toEqual([]);
    expect(wire.files).toEqual(['one.yaml']);
  });
});

describe('a request that leaves nothing to check', () => {
  it.each([
    [[], 'there is nothing to check: name --config or --driver-file', '--driver-file FILE'],
    [['--component', 'pool'], 'no check is left to make offline', 'config-file-valid'],
    [['--rule', 'parent-exists'], 'no check is left to make offline', 'config-file-valid'],
  ])('is refused: %j', async (argv, message, remedy) => {
    const { exitCode, stdout, stderr } = await run(...argv);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(remedy);
  });

  it('and one that came to nothing says that it is no pass', async () => {
    const argv = [
      '--driver-file',
      await file('lone.yaml', driver('tank/one')),
      '--rule',
      'default-storage-class',
    ];
    expect(await said(...argv)).toMatchObject({ overall_status: 'UNKNOWN', results: [] });
    expect((await run(...argv)).stdout).toContain('Nothing was checked');
  });
});

describe('files of drivers', () => {
  const conflict = async (...argv: readonly string[]): Promise<ValidationWire> => {
    const wire = await said(...argv);
    const ids = wire.results.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(JSON.stringify(wire)).not.toContain('s3cret');
    return wire;
  };

  it('tell Secrets of one kind and one parent apart', async () => {
    const name = await file(
      'two.yaml',
      [secret('a', 'tank/one'), secret('b', 'tank/one')].join('---\n'),
    );
    const wire = await conflict('--driver-file', name);
    expect(statuses(wire, 'driver-parent-unique')).toEqual([
      'WARNING driversecret/nas/a',
      'WARNING driversecret/nas/b',
    ]);
    expect(statuses(wire, 'driver-quotas')).toHaveLength(2);
  });

  it('see parents inside one another, whatever kinds of files name them', async () => {
    const a = await file('a.yaml', driver('tank/one'));
    const b = await file('b.yaml', secret('b', 'tank/one/two'));
    const chart = `csiDriver: {name: org.example.nfs}\ndriver:\n  config:\n${driver('tank/one/three').replaceAll(/^/gm, '    ')}`;
    const c = await file('c.yaml', chart);
    const argv = [a, b, sandbox.path(c)].flatMap((name) => ['--driver-file', name]);
    const wire = await conflict(...argv);
    expect(statuses(wire, 'driver-parents-overlap')).toEqual([
      'WARNING driversecret/a.yaml',
      'WARNING driversecret/nas/b',
      `WARNING driversecret${sandbox.path('c.yaml')}`,
    ]);
  });

  it('go by their path where two hold a Secret of one name', async () => {
    const a = await file('prod.yaml', secret('config', 'tank/one'));
    const b = await file('staging.yaml', secret('config', 'tank/one'));
    const wire = await conflict('--driver-file', a, '--driver-file', b);
    expect(statuses(wire, 'driver-parent-unique')).toEqual([
      'WARNING driversecret/nas/config (prod.yaml)',
      'WARNING driversecret/nas/config (staging.yaml)',
    ]);
  });

  it('are read once that are named twice', async () => {
    const name = await file('once.yaml', driver('tank/one'));
    const wire = await conflict('--driver-file', name, '--driver-file', `./${name}`);
    expect(statuses(wire, 'driver-parent-unique')).toEqual([`PASS driversecret/${name}`]);
  });

  it('may hold a class of one name twice', async () => {
    const text = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nas, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: org.democratic-csi.nfs
`;
    const wire = await conflict('--driver-file', await file('classes.yaml', `${text}---\n${text}`));
    expect(statuses(wire, 'default-storage-class')).toEqual(['WARNING cluster/files']);
  });

  it('are read as far as they can be', async () => {
    const name = await file('half.yaml', `a: "1-s3cret\n---\n${driver('tank/one')}`);
    const wire = await conflict('--driver-file', name);
    expect(statuses(wire, 'driver-file-readable')).toEqual(['FAIL configfile/half.yaml']);
    expect(statuses(wire, 'driver-parent-unique')).toHaveLength(1);
  });

  it('are not read where they are larger than any would be', async () => {
    const name = await file('large.yaml', `${driver('tank/one')}# ${'ü'.repeat(600_000)}`);
    const wire = await conflict('--driver-file', name);
    expect(wire.results).toHaveLength(1);
    expect(wire.results[0]).toMatchObject({
      status: 'FAIL',
      message: 'large.yaml is larger than 1 MiB: no configuration of a driver is',
    });
  });

  it.each([
    ['folder', 'is a directory'],
    ['nowhere.yaml', 'does not exist'],
    ['binary.yaml', 'is not a text file'],
    ['nul.yaml', 'is not a text file'],
  ])('are refused where they are none: %s', async (name, reason) => {
    await mkdir(sandbox.path('folder'), { recursive: true });
    await file('binary.yaml', new Uint8Array([0x1f, 0x8b, 0xff, 0xfe]));
    await file('nul.yaml', 'driver: \0');
    const { exitCode, stderr } = await run('--driver-file', name);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${name}, named by --driver-file, ${reason}`);
  });
});

describe('what people read', () => {
  it.each(['table', 'wide', 'markdown'])(
    'says as %s what was read, and what was not',
    async (format) => {
      const argv = [
        '--config',
        await file('own.yaml', 'drivers: []\n'),
        '--driver-file',
        await file('nfs.yaml', driver('tank/one')),
      ];
      const { stdout } = await run('-o', format, '--fail-on', 'none', ...argv);
      expect(stdout).toContain('Read 2 files; nothing was connected to');
      expect(stdout).toContain('nfs.yaml');
      expect(stdout).not.toContain('Scanned');
      expect(stdout).not.toContain('cluster files');
      expect(stdout).not.toContain('//');
      expect(stdout.trimEnd().split('\n').at(-1)).toBe(
        'What needs a server was not checked: run validate without --offline.',
      );
    },
  );
});

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import Orphans from '../../src/commands/orphans.ts';
import { addOne, addSound, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import { type TrueNasVersion, type World } from '../../src/lib/lab/scenario/world.ts';
import {
  type CommandSite,
  type SiteOptions,
  startSite,
  textsBelow,
} from '../support/command-site.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

/*
 * Everything that may be wrong outside, at the level of the command: one clear error or an incomplete report, the
 * right exit code, what to do about it, and nowhere a secret.
 */

const SECRETS = {
  annotation: 'planted-in-an-annotation',
  attribute: 'planted-in-an-attribute',
  property: 'planted-in-a-property',
};

/** A few volumes, one of them released; secrets lie where careless people leave them. */
function careless(version: TrueNasVersion = '25.10'): World {
  const site = newSite(version);
  addSound(site.nfs, 4);
  const { pv, record } = addOne(site.nfs, 'apps/released', { gone: ['claim'] });
  if (pv === undefined || record === undefined) throw new Error('only its claim is gone');
  pv.metadata.annotations = {
    ...pv.metadata.annotations,
    'example.com/password': SECRETS.annotation,
    'kubectl.kubernetes.io/last-applied-configuration': `{"token":"${SECRETS.annotation}"}`,
  };
  const { csi } = pv['spec'] as { csi: { volumeAttributes: Record<string, string> } }; // as drivers write it
  csi.volumeAttributes['secret'] = SECRETS.attribute;
  record.userProperties['org.example:password'] = SECRETS.property;
  return site.stage.world;
}

interface Preparation {
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface Mishap {
  readonly name: string;
  readonly version?: TrueNasVersion;
  readonly site?: SiteOptions;
  prepare(site: CommandSite, sandbox: Sandbox): Preparation | Promise<Preparation>;
}

interface BadInput extends Mishap {
  readonly code: string | RegExp;
  readonly message: string | RegExp;
  readonly remedy: string;
}

interface Half extends Mishap {
  /** Sources that the report must name as not read. */
  readonly sources: readonly string[];
  readonly reason: string;
  /** Rules that may still have something to say. */
  readonly rules: readonly string[];
}

interface Outcome extends CommandResult {
  /** Secrets that stand in an output or in a file. */
  readonly leaked: readonly string[];
  /** How many files the command left. */
  readonly kept: number;
}

async function runIn(mishap: Mishap, argv: readonly string[]): Promise<Outcome> {
  await using sandbox = await Sandbox.create();
  await using site = await startSite(sandbox, careless(mishap.version), mishap.site);
  const prepared = await mishap.prepare(site, sandbox);
  const environment = { ...site.environment, ...prepared.environment };
  const result = await sandbox.run(Orphans, [...(prepared.argv ?? []), ...argv], environment);
  const kept = await textsBelow(sandbox.directory, ['kubeconfig', 'config.yaml']);
  const texts = [result.stdout, result.stderr, ...kept];
  const secrets = [...site.secrets, ...Object.values(SECRETS), WRONG_KEY];
  const leaked = secrets.filter((secret) => texts.some((text) => text.includes(secret)));
  return { ...result, leaked, kept: kept.length };
}

const WRONG_KEY = 'planted-as-a-wrong-key';

/** A configuration file, and the flag that names it. */
async function configured(sandbox: Sandbox, text: string): Promise<Preparation> {
  const path = sandbox.path('config.yaml');
  await writeFile(path, text, { mode: 0o600 });
  return { argv: ['--config', path] };
}

function keyOf({ truenas }: CommandSite): {
  revoked?: boolean;
  expiresAt?: string;
  roles: string[];
} {
  const [key] = truenas.system.apiKeys;
  if (key === undefined) throw new Error('the world has a key');
  return key;
}

const FATAL: readonly BadInput[] = [
  {
    name: 'a configuration that is not there',
    prepare: () => ({ argv: ['--config', '/nowhere.yaml'] }),
    code: 'CONFIG_INVALID',
    message: 'configuration file /nowhere.yaml, named by --config, does not exist',
    remedy: 'config init',
  },
  {
    name: 'a configuration that is no YAML',
    prepare: (_, sandbox) => configured(sandbox, 'truenas: [\n'),
    code: 'CONFIG_INVALID',
    message: /config\.yaml: line 2: is indented wrongly, or a bracket is not closed$/,
    remedy: 'close every bracket',
  },
  {
    name: 'an unknown key',
    prepare: (_, sandbox) => configured(sandbox, 'truenas:\n  usernme: x\n'),
    code: 'CONFIG_INVALID',
    message: /config\.yaml: line 2: truenas\.usernme is not a known key$/,
    remedy: 'did you mean truenas.username?',
  },
  {
    name: 'a key of a feature that is planned',
    prepare: (_, sandbox) => configured(sandbox, 'alerts:\n  interval: 1h\n'),
    code: 'CONFIG_INVALID',
    message: /config\.yaml: line 1: alerts is not supported yet$/,
    remedy: 'remove the key until it is',
  },
  {
    name: 'a key that is a secret in the wrong place',
    prepare: (_, sandbox) => configured(sandbox, `truenas:\n  timeout: ${WRONG_KEY}\n`),
    code: 'CONFIG_INVALID',
    message: /line 2: truenas\.timeout is not a duration$/,
    remedy: 'such as 30s',
  },
  {
    name: 'a context that does not exist',
    prepare: () => ({ argv: ['--context', 'staging'] }),
    code: 'KUBECONFIG_INVALID',
    message: 'cluster staging: there is no context staging',
    remedy: 'kubernetes.context: prod',
  },
  {
    name: 'a kubeconfig that is not there',
    prepare: () => ({ environment: { KUBECONFIG: '/nowhere/config' } }),
    code: 'KUBECONFIG_INVALID',
    message: 'cluster kubernetes: no kubeconfig was found',
    remedy: '--kubeconfig',
  },
  {
    name: 'a kubeconfig that is no YAML',
    prepare: async (_, sandbox) => {
      await writeFile(sandbox.path('kubeconfig'), `token: ${WRONG_KEY}\nclusters: [\n`);
      return {};
    },
    code: 'KUBECONFIG_INVALID',
    message: /the kubeconfig \S+ is not valid YAML/,
    remedy: 'kubectl config view',
  },
  {
    name: 'a cluster that refuses connections',
    prepare: async ({ kubernetes }) => {
      await kubernetes.close();
      return {};
    },
    code: 'CLUSTER_UNREACHABLE',
    message: /^cluster kubernetes \(127\.0\.0\.1:\d+\) cannot be reached \(ECONNREFUSED\)$/,
    remedy: 'Check the server address in the kubeconfig',
  },
  {
    name: 'a cluster that closes every connection',
    prepare: ({ kubernetes }) => {
      kubernetes.faults.stopAccepting = true;
      return {};
    },
    code: 'CLUSTER_UNREACHABLE',
    message: /^cluster kubernetes \(127\.0\.0\.1:\d+\) cannot be reached/,
    remedy: 'the network to it',
  },
  {
    name: 'a TrueNAS that refuses connections',
    prepare: async ({ truenas }) => {
      await truenas.close();
      return {};
    },
    code: 'TRUENAS_UNREACHABLE',
    message:
      /^127\.0\.0\.1:\d+ cannot be reached: it refuses connections at that port \(ECONNREFUSED\)$/,
    remedy: 'Check host and port in truenas.url',
  },
  {
    name: 'a TrueNAS that accepts connections and says nothing',
    prepare: ({ truenas }) => {
      truenas.faults.versionsStatus = 'timeout';
      return { argv: ['--timeout', '1s'] };
    },
    code: 'TRUENAS_UNREACHABLE',
    message: '127.0.0.1 did not answer within 1 s',
    remedy: 'Raise truenas.timeout',
  },
  {
    name: 'two sides that are down',
    prepare: async ({ kubernetes, truenas }) => {
      await Promise.all([kubernetes.close(), truenas.close()]);
      return {};
    },
    code: 'NOTHING_REACHABLE',
    message: /^neither side can be read: .* cannot be reached.*; .* cannot be reached/,
    remedy: 'Check ',
  },
  ...(['24.10', '25.04', '25.10', '26'] as const).map((version): BadInput => ({
    name: `a wrong key for TrueNAS ${version}`,
    version,
    prepare: () => ({ environment: { TRUENAS_API_KEY: `1-${WRONG_KEY}` } }),
    code: 'TRUENAS_UNAUTHORIZED',
    message: /^127\.0\.0\.1 refused the credentials: .*key.* is wrong/,
    remedy: 'Create a new API key in TrueNAS',
  })),
  {
    name: 'an expired key',
    prepare: (site) => {
      keyOf(site).expiresAt = '2026-01-01T00:00:00Z';
      return {};
    },
    code: 'TRUENAS_UNAUTHORIZED',
    message: '127.0.0.1 refused the credentials: the key has expired or was revoked',
    remedy: 'Create a new API key in TrueNAS',
  },
  {
    name: 'a revoked key',
    prepare: (site) => {
      keyOf(site).revoked = true;
      return {};
    },
    code: 'TRUENAS_UNAUTHORIZED',
    message: '127.0.0.1 refused the credentials: the key has expired or was revoked',
    remedy: 'revokes a key that was ever sent over plain http',
  },
  {
    name: 'a key of another user',
    prepare: () => ({ environment: { TRUENAS_USERNAME: 'root' } }),
    code: 'TRUENAS_UNAUTHORIZED',
    message: /belongs to another user$/,
    remedy: 'Check truenas.username',
  },
  {
    name: 'a token the cluster does not take',
    prepare: ({ kubernetes }) => {
      kubernetes.faults.unauthorized = true;
      return {};
    },
    code: 'CLUSTER_UNAUTHORIZED',
    message: /^cluster kubernetes \(\S+\) does not accept the credentials$/,
    remedy: 'Log in again',
  },
  {
    name: 'a TrueNAS that signed its own certificate',
    site: { systemCertificate: 'self-signed' },
    prepare: () => ({}),
    code: 'TLS_UNTRUSTED',
    message: '127.0.0.1 cannot be trusted: its certificate is self-signed',
    remedy: 'ca_file',
  },
  {
    name: 'a TrueNAS whose certificate has expired',
    site: { systemCertificate: 'expired' },
    prepare: () => ({}),
    code: 'TLS_UNTRUSTED',
    message: '127.0.0.1 cannot be trusted: its certificate has expired',
    remedy: 'Renew the certificate',
  },
  {
    name: 'a cluster that signed its own certificate',
    site: { clusterCertificate: 'self-signed' },
    prepare: () => ({}),
    code: 'TLS_UNTRUSTED',
    message: /has a certificate that cannot be trusted/,
    remedy: 'certificate-authority-data',
  },
  {
    name: 'a cluster whose certificate has expired',
    site: { clusterCertificate: 'expired' },
    prepare: () => ({}),
    code: 'TLS_UNTRUSTED',
    message: /has a certificate that has expired \(CERT_HAS_EXPIRED\)$/,
    remedy: 'Renew the certificates of the API server',
  },
  {
    name: 'a web page in place of the cluster',
    prepare: ({ kubernetes }) => {
      kubernetes.faults.html = true;
      return {};
    },
    code: 'CLUSTER_PROTOCOL',
    message: /answered with HTML \(200\) where JSON was expected$/,
    remedy: 'usually 6443',
  },
  {
    name: 'a web page in place of TrueNAS',
    prepare: ({ truenas }) => {
      truenas.faults.html = true;
      return {};
    },
    code: 'TRUENAS_PROTOCOL',
    message: '127.0.0.1 answered /api/versions with a web page (HTTP 200)',
    remedy: 'has the port of the TrueNAS web interface',
  },
  {
    name: 'the cluster in place of TrueNAS',
    prepare: ({ kubernetes }) => ({ environment: { TRUENAS_URL: kubernetes.url } }),
    code: 'TRUENAS_PROTOCOL',
    message: /^127\.0\.0\.1 answered \/api\/versions with something that is not of TrueNAS/,
    remedy: 'Check that truenas.url',
  },
  {
    name: 'a TrueNAS in plain http on another machine',
    prepare: () => ({ environment: { TRUENAS_URL: 'http://nas1.example' } }),
    code: 'INSECURE_TRANSPORT',
    message: /nas1\.example/,
    remedy: 'https',
  },
];

interface WireError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly timestamp: string;
    readonly request_id: string;
    readonly remediation: readonly string[];
  };
}

describe.each(FATAL.map((each) => [each.name, each] as const))('%s', (_, mishap) => {
  it('is one clear error with 2, a way out, and no secret', async () => {
    const { exitCode, stdout, stderr, leaked } = await runIn(mishap, []);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    const [first = ''] = stderr.split('\n');
    expect(first).toMatch(/^Error: /);
    expectMatch(first.slice('Error: '.length), mishap.message);
    expect(stderr).toContain('What to do:');
    expect(stderr).toContain(mishap.remedy);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(leaked).toEqual([]);
  });

  it('is said as JSON with -o json, and logs no secret at debug level', async () => {
    const flags = ['-o', 'json', '--log-level', 'debug', '--log-format', 'json'];
    const { exitCode, stdout, stderr, leaked } = await runIn(mishap, flags);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    const { error } = JSON.parse(stderr.slice(stderr.lastIndexOf('\n{\n') + 1)) as WireError;
    expectMatch(error.code, mishap.code);
    expectMatch(error.message, mishap.message);
    expect(error.remediation.join('\n')).toContain(mishap.remedy);
    expect(error.request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(leaked).toEqual([]);
  });
});

it('a wrong key of one of two systems names its own keys, where they stand, and that it ends the scan', async () => {
  const { exitCode, stderr, leaked } = await runIn(
    {
      name: 'two systems',
      prepare: ({ truenas }, sandbox) =>
        configured(
          sandbox,
          `systems:\n  - {name: nas2, url: "${truenas.url}", username: root, api_key: 1-${WRONG_KEY}}\n`,
        ),
    },
    [],
  );
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^Error: nas2 \(127\.0\.0\.1\) refused the credentials/);
  expect(stderr).toContain('Check systems[0].username and systems[0].api_key.');
  expect(stderr).toContain('write it into the file that systems[0].api_key_file names.');
  expect(stderr).toMatch(/Look at line 2 of \S+config\.yaml, from which the credential came\./);
  expect(stderr).toContain('because of it none of the others was read');
  expect(stderr).not.toContain('truenas.');
  expect(leaked).toEqual([]);
});

function expectMatch(text: string, wanted: string | RegExp): void {
  if (typeof wanted === 'string') expect(text).toBe(wanted);
  else expect(text).toMatch(wanted);
}

const INCOMPLETE: readonly Half[] = [
  ...(['24.10', '25.04', '25.10', '26'] as const).map((version): Half => ({
    name: `a key without roles on TrueNAS ${version}`,
    version,
    prepare: (site) => {
      keyOf(site).roles = [];
      return {};
    },
    sources: ['pools', 'datasets', 'zfs_snapshots', 'nfs_shares', 'iscsi_extents'],
    reason: 'denied',
    rules: ['pv-released'],
  })),
  {
    name: 'a cluster that stops in the middle of a list',
    prepare: ({ kubernetes }) => {
      kubernetes.faults.dropAfterBytes = { resource: 'persistentvolumes', bytes: 500 };
      return {};
    },
    sources: ['persistent_volumes'],
    reason: 'while it listed persistentvolumes',
    rules: [],
  },
  {
    name: 'a TrueNAS that stops half-way',
    prepare: ({ truenas }) => {
      truenas.faults.onCall = (method) => {
        if (method === 'sharing.nfs.query') void truenas.close();
      };
      return {};
    },
    sources: ['nfs_shares'],
    reason: 'cannot be reached',
    rules: ['pv-released'],
  },
  {
    name: 'a cluster that lets nothing be listed',
    prepare: ({ kubernetes }) => {
      kubernetes.cluster.forbidden = ['persistentvolumes', 'persistentvolumeclaims', 'pods'];
      return {};
    },
    sources: ['persistent_volumes', 'persistent_volume_claims', 'pods'],
    reason: 'may not list',
    rules: [],
  },
];

interface WireReport {
  readonly complete: boolean;
  readonly sources: readonly { name: string; state: string; reason?: string }[];
  readonly findings: readonly { rule: string }[];
}

describe.each(INCOMPLETE.map((each) => [each.name, each] as const))('%s', (_, mishap) => {
  it('is an incomplete report with 3 that names the sources, and calls nothing an orphan', async () => {
    const flags = ['-o', 'json', '--log-level', 'debug'];
    const { exitCode, stdout, leaked } = await runIn(mishap, flags);
    expect(exitCode).toBe(3);
    const report = JSON.parse(stdout) as WireReport;
    expect(report.complete).toBe(false);
    const failed = report.sources.filter(({ state }) => state === 'failed');
    expect(failed.map(({ name }) => name)).toEqual(expect.arrayContaining([...mishap.sources]));
    for (const { reason } of failed) expect(reason).toContain(mishap.reason);
    expect(report.findings.map(({ rule }) => rule)).toEqual(mishap.rules);
    expect(leaked).toEqual([]);
  });

  it('says so at the top of a table, without a secret', async () => {
    const { exitCode, stdout, stderr, leaked } = await runIn(mishap, []);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('INCOMPLETE: what could not be read or judged may hide orphans');
    expect(stdout).toContain(mishap.reason);
    const warnings = stderr.split('\n').filter((line) => line !== '');
    expect(new Set(warnings).size).toBe(warnings.length);
    expect(leaked).toEqual([]);
  });
});

describe('a server that repeats what it was sent', () => {
  async function listening(listener: RequestListener): Promise<Server & AsyncDisposable> {
    const server = createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  it.each([
    [400, 'Bad Request', 2],
    [401, 'Unauthorized', 2],
    // What may not be read is missing from the report; the rest is there.
    [403, 'Forbidden', 3],
    [500, 'Internal Server Error', 2],
  ])('does not make us repeat it (%s)', async (status, reason, code) => {
    await using echo = await listening(({ headers }, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      const message = `${reason}: ${headers.authorization ?? ''}`;
      response.end(JSON.stringify({ kind: 'Status', code: status, message, reason: message }));
    });
    const { port } = echo.address() as AddressInfo; // it listens on a port
    const mishap: Mishap = {
      name: 'echo',
      prepare: async ({ kubernetes }, sandbox) => {
        const text = kubernetes.kubeconfig().replace(kubernetes.url, `http://127.0.0.1:${port}`);
        await writeFile(sandbox.path('kubeconfig'), text);
        return {};
      },
    };
    const { exitCode, leaked } = await runIn(mishap, ['-o', 'json', '--log-level', 'debug']);
    expect(exitCode).toBe(code);
    expect(leaked).toEqual([]);
  });
});

describe('secrets that lie in the objects themselves', () => {
  it.each(['table', 'wide', 'json', 'yaml', 'csv', 'name'])(
    'are in no %s and in no file',
    async (format) => {
      const flags = ['-o', format, '--log-level', 'debug'];
      const { exitCode, stdout, leaked, kept } = await runIn(
        { name: 'none', prepare: () => ({}) },
        flags,
      );
      expect(exitCode).toBe(0);
      expect(kept).toBeGreaterThan(0);
      expect(stdout).toContain('pvc-');
      expect(leaked).toEqual([]);
    },
  );
});

import { DEFAULT_CLEANUP } from '../../../src/lib/core/cleanup/settings.ts';
import { NO_SETTINGS } from '../../../src/lib/core/model/settings.ts';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionOverrides, NO_OVERRIDES } from '../../../src/lib/adapters/config/layers.ts';
import { type LoadedConfig, loadConfig } from '../../../src/lib/adapters/config/load.ts';
import { isShared } from '../../../src/lib/adapters/config/settings.ts';
import { ConfigError } from '../../../src/lib/core/model/errors.ts';
import { DEFAULT_SERVE } from '../../../src/lib/core/serve/settings.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'truenas-monitor-config-')));
  file = join(directory, 'config.yaml');
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Which context a kubeconfig leads to by itself. */
const CURRENT_CONTEXTS: ReadonlyMap<string | null, string> = new Map([
  [null, 'home'],
  ['/own', 'office'],
]);

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly overrides?: Partial<ConnectionOverrides>;
  readonly mode?: number;
}

async function load(text: string, surroundings: Surroundings = {}): Promise<LoadedConfig> {
  await writeFile(file, text);
  await chmod(file, surroundings.mode ?? 0o600);
  return await loadConfig({
    file,
    environment: { XDG_CONFIG_HOME: directory, ...surroundings.environment },
    overrides: { ...NO_OVERRIDES, ...surroundings.overrides },
    ruleNames: ['pv-released', 'pv-failed', 'dataset-unclaimed'],
    currentContext: (kubeconfig) => Promise.resolve(CURRENT_CONTEXTS.get(kubeconfig) ?? null),
  });
}

async function refusal(text: string, surroundings: Surroundings = {}): Promise<ConfigError> {
  const error: unknown = await load(text, surroundings).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('it was not refused');
  return error;
}

describe('the clusters of a configuration', () => {
  const names = async (text: string): Promise<(string | null)[]> =>
    (await load(text)).config.clusters.map(({ context }) => context);

  it('hold the current context beside the further ones where an empty section stands for it', async () => {
    expect(await names('kubernetes:\nclusters: [{context: staging}]\n')).toEqual([null, 'staging']);
  });

  it('are those listed alone where there is no such section', async () => {
    expect(await names('clusters: [{context: prod}, {context: staging}]\n')).toEqual([
      'prod',
      'staging',
    ]);
  });
});

describe('a configuration', () => {
  it('is the defaults where the file is empty', async () => {
    const { config, warnings } = await load('');
    expect(config).toEqual({
      clusters: [
        { name: 'kubernetes', kubeconfig: null, context: null, inCluster: false, namespaces: [] },
      ],
      systems: [
        {
          name: 'truenas',
          url: null,
          username: null,
          apiKey: null,
          password: null,
          timeout: 30_000,
          tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
          transport: 'auto',
        },
      ],
      drivers: [],
      policy: {
        orphanThreshold: 86_400_000,
        implausibleShare: 0.2,
        implausibleCount: 3,
        quarantineFor: 604_800_000,
        thresholds: {
          poolWarning: 0.8,
          poolCritical: 0.9,
          volumeWarning: 0.85,
          volumeCritical: 0.95,
          maxOvercommit: 2,
          snapshotRetention: null,
        },
      },
      ignore: [],
      cleanup: DEFAULT_CLEANUP,
      history: { path: null, retention: 34_560_000_000 },
      cache: { path: null, ttl: 3_600_000 },
      serve: DEFAULT_SERVE,
    });
    expect(warnings).toEqual([]);
  });

  it('comes out in the words of core', async () => {
    const { config } = await load(`
kubernetes: {kubeconfig: kube.yaml, context: prod, namespace: democratic-csi}
clusters: [{context: staging, name: stage}]
truenas:
  url: https://NAS1.example/
  username: k8s-monitor
  api_key: 1-abcdef
  timeout: 5s
  tls_verify: "false"
  ca_file: ~/ca.pem
  tls_min_version: TLSv1.2
systems: [{url: "https://nas2.example:8443", name: second, transport: rest}]
drivers:
  - {driver: d, cluster: stage, system: second, parent: tank/k8s, detached_snapshots_parent: tank/snaps, instance_id: i, exclusive: true}
monitor: {orphan_threshold: 36h}
ignore: [{rule: "pv-*", selector: "app=db", reason: kept, until: 2027-01-31}]
history: {path: "\${HISTORY_AT:-past}/history.db", retention: 90d}
cache: {path: /var/cache/tm, disk_ttl: 2h}
`);
    expect(config.clusters).toEqual([
      {
        name: 'prod',
        kubeconfig: join(directory, 'kube.yaml'),
        context: 'prod',
        inCluster: false,
        namespaces: ['democratic-csi'],
      },
      { name: 'stage', kubeconfig: null, context: 'staging', inCluster: false, namespaces: [] },
    ]);
    expect(config.systems.map(({ name, url }) => [name, url])).toEqual([
      ['nas1.example', 'https://nas1.example'],
      ['second', 'https://nas2.example:8443'],
    ]);
    expect(config.systems[0]?.apiKey?.reveal()).toBe('1-abcdef');
    expect(config.systems[0]?.tls.verify).toBe(false);
    expect(config.systems[0]?.tls.caFile).toMatch(/^\/.*\/ca\.pem$/);
    expect(config.drivers).toEqual([
      {
        driver: 'd',
        cluster: 'stage',
        system: 'second',
        secret: null,
        parent: 'tank/k8s',
        detachedSnapshotsParent: 'tank/snaps',
        instanceId: 'i',
        exclusive: true,
      },
    ]);
    expect(config.policy.orphanThreshold).toBe(36 * 3_600_000);
    expect(config.ignore[0]?.until).toEqual(new Date('2027-01-31T00:00:00Z'));
    expect(config.ignore[0]?.selector).toEqual([{ key: 'app', operator: 'in', values: ['db'] }]);
    expect(config.history).toEqual({
      path: join(directory, 'past', 'history.db'),
      retention: 90 * 86_400_000,
    });
    expect(config.cache).toEqual({ path: '/var/cache/tm', ttl: 7_200_000 });
  });

  it('takes the Secret of a driver in place of its parent', async () => {
    const { config } = await load('drivers: [{driver: d, secret: csi/nfs.driver-config}]');
    expect(config.drivers).toMatchObject([
      { parent: null, secret: { namespace: 'csi', name: 'nfs.driver-config' } },
    ]);
  });

  it('leaves out kubernetes and truenas where only the lists say anything', async () => {
    const { config } = await load(
      'clusters: [{context: a}, {context: b}]\nsystems: [{url: "https://nas2.example"}]\n',
    );
    expect(config.clusters.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(config.systems.map(({ name }) => name)).toEqual(['nas2.example']);
  });

  it('takes sections without content for absent', async () => {
    const { config } = await load('drivers:\nkubernetes:\nignore:\n');
    expect(config.drivers).toEqual([]);
  });

  it('shows a secret to nobody who does not ask for it', async () => {
    const { config } = await load('truenas: {url: "https://n.example", api_key: 1-topsecret}');
    const secret = config.systems[0]?.apiKey;
    expect([inspect(config, { depth: 9 }), JSON.stringify(config), String(secret)]).toEqual([
      expect.not.stringContaining('topsecret') as string,
      expect.not.stringContaining('topsecret') as string,
      '********',
    ]);
  });
});

describe('limits', () => {
  it('are percents in the file and fractions inside, and those that are not named stay', async () => {
    const { config } = await load(`
monitor: {snapshot_retention: 30d}
thresholds: {pool_warning: 70, pool_critical: "\${LIMIT:-92.5}", max_overcommit_ratio: 1.5}
`);
    expect(config.policy.thresholds).toEqual({
      poolWarning: 0.7,
      poolCritical: 0.925,
      volumeWarning: 0.85,
      volumeCritical: 0.95,
      maxOvercommit: 1.5,
      snapshotRetention: 30 * 86_400_000,
    });
  });

  it.each([
    ['{pool_warning: 0.8}', 'pool_warning is not a percentage', 'from 1 to 100'],
    ['{pool_critical: 101}', 'pool_critical is not a percentage', 'from 1 to 100'],
    ['{volume_warning: most}', 'volume_warning is not a percentage', 'from 1 to 100'],
    ['{volume_critical: null}', 'volume_critical is not a percentage', 'from 1 to 100'],
    ['{max_overcommit_ratio: 0}', 'max_overcommit_ratio is not a ratio', 'above 0'],
    ['{max_overcommit_ratio: [2]}', 'max_overcommit_ratio is not a ratio', 'above 0'],
    ['{pool_warn: 80}', 'pool_warn is not a known key', 'did you mean thresholds.pool_warning?'],
    [
      '{pool_warning: 90}',
      'pool_warning is not below pool_critical, which is 90',
      'write a number below 90',
    ],
    [
      '{volume_critical: 80}',
      'volume_warning is not below volume_critical, which is 80',
      'write a number below 80',
    ],
  ])('%s are refused', async (section, message, remedy) => {
    const error = await refusal(`thresholds: ${section}`);
    expect(error.message).toBe(`${file}: line 1: thresholds.${message}`);
    expect(error.remediation[0]).toContain(remedy);
  });
});

describe('what is to be checked of a configuration', () => {
  it('is its file, and the keys whose secrets stand in it, whatever takes their place', async () => {
    const text = `
truenas: {url: "https://nas1.example", username: u, api_key: 1-abcdef}
systems:
  - {name: nas2, url: "https://nas2.example", username: u, password: "\${SECOND}"}
  - {name: nas3, url: "https://nas3.example", username: u, password: hunter2}
`;
    const environment = { SECOND: 'x', TRUENAS_API_KEY: '2-other' };
    const { settings } = await load(text, { mode: 0o640, environment });
    expect(settings).toEqual({
      ...NO_SETTINGS,
      file: { path: file, mode: 0o640 },
      plainSecrets: ['truenas.api_key', 'systems[1].password'],
      secretFiles: [],
    });
  });

  it('is the files that hold secrets, by their modes', async () => {
    const key = join(directory, 'key');
    await writeFile(key, '1-abcdef\n', { mode: 0o644 });
    const text = `truenas: {url: "https://nas1.example", api_key_file: ${key}}`;
    expect((await load(text)).settings.secretFiles).toEqual([{ path: key, mode: 0o644 }]);
    const byEnvironment = await load('', { environment: { TRUENAS_API_KEY_FILE: key } });
    expect(byEnvironment.settings).toMatchObject({
      plainSecrets: [],
      secretFiles: [{ path: key }],
    });
  });

  it('is no mode in a pod, where what is mounted is readable by all, and nobody else is there', async () => {
    const key = join(directory, 'key');
    await writeFile(key, '1-abcdef\n', { mode: 0o644 });
    const text = `truenas: {url: "https://nas1.example", api_key_file: ${key}}`;
    const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    const { settings } = await load(text, { mode: 0o644, environment });
    expect(settings.file).toEqual({ path: file, mode: null });
    expect(settings.secretFiles).toEqual([{ path: key, mode: null }]);
  });

  it.each([
    ['/run/secrets/key', false],
    ['/var/run/secrets/key', false],
    // An access list of the service's user shows as a right of a group.
    ['/run/credentials/truenas-monitor.service/key', false],
    ['/srv/run/credentials/key', true],
    ['/home/me/run/secrets/key', true],
  ])('counts at %s only where somebody else could read it', (path, shared) => {
    expect(isShared(path, {})).toBe(shared);
  });

  it('is nothing where there is no file', async () => {
    const environment = { XDG_CONFIG_HOME: directory };
    const { settings } = await loadConfig({ file: null, environment });
    expect(settings).toEqual(NO_SETTINGS);
  });
});

describe('variables', () => {
  it('expand in every value, defaults standing in for unset and empty ones', async () => {
    const { config } = await load(
      'truenas: {url: "https://${HOST}", username: "${WHO:-monitor}", tls_verify: "${V:-false}", name: "$${x}"}',
      { environment: { HOST: 'nas9.example', WHO: '' } },
    );
    expect(config.systems[0]).toMatchObject({
      url: 'https://nas9.example',
      username: 'monitor',
      name: '${x}',
      tls: { verify: false },
    });
  });

  it('do not expand what they hold', async () => {
    const { config } = await load('truenas: {username: "${A}"}', { environment: { A: '${B}' } });
    expect(config.systems[0]?.username).toBe('${B}');
  });

  it('that are unset name the key, the variable and the way out', async () => {
    const error = await refusal('truenas:\n  url: https://nas1.example\n  api_key: "${NAS_KEY}"\n');
    expect(error.message).toBe(
      `${file}: line 3: truenas.api_key needs the environment variable NAS_KEY, which is not set`,
    );
    expect(error.remediation).toEqual([
      'Line 3: export NAS_KEY, or give it a default: ${NAS_KEY:-…}.',
    ]);
  });

  it('that are malformed are refused', async () => {
    const error = await refusal('truenas: {username: "${1X}"}');
    expect(error.message).toBe(
      `${file}: line 1: truenas.username has a "\${" that starts no variable`,
    );
  });

  it('need not be set where a stronger layer replaces the value', async () => {
    const { config } = await load('truenas: {url: "${NAS_URL}", api_key: "${NAS_KEY}"}', {
      environment: { TRUENAS_API_KEY: '2-fromenv' },
      overrides: { url: 'https://other.example' },
    });
    expect(config.systems[0]?.url).toBe('https://other.example');
    expect(config.systems[0]?.apiKey?.reveal()).toBe('2-fromenv');
  });
});

describe('what is wrong with a file', () => {
  it('is reported all at once, each with its line and what to write', async () => {
    const error = await refusal(`kubernetes:
  contxt: prod
truenas:
  url: nas1
  username: 12
  timeout: 5
monitor: {scan_interval: 5s}
drivers:
  - driver: x
    secret: ns/y
    exclusive: maybe
ignore: [{until: soon, selector: "a in b"}]
alerts: {}
`);
    expect(error.message).toBe(
      [
        `${file} has 10 problems`,
        '  line 2: kubernetes.contxt is not a known key',
        '  line 4: truenas.url is not the address of a server',
        '  line 5: truenas.username is not text',
        '  line 6: truenas.timeout is not a duration',
        '  line 7: monitor.scan_interval is shorter than 30 seconds',
        '  line 11: drivers[0].exclusive is not one of true, false',
        '  line 12: ignore[0].selector is not a label selector',
        '  line 12: ignore[0].reason is missing',
        '  line 12: ignore[0].until is not a date',
        '  line 13: alerts is not supported yet',
      ].join('\n'),
    );
    expect(error.remediation.slice(0, 5)).toEqual([
      'Line 2: did you mean kubernetes.context? Rename it or remove it.',
      'Line 4: write scheme, host and port only, such as https://nas1.example, without user, password or path.',
      'Line 5: write text, in quotes if it looks like a number.',
      'Line 6: write a number with its unit, such as 30s, 5m, 24h or 30d.',
      'Line 7: write 30s or more, such as 5m: each scan reads everything.',
    ]);
    expect(error.details).toEqual({ file, problems: 10 });
  });

  it.each([
    ['alerts', 'alerts: {}'],
    ['cache.redis', 'cache: {redis: {url: null}}'],
  ])('tells %s, which is planned, from a key nobody knows', async (key, text) => {
    expect((await refusal(text)).message).toBe(`${file}: line 1: ${key} is not supported yet`);
  });

  it.each([
    ['13d', 'is shorter than 14 days', 'write 14d or more'],
    ['long', 'is not a duration', 'such as 30s, 5m, 24h or 30d'],
  ])('takes no history that is kept for %s', async (retention, message, remedy) => {
    const error = await refusal(`history: {retention: ${retention}}`);
    expect(error.message).toBe(`${file}: line 1: history.retention ${message}`);
    expect(error.remediation[0]).toContain(remedy);
  });

  it('suggests no name where none is near, and lists those there are', async () => {
    const error = await refusal('zzz: 1');
    expect(error.message).toBe(`${file}: line 1: zzz is not a known key`);
    expect(error.remediation[0]).toContain('use one of kubernetes, clusters, truenas, systems');
  });

  it('suggests the rule that is meant, and lists the rules where none is near', async () => {
    const near = await refusal('ignore: [{rule: pv-relased, reason: x}]');
    expect(near.remediation[0]).toBe('Line 1: did you mean pv-released?');
    const far = await refusal('ignore: [{rule: something, reason: x}]');
    expect(far.remediation[0]).toContain('pv-released, pv-failed, dataset-unclaimed');
  });

  it('leaves the rules alone where nobody says which there are', async () => {
    await writeFile(file, 'ignore: [{rule: something, reason: x}]');
    const { config } = await loadConfig({ file, environment: {} });
    expect(config.ignore).toHaveLength(1);
  });

  it('does not repeat a key that may be a misplaced secret', async () => {
    const error = await refusal('truenas: {"1-S3cr3t/Key+": x}');
    expect(error.message).toBe(`${file}: line 1: truenas has a key that is no name`);
  });

  it.each([
    ['a bracket that is left open', 'truenas: {url: "https://x"\nz: 1', /line \d+: /],
    ['a tab', 'truenas:\n\turl: x', /line 2: is indented with a tab/],
    ['a key twice', 'drivers: []\ndrivers: []', /line 2: has a key for the second time/],
    ['a second document', 'drivers: []\n---\nx: 1', /line 2: starts a second document/],
    ['a list at the top', '- a', /line 1: is not a list of "key: value" pairs/],
    ['bare text', 'hello', /line 1: is not a list of "key: value" pairs/],
    ['an anchor', 'kubernetes: &k {}\ntruenas: *k', /line 2: refers to an anchor/],
    ['a section that is text', 'kubernetes: prod', /line 1: kubernetes is not a section/],
    ['a list that is a section', 'drivers: {}', /line 1: drivers is not a list/],
    ['an empty value', 'truenas: {username: ""}', /line 1: truenas.username is empty/],
    [
      'a pin that is none',
      'truenas: {pinned_spki_sha256: [abc]}',
      /pinned_spki_sha256\[0\] is not a SHA-256 pin/,
    ],
    [
      'a dataset with a slash in front',
      'drivers: [{driver: d, parent: /tank}]',
      /parent is not the path of a dataset/,
    ],
    ['an old TLS', 'truenas: {tls_min_version: TLSv1.1}', /is not one of TLSv1.2, TLSv1.3/],
    [
      'a URL with a password',
      'truenas: {url: "https://me:pw@nas"}',
      /url is not the address of a server$/,
    ],
    [
      'a URL with a path',
      'truenas: {url: "https://nas/ui"}',
      /url is not the address of a server$/,
    ],
    ['__proto__', 'truenas: {__proto__: {url: x}}', /truenas\.__proto__ is not a known key/],
  ])('is named for %s', async (_what, text, message) => {
    expect((await refusal(text)).message).toMatch(message);
  });

  it('never quotes the text around a syntax error', async () => {
    const error = await refusal('truenas:\n  api_key: "1-SECRETSECRET\n  url: x"y\n');
    expect(`${error.message} ${error.remediation.join(' ')}`).not.toContain('SECRET');
  });

  it.each([
    [
      'both a key and a password',
      'truenas: {api_key: a, password: b}',
      'truenas.password cannot be set together with api_key',
    ],
    [
      'a key twice over',
      'truenas: {api_key: a, api_key_file: b}',
      'truenas.api_key_file cannot be set together with api_key',
    ],
    [
      'in_cluster with a context',
      'kubernetes: {in_cluster: true, context: x}',
      'kubernetes.context cannot be set together with in_cluster',
    ],
    [
      'two clusters of one name',
      'clusters: [{context: a}, {context: a}]',
      'clusters[1] has the same name as another one, "a"',
    ],
    [
      'a driver of which nobody says where it makes volumes',
      'drivers: [{driver: d}]',
      'drivers[0].parent is missing',
    ],
    [
      'a Secret without a namespace',
      'drivers: [{driver: d, secret: nfs-config}]',
      'drivers[0].secret is not the name of a Secret',
    ],
    [
      'a Secret with a name that none has',
      'drivers: [{driver: d, secret: csi/NFS_config}]',
      'drivers[0].secret is not the name of a Secret',
    ],
    [
      'an entry that ignores everything',
      'ignore: [{reason: quiet}]',
      'ignore[0] does not say what to ignore',
    ],
    [
      'an entry that names no rule',
      'ignore: [{rule: "pv-*", reason: x}, {rule: pv-relased, reason: x}]',
      'line 1: ignore[1].rule names no rule',
    ],
    [
      'a driver on a cluster that is not there',
      'kubernetes: {context: prod}\ndrivers: [{driver: d, parent: t/x, cluster: prdo}]',
      'drivers[0].cluster names no cluster of this configuration',
    ],
    [
      'a driver on a system that is not there',
      'truenas: {url: "https://n.example"}\ndrivers: [{driver: d, parent: t/x, system: zzzzz}]',
      'drivers[0].system names no system of this configuration',
    ],
  ])('includes %s', async (_what, text, message) => {
    expect((await refusal(text)).message).toContain(message);
  });
});

it('leaves it to the Secrets of the drivers what systems are called where it names none', async () => {
  const { config } = await load('drivers: [{driver: d, parent: t/x, system: nas1}]');
  expect(config.drivers[0]?.system).toBe('nas1');
});

describe('files that hold secrets', () => {
  it('are read without the newline an editor leaves', async () => {
    await writeFile(join(directory, 'key'), '7-fromfile\n');
    const { config } = await load('truenas: {url: "https://n.example", api_key_file: key}');
    expect(config.systems[0]?.apiKey?.reveal()).toBe('7-fromfile');
  });

  it('that are missing are named', async () => {
    const error = await refusal('truenas: {password_file: nowhere}');
    expect(error.message).toBe(
      `${file}: line 1: truenas.password_file names a file that does not exist: ${join(directory, 'nowhere')}`,
    );
  });

  it.each(['', '\n', 'two\nlines\n'])('that hold %j are refused', async (text) => {
    await writeFile(join(directory, 'key'), text);
    const error = await refusal('truenas: {api_key_file: key}');
    expect(error.message).toContain('names a file that does not hold one line');
    expect(error.message).not.toContain('lines\n');
  });

  it('warn where a secret is written out and others may read it', async () => {
    const text = 'truenas:\n  url: https://n.example\n  api_key: 1-abcdef\n';
    const { warnings } = await load(text, { mode: 0o644 });
    expect(warnings).toEqual([
      `${file} line 3: other users can read truenas.api_key; run: chmod 600 ${file}`,
    ]);
    expect((await load(text, { mode: 0o600 })).warnings).toEqual([]);
  });

  it('warn where a file that is named holds it and others may read that', async () => {
    const key = join(directory, 'key');
    await writeFile(key, '7-fromfile\n');
    await chmod(key, 0o640);
    const text = 'truenas: {url: "https://n.example", api_key_file: key}';
    const { warnings } = await load(text);
    expect(warnings).toEqual([
      `${key}: other users can read the file of truenas.api_key_file; run: chmod 600 ${key}`,
    ]);
    const inPod = await load(text, { environment: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } });
    expect(inPod.warnings).toEqual([]);
    await chmod(key, 0o600);
    expect((await load(text)).warnings).toEqual([]);
  });

  it('do not warn for a secret that comes from a variable', async () => {
    const { warnings } = await load('truenas: {api_key: "${K}"}', {
      mode: 0o644,
      environment: { K: 'abcdefgh' },
    });
    expect(warnings).toEqual([]);
  });
});

describe('the environment', () => {
  it('wins over the file, and flags over both', async () => {
    const text = 'truenas: {url: "https://file.example", username: file}';
    const environment = { TRUENAS_URL: 'https://env.example', TRUENAS_USERNAME: 'env' };
    const { config, originOf } = await load(text, { environment });
    expect(config.systems[0]).toMatchObject({ url: 'https://env.example', username: 'env' });
    expect(originOf(['truenas', 'url'])).toEqual({ kind: 'environment', name: 'TRUENAS_URL' });
    const flagged = await load(text, { environment, overrides: { url: 'https://flag.example' } });
    expect(flagged.config.systems[0]).toMatchObject({ url: 'https://flag.example' });
    expect(flagged.originOf(['truenas', 'url'])).toEqual({ kind: 'flag', name: 'url' });
    expect(flagged.originOf(['truenas', 'timeout'])).toEqual({ kind: 'default' });
  });

  it('replaces credentials of another kind', async () => {
    const { config } = await load('truenas: {password: old, username: u}', {
      environment: { TRUENAS_API_KEY: '3-new' },
    });
    expect(config.systems[0]?.password).toBeNull();
    expect(config.systems[0]?.apiKey?.reveal()).toBe('3-new');
  });

  it('may hold one credential only', async () => {
    const error = await refusal('', {
      environment: { TRUENAS_API_KEY: '3-topsecret', TRUENAS_PASSWORD: 'alsosecret' },
    });
    expect(error.message).toBe(
      `${file}: $TRUENAS_PASSWORD: truenas.password cannot be set together with api_key`,
    );
  });

  it('is named where its value is wrong', async () => {
    const error = await refusal('', { environment: { TRUENAS_URL: 'nas' } });
    expect(error.message).toContain('$TRUENAS_URL: truenas.url is not the address of a server');
  });
});

describe('where it is looked for', () => {
  const environment = (): Record<string, string> => ({ XDG_CONFIG_HOME: directory });

  it('is the XDG config directory in the end, and nowhere is fine', async () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      expect((await loadConfig({ file: null, environment: environment() })).file).toBeNull();
      await mkdir(join(directory, 'truenas-monitor'));
      await writeFile(join(directory, 'truenas-monitor', 'config.yaml'), 'drivers: []');
      expect((await loadConfig({ file: null, environment: environment() })).file).toBe(
        join(directory, 'truenas-monitor', 'config.yaml'),
      );
      await writeFile(join(directory, 'truenas-monitor.yaml'), 'drivers: []');
      expect((await loadConfig({ file: null, environment: environment() })).file).toBe(
        join(directory, 'truenas-monitor.yaml'),
      );
      const named = { ...environment(), TRUENAS_MONITOR_CONFIG: file };
      await writeFile(file, '');
      expect((await loadConfig({ file: null, environment: named })).file).toBe(file);
    } finally {
      process.chdir(before);
    }
  });

  it('is an error where a named file is not there', async () => {
    const flag = loadConfig({ file: '/nowhere/c.yaml', environment: {} });
    await expect(flag).rejects.toThrow(
      'configuration file /nowhere/c.yaml, named by --config, does not exist',
    );
    const variable = loadConfig({
      file: null,
      environment: { TRUENAS_MONITOR_CONFIG: directory },
    });
    await expect(variable).rejects.toThrow(
      `configuration file ${directory}, named by $TRUENAS_MONITOR_CONFIG, is a directory`,
    );
  });
});

describe('clusters and systems from the command line', () => {
  const text = `
kubernetes: {context: prod, name: production, namespace: csi}
clusters: [{context: staging}]
truenas: {url: "https://nas1.example"}
drivers:
  - {driver: d, parent: tank/a, exclusive: true, instance_id: x}
  - {driver: d, parent: tank/b, exclusive: true, cluster: staging}
`;

  it('keep what the configuration says about them, and its proofs where all are read', async () => {
    const { config, warnings } = await load(text, {
      overrides: { contexts: ['prod', 'staging', 'prod'] },
    });
    expect(config.clusters.map(({ name, context }) => [name, context])).toEqual([
      ['production', 'prod'],
      ['staging', 'staging'],
    ]);
    expect(config.drivers.map(({ exclusive }) => exclusive)).toEqual([true, true]);
    expect(warnings).toEqual([]);
  });

  it('read the context that is named, whatever becomes the current one', async () => {
    const { config } = await load('kubernetes: {name: mine}', {
      overrides: { contexts: ['home'] },
    });
    expect(config.clusters).toMatchObject([{ name: 'mine', context: 'home' }]);
  });

  it('take every proof of ownership away where a registered cluster is not read', async () => {
    const { config, warnings } = await load(text, { overrides: { contexts: ['prod', 'dev'] } });
    expect(config.clusters.map(({ name }) => name)).toEqual(['production', 'dev']);
    expect(config.drivers).toEqual([
      {
        driver: 'd',
        cluster: null,
        system: null,
        secret: null,
        parent: 'tank/a',
        detachedSnapshotsParent: null,
        instanceId: null,
        exclusive: false,
      },
    ]);
    expect(warnings).toEqual([
      'cluster staging of the configuration is not read, so what "drivers:" declares is not relied on and no orphan is certain',
    ]);
  });

  it('take it away for another system and for another kubeconfig', async () => {
    const other = await load(text, { overrides: { url: 'https://nas2.example' } });
    expect(other.config.drivers.some(({ exclusive }) => exclusive)).toBe(false);
    const kubeconfig = await load(text, { overrides: { kubeconfig: '/other' } });
    expect(kubeconfig.config.drivers.some(({ exclusive }) => exclusive)).toBe(false);
    expect(kubeconfig.config.clusters[0]?.kubeconfig).toBe('/other');
  });

  const DRIVERS = 'drivers: [{driver: d, parent: t/x, exclusive: true, instance_id: i}]';
  const provesOf = ({ config }: LoadedConfig): unknown =>
    config.drivers.map(({ exclusive, instanceId }) => [exclusive, instanceId]);
  const consequence = 'so what "drivers:" declares is not relied on and no orphan is certain';

  it.each<[string, string, Surroundings]>([
    ['nothing on the command line', '', {}],
    ['$KUBECONFIG, and no cluster', '', { environment: { KUBECONFIG: '/any' } }],
    [
      '$KUBECONFIG, and a context alone',
      'kubernetes: {context: prod}',
      { environment: { KUBECONFIG: '/any' } },
    ],
    [
      '$KUBECONFIG, which a kubeconfig of the file makes void',
      'kubernetes: {kubeconfig: /own}',
      { environment: { KUBECONFIG: '/any' } },
    ],
    [
      'the same context again',
      'kubernetes: {context: prod, name: production}',
      { overrides: { contexts: ['prod'] } },
    ],
    [
      'the same cluster by its name, and one more',
      'kubernetes: {context: prod, name: production}',
      { overrides: { contexts: ['production', 'dev'] } },
    ],
    [
      'the same kubeconfig again',
      'kubernetes: {kubeconfig: /own}',
      { overrides: { kubeconfig: '/own' } },
    ],
    ['the context that is current anyway', '', { overrides: { contexts: ['home'] } }],
    [
      'the context that is current in the kubeconfig of the file',
      'kubernetes: {kubeconfig: /own}',
      { overrides: { contexts: ['office'] } },
    ],
    [
      'the usual kubeconfig by its name',
      '',
      { overrides: { kubeconfig: join(homedir(), '.kube/config') } },
    ],
    [
      'the kubeconfig of $KUBECONFIG by its name',
      '',
      { environment: { KUBECONFIG: '/any' }, overrides: { kubeconfig: '/any' } },
    ],
    [
      'the same kubeconfig spelled otherwise',
      'kubernetes: {kubeconfig: ~/own}',
      { overrides: { kubeconfig: join(homedir(), 'own') } },
    ],
    [
      'the same address spelled otherwise',
      'truenas: {url: "https://nas1.example"}',
      { overrides: { url: 'https://NAS1.example:443/' } },
    ],
  ])('leave the proofs where the file goes with %s', async (_case, cluster, surroundings) => {
    const loaded = await load(`${cluster}\n${DRIVERS}`, surroundings);
    expect(provesOf(loaded)).toEqual([[true, 'i']]);
    expect(loaded.warnings).toEqual([]);
  });

  const OTHER_CONTEXT = `the current context of the kubeconfig is not read, ${consequence}`;
  const OTHER_FILE = `the kubeconfig is not the one of the configuration, ${consequence}`;

  it.each<[string, string, Partial<ConnectionOverrides>, string]>([
    ['--context, and it names no cluster', '', { contexts: ['staging'] }, OTHER_CONTEXT],
    [
      '--context with the name that a cluster without one goes by',
      '',
      { contexts: ['kubernetes'] },
      OTHER_CONTEXT,
    ],
    [
      '--context, and it names a kubeconfig alone',
      'kubernetes: {kubeconfig: /own}',
      { contexts: ['staging'] },
      OTHER_CONTEXT,
    ],
    [
      '--context, and it means the cluster around it',
      'kubernetes: {in_cluster: true}',
      { contexts: ['in-cluster'] },
      `cluster in-cluster of the configuration is not read, ${consequence}`,
    ],
    [
      '--context, and it names the current one of another kubeconfig',
      'kubernetes: {kubeconfig: /own}',
      { contexts: ['home'] },
      OTHER_CONTEXT,
    ],
    ['--kubeconfig, and it names no cluster', '', { kubeconfig: '/other' }, OTHER_FILE],
    [
      '--kubeconfig, and it names a context alone',
      'kubernetes: {context: prod}',
      { kubeconfig: '/other' },
      OTHER_FILE,
    ],
    [
      '--kubeconfig, and it names another',
      'kubernetes: {kubeconfig: /own}',
      { kubeconfig: '/other' },
      OTHER_FILE,
    ],
  ])(
    'take them away where the file is used with %s',
    async (_case, cluster, overrides, warning) => {
      const loaded = await load(`${cluster}\n${DRIVERS}`, { overrides });
      expect(provesOf(loaded)).toEqual([[false, null]]);
      expect(loaded.warnings).toEqual([warning]);
    },
  );
});

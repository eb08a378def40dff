import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type LoadedConfig, loadConfig } from '../../../src/lib/adapters/config/load.ts';
import { configJsonSchema } from '../../../src/lib/adapters/config/schema.ts';
import { viewConfig } from '../../../src/lib/adapters/config/view.ts';
import { ConfigError } from '../../../src/lib/core/model/errors.ts';
import { DEFAULT_SERVE, type ServeSettings } from '../../../src/lib/core/serve/settings.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'truenas-monitor-serve-')));
  file = join(directory, 'config.yaml');
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function load(text: string, environment: NodeJS.ProcessEnv = {}): Promise<LoadedConfig> {
  await writeFile(file, text, { mode: 0o600 });
  return await loadConfig({ file, environment, ruleNames: [] });
}

async function serve(text: string, environment: NodeJS.ProcessEnv = {}): Promise<ServeSettings> {
  return (await load(text, environment)).config.serve;
}

async function refusal(text: string): Promise<{ message: string; remedies: readonly string[] }> {
  const error: unknown = await load(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error('it was accepted');
  return { message: error.message.replace(`${file}: `, ''), remedies: error.remediation };
}

const FULL = `
server:
  listen: 0.0.0.0:8443
  tls: {cert_file: tls.crt, key_file: /etc/tls.key}
  auth:
    mode: jwt
    audience: monitor
    jwt:
      issuer: https://id.example/realms/it
      audience: api
      jwks_url: https://id.example/keys
      algorithms: [ES384]
      clock_tolerance: 5s
      roles_claim: realm_access.roles
      namespaces_claim: namespaces
      roles: {storage: operator, boss: admin}
  log_level: debug
  rate_limit: {max: "60", window: 10s}
  hosts: [monitor.example]
  origins: ["https://grafana.example:3000"]
  trusted_proxies: [10.0.0.0/8, "fd00::/8", 192.0.2.7]
  allow_apply: "true"
  max_event_clients: 5
metrics: {enabled: true, listen: "::", port: "0", path: /internal/metrics, per_volume: true, max_volumes: 50, auth: none}
monitor: {scan_interval: 30s, max_concurrent_scans: 4}
cache: {memory_ttl: 5s}
`;

describe('serve in the configuration', () => {
  it('is on loopback alone, and asks for tokens anywhere else, where nothing is said', async () => {
    expect(await serve('')).toEqual(DEFAULT_SERVE);
    expect(DEFAULT_SERVE.server.listen.host).toBe('127.0.0.1');
    expect(DEFAULT_SERVE.metrics).toMatchObject({ listen: { host: '127.0.0.1' }, auth: 'auto' });
    expect(DEFAULT_SERVE.server.allowApply).toBe(false);
  });

  it('comes out in the words of core, files beside the configuration found there', async () => {
    expect(await serve(FULL)).toEqual({
      server: {
        ...DEFAULT_SERVE.server,
        listen: { host: '0.0.0.0', port: 8443 },
        tls: { certFile: join(directory, 'tls.crt'), keyFile: '/etc/tls.key' },
        auth: {
          mode: 'jwt',
          audience: 'monitor',
          jwt: {
            issuer: 'https://id.example/realms/it',
            audience: 'api',
            jwksUrl: 'https://id.example/keys',
            jwksFile: null,
            algorithms: ['ES384'],
            clockTolerance: 5_000,
            rolesClaim: 'realm_access.roles',
            namespacesClaim: 'namespaces',
            roles: { storage: 'operator', boss: 'admin' },
          },
        },
        logLevel: 'debug',
        rateLimit: { max: 60, window: 10_000 },
        hosts: ['monitor.example'],
        origins: ['https://grafana.example:3000'],
        trustedProxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.7'],
        allowApply: true,
        maxEventClients: 5,
      },
      metrics: {
        enabled: true,
        listen: { host: '::', port: 0 },
        path: '/internal/metrics',
        perVolume: true,
        maxVolumes: 50,
        auth: 'none',
      },
      scanning: { interval: 30_000, maxConcurrent: 4 },
      caching: { memoryTtl: 5_000 },
    });
  });

  it('takes its keys from the environment as everything else does', async () => {
    const { server } = await serve('server: {listen: "${HOST:-[::1]}:${PORT}"}', { PORT: '9000' });
    expect(server.listen).toEqual({ host: '::1', port: 9_000 });
  });

  it('has metrics at the address of the server alone where their port is null', async () => {
    expect((await serve('metrics: {port: null}')).metrics.listen).toBeNull();
  });

  it('is what the published schema accepts', () => {
    const validate = new Ajv2020().compile(configJsonSchema());
    expect(validate(parse(FULL)) || validate.errors).toBe(true);
    expect(validate({ server: { auth: { mode: 'none' } } })).toBe(false);
    expect(validate({ metrics: { prot: 1 } })).toBe(false);
  });

  it('is shown with each value and where it is from', async () => {
    const { view } = await viewOf('server: {listen: "127.0.0.1:9000"}\n');
    expect(view).toContain('  listen: 127.0.0.1:9000 # line 1\n');
    expect(view).toContain('    mode: auto # default\n');
    expect(view).toContain('  scan_interval: 5m # default\n');
    expect(view).toContain('  memory_ttl: 30s # default\n');
    expect(view).toContain('  port: 9105 # default\n');
  });
});

async function viewOf(text: string): Promise<{ readonly view: string }> {
  return { view: viewConfig(await load(text), {}) };
}

describe('what serve refuses', () => {
  it.each([
    ['server: {listen: "8080"}', 'server.listen is not an address and a port', '127.0.0.1:8080'],
    ['server: {listen: "a:99999"}', 'server.listen is not an address and a port', '[::1]:8080'],
    ['server: {listen: "::1:8080"}', 'server.listen is not an address and a port', '[::1]:8080'],
    ['server: {hosts: ["https://x"]}', 'server.hosts[0] is not the name of a host', 'name alone'],
    ['server: {origins: ["*"]}', 'server.origins[0] is not the origin of a page', 'scheme, host'],
    [
      'server: {origins: ["https://a.example/"]}',
      'server.origins[0] is not the origin of a page',
      'such as https://grafana.example',
    ],
    [
      'server: {trusted_proxies: [proxy.example]}',
      'server.trusted_proxies[0] is neither an address nor a network',
      '10.0.0.0/8',
    ],
    [
      'server: {trusted_proxies: [10.0.0.0/33]}',
      'server.trusted_proxies[0] is neither an address nor a network',
      '10.0.0.0/8',
    ],
    ['server: {rate_limit: {max: 0}}', 'server.rate_limit.max is not a count', 'from 1 on'],
    ['server: {rate_limit: {window: 0s}}', 'server.rate_limit.window is no time at all', 'above 0'],
    ['server: {max_event_clients: -1}', 'server.max_event_clients is not a count', 'from 1 on'],
    ['metrics: {port: 70000}', 'metrics.port is not a port', '0 to 65535'],
    ['metrics: {path: metrics}', 'metrics.path is not a path', 'such as /metrics'],
    ['metrics: {path: "/a?b"}', 'metrics.path is not a path', 'without a query'],
    ['metrics: {path: /}', 'metrics.path is not a path', 'such as /metrics'],
    ['metrics: {port: 8080}', 'metrics.port is the port of server.listen', 'write another one'],
    ['monitor: {scan_interval: 29s}', 'monitor.scan_interval is shorter than 30 seconds', '30s'],
    ['monitor: {max_concurrent_scans: 0}', 'monitor.max_concurrent_scans is not a count', 'from 1'],
    ['cache: {memory_ttl: soon}', 'cache.memory_ttl is not a duration', '30s'],
    ['server: {tls: {cert_file: a}}', 'server.tls has no key_file', 'or neither'],
    ['server: {tls: {key_file: a}}', 'server.tls has no cert_file', 'or neither'],
  ])('%s', async (text, message, remedy) => {
    const refused = await refusal(text);
    expect(refused.message).toBe(`line 1: ${message}`);
    expect(refused.remedies.join('\n')).toContain(remedy);
  });

  it.each([
    ['{}', ['.issuer is missing', ' names no keys']],
    ['{issuer: x, jwks_url: "https://a.example", jwks_file: b}', [' names keys twice']],
    ['{jwks_file: b}', ['.issuer is missing']],
  ])('tokens of an identity provider with %s', async (jwt, faults) => {
    const { message } = await refusal(`server: {auth: {mode: jwt, jwt: ${jwt}}}`);
    for (const fault of faults) expect(message).toContain(`server.auth.jwt${fault}`);
    // In another mode nothing needs them.
    expect((await serve(`server: {auth: {jwt: ${jwt}}}`)).server.auth.mode).toBe('auto');
  });

  it.each(['http://id.example/keys', 'https://u:p@id.example', 'file:///keys', 'id.example'])(
    'keys of an issuer from %s',
    async (url) => {
      const { message } = await refusal(
        `server: {auth: {mode: jwt, jwt: {issuer: x, jwks_url: "${url}"}}}`,
      );
      expect(message).toContain('server.auth.jwt.jwks_url is not an https address');
      expect(message).not.toContain(url);
    },
  );

  it.each(['none', 'HS256', 'HS512'])('signatures with %s', async (algorithm) => {
    const { message } = await refusal(`server: {auth: {jwt: {algorithms: [${algorithm}]}}}`);
    expect(message).toContain('server.auth.jwt.algorithms[0] is not one of RS256,');
  });

  it('roles that there are not, and modes', async () => {
    expect((await refusal('server: {auth: {jwt: {roles: {a: root}}}}')).message).toContain(
      'server.auth.jwt.roles.a is not one of viewer, operator, approver, admin',
    );
    expect((await refusal('server: {auth: {mode: none}}')).message).toContain(
      'server.auth.mode is not one of auto, kubernetes, jwt',
    );
  });

  it.each([
    ['server: {auht: {}}', 'server.auht', 'server.auth'],
    ['server: {auth: {jwt: {isuer: x}}}', 'server.auth.jwt.isuer', 'server.auth.jwt.issuer'],
    ['server: {tls: {cert_fil: x}}', 'server.tls.cert_fil', 'server.tls.cert_file'],
    ['metrics: {pers_volume: true}', 'metrics.pers_volume', 'metrics.per_volume'],
  ])('%s, with what was meant', async (text, key, meant) => {
    const { message, remedies } = await refusal(text);
    expect(message).toBe(`line 1: ${key} is not a known key`);
    expect(remedies[0]).toContain(`did you mean ${meant}?`);
  });

  it('a key like no other, with all that there are', async () => {
    const { remedies } = await refusal('server: {rate_limit: {zzz: 1}}');
    expect(remedies[0]).toContain('use one of max, window');
  });
});

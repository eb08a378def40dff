import {
  DEFAULT_SERVE,
  type ListenAddress,
  type ServeSettings,
} from '../../core/serve/settings.ts';
import { type ConfigPath } from './config.ts';
import { span } from './decode-values.ts';
import { isTrue, parseListenAddress } from './fields.ts';
import { type PathContext, resolvePath } from './resolve-path.ts';
import { type ServeForm } from './schema.ts';

/** `server:`, `metrics:`, and what of `monitor:` and `cache:` only `serve` goes by, in the words of core. */
export function decodeServe(form: ServeForm, context: PathContext): ServeSettings {
  return {
    server: decodeServer(form, context),
    metrics: decodeMetrics(form),
    scanning: {
      interval: span(form.monitor.scan_interval),
      maxConcurrent: Number(form.monitor.max_concurrent_scans),
    },
    caching: { memoryTtl: span(form.cache.memory_ttl) },
  };
}

function decodeServer({ server }: ServeForm, context: PathContext): ServeSettings['server'] {
  const file = (value: string | null, path: ConfigPath): string | null =>
    resolvePath(value, ['server', ...path], context);
  const certFile = file(server.tls.cert_file, ['tls', 'cert_file']);
  const keyFile = file(server.tls.key_file, ['tls', 'key_file']);
  const { jwt } = server.auth;
  return {
    listen: listenAddress(server.listen),
    tls: certFile === null || keyFile === null ? null : { certFile, keyFile },
    auth: {
      mode: server.auth.mode,
      audience: server.auth.audience,
      jwt: {
        issuer: jwt.issuer,
        audience: jwt.audience,
        jwksUrl: jwt.jwks_url,
        jwksFile: file(jwt.jwks_file, ['auth', 'jwt', 'jwks_file']),
        algorithms: jwt.algorithms,
        clockTolerance: span(jwt.clock_tolerance),
        rolesClaim: jwt.roles_claim,
        namespacesClaim: jwt.namespaces_claim,
        roles: jwt.roles,
      },
    },
    logLevel: server.log_level,
    rateLimit: { max: Number(server.rate_limit.max), window: span(server.rate_limit.window) },
    hosts: server.hosts,
    origins: server.origins,
    trustedProxies: server.trusted_proxies,
    allowApply: isTrue(server.allow_apply),
    maxEventClients: Number(server.max_event_clients),
  };
}

function decodeMetrics({ metrics }: ServeForm): ServeSettings['metrics'] {
  const { listen: host, port } = metrics;
  return {
    enabled: isTrue(metrics.enabled),
    listen: port === null ? null : { host, port: Number(port) },
    path: metrics.path,
    perVolume: isTrue(metrics.per_volume),
    maxVolumes: Number(metrics.max_volumes),
    auth: metrics.auth,
  };
}

/** The schema has read it before, so that the default is never used. */
function listenAddress(text: string): ListenAddress {
  return parseListenAddress(text) ?? DEFAULT_SERVE.server.listen;
}

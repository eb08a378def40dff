import { type Millis, millis } from '../model/units.ts';

/** However much changes, scans do not start closer together than this. */
export const LEAST_GAP = millis(30_000);

/** An address to listen on; port 0 lets the system choose one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** How callers are known. `auto`: on loopback whoever only reads need not be, everybody else is by Kubernetes. */
export const AUTH_MODES = ['auto', 'kubernetes', 'jwt'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** What a caller may do, each what stands before it too. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Signatures that are accepted at all: none of them can be made with a public key. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

export interface JwtSettings {
  readonly issuer: string | null;
  readonly audience: string;
  /** Where the keys are; exactly one of the two in mode `jwt`. */
  readonly jwksUrl: string | null;
  readonly jwksFile: string | null;
  readonly algorithms: readonly JwtAlgorithm[];
  readonly clockTolerance: Millis;
  /** Claim that holds the roles: a name, or a path of names with dots, of a text or a list of texts. */
  readonly rolesClaim: string;
  /** Claim that holds the namespaces a caller is limited to; null where it is limited to none. */
  readonly namespacesClaim: string | null;
  /** What the values of that claim are called here; what is not in it means itself. */
  readonly roles: Readonly<Record<string, Role>>;
}

export interface AuthSettings {
  readonly mode: AuthMode;
  /** Audience that tokens of Kubernetes have to be made for; null for that of its API. */
  readonly audience: string | null;
  readonly jwt: JwtSettings;
}

/** How many requests one client may make in a span of time. */
export interface RateLimit {
  readonly max: number;
  readonly window: Millis;
}

/** Least importance of what is logged. */
export type ServeLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** `server:` of the configuration. */
export interface ServerSettings {
  readonly listen: ListenAddress;
  /** Null for plain HTTP. */
  readonly tls: TlsFiles | null;
  readonly auth: AuthSettings;
  readonly logLevel: ServeLogLevel;
  readonly rateLimit: RateLimit;
  /** Names by which the server may be addressed, beside those of loopback. */
  readonly hosts: readonly string[];
  /** Origins of pages that may open the stream of events, beside its own. */
  readonly origins: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed, as addresses or networks. */
  readonly trustedProxies: readonly string[];
  /** Whether plans may be carried out through the API. */
  readonly allowApply: boolean;
  readonly maxEventClients: number;
}

/** `metrics:` of the configuration. */
export interface MetricsSettings {
  readonly enabled: boolean;
  /** A port of its own for metrics; null for none beside that of the server. */
  readonly listen: ListenAddress | null;
  readonly path: string;
  readonly perVolume: boolean;
  /** Volumes that have series of their own at most; how many were left out is a series too. */
  readonly maxVolumes: number;
  readonly auth: 'auto' | 'none';
}

/** `monitor:`, as far as it says when to scan. */
export interface ScanningSettings {
  readonly interval: Millis;
  /** Clusters and systems that are read at the same time. */
  readonly maxConcurrent: number;
}

/** How long an answer that had to be worked out is good. */
export interface CachingSettings {
  readonly memoryTtl: Millis;
}

/** What `serve` goes by. */
export interface ServeSettings {
  readonly server: ServerSettings;
  readonly metrics: MetricsSettings;
  readonly scanning: ScanningSettings;
  readonly caching: CachingSettings;
}

export const DEFAULT_SERVE: ServeSettings = {
  server: {
    listen: { host: '127.0.0.1', port: 8080 },
    tls: null,
    auth: {
      mode: 'auto',
      audience: null,
      jwt: {
        issuer: null,
        audience: 'truenas-monitor',
        jwksUrl: null,
        jwksFile: null,
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        clockTolerance: millis(30_000),
        rolesClaim: 'roles',
        namespacesClaim: null,
        roles: {},
      },
    },
    logLevel: 'info',
    rateLimit: { max: 600, window: millis(60_000) },
    hosts: [],
    origins: [],
    trustedProxies: [],
    allowApply: false,
    maxEventClients: 200,
  },
  metrics: {
    enabled: true,
    listen: { host: '127.0.0.1', port: 9105 },
    path: '/metrics',
    perVolume: false,
    maxVolumes: 1_000,
    auth: 'auto',
  },
  scanning: { interval: millis(300_000), maxConcurrent: 2 },
  caching: { memoryTtl: millis(30_000) },
};

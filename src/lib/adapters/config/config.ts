import { type CleanupSettings } from '../../core/cleanup/settings.ts';
import { type DriverConfig } from '../../core/model/driver-config.ts';
import { type IgnoreEntry } from '../../core/model/filter.ts';
import { type Policy } from '../../core/model/policy.ts';
import { type ServeSettings } from '../../core/serve/settings.ts';
import { type Millis } from '../../core/model/units.ts';
import { type Secret } from './secret.ts';

/** One Kubernetes cluster to read. */
export interface ClusterConfig {
  readonly name: string;
  /** Absolute path; null for `$KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig: string | null;
  /** Null for the current context. */
  readonly context: string | null;
  readonly inCluster: boolean;
  /** Namespaces that are read one by one where the list over all of them is denied. */
  readonly namespaces: readonly string[];
}

export interface SystemConfig {
  readonly name: string;
  /** Null where nothing says where the system is; the wiring then tells what to write. */
  readonly url: string | null;
  readonly username: string | null;
  /** Never both; both null where nothing carries a credential. */
  readonly apiKey: Secret | null;
  readonly password: Secret | null;
  readonly timeout: Millis;
  readonly tls: {
    readonly verify: boolean;
    readonly caFile: string | null;
    readonly pinnedSpkiSha256: readonly string[];
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  };
  readonly transport: 'auto' | 'jsonrpc' | 'rest';
}

/** The effective configuration, in the words of core. */
export interface Config {
  readonly clusters: readonly ClusterConfig[];
  readonly systems: readonly SystemConfig[];
  readonly drivers: readonly DriverConfig[];
  readonly policy: Policy;
  readonly ignore: readonly IgnoreEntry[];
  readonly cleanup: CleanupSettings;
  readonly history: {
    /** File; null for the one in the XDG data directory. */
    readonly path: string | null;
    readonly retention: Millis;
  };
  readonly cache: {
    /** Directory; null for the XDG cache directory. */
    readonly path: string | null;
    /** A kept scan older than this is of no use to anybody. */
    readonly ttl: Millis;
  };
  readonly serve: ServeSettings;
}

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'file'; readonly line: number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'default' };

/** Where to look for a value, such as `line 3` or `$TRUENAS_URL`; empty for a default. */
export function placeText(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `line ${origin.line}`;
    case 'environment':
      return `$${origin.name}`;
    case 'flag':
      return `--${origin.name}`;
    case 'default':
      return '';
  }
}

/** Path of a value in the configuration, such as `['drivers', 0, 'parent']`. */
export type ConfigPath = readonly (string | number)[];

/** `drivers[0].parent` */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

import { isIPv6 } from 'node:net';
import {
  hostsOf,
  parseDriverConfig,
  valueOf,
  type DriverEnvironment,
} from './driver-config-text.ts';
import { recordAt, type JsonRecord } from './json.ts';

/** How a driver reaches the API of its TrueNAS. Holds secrets: it is for whoever logs in, and for nothing that is kept. */
export interface DriverConnection {
  /** Name or address, that of IPv6 without brackets. */
  readonly host: string;
  /** Null for that of the protocol. */
  readonly port: number | null;
  /** Whether the driver itself speaks https. */
  readonly secure: boolean;
  /** A key alone, as the driver sends it, or a user name and a password. */
  readonly login:
    | { readonly kind: 'key'; readonly apiKey: string }
    | { readonly kind: 'password'; readonly username: string; readonly password: string };
}

export type DecodedConnection =
  | { readonly kind: 'connection'; readonly connection: DriverConnection }
  /** A driver that does not use the API of any TrueNAS. */
  | { readonly kind: 'elsewhere'; readonly fault: string }
  /** What is wrong, without a word of what is written there. */
  | { readonly kind: 'unreadable'; readonly fault: string };

const unreadable = (fault: string): DecodedConnection => ({ kind: 'unreadable', fault });
const elsewhere = (fault: string): DecodedConnection => ({ kind: 'elsewhere', fault });

/** Other makes have an `httpConnection` too, which leads to no TrueNAS. */
const WITH_AN_API = /^(?:freenas|truenas)-/;

/** Reads from the configuration file of democratic-csi how the driver reaches its TrueNAS. */
export function decodeDriverConnection(
  text: string,
  environment: DriverEnvironment,
): DecodedConnection {
  const document = parseDriverConfig(text);
  if (document === undefined) return unreadable('is not YAML');
  const driver = valueOf(document, 'driver', environment);
  if (driver === null) return unreadable('names no driver');
  if (driver.startsWith('zfs-generic-'))
    return elsewhere('is for a driver that works over SSH alone');
  if (!WITH_AN_API.test(driver)) return elsewhere('is for no driver of TrueNAS');
  const section = recordAt(document, 'httpConnection');
  const address = addressOf(section, environment);
  if (typeof address === 'string') return unreadable(address);
  const login = loginOf(section, environment);
  if (login === undefined) {
    return unreadable('has neither a key nor user and password in httpConnection');
  }
  const secure = valueOf(section, 'protocol', environment)?.toLowerCase() === 'https';
  return { kind: 'connection', connection: { ...address, secure, login } };
}

/** Where the API is, or what is wrong with what says so. */
function addressOf(
  section: JsonRecord,
  environment: DriverEnvironment,
): Pick<DriverConnection, 'host' | 'port'> | string {
  const [written = '', ...others] = hostsOf(section, environment);
  if (others.length > 0) return 'names several hosts in httpConnection';
  const url = URL.parse(`http://${isIPv6(written) ? `[${written}]` : written}`);
  if (url === null) return 'has no host in httpConnection that can be read';
  const port = portOf(section, environment) ?? url.port;
  if (!/^\d*$/.test(port) || Number(port) > 65_535)
    return 'has a port in httpConnection that is none';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) === 0 ? null : Number(port),
  };
}

/** Null where none is written on its own. */
function portOf(section: JsonRecord, environment: DriverEnvironment): string | null {
  const isWritten = (section['port'] ?? null) !== null;
  return isWritten ? (valueOf(section, 'port', environment) ?? 'unknown') : null;
}

/** The driver prefers the key, and then sends no user name, even where one is written beside it. */
function loginOf(
  section: JsonRecord,
  environment: DriverEnvironment,
): DriverConnection['login'] | undefined {
  const apiKey = valueOf(section, 'apiKey', environment)?.trim() ?? '';
  if (apiKey !== '') return { kind: 'key', apiKey };
  const username = valueOf(section, 'username', environment);
  const password = valueOf(section, 'password', environment);
  if (username === null || password === null) return undefined;
  return { kind: 'password', username, password };
}

import { isIP } from 'node:net';
import { z } from 'zod';
import { parseInstant } from '../../core/model/instant.ts';
import { type SecretName } from '../../core/model/driver-config.ts';
import { parseSelector } from '../../core/model/selector.ts';
import { parseQuantity } from '../../core/model/quantity.ts';
import { parseDuration } from '../../core/model/units.ts';
import { type ListenAddress } from '../../core/serve/settings.ts';
import { isLoopback } from '../http/loopback.ts';

/*
 * The kinds of value a configuration holds. None of the messages repeats the value, which may be a
 * secret in the wrong place.
 */

const NO_ADDRESS = 'is not the address of a server';
const TOO_SHORT = 'is shorter than 14 days';
const NO_SIZE = 'is not a size';
const TOO_OFTEN = 'is shorter than 30 seconds';
const NO_LISTENER = 'is not an address and a port';
const NO_PORT = 'is not a port';
const NO_PATH = 'is not a path';
const NO_HOST = 'is not the name of a host';
const NOT_HTTPS = 'is not an https address';
const NO_ORIGIN = 'is not the origin of a page';
const NO_NETWORK = 'is neither an address nor a network';
const HASTY = 'is shorter than an hour';
export const INSECURE = 'would be sent the API key in the clear';

/** What to write instead, by what is wrong. */
export const REMEDIES: Readonly<Record<string, string>> = {
  'is empty': 'write a value, or remove the key',
  'is not text': 'write text, in quotes if it looks like a number',
  'is not a duration': 'write a number with its unit, such as 30s, 5m, 24h or 30d',
  [TOO_SHORT]: 'write 14d or more, such as 400d: every scan of the last 14 days is kept anyway',
  [HASTY]:
    'write 1h or more, such as 7d: only what nobody could reach for a while may be destroyed',
  [TOO_OFTEN]: 'write 30s or more, such as 5m: each scan reads everything',
  [NO_LISTENER]: 'write both, such as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080',
  [NO_PORT]: 'write a number from 0 to 65535; 0 takes any that is free',
  [NO_PATH]: 'write it from the root and without a query, such as /metrics',
  [NO_HOST]: 'write the name alone, such as monitor.example, without scheme, port or path',
  [NO_ORIGIN]: 'write scheme, host and port only, such as https://grafana.example',
  [NO_NETWORK]: 'write it as 10.0.0.7, 10.0.0.0/8 or fd00::/8',
  [NOT_HTTPS]:
    'write an https address, such as https://id.example/keys: whoever can change keys on their way can be anybody',
  'is no time at all': 'write a span of time above 0, such as 1h',
  [NO_SIZE]: 'write a size such as 500Mi, 10Gi or 1Ti',
  'is not a count': 'write a whole number from 1 on, such as 10',
  'is not a share': 'write a number of percent above 0 and up to 100, such as 5',
  [NO_ADDRESS]:
    'write scheme, host and port only, such as https://nas1.example, without user, password or path',
  [INSECURE]:
    'write the https address of the system: TrueNAS revokes a key that arrives over plain http',
  'is not a percentage': 'write a number from 1 to 100, such as 80',
  'is not a ratio': 'write a number above 0, such as 2.0',
  'is not the path of a dataset':
    'write it as ZFS does, such as tank/k8s/volumes, without a leading or trailing slash',
  'is not the name of a Secret':
    'write namespace and name, such as democratic-csi/nfs-driver-config',
  'is not a label selector': 'write it as kubectl takes it, such as app=db,tier!=cache',
  'is not a date': 'write it as 2027-01-31 or 2027-01-31T12:00:00Z',
  'is not a SHA-256 pin':
    'write the base64 of the SHA-256 of the public key: 44 characters, the last one "="',
};

const SHORTEST_RETENTION = 14 * 86_400_000;

/** What need not be written. */
export const absent = <T extends z.ZodType>(field: T): z.ZodDefault<z.ZodNullable<T>> =>
  field.nullable().default(null);

function checked(holds: (text: string) => boolean, message: string): z.ZodString {
  return z.string({ error: message }).refine(holds, { error: message });
}

export const text = (): z.ZodString =>
  z.string({ error: 'is not text' }).refine((value) => value.trim() !== '', { error: 'is empty' });

export const duration = (): z.ZodString =>
  checked((value) => parseDuration(value) !== undefined, 'is not a duration');

/** How long history is kept: what is younger than this is never thinned out. */
export const retention = (): z.ZodString =>
  duration().refine(
    // What is no duration at all is complained of already.
    (value) => (parseDuration(value) ?? SHORTEST_RETENTION) >= SHORTEST_RETENTION,
    { error: TOO_SHORT },
  );

const SHORTEST_QUARANTINE = 3_600_000;

/** How long what is to be destroyed lies in quarantine: whoever needs it has to have the time to notice. */
export const quarantine = (): z.ZodString =>
  duration().refine(
    (value) => (parseDuration(value) ?? SHORTEST_QUARANTINE) >= SHORTEST_QUARANTINE,
    {
      error: HASTY,
    },
  );

/** A duration that is none of no length. */
export const span = (): z.ZodString =>
  duration().refine((value) => parseDuration(value) !== 0, { error: 'is no time at all' });

const SHORTEST_INTERVAL = 30_000;

/** How often everything is read. */
export const interval = (): z.ZodString =>
  duration().refine((value) => (parseDuration(value) ?? SHORTEST_INTERVAL) >= SHORTEST_INTERVAL, {
    error: TOO_OFTEN,
  });

/** What to listen on, as `host:port`. */
export function parseListenAddress(value: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(value) ?? [];
  const name = bracketed ?? plain;
  const number = Number(digits);
  return name === undefined || number > LAST_PORT ? undefined : { host: name, port: number };
}

const LAST_PORT = 65_535;

export const address = (): z.ZodString =>
  checked((value) => parseListenAddress(value) !== undefined, NO_LISTENER);

export const port = (): NumberField =>
  numeric((value) => Number.isSafeInteger(value) && value <= LAST_PORT, NO_PORT);

export const urlPath = (): z.ZodString =>
  checked((value) => /^\/(?:[\w.~-]+\/?)*$/.test(value) && value !== '/', NO_PATH);

export const host = (): z.ZodString =>
  checked((value) => /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(value), NO_HOST);

/** As browsers write it: whatever else stands there would never be equal to one. */
export const origin = (): z.ZodString =>
  checked((value) => URL.canParse(value) && new URL(value).origin === value, NO_ORIGIN);

export const network = (): z.ZodString => checked(isNetwork, NO_NETWORK);

function isNetwork(value: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

/** Where something is fetched that is trusted afterwards. */
export const httpsUrl = (): z.ZodString => checked(isTrustworthy, NOT_HTTPS);

function isTrustworthy(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username } = new URL(value);
  if (username !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** A size as Kubernetes writes it; a number is one of bytes. */
export const size = (): z.ZodUnion<readonly [z.ZodInt, z.ZodString]> =>
  z
    .union([z.int(), z.string()], { error: NO_SIZE })
    .refine((value) => parseQuantity(String(value))?.approximate === false, {
      error: NO_SIZE,
    });

export const url = (): z.ZodString => checked(isOrigin, NO_ADDRESS);

export const datasetPath = (): z.ZodString =>
  checked((value) => /^[^/@#\s][^/@#]*(?:\/[^/@#]+)*$/.test(value), 'is not the path of a dataset');

export const secretName = (): z.ZodString =>
  checked((value) => parseSecretName(value) !== undefined, 'is not the name of a Secret');

/** `namespace/name`, both as Kubernetes takes them. */
export function parseSecretName(value: string): SecretName | undefined {
  const [, namespace, name] =
    /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?)$/.exec(
      value,
    ) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

export const selector = (): z.ZodString =>
  checked((value) => parseSelector(value) !== undefined, 'is not a label selector');

export const instant = (): z.ZodString =>
  checked((value) => parseInstant(value) !== undefined, 'is not a date');

export const pin = (): z.ZodString =>
  checked((value) => /^(?:sha256\/\/?)?[A-Za-z0-9+/]{43}=$/.test(value), 'is not a SHA-256 pin');

/** Text counts too, because what a variable expands to is text. */
export const flag = (): z.ZodUnion<[z.ZodBoolean, z.ZodEnum<{ true: 'true'; false: 'false' }>]> =>
  z.union([z.boolean(), z.enum(['true', 'false'])]);

export function isTrue(value: boolean | 'true' | 'false'): boolean {
  return value === true || value === 'true';
}

function numeric(holds: (value: number) => boolean, message: string): NumberField {
  const options = { error: message };
  return z
    .union([z.number(), z.string().regex(/^\d+(?:\.\d+)?$/, options)], options)
    .refine((value) => holds(Number(value)), options);
}

/** Text counts too, as with `flag`. */
type NumberField = z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>;

/** From 1 on: whoever writes 0.8 means 80, and would be warned of everything. */
export const percent = (): NumberField =>
  numeric((value) => value >= 1 && value <= 100, 'is not a percentage');

/** Percent of what changes at a time: even a half may be meant. */
export const share = (): NumberField =>
  numeric((value) => value > 0 && value <= 100, 'is not a share');

export const count = (): NumberField =>
  numeric((value) => Number.isSafeInteger(value) && value >= 1, 'is not a count');

export const ratio = (): NumberField => numeric((value) => value > 0, 'is not a ratio');

/** What is wrong with an address that a key is sent to; undefined where nothing is. */
export function addressFault(value: string): string | undefined {
  if (!isOrigin(value)) return NO_ADDRESS;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
    ? undefined
    : INSECURE;
}

/** Scheme, host and port, and nothing that could be a secret. */
function isOrigin(value: string): boolean {
  if (!/^https?:\/\/[^/?#@\s]+\/?$/i.test(value)) return false;
  return URL.canParse(value);
}

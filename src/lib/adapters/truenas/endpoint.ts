import { ConfigError, InsecureTransportError } from '../../core/model/errors.ts';
import { isLoopback } from '../http/loopback.ts';

/** Where a TrueNAS system is, and how messages call it. */
export interface Endpoint {
  /** Name in our configuration. */
  readonly name: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly host: string;
  readonly secure: boolean;
  /** `nas1 (nas1.example)`: how every message names the system. */
  readonly label: string;
}

const SCHEMES: Readonly<Record<string, string>> = {
  'https:': 'https:',
  'wss:': 'https:',
  'http:': 'http:',
  'ws:': 'http:',
};

/** Reads the configured URL; a bare host name means https. */
export function parseEndpoint(name: string, url: string): Endpoint {
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`);
  const scheme = parsed === null ? undefined : SCHEMES[parsed.protocol];
  // The text is not repeated: it may hold a password.
  if (parsed === null || scheme === undefined || parsed.hostname === '') {
    throw new ConfigError(`the url of ${name} is not one`, {
      remediation: ['Write it as https://nas1.example, with a port if it is not 443.'],
    });
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ConfigError(`the url of ${name} holds a user name or password`, {
      remediation: ['Set username and api_key instead, and take both out of the url.'],
    });
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return {
    name,
    origin: `${scheme}//${parsed.host}`,
    host,
    secure: scheme === 'https:',
    label: name === host ? name : `${name} (${host})`,
  };
}

/** The port where it is not the usual one of the scheme. */
export function portOf({ origin }: Endpoint): string | undefined {
  const { port } = new URL(origin);
  return port === '' ? undefined : port;
}

/** A host as it is written before a port. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Throws unless a secret may travel to this endpoint: over TLS, or without leaving this machine. */
export function refuseInsecure(endpoint: Endpoint): void {
  if (endpoint.secure || isLoopback(endpoint.host)) return;
  throw new InsecureTransportError(
    `${endpoint.label} would be sent the API key in the clear, so nothing was sent`,
    {
      remediation: [
        'Set url to the https address of the system.',
        'TrueNAS revokes a key that arrives over plain http.',
      ],
    },
  );
}

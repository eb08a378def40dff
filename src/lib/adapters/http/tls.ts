import { readFileSync } from 'node:fs';
import { type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { ConfigError, TlsError } from '../../core/model/errors.ts';
import { normalizePin, spkiSha256 } from './tls-facts.ts';

export interface TlsOptions {
  /** Whether the chain and the host name of the certificate are checked. */
  readonly verify: boolean;
  /** PEM file with the authorities to trust instead of the built-in ones; null for those. */
  readonly caFile: string | null;
  /** Base64 SHA-256 of the public keys that are accepted; with `verify` off they stand in for the chain. */
  readonly pinnedSpkiSha256: readonly string[];
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

export interface AgentOptions {
  /** Connections to one host at the same time; undefined for no limit. */
  readonly connections?: number;
  readonly connectTimeout?: number;
  /** Told of every connection as it is made, so that its owner can end one that no longer answers. */
  readonly onConnect?: (socket: Socket) => void;
}

/** The certificate is none of the pinned ones. */
class PinMismatchError extends Error {
  readonly code = 'PIN_MISMATCH';
  readonly presented: string;

  constructor(presented: string) {
    super('the public key of the server is not a pinned one');
    this.presented = presented;
  }
}

/**
 * A dispatcher that holds every connection to these TLS rules before it carries a byte.
 *
 * Pins are checked here and not in `checkServerIdentity`, which Node skips for a chain it does not trust
 * and for a resumed session. Only the leaf counts: nothing proves that the rest of a chain signed it.
 */
export function agentFor(tls: TlsOptions, host: string, options: AgentOptions = {}): Agent {
  const connect = buildConnector({
    // TrueNAS's nginx offers HTTP/2 by ALPN, over which its WebSocket cannot be reached.
    allowH2: false,
    maxCachedSessions: 0,
    rejectUnauthorized: tls.verify,
    minVersion: tls.minVersion,
    ...(options.connectTimeout === undefined ? {} : { timeout: options.connectTimeout }),
    ...(tls.caFile === null ? {} : { ca: readAuthorities(tls.caFile, host) }),
  });
  const pins = new Set(tls.pinnedSpkiSha256.map(normalizePin));
  return new Agent({
    allowH2: false,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    // A reply of a large system is one message of many megabytes, without an upper bound.
    webSocket: { maxPayloadSize: 0, maxFragments: 0 },
    connect: (target, callback) => {
      connect(target, (...[error, socket]: buildConnector.CallbackArgs) => {
        const problem = error ?? pinProblem(socket, pins);
        if (problem !== undefined) {
          socket?.destroy();
          callback(problem, null);
        } else if (socket !== null) {
          options.onConnect?.(socket);
          callback(null, socket);
        }
      });
    },
  });
}

function readAuthorities(file: string, host: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`the CA file for ${host} cannot be read: ${file}`, {
      cause,
      remediation: ['Set ca_file to a readable file of PEM certificates.'],
    });
  }
}

function pinProblem(socket: Socket | null, pins: ReadonlySet<string>): Error | undefined {
  if (pins.size === 0 || !(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  const presented = certificate === undefined ? '' : spkiSha256(certificate);
  return pins.has(presented) ? undefined : new PinMismatchError(presented);
}

interface Explanation {
  readonly what: string;
  readonly remedy: readonly string[];
}

const TRUST_IT = [
  'Set ca_file to the certificate of the authority that signed it,',
  'or set pinned_spki_sha256 to the base64 SHA-256 of its public key.',
];

/** What went wrong, by the code Node or OpenSSL gives it. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: { what: 'its certificate is self-signed', remedy: TRUST_IT },
  SELF_SIGNED_CERT_IN_CHAIN: {
    what: 'its certificate comes from an authority that is not trusted here',
    remedy: TRUST_IT,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    what: 'its certificate comes from an authority that is not trusted here',
    remedy: TRUST_IT,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    what: 'its certificate comes from an authority that is not trusted here',
    remedy: TRUST_IT,
  },
  CERT_HAS_EXPIRED: {
    what: 'its certificate has expired',
    remedy: ['Renew the certificate on the server.'],
  },
  CERT_NOT_YET_VALID: {
    what: 'its certificate is not valid yet',
    remedy: ['Check the clocks of both machines.', 'Renew the certificate on the server.'],
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'its certificate is for another host name',
    remedy: [
      'Use a name from the certificate in the URL, or set pinned_spki_sha256 with tls_verify off.',
    ],
  },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: {
    what: 'it speaks only an older TLS than the minimum set here',
    remedy: ['Enable TLS 1.3 on the server,', 'or set tls_min_version to TLSv1.2.'],
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    what: 'it speaks only an older TLS than the minimum set here',
    remedy: ['Enable TLS 1.3 on the server,', 'or set tls_min_version to TLSv1.2.'],
  },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    what: 'that port does not speak TLS',
    remedy: ['Check the port in the URL: it must be the https port.'],
  },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: {
    what: 'that port does not speak TLS',
    remedy: ['Check the port in the URL: it must be the https port.'],
  },
};

/** Certificate errors of OpenSSL that have no line of their own above. */
const OTHER_CERTIFICATE_CODE =
  /^(?:CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|INVALID_(?:CA|PURPOSE)|CRL_|HOSTNAME_MISMATCH)/;

function tlsCause(cause: unknown): { readonly code: string; readonly error: Error } | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    if (
      error instanceof PinMismatchError ||
      code in EXPLANATIONS ||
      OTHER_CERTIFICATE_CODE.test(code)
    ) {
      return { code, error };
    }
  }
  return undefined;
}

/** Whether a connection failed because of TLS, rather than because nobody answered. */
export function isTlsFailure(cause: unknown): boolean {
  return tlsCause(cause) !== undefined;
}

const NO_TLS = new Set<unknown>(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

/** Whether what answered at that port speaks something else, rather than TLS that is not trusted. */
export function speaksNoTls({ details }: TlsError): boolean {
  return NO_TLS.has(details['tls_code']);
}

/**
 * Says what is wrong with the TLS of a server, and what to set.
 *
 * @param name what the server is called in the configuration
 * @param host where it was looked for
 */
export function tlsErrorFor(name: string, host: string, cause: unknown): TlsError {
  const found = tlsCause(cause);
  const { what, remedy } = explain(found?.code ?? '', found?.error);
  const label = name === host ? name : `${name} (${host})`;
  return new TlsError(`${label} cannot be trusted: ${what}`, {
    cause,
    remediation: remedy,
    ...(found === undefined || found.code === '' ? {} : { details: { tls_code: found.code } }),
  });
}

function explain(code: string, error: Error | undefined): Explanation {
  if (error instanceof PinMismatchError) {
    return {
      what: `its public key ${error.presented} is none of the pinned ones`,
      remedy: [
        'Make sure that nobody stands in between.',
        'If its certificate was renewed, set pinned_spki_sha256 to the new key.',
      ],
    };
  }
  return (
    EXPLANATIONS[code] ?? {
      what: `its certificate was refused (${code === '' ? 'no reason given' : code})`,
      remedy: TRUST_IT,
    }
  );
}

import {
  ClusterAuthError,
  ClusterProtocolError,
  ClusterUnreachableError,
  KubeconfigError,
  TlsError,
  type MonitorError,
} from '../../core/model/errors.ts';
import { type Millis } from '../../core/model/units.ts';
import { isTlsFailure } from '../http/tls.ts';

/** Which cluster a failure happened on, as messages name it. */
export interface ClusterAddress {
  readonly name: string;
  /** Host and port, without credentials or path. */
  readonly host: string;
}

/** The server is there but cannot answer now; it may have said when it can. */
export class ClusterBusyError extends ClusterUnreachableError {
  readonly retryAfter: Millis | undefined;

  constructor(cluster: ClusterAddress, status: number, retryAfter: Millis | undefined) {
    super(`${named(cluster)} answered ${describeStatus(status)}`, {
      remediation: ['Try again when the API server is well: `kubectl get --raw /readyz?verbose`.'],
      details: { status },
    });
    this.retryAfter = retryAfter;
  }
}

function named({ name, host }: ClusterAddress): string {
  return `cluster ${name} (${host})`;
}

function describeStatus(status: number): string {
  return status === 429 ? '429, too many requests' : `with an error of its own (${status})`;
}

export function timedOut(cluster: ClusterAddress, timeout: Millis): ClusterUnreachableError {
  return new ClusterUnreachableError(
    `${named(cluster)} did not answer within ${timeout / 1_000} s`,
    { remediation: ['Check the network to the API server, or allow more time with --timeout.'] },
  );
}

export function unauthorized(cluster: ClusterAddress): ClusterAuthError {
  return new ClusterAuthError(`${named(cluster)} does not accept the credentials`, {
    remediation: [
      'Log in again: the token or certificate of the kubeconfig may have expired.',
      'Check with `kubectl auth whoami` who the kubeconfig says you are.',
    ],
  });
}

/** An answer that no Kubernetes API server gives: usually another program answers on that port. */
export function notKubernetes(cluster: ClusterAddress, what: string): ClusterProtocolError {
  return new ClusterProtocolError(`${named(cluster)} ${what}`, {
    remediation: [
      'Check the port in the server address of the kubeconfig, usually 6443.',
      'Check that no proxy or login page answers in place of the API server.',
    ],
  });
}

export function protocolFailure(cluster: ClusterAddress, what: string): ClusterProtocolError {
  return new ClusterProtocolError(`${named(cluster)} ${what}`, {
    remediation: ['Try again; if it stays, look into the logs of the API server.'],
  });
}

/** What a request that got no answer failed of. */
export function transportFailure(cluster: ClusterAddress, cause: unknown): MonitorError {
  const code = codeOf(cause);
  for (const { matches, fail } of TRANSPORT_FAILURES) {
    if (matches(cause, code)) return fail(cluster, cause, code);
  }
  return new ClusterUnreachableError(`${named(cluster)} cannot be reached (${code})`, {
    cause,
    remediation: ['Check the server address in the kubeconfig, and the network to it.'],
  });
}

interface TransportFailure {
  readonly matches: (cause: unknown, code: string) => boolean;
  readonly fail: (cluster: ClusterAddress, cause: unknown, code: string) => MonitorError;
}

const TRANSPORT_FAILURES: readonly TransportFailure[] = [
  {
    // The server ended the handshake because of our certificate.
    matches: (_, code) => /^ERR_SSL_.*ALERT.*(?:CERTIFICATE|UNKNOWN_CA)/.test(code),
    fail: (cluster) => unauthorized(cluster),
  },
  {
    matches: (_, code) => /^ERR_OSSL_|^ERR_CRYPTO_/.test(code),
    fail: ({ name }, cause) =>
      new KubeconfigError(
        `cluster ${name}: a certificate or key in the kubeconfig cannot be read as PEM`,
        { cause, remediation: ['Write the kubeconfig anew, for example by logging in again.'] },
      ),
  },
  {
    matches: (_, code) => /^ERR_SSL_(?:WRONG_VERSION|PACKET_LENGTH)|^EPROTO$/.test(code),
    fail: (cluster, cause, code) =>
      new TlsError(`${named(cluster)} does not speak TLS on this port (${code})`, {
        cause,
        remediation: ['Check the port and the scheme of the server address in the kubeconfig.'],
      }),
  },
  {
    matches: (_, code) => code === 'CERT_HAS_EXPIRED',
    fail: (cluster, cause, code) =>
      new TlsError(`${named(cluster)} has a certificate that has expired (${code})`, {
        cause,
        remediation: [
          'Renew the certificates of the API server, and check the clock of this machine.',
        ],
      }),
  },
  {
    matches: isTlsFailure,
    fail: (cluster, cause, code) =>
      new TlsError(`${named(cluster)} has a certificate that cannot be trusted (${code})`, {
        cause,
        remediation: [
          'Put the CA of the API server into certificate-authority-data of the kubeconfig.',
          'Check that the address in the kubeconfig is one the certificate names.',
        ],
      }),
  },
];

/** The code of a failure or of what caused it. */
function codeOf(cause: unknown): string {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string' && error.code !== 'UND_ERR') {
      return error.code;
    }
  }
  return 'no further reason';
}

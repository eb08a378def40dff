import { createHash, type X509Certificate } from 'node:crypto';
import { type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type TlsFacts } from '../../core/model/connection.ts';

/** What a configuration says of the certificates it accepts. */
export interface TlsRules {
  /** Whether a certificate that is not trusted ends the connection. */
  readonly verify: boolean;
  /** Base64 SHA-256 of the public keys that are accepted. */
  readonly pinnedSpkiSha256: readonly string[];
}

/** What a server showed when a connection was made; null where it speaks no TLS, or showed no certificate. */
export function tlsFactsOf(socket: Socket, rules: TlsRules): TlsFacts | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  const spki = spkiSha256(certificate);
  const pins = rules.pinnedSpkiSha256.map(normalizePin);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    trusted: socket.authorized,
    distrust: socket.authorized ? null : distrustOf(socket),
    verified: rules.verify,
    pinned: pins.length === 0 ? null : pins.includes(spki),
    spki,
  };
}

/** Node gives the code of OpenSSL as plain text, whatever the type says. */
function distrustOf({ authorizationError: error }: TLSSocket): string {
  const reason: unknown = error;
  if (typeof reason === 'string' && reason !== '') return reason;
  return reason instanceof Error ? reason.message : 'no reason given';
}

/** Some certificates have no common name: then the first line says whose they are. */
function commonName(name: string | undefined): string {
  const lines = (name ?? '').split('\n');
  const common = lines.find((line) => line.startsWith('CN='));
  return common?.slice('CN='.length) ?? lines[0] ?? '';
}

/** Base64 SHA-256 of the public key of a certificate. */
export function spkiSha256(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

/** Pins are also written as in HPKP (`sha256/…`, `pin-sha256:…`). */
export function normalizePin(pin: string): string {
  return pin
    .trim()
    .replace(/^(?:sha256[/:]|pin-sha256[:=])"?/i, '')
    .replace(/"$/, '');
}

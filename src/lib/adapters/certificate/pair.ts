import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { type Certificate } from '../../ports/certificate-source.ts';

/** What is wrong with a certificate and its key, without a word of either. */
export class PairError extends Error {}

export interface PairFacts {
  readonly subject: string;
  readonly validTo: Date;
}

/** Throws a `PairError` for what nothing can be served with. */
export function checkPair({ cert, key }: Certificate): PairFacts {
  const certificate = parsed('the certificate is not PEM', () => new X509Certificate(cert));
  const secret: KeyObject = parsed('the key is not PEM, or has a passphrase', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(secret)) {
    throw new PairError('the key is not that of the certificate');
  }
  parsed('the certificate or its chain is refused by TLS', () =>
    createSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
  );
  return { subject: certificate.subject, validTo: certificate.validToDate };
}

function parsed<T>(otherwise: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new PairError(otherwise);
  }
}

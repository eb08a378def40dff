/** A certificate with its chain, and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What the server shows itself with, which is renewed while it runs. */
export interface CertificateSource {
  readonly current: Certificate;
  /** Tells of each that takes the place of the one before. @returns what ends it */
  onChange(listener: (certificate: Certificate) => void): () => void;
}

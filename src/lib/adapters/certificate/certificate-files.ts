import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../core/model/errors.ts';
import { type TlsFiles } from '../../core/serve/settings.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { type Certificate, type CertificateSource } from '../../ports/certificate-source.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { checkPair, PairError, type PairFacts } from './pair.ts';

export interface CertificateFilesOptions {
  readonly files: TlsFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often the files are looked at. */
  readonly every?: Millis;
}

const EVERY = millis(10_000);
const DAY = 86_400_000;
/** Whoever renews certificates by themselves does so a month before; this is when it was forgotten. */
const WARN_BEFORE = 14 * DAY;

/**
 * A certificate in two files, read again and again. Reading beats watching here: a mounted Secret changes by a symbolic link somewhere
 * above the files, which no watch of the files sees, and a directory on a network tells of nothing.
 */
export class CertificateFiles implements CertificateSource {
  readonly #options: CertificateFilesOptions;
  readonly #listeners = new Set<(certificate: Certificate) => void>();
  readonly #timer: NodeJS.Timeout;
  #current: Certificate;
  #facts: PairFacts;
  /** What was refused when it was looked at last: a pair is read in two steps, and may change between them. */
  #refused: { readonly cert: string; readonly key: string; readonly times: number } | null = null;
  #warnedAt: Date | null = null;
  #reading = false;

  private constructor(options: CertificateFilesOptions, current: Certificate, facts: PairFacts) {
    this.#options = options;
    this.#current = current;
    this.#facts = facts;
    this.#timer = setInterval(() => void this.#look(), options.every ?? EVERY);
    this.#timer.unref();
    this.#warn();
  }

  /** Throws a `ConfigError` where the files hold nothing to serve with. */
  static async open(options: CertificateFilesOptions): Promise<CertificateFiles> {
    const { files } = options;
    try {
      const pair = await read(files);
      return new CertificateFiles(options, pair, checkPair(pair));
    } catch (error) {
      throw new ConfigError(`server.tls: ${reasonOf(error)}`, {
        remediation: [
          `Put a certificate with its chain into ${files.certFile}, and its key into ${files.keyFile}, both as PEM.`,
        ],
      });
    }
  }

  get current(): Certificate {
    return this.#current;
  }

  onChange(listener: (certificate: Certificate) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  async #look(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      await this.#compare();
    } finally {
      this.#reading = false;
    }
    this.#warn();
  }

  async #compare(): Promise<void> {
    let pair: Certificate = { cert: '', key: '' };
    try {
      pair = await read(this.#options.files);
      if (isSame(pair, this.#current)) {
        this.#refused = null;
        return;
      }
      const facts = checkPair(pair);
      if (facts.validTo <= this.#options.clock.now()) {
        throw new PairError('the certificate has expired');
      }
      this.#take(pair, facts);
    } catch (error) {
      this.#refuse(pair, error);
    }
  }

  #take(pair: Certificate, facts: PairFacts): void {
    this.#current = pair;
    this.#facts = facts;
    this.#refused = null;
    this.#warnedAt = null;
    for (const listener of this.#listeners) listener(pair);
    this.#options.logger.log('info', 'the certificate was renewed', {
      subject: facts.subject,
      valid_to: facts.validTo.toISOString(),
    });
  }

  /** Said once of each pair, when it is still the same at the second look. */
  #refuse(pair: Certificate, error: unknown): void {
    const last = this.#refused;
    const times = last !== null && isSame(pair, last) ? last.times + 1 : 1;
    this.#refused = { ...pair, times };
    if (times !== 2) return;
    const { certFile, keyFile } = this.#options.files;
    this.#options.logger.log(
      'error',
      `the new certificate cannot be used, so the one before is kept: ${reasonOf(error)}; mend ${certFile} and ${keyFile}, which are read again by themselves`,
      { valid_to: this.#facts.validTo.toISOString() },
    );
  }

  #warn(): void {
    const now = this.#options.clock.now();
    const left = this.#facts.validTo.getTime() - now.getTime();
    if (left > WARN_BEFORE) return;
    if (this.#warnedAt !== null && now.getTime() - this.#warnedAt.getTime() < DAY) return;
    this.#warnedAt = now;
    const when = left <= 0 ? 'has expired, and clients refuse it' : 'expires soon';
    this.#options.logger.log(
      left <= 0 ? 'error' : 'warn',
      `the certificate ${when}: renew ${this.#options.files.certFile}, which is read again by itself`,
      { valid_to: this.#facts.validTo.toISOString() },
    );
  }
}

async function read({ certFile, keyFile }: TlsFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readText(certFile), readText(keyFile)]);
  return { cert, key };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new PairError(`${path} cannot be read (${code})`);
  }
}

function isSame(one: Certificate, other: Certificate): boolean {
  return one.cert === other.cert && one.key === other.key;
}

/** What others say of a key may quote it. */
function reasonOf(error: unknown): string {
  return error instanceof PairError ? error.message : 'it cannot be read';
}

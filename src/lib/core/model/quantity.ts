import { bytes, type Bytes } from './units.ts';

/** A size read from outside. `approximate` marks one that no safe integer can hold, or that had a fraction of a byte. */
export interface Size {
  readonly bytes: Bytes;
  readonly approximate: boolean;
}

const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

/** Powers of ten by suffix; `n`, `u` and `m` are fractions, which Kubernetes rounds up to whole bytes. */
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** Brings an exact count of bytes into the range of safe integers, marked when it did not fit. */
export function sizeOf(value: bigint): Size {
  if (value < 0n) return { bytes: bytes(0), approximate: true };
  if (value > MAX) return { bytes: bytes(Number.MAX_SAFE_INTEGER), approximate: true };
  return { bytes: bytes(Number(value)), approximate: false };
}

/** Rounds a rational up to a whole number, as Kubernetes does when it stores a fraction of a byte. */
function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** An exponent beyond this says nothing about any disk; reading it would only build a huge number. */
const MAX_EXPONENT = 40;

const QUANTITY =
  /^\+?(?<whole>\d+)?(?:\.(?<fraction>\d*))?(?:(?<binary>[KMGTPE]i)|(?<decimal>[numkMGTPE])|[eE](?<exponent>[+-]?\d+))?$/;

/**
 * Reads a Kubernetes quantity (`10Gi`, `500M`, `1e3`, `1.5Ti`, `1500m`) as bytes.
 * Returns undefined where the text is not a quantity, or a negative one.
 */
export function parseQuantity(text: string): Size | undefined {
  const match = QUANTITY.exec(text.trim())?.groups;
  if (match === undefined) return undefined;
  const { whole = '', fraction = '', binary } = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const scale = 10n ** BigInt(fraction.length);
  if (binary !== undefined) return rounded(digits * (BINARY[binary] ?? 1n), scale);
  return scaled(digits, scale, exponentOf(match));
}

function exponentOf({
  decimal = '',
  exponent,
}: Readonly<Record<string, string | undefined>>): number {
  return exponent === undefined ? (DECIMAL[decimal] ?? 0) : Number(exponent);
}

/** `digits / scale × 10^exponent`. */
function scaled(digits: bigint, scale: bigint, exponent: number): Size {
  if (digits === 0n) return sizeOf(0n);
  if (exponent > MAX_EXPONENT) return sizeOf(MAX + 1n);
  if (exponent < -MAX_EXPONENT) return { bytes: bytes(1), approximate: true };
  return exponent >= 0
    ? rounded(digits * 10n ** BigInt(exponent), scale)
    : rounded(digits, scale * 10n ** BigInt(-exponent));
}

function rounded(numerator: bigint, denominator: bigint): Size {
  const size = sizeOf(ceilDivide(numerator, denominator));
  return numerator % denominator === 0n ? size : { ...size, approximate: true };
}

/** Writes a size as the shortest exact Kubernetes quantity: `10Gi`, `1536Mi`, or plain bytes. */
export function formatQuantity(size: Bytes): string {
  const exact = BigInt(size);
  for (const [suffix, unit] of Object.entries(BINARY).reverse()) {
    if (exact >= unit && exact % unit === 0n) return `${String(exact / unit)}${suffix}`;
  }
  return String(size);
}

/** A size in bytes: a non-negative safe integer. */
export type Bytes = number & { readonly unit: 'bytes' };

/** A span in milliseconds. */
export type Millis = number & { readonly unit: 'millis' };

/** Wraps a size that is already known to be a non-negative safe integer. */
export function bytes(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`not a size in bytes: ${String(value)}`);
  }
  return value as Bytes;
}

/** Wraps a span; fractions are dropped, since no clock here is finer than a millisecond. */
export function millis(value: number): Millis {
  if (!Number.isFinite(value)) throw new RangeError(`not a span: ${String(value)}`);
  return Math.trunc(value) as Millis;
}

/** Time from `from` to `to`; negative where `from` lies in the future. */
export function elapsed(from: Date, to: Date): Millis {
  return millis(to.getTime() - from.getTime());
}

const SPANS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Reads a span as people write it: `30s`, `5m`, `24h`, `30d`, `2w`, or several together (`1d12h`).
 * Returns undefined for anything else, a bare number included: its unit would be a guess.
 */
export function parseDuration(text: string): Millis | undefined {
  const trimmed = text.trim();
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    total += Number(amount) * SPANS[unit as keyof typeof SPANS];
  }
  return Number.isFinite(total) ? millis(total) : undefined;
}

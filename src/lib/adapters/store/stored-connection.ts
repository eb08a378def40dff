import { type Connection } from '../../core/model/connection.ts';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

/**
 * A connection as it was kept, with its instants; undefined where none was kept, or it has not the shape it was written in.
 * Whoever asks for it then reads anew.
 */
export function readConnection(value: unknown): Connection | undefined {
  if (!isFields(value) || typeof value['name'] !== 'string') return undefined;
  const { tls } = value;
  if (tls === null) return value as unknown as Connection; // written by `encodeScan`
  if (!isFields(tls)) return undefined;
  const { validFrom, validTo } = tls;
  if (!isInstant(validFrom) || !isInstant(validTo)) return undefined;
  const revived = { ...tls, validFrom: new Date(validFrom), validTo: new Date(validTo) };
  return { ...value, tls: revived } as unknown as Connection; // likewise
}

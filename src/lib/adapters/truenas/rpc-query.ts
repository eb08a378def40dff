import { isAbsent } from './call-error.ts';
import { type Row } from './decode-values.ts';
import { OBJECT_LISTS } from './object-lists.ts';

/** Calls a method that answers with a list. */
export type Ask = (
  method: string,
  params: readonly unknown[],
  signal: AbortSignal,
) => Promise<readonly Row[]>;

/** Lists pool by pool: no answer then is longer than a pool is large. */
export async function perPool(
  ask: Ask,
  signal: AbortSignal,
  listPool: (pool: string) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const { method, decode } = OBJECT_LISTS.pools;
  const rows = await ask(method, [[], { select: ['name', 'status'] }], signal);
  const pools = rows.map((row) => decode(row, ''));
  const lists = await Promise.all(
    pools.map(async ({ name, status }) => {
      try {
        return await listPool(name);
      } catch (error) {
        // What an offline pool holds is in no list; the status of the pool tells why.
        const isUsable = status === 'ONLINE' || status === 'DEGRADED';
        if (isAbsent(error) && !isUsable) return [];
        throw error;
      }
    }),
  );
  return lists.flat();
}

import { isAbsent } from './call-error.ts';
import { type Decoded, decodeRows, joined } from './decode-rows.ts';
import { optionalText, type Rows, textOf } from './decode-values.ts';
import { OBJECT_LISTS } from './object-lists.ts';

/** Calls a method that answers with a list. */
export type Ask = (
  method: string,
  params: readonly unknown[],
  signal: AbortSignal,
) => Promise<Rows>;

/** An answer without rows. */
export const NOTHING: Decoded<never> = { items: [], misfits: [] };

/** Lists pool by pool: no answer then is longer than a pool is large. A pool that is not understood is set aside. */
export async function perPool<T>(
  ask: Ask,
  signal: AbortSignal,
  listPool: (pool: string) => Promise<Decoded<T>>,
): Promise<Decoded<T>> {
  const rows = await ask(OBJECT_LISTS.pools.method, [[], { select: ['name', 'status'] }], signal);
  const pools = decodeRows(rows, (row) => ({
    name: textOf(row, 'name'),
    status: optionalText(row, 'status'),
  }));
  const lists = await Promise.all(
    pools.items.map(async ({ name, status }) => {
      try {
        return await listPool(name);
      } catch (error) {
        // What an offline pool holds is in no list; the status of the pool tells why.
        const isUnusable = status !== null && status !== 'ONLINE' && status !== 'DEGRADED';
        if (isAbsent(error) && isUnusable) return NOTHING;
        throw error;
      }
    }),
  );
  return pools.misfits.length === 0
    ? joined(lists)
    : joined([{ items: [], misfits: pools.misfits }, ...lists]);
}

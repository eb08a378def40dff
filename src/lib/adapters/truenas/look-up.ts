import { isHiddenPath } from '../../core/correlate/paths.ts';
import { COMPLETE, type Coverage, failed, partial } from '../../core/model/coverage.ts';
import { type LookupResult } from '../../ports/nas.ts';
import { unlessAbsent } from './call-error.ts';
import { type Decoded, type Misfit } from './decode-rows.ts';
import { type Lookup } from './dialect.ts';

/** Above this many ids a fresh listing costs less than asking one by one. */
export const MANY = 200;

/**
 * Looks objects up again. Absent is only what TrueNAS said does not exist; an id whose call failed, or whose answer was
 * not understood, is in neither set, and the coverage says why.
 *
 * @param reasonOf turns an expected failure into one line, and throws any other on
 */
export async function lookUp<T extends { readonly id: string }>(
  lookup: Lookup<T>,
  ids: readonly string[],
  reasonOf: (error: unknown) => string,
  signal: AbortSignal,
): Promise<LookupResult<T>> {
  const wanted = [...new Set(ids)];
  const found = new Map<string, T>();
  const absent = new Set<string>();
  const failures: string[] = [];

  const missing = (id: string): void => {
    if (isHiddenPath(id)) failures.push(`TrueNAS does not show ${id}`);
    else absent.add(id);
  };

  const settle = async (
    group: readonly string[],
    read: () => Promise<Decoded<T>>,
  ): Promise<void> => {
    try {
      const { items, misfits } = await read();
      const objects = new Map(items.map((object) => [object.id, object]));
      // A row that does not even say what it is may be any of them.
      const unclear = misfits.find((misfit) => misfit.id === null);
      const odd = new Map(misfits.map((misfit) => [misfit.id, misfit]));
      for (const id of group) {
        const object = objects.get(id);
        const misfit = odd.get(id) ?? unclear;
        if (object !== undefined) found.set(id, object);
        else if (misfit !== undefined) failures.push(notUnderstood(id, misfit));
        else missing(id);
      }
    } catch (error) {
      failures.push(reasonOf(error));
    }
  };

  const reads =
    wanted.length > MANY
      ? [...lookup.group(wanted)].map(([key, group]) =>
          settle(group, () => lookup.many(key, signal)),
        )
      : wanted.map((id) =>
          settle([id], async () => {
            const seen = await unlessAbsent(lookup.see(id, signal));
            return { items: seen === undefined ? [] : [seen.object], misfits: [] };
          }),
        );
  await Promise.all(reads);
  signal.throwIfAborted();
  return { found, absent, coverage: coverageOf(failures, found.size + absent.size) };
}

function notUnderstood(id: string, { why }: Misfit): string {
  return `TrueNAS answered in an unknown shape for ${id}: ${why}`;
}

function coverageOf(failures: readonly string[], answered: number): Coverage {
  const [first] = failures;
  if (first === undefined) return COMPLETE;
  return answered === 0 ? failed(first) : partial(first);
}

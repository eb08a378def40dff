import { z } from 'zod';
import { NAS_OBJECT_KINDS, RESOURCE_KINDS } from './change.ts';

/*
 * What must be seen of an object right before a change, and what right after: conditions as data, compared with what a writer
 * observes in that moment.
 */

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** What tells an object from every other, and whether it is still as it was. */
export const identitySchema = z.record(z.string(), scalar);
export type Identity = Readonly<z.infer<typeof identitySchema>>;

/** How an object is looked up. */
export const targetSchema = z.discriminatedUnion('side', [
  z.strictObject({
    side: z.literal('truenas'),
    kind: z.enum([...NAS_OBJECT_KINDS, 'dataset', 'snapshot']),
    /** `{id}` where it is known; else what it is found by, such as `{path}` or `{name}`. Paths of datasets and snapshots are their `id`. */
    where: identitySchema,
  }),
  z.strictObject({
    side: z.literal('kubernetes'),
    kind: z.enum(RESOURCE_KINDS),
    where: z.strictObject({ name: z.string(), namespace: z.string().nullable() }),
  }),
]);
export type Target = z.infer<typeof targetSchema>;
export type NasTarget = Extract<Target, { side: 'truenas' }>;
export type ClusterTarget = Extract<Target, { side: 'kubernetes' }>;

export const expectationSchema = z.strictObject({
  target: targetSchema,
  /** Null: there must be none. Else every entry must be seen as it is here. */
  identity: identitySchema.nullable(),
});
export type Expectation = z.infer<typeof expectationSchema>;

/** An object as a writer sees it now. */
export interface Observed {
  readonly identity: Identity;
  /** The whole object as its server tells it, for whoever has to make it again. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Entries that change with every write, ours included: a step compares them with what the step before it left behind. */
export const VOLATILE = ['resource_version', 'used_by_dataset'] as const;

/** Names a target within one cluster or system. */
export function targetKey({ side, kind, where }: Target): string {
  const entries = Object.entries(where).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([side, kind, entries]);
}

/**
 * Why what is seen is not what is expected, in words; undefined where it is.
 *
 * @param seen all objects that the target of the expectation names
 */
export function mismatch({ identity }: Expectation, seen: readonly Observed[]): string | undefined {
  const [first, ...others] = seen;
  if (identity === null) return first === undefined ? undefined : 'it is there';
  if (first === undefined) return 'it is not there';
  if (others.length > 0) return `there are ${String(seen.length)} of it`;
  for (const [key, wanted] of Object.entries(identity)) {
    const found = first.identity[key] ?? null;
    if (found !== wanted) return `${key} was ${String(wanted)} and is ${String(found)}`;
  }
  return undefined;
}

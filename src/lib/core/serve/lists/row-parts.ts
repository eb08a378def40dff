import { type ObjectMeta } from '../../model/kubernetes.ts';
import { type Size } from '../../model/quantity.ts';
import { type RowKeys } from '../served-rows.ts';

/* What rows of several lists say alike. */

/** A row, and what it is chosen by. */
export type Row<T> = readonly [keys: RowKeys, row: T];

const NO_LABELS: RowKeys['labels'] = {};

export function keysOfObject({ namespace, labels, createdAt, cluster }: ObjectMeta): RowKeys {
  return { namespace, labels, createdAt: createdAt?.getTime() ?? null, home: cluster };
}

/** Of what has no labels: TrueNAS knows none. */
export function keysOnSystem(
  system: string,
  namespace: string | null,
  createdAt: Date | null,
): RowKeys {
  return { namespace, labels: NO_LABELS, createdAt: createdAt?.getTime() ?? null, home: system };
}

export function bytesIn(size: Size | null | undefined): number | null {
  return size?.bytes ?? null;
}

/** Marks a row that has a size which is the nearest number and not the exact one. */
export function approximation(...sizes: readonly (Size | null | undefined)[]): {
  approximate?: true;
} {
  return sizes.some((size) => size?.approximate === true) ? { approximate: true } : {};
}

export function iso(instant: Date | null | undefined): string | null {
  return instant?.toISOString() ?? null;
}

/** What every row of an object of Kubernetes ends with. */
export function aboutObject(
  { createdAt, deletedAt, labels }: ObjectMeta,
  findingIds: string[],
): {
  created_at: string | null;
  deleted_at: string | null;
  labels: Record<string, string>;
  finding_ids: string[];
} {
  return {
    created_at: iso(createdAt),
    deleted_at: iso(deletedAt),
    labels: { ...labels },
    finding_ids: findingIds,
  };
}

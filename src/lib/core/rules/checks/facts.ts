import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Size } from '../../model/quantity.ts';
import { type SubjectFacts } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes, type Bytes } from '../../model/units.ts';

const NOTHING = bytes(0);

/** Facts of a subject of which little is known; callers override what they know. */
export function facts(known: Partial<SubjectFacts> & Pick<SubjectFacts, 'remedy'>): SubjectFacts {
  return {
    createdAt: null,
    size: null,
    reclaimable: NOTHING,
    approximate: false,
    storageClass: null,
    labels: {},
    annotations: {},
    truenasReference: null,
    kubernetesReference: null,
    ...known,
  };
}

export function isApproximate(...sizes: readonly (Size | null | undefined)[]): boolean {
  return sizes.some((size) => size?.approximate === true);
}

/**
 * What comes back with a dataset: its own, what only its snapshots hold, and what is reserved for it. Its children are
 * datasets of their own. TrueNAS always says all three; without them its whole use is the nearest there is.
 */
export function freedWith({
  used,
  usedByDataset,
  usedBySnapshots,
  usedByRefreservation,
}: Dataset): Bytes {
  const parts = [usedByDataset, usedBySnapshots, usedByRefreservation];
  if (parts.includes(null)) return used?.bytes ?? NOTHING;
  const sum = parts.reduce((total, part) => total + (part?.bytes ?? 0), 0);
  return bytes(Math.min(sum, Number.MAX_SAFE_INTEGER));
}

/** What a volume says of itself, and what stands behind it. */
export function volumeFacts(
  pv: PersistentVolume,
  dataset: Dataset | undefined,
): Omit<SubjectFacts, 'remedy'> {
  return {
    createdAt: pv.createdAt,
    size: pv.capacity?.bytes ?? null,
    reclaimable: NOTHING,
    approximate: isApproximate(pv.capacity, dataset?.used),
    storageClass: pv.storageClass,
    labels: pv.labels,
    annotations: pv.annotations,
    truenasReference: dataset?.id ?? null,
    kubernetesReference: pv.claim === null ? null : `${pv.claim.namespace}/${pv.claim.name}`,
  };
}

/** What a dataset says of itself. */
export function datasetFacts(dataset: Dataset): Omit<SubjectFacts, 'remedy'> {
  const { claim } = dataset.properties;
  const promised = dataset.kind === 'volume' ? dataset.volsize : dataset.refquota;
  return {
    createdAt: dataset.createdAt,
    size: promised?.bytes ?? null,
    reclaimable: freedWith(dataset),
    approximate: isApproximate(promised, dataset.used),
    storageClass: null,
    labels: {},
    annotations: {},
    truenasReference: dataset.id,
    kubernetesReference: claim === null ? null : `${claim.namespace}/${claim.name}`,
  };
}

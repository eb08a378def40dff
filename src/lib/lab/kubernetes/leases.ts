import { type KubernetesObject } from '../scenario/world.ts';
import { type LabState } from './exchange.ts';
import { isRecord, type JsonRecord, recordAt, valueAt } from './json.ts';
import { badRequest } from './status.ts';

/** Leaders that live renew their Lease more often than this. */
const RENEWED_EVERY = 10_000;
const SINCE_LAST = 4_000;

/**
 * Lets whoever leads renew its Lease, as time goes by: each Lease whose holder is a pod that is there and ready. What
 * anybody else holds stays as it is.
 */
export function renewLeases(lab: LabState): void {
  const { cluster } = lab;
  const instant = lab.now().getTime();
  const due = (cluster.objects['leases'] ?? []).filter(({ spec }) => {
    const renewed = Date.parse(String(valueAt(spec, 'renewTime')));
    return Math.abs(instant - renewed) > RENEWED_EVERY;
  });
  for (const lease of due) {
    if (isRecord(lease['spec']) && isHeld(lease, cluster.objects['pods'] ?? [])) {
      const renewTime = new Date(instant - SINCE_LAST).toISOString().replace('Z', '000Z');
      lease['spec'] = { ...lease['spec'], renewTime };
    }
  }
}

function isHeld({ metadata, spec }: KubernetesObject, pods: readonly KubernetesObject[]): boolean {
  const holder = valueAt(spec, 'holderIdentity');
  const pod = pods.find(
    (each) => each.metadata.name === holder && each.metadata.namespace === metadata.namespace,
  );
  const conditions = valueAt(pod, 'status.conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (each) => valueAt(each, 'type') === 'Ready' && valueAt(each, 'status') === 'True',
    )
  );
}

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)$/;

/** Kubernetes reads the instants of a Lease only with six digits behind the point. */
export function requireMicroTimes(lease: JsonRecord): void {
  const spec = recordAt(lease, 'spec');
  for (const key of ['acquireTime', 'renewTime']) {
    const value = spec[key] ?? null;
    if (value !== null && !(typeof value === 'string' && MICRO_TIME.test(value))) {
      throw badRequest(
        `Lease in version "v1" cannot be handled: parsing time ${JSON.stringify(value)}`,
      );
    }
  }
}

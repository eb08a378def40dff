import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { type ResourceRef, type ResourceType } from '../../../src/lib/core/model/resource-ref.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import { LONG_AGO } from '../../support/builders.ts';

export function onCluster(
  type: ResourceType,
  name: string,
  namespace: string | null = null,
): ResourceRef {
  return { location: 'kubernetes', cluster: 'prod', type, name, namespace, discriminator: null };
}

export function onSystem(type: ResourceType, name: string, system = 'nas1'): ResourceRef {
  return { location: 'truenas', system, type, name, namespace: null, discriminator: null };
}

/** A certain finding about a dataset; tests override what matters to them. */
export function aReportFinding(over: Partial<Finding> = {}): Finding {
  return {
    id: '0123456789abcdef',
    rule: 'dataset-unclaimed',
    category: 'orphan',
    severity: 'high',
    confidence: 'certain',
    subject: onSystem('Dataset', 'tank/k8s/a'),
    place: null,
    createdAt: LONG_AGO,
    age: millis(86_400_000),
    firstSeen: null,
    seenFor: null,
    reason: 'nothing refers to it',
    size: null,
    reclaimable: bytes(0),
    approximate: false,
    storageClass: null,
    labels: {},
    annotations: {},
    truenasReference: null,
    kubernetesReference: null,
    evidence: [],
    doubt: null,
    remedy: { action: 'none', safe: false, steps: [], command: null },
    ...over,
  };
}

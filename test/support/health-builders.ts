import { NOW, aCluster, aSystem } from './builders.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { refOnSystem } from '../../src/lib/core/model/surroundings.ts';
import { type CheckOutcome, type ValidationSummary } from '../../src/lib/core/model/validation.ts';
import { aConnection } from './surrounding-builders.ts';

/*
 * What the checks of health came to: valid by default, override what matters.
 */

/** A pool that is well. */
export function aPoolOutcome(over: Partial<CheckOutcome> = {}): CheckOutcome {
  return {
    id: '0123456789abcdef',
    check: 'pool-state',
    title: 'Pools are online',
    component: 'pool',
    status: 'PASS',
    severity: 'critical',
    subject: refOnSystem('Pool', 'nas1', 'tank'),
    cluster: null,
    system: 'nas1',
    message: 'it is ONLINE',
    steps: [],
    notApplicable: false,
    ...over,
  };
}

export function aHealthSummary(over: Partial<ValidationSummary> = {}): ValidationSummary {
  return {
    takenAt: NOW,
    duration: millis(840),
    cachedFor: null,
    complete: true,
    sources: [],
    clusters: [aCluster()],
    systems: [{ ...aSystem(), pools: ['tank'] }],
    connections: [
      aConnection({ side: 'kubernetes', name: 'prod', host: 'prod.example' }),
      aConnection(),
    ],
    overall: 'PASS',
    results: [aPoolOutcome()],
    files: null,
    suppressed: [],
    filteredOut: 0,
    ...over,
  };
}

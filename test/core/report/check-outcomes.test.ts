import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { refToCluster, refToConnected } from '../../../src/lib/core/model/surroundings.ts';
import { checkOutcomes } from '../../../src/lib/core/report/check-outcomes.ts';
import { defineCheck } from '../../../src/lib/core/rules/define-check.ts';
import { defaultStorageClass } from '../../../src/lib/core/rules/validation/default-storage-class.ts';
import {
  aCluster,
  anInventory,
  aStorageClass,
  aSystem,
  clusterWith,
  systemWith,
} from '../../support/builders.ts';
import { aConnection } from '../../support/surrounding-builders.ts';

const cluster = (name: string, defaults: readonly string[]) => ({
  ...clusterWith(
    {
      storageClasses: defaults.map((each) =>
        aStorageClass({ cluster: name, name: each, isDefault: true }),
      ),
    },
    aCluster({ name, uid: `uid-of-${name}` }),
  ),
  connection: aConnection({ side: 'kubernetes', name, host: `${name}.example` }),
});
const system = (name: string) => ({
  ...systemWith({}, aSystem({ name, hostId: `id-of-${name}`, host: `${name}.example` })),
  connection: aConnection({ name, host: `${name}.example` }),
});

/** Two clusters, of which the second has a fault, and two systems. */
const plural: Inventory = {
  ...anInventory(),
  clusters: [cluster('prod', ['a']), cluster('test', ['a', 'b'])],
  systems: [system('nas1'), system('nas2')],
};

const everyConnection = defineCheck({
  id: 'every-connection',
  category: 'validation',
  severity: 'high',
  component: 'connection',
  title: 'Every connection is there',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: [],

  *inspect({ connections }) {
    for (const each of connections) {
      yield { subject: refToConnected(each), sound: true, seen: each.host };
    }
  },
});

const outcomes = (check: Parameters<typeof checkOutcomes>[0][number]) =>
  checkOutcomes([check], correlate(plural, DEFAULT_POLICY), DEFAULT_POLICY).map(
    ({ outcome }) => outcome,
  );

describe('with several clusters and systems', () => {
  test('each cluster is judged once, by its own lists', () => {
    expect(outcomes(defaultStorageClass).map(({ status, subject }) => [status, subject])).toEqual([
      ['PASS', refToCluster('prod')],
      ['WARNING', refToCluster('test')],
    ]);
  });

  test('what is on the other side of a check is judged once, and named as what it is', () => {
    expect(
      outcomes(everyConnection).map(({ cluster: of, system: on, message }) => [of, on, message]),
    ).toEqual([
      ['prod', null, 'prod.example'],
      [null, 'nas1', 'nas1.example'],
      [null, 'nas2', 'nas2.example'],
      ['test', null, 'test.example'],
    ]);
  });
});

import { expect, test } from 'vitest';
import { clockSkew } from '../../../../src/lib/core/rules/validation/clock-skew.ts';
import { NOW, aCluster, aSystem, anInventory, systemWith } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const ahead = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const at = (nas: number, cluster: number) =>
  anInventory({
    system: aSystem({ clock: ahead(nas) }),
    cluster: aCluster({ clock: ahead(cluster) }),
  });

testCheck(clockSkew, {
  'passes where all agree': [anInventory(), ['PASS nas1']],
  'passes where they differ by a minute': [at(60, 0), ['PASS nas1']],
  'warns of more than a minute': [at(61, 61), ['WARNING nas1']],
  'warns of a cluster that is ahead': [at(0, 61), ['WARNING nas1']],
  'fails from five minutes on': [at(-301, 0), ['FAIL nas1']],
  'cannot tell without the clock of the NAS': [
    anInventory({ system: aSystem({ clock: null }) }),
    ['SKIPPED nas1'],
  ],
  'cannot tell without the clock of a cluster': [
    anInventory({ cluster: aCluster({ clock: null }) }),
    ['SKIPPED nas1'],
  ],
  'compares with this machine all the same': [
    anInventory({ cluster: aCluster({ clock: null }), system: aSystem({ clock: ahead(400) }) }),
    ['FAIL nas1'],
  ],
});

test('says how far the clock is from every other', () => {
  const [outcome] = outcomesIn(clockSkew, at(90, 90));
  expect(outcome?.message).toBe('it is 1m 30s ahead of this machine, level with cluster prod');
});

test('judges each of several systems by its own clock', () => {
  const { clusters, ...world } = anInventory();
  const late = aSystem({ name: 'nas2', hostId: 'other', clock: ahead(-120) });
  const outcomes = outcomesIn(clockSkew, {
    ...world,
    clusters,
    systems: [...world.systems, systemWith({}, late)],
  });
  expect(outcomes.map(({ system, status }) => [system, status])).toEqual([
    ['nas1', 'PASS'],
    ['nas2', 'WARNING'],
  ]);
});

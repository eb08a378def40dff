import { expect, test } from 'vitest';
import { type Lease } from '../../../../src/lib/core/model/kubernetes-surroundings.ts';
import { leaderLease } from '../../../../src/lib/core/rules/health/leader-lease.ts';
import {
  aCluster,
  aCsiDriver,
  anInventory,
  aPod,
  JUST_NOW,
  meta,
  NOW,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aContainer, aLease } from '../../../support/surrounding-builders.ts';

const sidecar = (name: string, args: readonly string[] = ['--leader-election']) =>
  aContainer({ name, image: `registry.example:5000/sig-storage/${name}:v4`, args });
const pods = [
  aPod({
    ...meta('controller-0', 'democratic-csi'),
    containers: [
      aContainer(),
      sidecar('external-attacher'),
      sidecar('external-provisioner'),
      sidecar('external-resizer', ['--leader-election=true']),
      sidecar('external-snapshotter', ['--leader-election=false', '--leader-election-namespace=x']),
    ],
  }),
];
const world = (...leases: readonly Lease[]) =>
  anInventory({ csiDrivers: [aCsiDriver()], pods, leases });

const ATTACHER = 'external-attacher-leader-org-democratic-csi-nfs';
const lease = (name: string, over: Partial<Lease> = {}) =>
  aLease({ ...meta(name, 'democratic-csi'), renewedAt: NOW, ...over });
const stale = { renewedAt: JUST_NOW };

testCheck(leaderLease, {
  'passes where somebody leads': [world(lease(ATTACHER)), [`PASS democratic-csi/${ATTACHER}`]],
  'fails where nobody renewed it for an hour': [
    world(lease(ATTACHER, stale)),
    [`FAIL democratic-csi/${ATTACHER}`],
  ],
  'knows the Lease of each sidecar': [
    world(
      lease('org-democratic-csi-nfs', stale),
      lease('external-resizer-org-democratic-csi-nfs', stale),
    ),
    [
      'FAIL democratic-csi/org-democratic-csi-nfs',
      'FAIL democratic-csi/external-resizer-org-democratic-csi-nfs',
    ],
  ],
  'says nothing of a Lease nobody asks for any more': [
    world(
      lease('external-snapshotter-leader-org-democratic-csi-nfs', stale),
      lease('external-health-monitor-leader-org-democratic-csi-nfs', stale),
    ),
    [],
  ],
  'says nothing of what belongs to others': [
    world(
      lease('somebody-elses', stale),
      lease('external-attacher-leader-another', stale),
      aLease({ ...meta(ATTACHER, 'elsewhere'), ...stale }),
    ),
    [],
  ],
  'passes where it was given up a moment ago': [
    world(lease(ATTACHER, { holder: '', duration: null })),
    [`PASS democratic-csi/${ATTACHER}`],
  ],
  'is skipped where it was never renewed': [
    world(lease(ATTACHER, { renewedAt: null })),
    [`SKIPPED democratic-csi/${ATTACHER}`],
  ],
  'is skipped where the clock of the cluster is not known': [
    anInventory({
      csiDrivers: [aCsiDriver()],
      pods,
      leases: [lease(ATTACHER, stale)],
      cluster: aCluster({ clock: null }),
    }),
    [`SKIPPED democratic-csi/${ATTACHER}`],
  ],
});

test('says who held it, and since when nobody leads', () => {
  expect(outcomesIn(leaderLease, world(lease(ATTACHER, stale)))[0]?.message).toBe(
    'attacher of org.democratic-csi.nfs: nas-nfs-democratic-csi-controller-0 holds it, and renewed it 1h ago: nobody leads',
  );
});

import { expect, test } from 'vitest';
import { type Pod } from '../../../../src/lib/core/model/kubernetes.ts';
import { snapshotControllerRunning } from '../../../../src/lib/core/rules/validation/snapshot-controller-running.ts';
import { aCsiDriver, anInventory, JUST_NOW, LONG_AGO, NOW } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { withoutList } from '../../../support/rule-tester.ts';
import {
  aContainer,
  aControllerPod,
  aLease,
  aSnapshotControllerPod,
} from '../../../support/surrounding-builders.ts';

const csiDrivers = [aCsiDriver()];
const own = aControllerPod();
const one = aSnapshotControllerPod();
const lease = aLease({ name: 'snapshot-controller-leader', namespace: 'kube-system' });

testCheck(snapshotControllerRunning, {
  'passes with one': [anInventory({ csiDrivers, pods: [own, one] }), ['PASS prod']],
  'passes with two replicas of one': [
    anInventory({
      csiDrivers,
      pods: [own, one, aSnapshotControllerPod({ name: 'snapshot-controller-66d7c9d8f-fghij' })],
    }),
    ['PASS prod'],
  ],
  'knows that of OpenShift, and its operator for another thing': [
    anInventory({
      csiDrivers,
      pods: [
        own,
        ...['csi-snapshot-controller', 'csi-snapshot-controller-operator'].map((name) =>
          aSnapshotControllerPod({
            name,
            namespace: 'openshift-cluster-storage-operator',
            owners: [{ kind: 'ReplicaSet', name: `${name}-5c8f` }],
            containers: [aContainer({ name, image: 'quay.io/x@sha256:1', args: [] })],
          }),
        ),
      ],
    }),
    ['PASS prod'],
  ],
  'passes where nobody needs it': [anInventory({ csiDrivers }), ['PASS prod']],
  'passes where its lease is held': [
    anInventory({ csiDrivers, pods: [own], leases: [{ ...lease, renewedAt: NOW }] }),
    ['PASS prod'],
  ],
  'warns where it is not, any more': [
    anInventory({ csiDrivers, pods: [own], leases: [{ ...lease, renewedAt: JUST_NOW }] }),
    ['WARNING prod'],
  ],
  'warns where it is only the lease of a sidecar': [
    anInventory({
      csiDrivers,
      pods: [own],
      leases: [aLease({ name: 'external-snapshotter-leader-x', renewedAt: NOW })],
    }),
    ['WARNING prod'],
  ],
  'warns where nobody ever held it': [
    anInventory({
      csiDrivers,
      pods: [own],
      leases: [{ ...lease, holder: null, renewedAt: LONG_AGO }],
    }),
    ['WARNING prod'],
  ],
  'does not know where leases could not be read': [
    withoutList(anInventory({ csiDrivers, pods: [own] }), 'leases'),
    ['SKIPPED prod'],
  ],
  'warns of two': [
    anInventory({
      csiDrivers,
      pods: [own, one, aSnapshotControllerPod({ name: 'other', namespace: 'democratic-csi' })],
    }),
    ['WARNING prod'],
  ],
});

test('the steps are those of what is wrong', () => {
  const other = aSnapshotControllerPod({ name: 'other', namespace: 'democratic-csi' });
  const stepsWith = (pods: readonly Pod[]): string =>
    outcomesIn(snapshotControllerRunning, anInventory({ csiDrivers, pods }))
      .flatMap(({ steps }) => steps)
      .join(' ');
  expect(stepsWith([own])).toContain('Install the one');
  expect(stepsWith([own])).not.toContain('turn the others off');
  expect(stepsWith([own, one, other])).toContain('turn the others off');
  expect(stepsWith([own, one, other])).not.toContain('Install the one');
});

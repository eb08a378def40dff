import { expect, test } from 'vitest';
import { sidecarVersions } from '../../../../src/lib/core/rules/validation/sidecar-versions.ts';
import { type Pod } from '../../../../src/lib/core/model/kubernetes.ts';
import { aCsiDriver, anInventory, aPv } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import {
  aContainer,
  aControllerPod,
  aSidecar,
  aSnapshotControllerPod,
} from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';
const csiDrivers = [aCsiDriver()];
const withSidecars = (provisioner: string, snapshotter: string): Pod =>
  aControllerPod({
    containers: [
      aContainer(),
      aSidecar('provisioner', provisioner),
      aSidecar('snapshotter', snapshotter),
    ],
  });
const made = aPv({
  name: 'pvc-1',
  annotations: { 'pv.kubernetes.io/provisioned-by': driver },
});
const held = { ...made, finalizers: ['external-provisioner.volume.kubernetes.io/finalizer'] };
const oldController = aSnapshotControllerPod({
  containers: [
    aContainer({ name: 'snapshot-controller', image: 'sig-storage/snapshot-controller:v6.3.0' }),
  ],
});

testCheck(sidecarVersions, {
  'passes with recent ones': [
    anInventory({ csiDrivers, pods: [aControllerPod(), aSnapshotControllerPod()] }),
    [`PASS ${driver}`],
  ],
  'warns of a provisioner that protects no volume': [
    anInventory({ csiDrivers, pods: [withSidecars('v3.6.0', 'v7.0.0')] }),
    [`WARNING ${driver}`],
  ],
  'warns where it left one volume out': [
    anInventory({
      csiDrivers,
      pods: [withSidecars('v4.0.0', 'v7.0.0')],
      persistentVolumes: [held, { ...made, name: 'pvc-2' }],
    }),
    [`WARNING ${driver}`],
  ],
  'passes where it was told to, as volumes show': [
    anInventory({
      csiDrivers,
      pods: [withSidecars('v3.6.0', 'v7.0.0')],
      persistentVolumes: [held],
    }),
    [`PASS ${driver}`],
  ],
  'passes where the image says no version': [
    anInventory({ csiDrivers, pods: [withSidecars('stable', 'stable')] }),
    [`PASS ${driver}`],
  ],
  'warns of a snapshotter that is ahead of its controller': [
    anInventory({ csiDrivers, pods: [withSidecars('v5.2.0', 'v8.2.1'), oldController] }),
    [`WARNING ${driver}`],
  ],
  'does not know where no sidecar was seen': [anInventory({ csiDrivers }), [`SKIPPED ${driver}`]],
});

test('the steps are those of what is wrong', () => {
  const stepsWith = (provisioner: string, snapshotter: string): string =>
    outcomesIn(
      sidecarVersions,
      anInventory({ csiDrivers, pods: [withSidecars(provisioner, snapshotter), oldController] }),
    )
      .flatMap(({ steps }) => steps)
      .join(' ');
  expect(stepsWith('v3.6.0', 'v6.3.0')).not.toContain('csi-snapshotter');
  expect(stepsWith('v5.2.0', 'v8.2.1')).not.toContain('csi-provisioner');
  expect(stepsWith('v3.6.0', 'v8.2.1')).toMatch(/csi-provisioner.*csi-snapshotter/);
});

import { expect, test } from 'vitest';
import { type Container } from '../../../../src/lib/core/model/container.ts';
import { csiControllerHealth } from '../../../../src/lib/core/rules/health/csi-controller-health.ts';
import {
  aCsiDriver,
  anInventory,
  aPod,
  aStorageClass,
  JUST_NOW,
  meta,
  NOW,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aContainer } from '../../../support/surrounding-builders.ts';

type PodOver = Parameters<typeof aPod>[0];

const controller = (
  over: PodOver = {},
  container: Partial<Container> = {},
  name = 'controller-0',
) => aPod({ ...meta(name, 'democratic-csi'), containers: [aContainer(container)], ...over });
const nodePod = (containers = [aContainer()]) =>
  aPod({
    ...meta('node-abc', 'democratic-csi', { owners: [{ kind: 'DaemonSet', name: 'node' }] }),
    containers,
  });
const world = (...pods: readonly ReturnType<typeof aPod>[]) =>
  anInventory({ csiDrivers: [aCsiDriver()], pods });

const TEN_MINUTES_AGO = new Date(NOW.getTime() - 10 * 60_000);
const DRIVER = 'org.democratic-csi.nfs';
const crashing = { ready: false, waiting: 'CrashLoopBackOff' };

testCheck(csiControllerHealth, {
  'passes where it runs': [world(controller()), [`PASS ${DRIVER}`]],
  'fails where it crashes': [world(controller({ ready: false }, crashing)), [`FAIL ${DRIVER}`]],
  'warns where another replica works': [
    world(controller({ ready: false }, crashing), controller({}, {}, 'controller-1')),
    [`WARNING ${DRIVER}`],
  ],
  'warns where it was restarted again and again': [
    world(controller({}, { restarts: 8, lastEndedAt: TEN_MINUTES_AGO })),
    [`WARNING ${DRIVER}`],
  ],
  'passes where its restarts are long past': [
    world(controller({}, { restarts: 80, lastEndedAt: new Date('2026-10-01T00:00:00Z') })),
    [`PASS ${DRIVER}`],
  ],
  'passes while it starts': [
    world(
      controller(
        { ready: false, phase: 'Pending', createdAt: NOW },
        { waiting: 'ContainerCreating' },
      ),
    ),
    [`PASS ${DRIVER}`],
  ],
  'fails where it cannot be placed': [
    world(controller({ ready: false, phase: 'Pending' })),
    [`FAIL ${DRIVER}`],
  ],
  'passes over pods that ended or go': [
    world(
      controller({ ready: false, phase: 'Failed' }, {}, 'evicted'),
      controller({ ready: false, deletedAt: JUST_NOW }, {}, 'going'),
      controller(),
    ),
    [`PASS ${DRIVER}`],
  ],
  'fails where nodes have pods and there is no controller': [world(nodePod()), [`FAIL ${DRIVER}`]],
  'passes where nodes do its work': [
    world(nodePod([aContainer(), aContainer({ name: 'external-provisioner', args: [] })])),
    [`PASS ${DRIVER}`],
  ],
  'is skipped where no pod was recognised': [world(), [`SKIPPED ${DRIVER}`]],
  'leaves a class without a driver to others': [
    anInventory({ storageClasses: [aStorageClass()] }),
    [],
  ],
});

test('names the pod and what ails it', () => {
  expect(
    outcomesIn(csiControllerHealth, world(controller({ ready: false }, crashing)))[0],
  ).toMatchObject({
    severity: 'high',
    message:
      '1 of 1 controller pod is down: democratic-csi/controller-0: csi-driver is in CrashLoopBackOff',
  });
});

import { expect, test } from 'vitest';
import { nasServiceRunning } from '../../../../src/lib/core/rules/validation/nas-service-running.ts';
import {
  type SmallWorld,
  aDataset,
  aDriverSecret,
  aSystem,
  anInventory,
  anIscsiPv,
  systemWith,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aService, anAddress } from '../../../support/surrounding-builders.ts';

const world = (over: SmallWorld) => anInventory({ services: [aService()], ...over });

testCheck(nasServiceRunning, {
  'passes where it is so': [world({ services: [aService()] }), ['PASS nfs']],
  'fails where it is not': [world({ services: [aService({ running: false })] }), ['FAIL nfs']],
  'judges no service that nothing needs': [
    world({ services: [aService(), aService({ name: 'iscsitarget', running: false })] }),
    ['PASS nfs'],
  ],
  'judges what a driver needs that has no volume yet': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', running: false })],
      driverSecrets: [aDriverSecret({ kind: 'truenas-iscsi' })],
    }),
    ['FAIL iscsitarget', 'PASS nfs'],
  ],
  'judges no driver of another system, nor one that has its own targets': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', running: false })],
      driverSecrets: [
        aDriverSecret({
          driver: 'b',
          parent: 'tank/b',
          hosts: ['nas9.example'],
          kind: 'freenas-iscsi',
        }),
        aDriverSecret({ driver: 'c', kind: 'zfs-generic-iscsi' }),
      ],
    }),
    ['PASS nfs'],
  ],
  'judges what volumes need': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', running: false })],
      persistentVolumes: [anIscsiPv()],
      datasets: [aDataset({ kind: 'volume' })],
    }),
    ['FAIL iscsitarget', 'PASS nfs'],
  ],
  'does not judge for volumes that nobody uses': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', running: false })],
      persistentVolumes: [anIscsiPv({ phase: 'Released' })],
      datasets: [aDataset({ kind: 'volume' })],
    }),
    ['PASS nfs'],
  ],
  'cannot tell where the service is not listed': [
    world({ services: [aService({ name: 'ssh' })] }),
    ['SKIPPED nfs'],
  ],
  'cannot tell where this may be a replica': [
    world({ drivers: [], services: [aService({ running: false })] }),
    ['SKIPPED nfs'],
  ],
  'judges a system that volumes name, whoever made them': [
    world({
      drivers: [],
      services: [aService({ running: false })],
      addresses: [anAddress({ address: '10.10.0.5' })],
    }),
    ['FAIL nfs'],
  ],
});

test('judges each of several systems by its own services', () => {
  const world = anInventory({ services: [aService()] });
  const other = systemWith(
    { services: [aService({ system: 'nas2', running: false })] },
    aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'other' }),
  );
  const outcomes = outcomesIn(nasServiceRunning, { ...world, systems: [...world.systems, other] });
  expect(outcomes.map(({ system, status }) => [system, status])).toEqual([['nas1', 'PASS']]);
});

import { nasServiceAtBoot } from '../../../../src/lib/core/rules/validation/nas-service-at-boot.ts';
import {
  type SmallWorld,
  aDataset,
  aDriverSecret,
  anInventory,
  anIscsiPv,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aService, anAddress } from '../../../support/surrounding-builders.ts';

const world = (over: SmallWorld) => anInventory({ services: [aService()], ...over });

testCheck(nasServiceAtBoot, {
  'passes where it is so': [world({ services: [aService()] }), ['PASS nfs']],
  'fails where it is not': [world({ services: [aService({ atBoot: false })] }), ['WARNING nfs']],
  'judges no service that nothing needs': [
    world({ services: [aService(), aService({ name: 'iscsitarget', atBoot: false })] }),
    ['PASS nfs'],
  ],
  'judges what a driver needs that has no volume yet': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', atBoot: false })],
      driverSecrets: [aDriverSecret({ kind: 'truenas-iscsi' })],
    }),
    ['WARNING iscsitarget', 'PASS nfs'],
  ],
  'judges no driver of another system, nor one that has its own targets': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', atBoot: false })],
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
      services: [aService(), aService({ name: 'iscsitarget', atBoot: false })],
      persistentVolumes: [anIscsiPv()],
      datasets: [aDataset({ kind: 'volume' })],
    }),
    ['WARNING iscsitarget', 'PASS nfs'],
  ],
  'does not judge for volumes that nobody uses': [
    world({
      services: [aService(), aService({ name: 'iscsitarget', atBoot: false })],
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
    world({ drivers: [], services: [aService({ atBoot: false })] }),
    ['SKIPPED nfs'],
  ],
  'judges a system that volumes name, whoever made them': [
    world({
      drivers: [],
      services: [aService({ atBoot: false })],
      addresses: [anAddress({ address: '10.10.0.5' })],
    }),
    ['WARNING nfs'],
  ],
});

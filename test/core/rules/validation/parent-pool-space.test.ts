import {
  type DriverSecret,
  type PersistentVolumeClaim,
} from '../../../../src/lib/core/model/kubernetes.ts';
import { parentPoolSpace } from '../../../../src/lib/core/rules/validation/parent-pool-space.ts';
import {
  NOW,
  type SmallWorld,
  aClaim,
  aDriverSecret,
  aPool,
  aStorageClass,
  aSystem,
  anInventory,
  size,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { anAddress } from '../../../support/surrounding-builders.ts';

const secret = (over: Partial<DriverSecret> = {}) =>
  aDriverSecret({ kind: 'freenas-api-iscsi', hosts: ['10.0.0.5'], ...over });
const claim = (bytes: number) =>
  aClaim({ name: `of-${bytes}`, phase: 'Pending', volumeName: null, requested: size(bytes) });
const waiting = (
  persistentVolumeClaims: readonly PersistentVolumeClaim[],
  world: SmallWorld = {},
) =>
  anInventory({
    pools: [aPool({ free: size(100).bytes })],
    driverSecrets: [secret()],
    drivers: [],
    storageClasses: [aStorageClass(), aStorageClass({ name: 'other', provisioner: 'other' })],
    addresses: [anAddress()],
    system: aSystem({ host: 'truenas.example' }),
    persistentVolumeClaims,
    ...world,
  });

testCheck(parentPoolSpace, {
  'passes while no claim waits': [waiting([]), ['PASS tank']],
  'passes where the claim fits': [waiting([claim(80)]), ['PASS tank']],
  'warns of the largest that does not': [waiting([claim(10), claim(81)]), ['WARNING tank']],
  'leaves a claim that is being deleted': [
    waiting([{ ...claim(81), deletedAt: NOW }]),
    ['PASS tank'],
  ],
  'leaves a claim of another driver': [
    waiting([{ ...claim(81), storageClass: 'other' }]),
    ['PASS tank'],
  ],
  'cannot tell where free space is not told': [
    waiting([claim(10)], { pools: [aPool({ free: null })] }),
    ['SKIPPED tank'],
  ],
  'says nothing of drivers that make file systems': [
    waiting([claim(81)], { driverSecrets: [aDriverSecret({ kind: 'freenas-api-nfs' })] }),
    [],
  ],
  'says nothing of drivers that make zvols over SSH': [
    waiting([claim(81)], { driverSecrets: [aDriverSecret({ kind: 'freenas-iscsi' })] }),
    [],
  ],
  'says nothing of drivers of another system': [
    waiting([claim(81)], { driverSecrets: [secret({ hosts: ['nas9.example'] })] }),
    [],
  ],
});

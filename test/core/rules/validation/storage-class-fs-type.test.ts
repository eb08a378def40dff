import { storageClassFsType } from '../../../../src/lib/core/rules/validation/storage-class-fs-type.ts';
import {
  aCsiDriver,
  aDriver,
  aDriverSecret,
  anInventory,
  aStorageClass,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const csiDrivers = [aCsiDriver()];
const formatted = (fsType: string, kind: string) =>
  anInventory({
    csiDrivers,
    driverSecrets: [aDriverSecret({ kind })],
    storageClasses: [aStorageClass({ parameters: { fsType }, parameterNames: ['fsType'] })],
  });

testCheck(storageClassFsType, {
  'passes with nfs for NFS': [formatted('nfs', 'freenas-nfs'), ['PASS nas-nfs']],
  'passes with xfs for iSCSI': [formatted('xfs', 'freenas-api-iscsi'), ['PASS nas-nfs']],
  'fails with ext4 for NFS': [formatted('ext4', 'freenas-nfs'), ['FAIL nas-nfs']],
  'fails with nfs for iSCSI': [formatted('nfs', 'zfs-generic-iscsi'), ['FAIL nas-nfs']],
  'fails with zfs for NVMe-oF': [formatted('zfs', 'freenas-api-nvmeof'), ['FAIL nas-nfs']],
  'passes where it is left to the driver': [
    anInventory({ csiDrivers, storageClasses: [aStorageClass()] }),
    ['PASS nas-nfs'],
  ],
  'goes by what volumes remember where no configuration was read': [
    anInventory({
      csiDrivers,
      storageClasses: [
        aStorageClass({
          parameters: { 'csi.storage.k8s.io/fstype': 'ext4' },
          parameterNames: ['csi.storage.k8s.io/fstype'],
        }),
      ],
    }),
    ['FAIL nas-nfs'],
  ],
  'does not know a value that was not read': [
    anInventory({ csiDrivers, storageClasses: [aStorageClass({ parameterNames: ['fsType'] })] }),
    ['SKIPPED nas-nfs'],
  ],
  'does not know what another kind of driver takes': [
    anInventory({
      csiDrivers: [aCsiDriver({ name: 'tns.csi.io' })],
      drivers: [aDriver({ driver: 'tns.csi.io' })],
      storageClasses: [
        aStorageClass({
          provisioner: 'tns.csi.io',
          parameters: { fsType: 'ext4' },
          parameterNames: ['fsType'],
        }),
      ],
    }),
    ['SKIPPED nas-nfs'],
  ],
});

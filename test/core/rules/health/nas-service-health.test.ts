import { nasServiceHealth } from '../../../../src/lib/core/rules/health/nas-service-health.ts';
import {
  anExtent,
  anInventory,
  aNamespace,
  anNfsShare,
  anSmbShare,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aService } from '../../../support/surrounding-builders.ts';
import { withoutList } from '../../../support/rule-tester.ts';

const stopped = (name: string) => aService({ name, running: false });
const names = ['nfs', 'cifs', 'iscsitarget', 'nvmet'] as const;

testCheck(nasServiceHealth, {
  'passes where they run': [
    anInventory({ services: names.map((name) => aService({ name })) }),
    ['PASS nfs', 'PASS cifs', 'PASS iscsitarget', 'PASS nvmet'],
  ],
  'passes where what does not run is not needed': [
    anInventory({ services: [aService(), stopped('cifs'), stopped('ssh')] }),
    ['PASS nfs', 'PASS cifs'],
  ],
  'fails for each that volumes need': [
    anInventory({
      services: names.map(stopped),
      smbShares: [anSmbShare()],
      iscsiExtents: [anExtent()],
      nvmetNamespaces: [aNamespace()],
    }),
    ['FAIL nfs', 'FAIL cifs', 'FAIL iscsitarget', 'FAIL nvmet'],
  ],
  'passes where only what no driver made needs it, or nobody may use it': [
    anInventory({
      services: [stopped('cifs'), stopped('iscsitarget'), stopped('nvmet')],
      smbShares: [anSmbShare({ path: '/mnt/tank/media' }), anSmbShare({ path: '/elsewhere' })],
      iscsiExtents: [anExtent({ enabled: false })],
      nvmetNamespaces: [aNamespace({ devicePath: '/mnt/tank/k8s/file' })],
    }),
    ['PASS cifs', 'PASS iscsitarget', 'PASS nvmet'],
  ],
  'is skipped where nobody knows whether it is needed': [
    withoutList(anInventory({ services: [stopped('cifs')] }), 'smbShares'),
    ['SKIPPED cifs'],
  ],
});

testCheck(nasServiceHealth, {
  'passes where a share that cannot be listed is served all the same': [
    withoutList(anInventory({ services: [aService()] }), 'nfsShares'),
    ['PASS nfs'],
  ],
  'fails where NFS alone is down': [
    anInventory({ services: [stopped('nfs')], nfsShares: [anNfsShare()] }),
    ['FAIL nfs'],
  ],
});

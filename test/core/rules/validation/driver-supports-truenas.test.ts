import { driverSupportsTruenas } from '../../../../src/lib/core/rules/validation/driver-supports-truenas.ts';
import {
  aCsiDriver,
  aDriver,
  aDriverSecret,
  aFolder,
  anInventory,
  aSystem,
  systemWith,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aContainer, aControllerPod } from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';

function pair(tag: string, version: string, kind = 'freenas-api-nfs') {
  const image = `registry.example/democratic-csi/democratic-csi:${tag}`;
  return anInventory({
    system: aSystem({ version }),
    csiDrivers: [aCsiDriver()],
    pods: [aControllerPod({ containers: [aContainer({ image })] })],
    driverSecrets: [aDriverSecret({ kind })],
  });
}

const official = (version: string) =>
  anInventory({
    system: aSystem({ version }),
    csiDrivers: [aCsiDriver({ name: 'csi.truenas.io' })],
    drivers: [aDriver({ driver: 'csi.truenas.io' })],
  });

const onTwo = pair('v1.9.4', '24.10.2');
const undecided = {
  ...onTwo,
  systems: [
    ...onTwo.systems,
    systemWith(
      { datasets: [aFolder('tank/x', { system: 'nas2' })] },
      aSystem({ name: 'nas2', host: 'nas2.example' }),
    ),
  ],
};

testCheck(driverSupportsTruenas, {
  'passes with a release and the TrueNAS of its time': [
    pair('v1.9.4', '24.10.2'),
    [`PASS ${driver}`],
  ],
  'fails where the API driver does not know SCALE any more': [
    pair('v1.9.4', '25.04.0'),
    [`FAIL ${driver}`],
  ],
  'passes where another kind does not ask': [
    pair('v1.9.4', '25.04.2', 'freenas-nfs'),
    [`PASS ${driver}`],
  ],
  'passes with a later build': [pair('next', '25.10.1'), [`PASS ${driver}`]],
  'passes with a later release': [pair('v1.10.0', '25.10.1'), [`PASS ${driver}`]],
  'warns of iSCSI over SSH, which cannot grow on 25.10': [
    pair('v1.9.3', '25.10.1', 'freenas-iscsi'),
    [`WARNING ${driver}`],
  ],
  'fails where REST is gone': [pair('v1.9.4', '26.0.0', 'freenas-nfs'), [`FAIL ${driver}`]],
  'does not know what a later build does without REST': [
    pair('latest', '26.0.0'),
    [`SKIPPED ${driver}`],
  ],
  'passes without REST where none is needed': [
    pair('v1.9.4', '26.0.0', 'zfs-generic-nfs'),
    [`PASS ${driver}`],
  ],
  'fails on CORE': [pair('next', '13.0-U6.1'), [`FAIL ${driver}`]],
  'passes on CORE over SSH': [pair('v1.9.4', '13.0-U6.1', 'freenas-iscsi'), [`PASS ${driver}`]],
  'does not know where the version cannot be read': [
    pair('v1.9.4', 'master'),
    [`SKIPPED ${driver}`],
  ],
  'does not know where no pod was seen': [
    anInventory({ csiDrivers: [aCsiDriver()] }),
    [`SKIPPED ${driver}`],
  ],
  'passes where JSON-RPC is spoken': [official('25.04.0'), ['PASS csi.truenas.io']],
  'fails where it is not': [official('24.10.2'), ['FAIL csi.truenas.io']],
  'judges by the system its configuration names': [undecided, [`PASS ${driver}`]],
  'does not know which of two systems is meant by an address that is neither': [
    {
      ...undecided,
      clusters: anInventory({
        csiDrivers: [aCsiDriver()],
        pods: [aControllerPod()],
        driverSecrets: [aDriverSecret({ hosts: ['10.9.9.9'] })],
      }).clusters,
    },
    [`SKIPPED ${driver}`],
  ],
  'knows what volumes remember where no configuration was read': [
    anInventory({
      system: aSystem({ version: '25.10.0' }),
      csiDrivers: [aCsiDriver()],
      pods: [aControllerPod({ containers: [aContainer({ image: 'democratic-csi:v1.9.4' })] })],
    }),
    [`FAIL ${driver}`],
  ],
});

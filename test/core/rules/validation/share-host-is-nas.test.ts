import {
  NO_DRIVER_SETTINGS,
  type DriverSettings,
} from '../../../../src/lib/core/model/driver-settings.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import { shareHostIsNas } from '../../../../src/lib/core/rules/validation/share-host-is-nas.ts';
import { type SmallWorld, aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { anAddress } from '../../../support/surrounding-builders.ts';

const SECRET = 'democratic-csi/nas-nfs-democratic-csi-driver-config';
const world = (
  settings: Partial<DriverSettings>,
  over: Partial<DriverSecret> = {},
  more: SmallWorld = {},
) =>
  anInventory({
    drivers: [],
    addresses: [anAddress(), anAddress({ address: 'fd00::5/64' })],
    driverSecrets: [aDriverSecret({ settings: { ...NO_DRIVER_SETTINGS, ...settings }, ...over })],
    ...more,
  });

testCheck(shareHostIsNas, {
  'passes where it is an address of the NAS': [
    world({ shareHost: '10.0.0.5' }),
    [`PASS ${SECRET}`],
  ],
  'passes however the address is written': [
    world({ shareHost: '[FD00:0::5]' }),
    [`PASS ${SECRET}`],
  ],
  'passes where it is the host of the configuration': [
    world({ shareHost: 'NAS1.example' }),
    [`PASS ${SECRET}`],
  ],
  'passes where its driver reaches TrueNAS at the same host': [
    world({ shareHost: '192.0.2.1' }, { hosts: ['nas1.example', '192.0.2.1'] }),
    [`PASS ${SECRET}`],
  ],
  "warns of an address that is none of the NAS's": [
    world({ shareHost: '10.0.0.6' }),
    [`WARNING ${SECRET}`],
  ],
  'judges each portal, without its port': [
    world({ portals: ['10.0.0.5:3260', '10.0.0.6:3260', '10.0.0.6'] }),
    [`PASS ${SECRET}`, `WARNING ${SECRET}`],
  ],
  'cannot tell of a name': [world({ shareHost: 'storage.example' }), [`SKIPPED ${SECRET}`]],
  'cannot tell of a driver that works elsewhere': [
    world({ shareHost: '10.9.9.9' }, { hosts: ['10.9.9.1'] }),
    [`SKIPPED ${SECRET}`],
  ],
  'cannot tell where the NAS tells no address': [
    { ...world({ shareHost: '10.0.0.6' }, {}, { addresses: [] }) },
    [`SKIPPED ${SECRET}`],
  ],
  'says nothing of a driver that has none': [world({}), []],
});

import {
  NO_DRIVER_SETTINGS,
  type DriverSettings,
} from '../../../../src/lib/core/model/driver-settings.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import { iscsiPortalAddress } from '../../../../src/lib/core/rules/validation/iscsi-portal-address.ts';
import { A_GROUP, type SmallWorld, aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aPortal, anAddress } from '../../../support/surrounding-builders.ts';

const SECRET = 'democratic-csi/nas-nfs-democratic-csi-driver-config';
const world = (
  settings: Partial<DriverSettings>,
  over: SmallWorld = {},
  secret: Partial<DriverSecret> = {},
) =>
  anInventory({
    drivers: [],
    driverSecrets: [
      aDriverSecret({
        kind: 'freenas-api-iscsi',
        settings: { ...NO_DRIVER_SETTINGS, targetGroups: [A_GROUP], ...settings },
        ...secret,
      }),
    ],
    addresses: [anAddress(), anAddress({ address: '10.0.0.6' })],
    ...over,
  });
const on = (address: string): SmallWorld => ({ iscsiPortals: [aPortal({ listen: [address] })] });

testCheck(iscsiPortalAddress, {
  'passes where the portal listens on it': [
    world({ portals: ['10.0.0.5:3260'] }, on('10.0.0.5')),
    [`PASS ${SECRET}`],
  ],
  'passes where the portal listens on all addresses': [
    world({ portals: ['storage.example'] }, on('0.0.0.0')),
    [`PASS ${SECRET}`],
  ],
  'passes where another portal of its groups listens on it': [
    world(
      { portals: ['10.0.0.6'], targetGroups: [A_GROUP, { ...A_GROUP, portal: 2 }] },
      {
        iscsiPortals: [aPortal({ listen: ['10.0.0.5'] }), aPortal({ id: 2, listen: ['10.0.0.6'] })],
      },
    ),
    [`PASS ${SECRET}`],
  ],
  'fails where the portal listens on another address of the NAS': [
    world({ portals: ['10.0.0.6:3260', '10.0.0.6'] }, on('10.0.0.5')),
    [`FAIL ${SECRET}`],
  ],
  "cannot tell of an address that is none of the NAS's": [
    world({ portals: ['10.0.0.9'] }, on('10.0.0.5')),
    [`SKIPPED ${SECRET}`],
  ],
  'cannot tell of a name': [
    world({ portals: ['storage.example'] }, on('10.0.0.5')),
    [`SKIPPED ${SECRET}`],
  ],
  'cannot tell where the portal is not there': [
    world({ portals: ['10.0.0.5'] }, { iscsiPortals: [aPortal({ id: 2 })] }),
    [`SKIPPED ${SECRET}`],
  ],
  'cannot tell of a driver that works elsewhere': [
    world({ portals: ['10.0.0.9'] }, {}, { hosts: ['nas9.example'] }),
    [`SKIPPED ${SECRET}`],
  ],
});

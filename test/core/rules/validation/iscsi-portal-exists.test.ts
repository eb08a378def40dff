import { expect, test } from 'vitest';
import {
  NO_DRIVER_SETTINGS,
  type DriverSettings,
} from '../../../../src/lib/core/model/driver-settings.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import { type TargetGroup } from '../../../../src/lib/core/model/truenas.ts';
import { iscsiPortalExists } from '../../../../src/lib/core/rules/validation/iscsi-portal-exists.ts';
import {
  A_GROUP,
  type SmallWorld,
  aDriver,
  aDriverSecret,
  anInventory,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
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
        settings: { ...NO_DRIVER_SETTINGS, ...settings },
        ...secret,
      }),
    ],
    iscsiPortals: [aPortal({ id: 4, tag: 1 })],
    ...over,
  });
const group = (portal: number | null, more: Partial<TargetGroup> = {}) => ({
  targetGroups: [{ ...A_GROUP, ...more, portal }],
});

testCheck(iscsiPortalExists, {
  'passes where it exists': [world(group(4)), [`PASS ${SECRET}`]],
  'fails where it does not': [world(group(1)), [`FAIL ${SECRET}`]],
  'judges each once': [
    world({
      targetGroups: [...group(4).targetGroups, ...group(1).targetGroups, ...group(4).targetGroups],
    }),
    [`FAIL ${SECRET}`, `PASS ${SECRET}`],
  ],
  'cannot tell of a driver that works elsewhere': [
    world(group(1), {}, { hosts: ['nas9.example'] }),
    [`SKIPPED ${SECRET}`],
  ],
  'knows a system by the address the driver talks to': [
    world(group(1), { addresses: [anAddress()] }, { hosts: ['10.0.0.5'] }),
    [`FAIL ${SECRET}`],
  ],
  'knows a system by what is declared': [
    world(group(1), { drivers: [aDriver({ system: 'nas1' })] }, { hosts: ['nas9.example'] }),
    [`FAIL ${SECRET}`],
  ],
  'says nothing of drivers without it, or of another protocol': [world({}, {}, {}), []],
  'says nothing of drivers that make their targets themselves': [
    world(group(1), {}, { kind: 'zfs-generic-iscsi' }),
    [],
  ],
});

test('says which portal is meant where the number of the web interface was written', () => {
  const [outcome] = outcomesIn(iscsiPortalExists, world(group(1)));
  expect(outcome?.message).toBe('nas1 has no portal with id 1 (it has 4): no target can be made');
  expect(outcome?.steps[0]).toMatch(/^Set it to 4 if you mean the portal .* numbers 1:/);
});

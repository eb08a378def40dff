import { expect, test } from 'vitest';
import { driversDeclared } from '../../../../src/lib/core/rules/validation/drivers-declared.ts';
import { aDriver, aDriverSecret, anInventory, PARENT } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const inferred = anInventory({ drivers: [] });

testCheck(driversDeclared, {
  'passes where the parent is declared exclusive': [anInventory(), [`PASS ${PARENT}`]],
  'passes where volumes carry an instance_id': [
    anInventory({ drivers: [], driverSecrets: [aDriverSecret({ instanceId: 'nas-nfs' })] }),
    [`PASS ${PARENT}`],
  ],
  'warns where it is only inferred': [inferred, [`WARNING ${PARENT}`]],
  'warns where others may use it': [
    anInventory({ drivers: [aDriver({ exclusive: false })] }),
    [`WARNING ${PARENT}`],
  ],
});

test('the line to add is in the steps', () => {
  expect(outcomesIn(driversDeclared, inferred)[0]?.steps[1]).toContain(
    `{driver: org.democratic-csi.nfs, parent: ${PARENT}, exclusive: true}`,
  );
});

import { truenasRoles } from '../../../../src/lib/core/rules/validation/truenas-roles.ts';
import { anInventory, aSystem } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { anAccount } from '../../../support/surrounding-builders.ts';

testCheck(truenasRoles, {
  'passes with the role that reads': [anInventory({ account: [anAccount()] }), ['PASS nas1']],
  'passes with roles picked one by one': [
    anInventory({ account: [anAccount({ roles: ['POOL_READ', 'DATASET_READ'] })] }),
    ['PASS nas1'],
  ],
  'warns of an administrator of everything': [
    anInventory({ account: [anAccount({ roles: ['FULL_ADMIN'] })] }),
    ['WARNING nas1'],
  ],
  'passes where REST lets nobody else in': [
    anInventory({
      account: [anAccount({ roles: ['FULL_ADMIN'] })],
      system: aSystem({ transport: 'rest' }),
    }),
    ['PASS nas1'],
  ],
  'is skipped where TrueNAS does not tell': [
    anInventory({ account: [anAccount({ roles: null })] }),
    ['SKIPPED nas1'],
  ],
});

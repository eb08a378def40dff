import { poolFragmentation } from '../../../../src/lib/core/rules/health/pool-fragmentation.ts';
import { anInventory, aPool } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const fragmentedTo = (fragmentation: number | null) =>
  anInventory({ pools: [aPool({ fragmentation })] });

testCheck(poolFragmentation, {
  'passes where it is low': [fragmentedTo(12), ['PASS tank']],
  'warns above one half': [fragmentedTo(55), ['WARNING tank']],
  'is skipped where it is not told': [fragmentedTo(null), ['SKIPPED tank']],
});

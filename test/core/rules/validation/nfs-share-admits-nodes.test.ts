import { type NfsShare } from '../../../../src/lib/core/model/truenas.ts';
import { nfsShareAdmitsNodes } from '../../../../src/lib/core/rules/validation/nfs-share-admits-nodes.ts';
import {
  PARENT,
  type SmallWorld,
  aDataset,
  aNode,
  aPv,
  anInventory,
  anNfsShare,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aCsiNode } from '../../../support/surrounding-builders.ts';

const second = aNode({ name: 'worker-2', addresses: ['10.0.0.12', 'worker-2'] });
/** A share of a bound volume beside the one that is in every small world, which is open to everybody. */
const world = (share: Partial<NfsShare>, over: SmallWorld = {}, more: readonly NfsShare[] = []) =>
  anInventory({
    nodes: [aNode(), second],
    persistentVolumes: [aPv()],
    datasets: [aDataset()],
    nfsShares: [
      anNfsShare(share),
      anNfsShare({ id: 43, enabled: false, hosts: ['10.7.7.7'] }),
      ...more,
    ],
    ...over,
  });

testCheck(nfsShareAdmitsNodes, {
  'passes where everybody is admitted': [world({}), ['PASS everybody']],
  'passes where every node is in a network': [
    world({ networks: ['10.0.0.0/24'] }),
    ['PASS 10.0.0.0/24', 'PASS everybody'],
  ],
  'passes where every node is named': [
    world({ hosts: ['worker-1.example', '10.0.0.12'] }),
    ['PASS 10.0.0.12, worker-1.example', 'PASS everybody'],
  ],
  'warns of a node that is shut out': [
    world({ hosts: ['10.0.0.11'] }),
    ['PASS everybody', 'WARNING 10.0.0.11'],
  ],
  'judges shares that admit the same once': [
    world(
      { networks: ['10.9.0.0/24', '10.8.0.0/24'] },
      {
        persistentVolumes: [aPv(), aPv({ name: 'b' })],
        datasets: [aDataset(), aDataset({ id: `${PARENT}/b` })],
      },
      [anNfsShare({ id: 2, path: `/mnt/${PARENT}/b`, networks: ['10.8.0.0/24', '10.9.0.0/24'] })],
    ),
    ['PASS everybody', 'WARNING 10.8.0.0/24, 10.9.0.0/24'],
  ],
  'leaves nodes on which the driver is not': [
    world(
      { hosts: ['10.0.0.11'] },
      { csiNodes: [aCsiNode(), aCsiNode({ name: 'worker-2', drivers: [] })] },
    ),
    ['PASS 10.0.0.11', 'PASS everybody'],
  ],
  'leaves nodes on which no pods are placed': [
    world({ hosts: ['10.0.0.11'] }, { nodes: [aNode(), { ...second, schedulable: false }] }),
    ['PASS 10.0.0.11', 'PASS everybody'],
  ],
  'cannot tell where a name may be a node': [
    world({ hosts: ['10.0.0.11', 'kube2.example'] }),
    ['PASS everybody', 'SKIPPED 10.0.0.11, kube2.example'],
  ],
  'cannot tell of a node without an address': [
    world({ networks: ['10.0.0.0/24'] }, { nodes: [aNode(), { ...second, addresses: [] }] }),
    ['PASS everybody', 'SKIPPED 10.0.0.0/24'],
  ],
  'cannot tell where nodes may have addresses for storage': [
    world({ networks: ['10.10.0.0/16'] }),
    ['PASS everybody', 'SKIPPED 10.10.0.0/16'],
  ],
  'leaves shares of volumes that nobody uses, and shares that are off': [
    world({ networks: ['10.9.0.0/24'] }, { persistentVolumes: [aPv({ phase: 'Released' })] }),
    ['PASS everybody'],
  ],
});

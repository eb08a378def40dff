import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { type NfsShare } from '../../../../src/lib/core/model/truenas.ts';
import { nfsShareWritable } from '../../../../src/lib/core/rules/validation/nfs-share-writable.ts';
import { aDataset, aPv, anInventory, anNfsShare } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const world = (
  share: Partial<NfsShare>,
  volume: Partial<PersistentVolume> = {},
  more: readonly NfsShare[] = [],
) =>
  anInventory({
    persistentVolumes: [aPv(volume)],
    datasets: [aDataset()],
    nfsShares: [anNfsShare(share), ...more],
  });

testCheck(nfsShareWritable, {
  'passes where shares can be written': [world({}), ['PASS tank/k8s']],
  'warns of one that cannot': [world({ readonly: true }), ['WARNING tank/k8s']],
  'passes where another share of the volume can': [
    world({ readonly: true }, {}, [anNfsShare({ id: 43 })]),
    ['PASS tank/k8s'],
  ],
  'leaves volumes that are only to be read': [
    world({ readonly: true }, { writable: false }),
    ['PASS tank/k8s'],
  ],
  'leaves volumes that nobody uses': [
    world({ readonly: true }, { phase: 'Released' }),
    ['PASS tank/k8s'],
  ],
  'leaves shares that are off': [world({ readonly: true, enabled: false }), ['PASS tank/k8s']],
});

import { type Explanation } from '../../src/lib/core/explain/explanation.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { pvBackendMissing } from '../../src/lib/core/rules/orphans/pv-backend-missing.ts';
import { pvReleased } from '../../src/lib/core/rules/orphans/pv-released.ts';
import { snapshotContentBackendMissing } from '../../src/lib/core/rules/orphans/snapshot-content-backend-missing.ts';
import {
  aClaim,
  aCluster,
  aContent,
  aDataset,
  aMapping,
  anEvent,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPod,
  aPv,
  aSnapshotTask,
  aTarget,
  aVolumeSnapshot,
  aWorkload,
  aZfsSnapshot,
  clusterWith,
  details,
  HANDLE,
  PARENT,
  properties,
  size,
  SNAPSHOT_UID,
  systemWith,
} from './builders.ts';
import { explained } from './explaining.ts';
import { withoutList } from './rule-tester.ts';

const PATH = `${PARENT}/${HANDLE}`;

const whole = anInventory({
  persistentVolumes: [aPv(), aPv({ name: 'restored', claim: null })],
  persistentVolumeClaims: [aClaim()],
  pods: [aPod({ claims: ['library'] })],
  deployments: [aWorkload({ claims: ['library'] })],
  datasets: [
    aDataset({ used: size(5 << 20), usedBySnapshots: size(1 << 20) }),
    aDataset({ id: `${PARENT}/restored`, origin: `${PATH}@snapshot-${SNAPSHOT_UID}` }),
  ],
  nfsShares: [anNfsShare()],
  zfsSnapshots: [
    aZfsSnapshot(),
    aZfsSnapshot({ name: 'auto-1', details: details({ properties: properties(), holds: ['a'] }) }),
  ],
  volumeSnapshots: [aVolumeSnapshot()],
  volumeSnapshotContents: [aContent()],
  snapshotTasks: [aSnapshotTask()],
  events: [anEvent()],
});

const many = anInventory({
  persistentVolumes: [anIscsiPv({ phase: 'Released', reclaimPolicy: 'Retain' })],
  datasets: [aDataset({ kind: 'volume', refquota: null, volsize: size(1 << 30) })],
  iscsiExtents: [anExtent()],
  iscsiTargets: [aTarget()],
  iscsiTargetExtents: [aMapping()],
  zfsSnapshots: Array.from({ length: 20 }, (_, at) =>
    aZfsSnapshot({ name: `auto-${String(at)}`, details: details({ properties: properties() }) }),
  ),
});

const released = anInventory({
  persistentVolumes: [aPv({ phase: 'Released', statusMessage: 'in use' })],
  datasets: [aDataset()],
  nfsShares: [anNfsShare()],
});

const two: Inventory = {
  ...anInventory(),
  clusters: ['prod', 'staging'].map((cluster) =>
    clusterWith(
      { persistentVolumes: [aPv({ cluster, claim: null })] },
      aCluster({ name: cluster, uid: cluster }),
    ),
  ),
  systems: [systemWith({ datasets: [aDataset()], nfsShares: [anNfsShare()] })],
};

const ignore = [
  { rule: 'pv-released', name: null, namespace: null, selector: null, reason: 'kept', until: null },
];

/** A few rules of the many: what each of them says is tested elsewhere. */
const rules = [pvBackendMissing, pvReleased, snapshotContentBackendMissing];

/** Explanations as they differ in what a renderer has to show. */
export async function makeExplanations(): Promise<Readonly<Record<string, Explanation>>> {
  const blind = withoutList(withoutList(whole, 'pods'), 'zfsSnapshots');
  const [volume, crowd, reported, suppressed, incomplete, plural] = await Promise.all([
    explained(whole, `pv/${HANDLE}`, { rules }),
    explained(many, `zfssnapshot/${PATH}@auto-15`, { rules }),
    explained(released, `dataset ${PATH}`, { rules }),
    explained(released, `dataset ${PATH}`, { rules, ignore }),
    explained(blind, `dataset ${PATH}`, { rules }),
    explained(two, `pv/${HANDLE}`, { rules }),
  ]);
  return { volume, crowd, reported, suppressed, incomplete, plural };
}

import { certain, defineScenario } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addSnapshot, addZfsSnapshot } from '../build/snapshot.ts';
import { addDataset, GIB, HOUR, MINUTE } from '../build/stage.ts';
import { addPendingClaim } from '../build/claim.ts';
import { type Scenario } from '../world.ts';

/** Just short of the default threshold. */
const YOUNG = 24 * HOUR - 5 * MINUTE;
/** A clock that is behind stamps as older what is just as young: by its own time it is not 24 hours ago. */
const STAMPED_BY_A_SLOW_CLOCK = 24 * HOUR + 5 * MINUTE;
const TEN_MINUTES = 600;

/** Objects in the making and on their way out. */
export const TIME_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'younger-than-threshold',
    description: 'volumes of which one side already knows and the other does not yet',
    row: 2,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const [disk] = addSound(site.iscsi, 2);
      addOne(site.nfs, 'apps/just-made', { days: YOUNG, gone: ['pv', 'claim'] });
      addOne(site.nfs, 'apps/just-gone', { days: YOUNG, gone: ['dataset', 'share'] });
      addOne(site.iscsi, 'apps/half-made', { days: YOUNG, stopsAt: 'share', gone: ['claim'] });
      addOne(site.iscsi, 'apps/not-shared-yet', { days: YOUNG, gone: ['share'] });
      addPendingClaim(site.nfs, { claim: 'apps/waiting', size: GIB, days: YOUNG });
      if (disk !== undefined) {
        addSnapshot(disk, { name: 'no-content', days: YOUNG, gone: ['content', 'snapshot'] });
        addSnapshot(disk, { name: 'no-backend', days: YOUNG, gone: ['backend'] });
        const gone = ['content', 'snapshot'] as const;
        addSnapshot(disk, { name: 'copy', days: YOUNG, detached: true, gone });
        addSnapshot(disk, { name: 'not-ready', days: YOUNG, unreported: true });
        addZfsSnapshot(site.nas, `${disk.dataset}@volume-source-for-volume-pvc-new`, {
          days: YOUNG,
        });
      }
      addDataset(site.nas, `${site.nfs.detachedParent}/pvc-new`, { days: YOUNG });
      addDataset(site.nas, `${site.nfs.parent}/pvc-by-hand`, { days: YOUNG });
      addOne(site.nfs, 'apps/nobody-yet', { days: YOUNG, idle: true });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'clock-skew-nas-behind',
    description: 'the clock of the NAS is ten minutes behind, so its young datasets look older',
    row: 2,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      addOne(site.nfs, 'apps/just-made', {
        days: STAMPED_BY_A_SLOW_CLOCK,
        gone: ['pv', 'claim'],
      });
      site.nas.system.clockSkewSeconds = -TEN_MINUTES;
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'clock-skew-cluster-behind',
    description: 'the clock of the cluster is ten minutes behind, so its young volumes look older',
    row: 2,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      addOne(site.nfs, 'apps/just-gone', {
        days: STAMPED_BY_A_SLOW_CLOCK,
        gone: ['dataset', 'share'],
      });
      addPendingClaim(site.nfs, {
        claim: 'apps/waiting',
        size: GIB,
        days: STAMPED_BY_A_SLOW_CLOCK,
      });
      site.cluster.cluster.clockSkewSeconds = -TEN_MINUTES;
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'half-provisioned',
    description: 'two volumes stopped half-way: one claim still waits, the other is gone',
    row: 14,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 5);
      addSound(site.iscsi, 5);
      // The provisioner still tries for this one: the claim is stuck, its dataset is not left over.
      addOne(site.nfs, 'apps/still-pending', { days: 3.1, stopsAt: 'share' });
      const half = addOne(site.iscsi, 'apps/given-up', {
        days: 40.2,
        stopsAt: 'extent',
        gone: ['claim'],
      });
      return finish(site, [
        certain('pvc-pending', 'apps/still-pending'),
        certain('dataset-half-provisioned', half.dataset),
      ]);
    },
  }),
  defineScenario({
    name: 'waits-for-first-consumer',
    description:
      'claims that are pending because nothing has asked for them, or only since a moment',
    row: 33,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const late = addDeployment(site.cluster, site.nas, {
        protocol: 'iscsi',
        driver: 'org.democratic-csi.iscsi-late',
        parent: 'tank/k8s/late/vols',
        storageClass: 'nas-iscsi-late',
        bindingMode: 'WaitForFirstConsumer',
      });
      addPendingClaim(late, { claim: 'apps/nobody-yet', size: GIB, days: 60.3 });
      addPendingClaim(site.nfs, { claim: 'apps/driver-restarts', size: GIB, days: 10 * MINUTE });
      return finish(site, []);
    },
  }),
];

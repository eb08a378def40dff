import { certain, defineScenario, likely } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addPeriodicSnapshots, addSnapshot, addZfsSnapshot } from '../build/snapshot.ts';
import { GIB, TIB } from '../build/stage.ts';
import { addStaticVolume } from '../build/static-volume.ts';
import { type Scenario } from '../world.ts';

/** 8 EiB: ten bits more than a number counts exactly. */
const HUGE = 8 * 1024 * 1024 * TIB;

/** Values that the API dresses up, and values at the limits of what there can be. */
export const VALUE_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'dressed-up-values',
    description:
      'origins shown in upper case, sizes shown rounded, quotas of zero shown as nothing',
    row: 28,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      addSound(site.iscsi, 3);
      const unlimited = addOne(site.nfs, 'apps/unlimited', { size: GIB });
      if (unlimited.record !== undefined) delete unlimited.record.refquota;
      addOne(site.iscsi, 'apps/odd-size', { size: 10 * GIB + 16_384 });
      addPeriodicSnapshots(site.nas, unlimited.dataset, [1]);
      // Only its origin, read as it is written, tells that a living clone hangs on this one.
      const source = addOne(site.nfs, 'apps/Source', { gone: ['pv', 'claim'], days: 150.5 });
      const clone = addOne(site.nfs, 'apps/clone', {
        source: { type: 'volume', id: source.handle, origin: '' },
      });
      const origin = `${source.dataset}@volume-source-for-volume-${clone.handle}`;
      addZfsSnapshot(site.nas, origin, { days: 100.5 });
      if (clone.record !== undefined) clone.record.origin = origin;
      return finish(site, [
        likely('dataset-unclaimed', source.dataset),
        // Nobody reaches the clone by the share of its source.
        certain('share-unclaimed', `/mnt/${source.dataset}`),
      ]);
    },
  }),
  defineScenario({
    name: 'odd-values',
    description:
      'sizes beyond what a number counts, names at every limit, a pool with a space in its name',
    row: 35,
    build(version) {
      const site = newSite(version, { pools: ['my pool', 'tank'] });
      addSound(site.nfs, 3);
      addSound(site.iscsi, 3);
      addOne(site.nfs, 'apps/huge', { size: HUGE, used: 2 ** 55 + 2 ** 10 });
      const forgotten = addOne(site.nfs, 'apps/huge-forgotten', {
        size: HUGE,
        used: 2 ** 55 + 2 ** 10,
        gone: ['pv', 'claim'],
      });
      const kept = addOne(site.iscsi, 'apps/empty', {
        size: 1,
        used: 0,
        gone: ['claim'],
        policy: 'Retain',
        releasedDays: 10.5,
      });
      if (kept.pv !== undefined) {
        kept.pv.metadata.annotations = {
          ...kept.pv.metadata.annotations,
          'example.org/description': 'Größe: 1 Byte — テスト 🗄️',
        };
      }
      // 63 characters are the limit of a namespace, 253 that of most other names, 128 that of a volume id.
      const namespace = 'n'.repeat(63);
      const long = addOne(site.nfs, `${namespace}/${'c'.repeat(253)}`, { handle: 'v'.repeat(128) });
      addSnapshot(long, { name: 's'.repeat(253), days: 20.5 });
      addStaticVolume(site.cluster, {
        name: 'p'.repeat(253),
        claim: `${namespace}/static`,
        size: GIB,
        days: 70.5,
        source: { nfs: { server: site.nfs.host, path: `/mnt/${forgotten.dataset}-elsewhere` } },
      });
      const wide = addDeployment(site.cluster, site.nas, {
        protocol: 'iscsi',
        driver: 'org.democratic-csi.iscsi-spaced',
        parent: 'my pool/for the shop/vols',
        storageClass: 'nas-iscsi-spaced',
      });
      addOne(wide, 'shop/spaced');
      const extent = addOne(wide, 'shop/spaced-gone', { gone: ['pv', 'claim', 'dataset'] });
      return finish(site, [
        ...unclaimed(forgotten),
        certain('pv-released', kept.name),
        certain('iscsi-extent-dangling', extent.assets),
      ]);
    },
  }),
];

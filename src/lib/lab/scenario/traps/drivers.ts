import { defineScenario } from '../build/define.ts';
import { addPathDriver } from '../build/path-driver.ts';
import { addPathSnapshot } from '../build/path-snapshot.ts';
import { addPathVolume } from '../build/path-volume.ts';
import { addSound, finish, newSite } from '../build/site.ts';
import { addSnapshot } from '../build/snapshot.ts';
import { type Scenario } from '../world.ts';

/** Drivers other than democratic-csi, beside it. */
export const DRIVER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'three-drivers',
    description: 'three kinds of drivers make volumes on one pool, each in its own manner',
    row: 29,
    build(version) {
      const site = newSite(version);
      const { cluster, nas } = site;
      for (const volume of [...addSound(site.nfs, 2), ...addSound(site.iscsi, 2)]) {
        addSnapshot(volume, { name: `${volume.claimName}-weekly`, days: 7.5 });
      }
      const official = addPathDriver(cluster, nas, { driver: 'csi.truenas.io', protocol: 'nfs' });
      const tns = addPathDriver(cluster, nas, { driver: 'tns.csi.io', protocol: 'iscsi' });
      for (const driver of [official, tns]) {
        const volume = addPathVolume(driver, { claim: `apps/${driver.storageClass}` });
        addPathSnapshot(volume, { name: `${driver.storageClass}-weekly`, days: 7.5 });
      }
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'official-driver-on-a-pool',
    description: 'the official driver makes its volumes right below a pool, beside everything else',
    row: 29,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const driver = addPathDriver(site.cluster, site.nas, {
        driver: 'csi.truenas.io',
        protocol: 'nfs',
        parent: 'tank',
      });
      addPathVolume(driver, { claim: 'apps/on-the-pool' });
      addPathVolume(driver, { claim: 'apps/also-there' });
      return finish(site, []);
    },
  }),
];

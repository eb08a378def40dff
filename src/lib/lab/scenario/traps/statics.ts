import { certain, defineScenario, SINCE_25_10 } from '../build/define.ts';
import { addDeployment, type Deployment } from '../build/deployment.ts';
import { nqnOf } from '../build/exports.ts';
import { type Protocol } from '../build/protocol.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { GIB } from '../build/stage.ts';
import { addStaticVolume } from '../build/static-volume.ts';
import { type Volume } from '../build/volume.ts';
import { type Scenario } from '../world.ts';

function addMore(site: Site, protocol: Protocol): Deployment {
  return addDeployment(site.cluster, site.nas, { protocol });
}

/** A volume whose own PersistentVolume is gone. */
function addAdopted(deployment: Deployment, name: string): Volume {
  return addOne(deployment, `legacy/${name}`, { gone: ['pv', 'claim'] });
}

/** Mounts a dataset by hand, through the part of democratic-csi that makes nothing itself. */
function mountManually(site: Site, name: string, attributes: Record<string, string>): void {
  mount(site, name, {
    csi: {
      driver: 'org.democratic-csi.node-manual',
      volumeHandle: name,
      volumeAttributes: { provisioner_driver: 'node-manual', ...attributes },
    },
  });
}

function mount(site: Site, name: string, source: Record<string, unknown>): void {
  const claim = `apps/${name}`;
  addStaticVolume(site.cluster, { name, claim, size: 20 * GIB, days: 80.5, source });
}

/** Volumes written by hand for datasets that a driver once made. */
export const STATIC_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'static-failed',
    description:
      'an NFS volume written by hand that Kubernetes was told to delete, which nobody can',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const { dataset } = addAdopted(site.nfs, 'given-up');
      addStaticVolume(site.cluster, {
        name: 'given-up',
        claim: 'apps/given-up',
        size: 20 * GIB,
        days: 80.5,
        source: { nfs: { server: site.nfs.host, path: `/mnt/${dataset}` } },
        failed:
          'error getting deleter volume plugin for volume "given-up": no deletable volume plugin matched',
      });
      return finish(site, [
        certain('pv-failed', 'given-up'),
        certain('delete-blocked', 'given-up'),
      ]);
    },
  }),
  defineScenario({
    name: 'static-file-systems',
    description: 'NFS and SMB volumes written by hand use datasets that a driver once made',
    row: 8,
    build(version) {
      const site = newSite(version);
      const smb = addMore(site, 'smb');
      addSound(site.nfs, 2);
      addSound(smb, 2);
      const server = site.nfs.host;
      const manual = addAdopted(site.nfs, 'manual');
      mountManually(site, 'manual-nfs', {
        node_attach_driver: 'nfs',
        server,
        share: `/mnt/${manual.dataset}`,
      });
      const shared = addAdopted(smb, 'manual');
      mountManually(site, 'manual-smb', {
        node_attach_driver: 'smb',
        server,
        share: shared.assets,
      });
      const addressed = addAdopted(smb, 'addressed');
      mount(site, 'csi-smb', {
        csi: {
          driver: 'smb.csi.k8s.io',
          volumeHandle: 'csi-smb',
          volumeAttributes: { source: `//${server}/${addressed.assets}` },
        },
      });
      const inside = addAdopted(site.nfs, 'inside');
      mount(site, 'directory', { nfs: { server, path: `/mnt/${inside.dataset}/photos/2024` } });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'static-nvme-disks',
    description: 'an NVMe-oF volume written by hand uses a zvol that a driver once made',
    row: 8,
    versions: SINCE_25_10,
    build(version) {
      const site = newSite(version);
      const nvmeof = addMore(site, 'nvmeof');
      addSound(nvmeof, 3);
      const manual = addAdopted(nvmeof, 'manual');
      mountManually(site, 'manual-nvme', {
        node_attach_driver: 'nvmeof',
        transport: `tcp://${nvmeof.host}:4420`,
        nqn: nqnOf(manual.assets),
        nsid: '1',
      });
      return finish(site, []);
    },
  }),
];

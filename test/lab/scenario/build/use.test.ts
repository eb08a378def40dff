import { describe, expect, it } from 'vitest';
import { addOne, finish, newSite } from '../../../../src/lib/lab/scenario/build/site.ts';
import { addPathDriver } from '../../../../src/lib/lab/scenario/build/path-driver.ts';
import { addPathVolume } from '../../../../src/lib/lab/scenario/build/path-volume.ts';
import { at, list } from '../invariants.ts';

describe('a finished world', () => {
  const site = newSite('25.10');
  const served = addOne(site.iscsi, 'apps/served');
  addOne(site.iscsi, 'apps/idle', { idle: true });
  addOne(site.iscsi, 'apps/released', { gone: ['claim'] });
  const tns = addPathDriver(site.cluster, site.nas, { driver: 'tns.csi.io', protocol: 'nfs' });
  addPathVolume(tns, { claim: 'apps/unattached' });
  finish(site, []);
  const { cluster } = site.cluster;
  const claimsInUse = (): unknown[] =>
    list(cluster, 'pods')
      .map((pod) => at(pod, 'spec', 'volumes', '0', 'persistentVolumeClaim', 'claimName'))
      .filter((name) => name !== undefined);

  it('has a pod for each bound claim that is not to be idle', () => {
    expect(claimsInUse().sort()).toEqual(['served', 'unattached']);
  });

  it('attaches what a running pod uses, where the driver attaches at all', () => {
    const volumes = list(cluster, 'volumeattachments').map((each) =>
      at(each, 'spec', 'source', 'persistentVolumeName'),
    );
    expect(volumes).toEqual([served.name]);
  });

  it('attaches to machines that are there', () => {
    const nodes = new Set(list(cluster, 'nodes').map(({ metadata }) => metadata.name));
    for (const attachment of list(cluster, 'volumeattachments')) {
      expect(nodes).toContain(at(attachment, 'spec', 'nodeName'));
    }
  });

  it('changes nothing when it is finished again', () => {
    const before = structuredClone(cluster);
    finish(site, []);
    expect(cluster).toEqual(before);
  });
});

import { expect, test } from 'vitest';
import { listed } from '../../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { volumeServerCurrent } from '../../../../src/lib/core/rules/validation/volume-server-current.ts';
import {
  HANDLE,
  PARENT,
  type SmallWorld,
  aDataset,
  aDriverSecret,
  aPv,
  anInventory,
  anIscsiPv,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { anAddress } from '../../../support/surrounding-builders.ts';

const OK = 'PASS org.democratic-csi.nfs';
/** Of the volume that is in every small world. */
const BYSTANDER = 'WARNING org.democratic-csi.nfs';
const named = aDriverSecret({
  settings: { ...NO_DRIVER_SETTINGS, shareHost: 'storage.example' },
});
const served = (server: string, name: string) => {
  const pv = aPv({ name });
  const attributes = { node_attach_driver: 'nfs', provisioner_driver: 'freenas-api-nfs', server };
  return { ...pv, source: { kind: 'csi', driver: DRIVER, handle: name, attributes } as const };
};
const DRIVER = 'org.democratic-csi.nfs';
const portals = (portal: string, all: string) => {
  const pv = anIscsiPv();
  const attributes = { node_attach_driver: 'iscsi', portal, portals: all };
  return { ...pv, source: { kind: 'csi', driver: DRIVER, handle: HANDLE, attributes } as const };
};
/** Volumes that are mounted from these hosts, and no other. */
function world(hosts: readonly string[], over: SmallWorld = {}): Inventory {
  const volumes = hosts.map((host, at) => served(host, `v${String(at)}`));
  const inventory = anInventory({
    addresses: [anAddress()],
    datasets: volumes.map(({ name }) => aDataset({ id: `${PARENT}/${name}` })),
    ...over,
  });
  return {
    ...inventory,
    clusters: inventory.clusters.map((cluster) => ({
      ...cluster,
      lists: { ...cluster.lists, persistentVolumes: listed(volumes) },
    })),
  };
}

testCheck(volumeServerCurrent, {
  'passes where it is an address of the NAS': [world(['10.0.0.5', '10.0.0.5']), [OK]],
  'passes where it is the host of the configuration': [world(['nas1.example']), [OK]],
  'passes where it is the name its driver is configured with': [
    world(['storage.example'], { driverSecrets: [named] }),
    [OK],
  ],
  'warns once of an address that the NAS no longer has': [
    world(['10.0.0.9', '10.0.0.9', '10.0.0.5']),
    [OK, 'WARNING org.democratic-csi.nfs'],
  ],
  'warns of each portal': [
    anInventory({
      addresses: [anAddress()],
      datasets: [aDataset({ kind: 'volume' })],
      persistentVolumes: [portals('10.0.0.5:3260', '10.0.0.5:3260,10.0.0.9:3260')],
    }),
    [BYSTANDER, OK, 'WARNING org.democratic-csi.nfs'],
  ],
  'cannot tell of another name': [world(['storage.example']), ['SKIPPED org.democratic-csi.nfs']],
  'cannot tell where the volume may lie on another system': [
    world(['10.0.0.9'], { drivers: [] }),
    ['SKIPPED org.democratic-csi.nfs'],
  ],
  'cannot tell where the NAS tells no address': [
    world(['10.0.0.9'], { addresses: [] }),
    ['SKIPPED org.democratic-csi.nfs'],
  ],
  'says nothing of volumes that lie on no system here': [world(['10.0.0.9'], { datasets: [] }), []],
});

test('says of each address how many volumes name it', () => {
  const outcomes = outcomesIn(volumeServerCurrent, world(['10.0.0.9', '10.0.0.5', '10.0.0.9']));
  expect(outcomes.map(({ message }) => message).toSorted()).toEqual([
    '1 PersistentVolume names 10.0.0.5, an address of nas1',
    '2 PersistentVolumes name 10.0.0.9, none of the addresses of nas1: 10.0.0.5',
  ]);
  expect(new Set(outcomes.map(({ id }) => id)).size).toBe(2);
});

import {
  NO_DRIVER_SETTINGS,
  type DriverSettings,
} from '../../../../src/lib/core/model/driver-settings.ts';
import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { volumeQuota } from '../../../../src/lib/core/rules/validation/volume-quota.ts';
import {
  HANDLE,
  aDataset,
  aDriverSecret,
  aPv,
  anInventory,
  finished,
  properties,
  size,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const world = (
  dataset: Partial<Dataset>,
  settings: Partial<DriverSettings> = {},
  hosts: readonly string[] = ['nas1.example'],
) =>
  anInventory({
    datasets: [aDataset(dataset)],
    persistentVolumes: [aPv()],
    driverSecrets: [
      aDriverSecret({
        hosts,
        settings: { ...NO_DRIVER_SETTINGS, enableQuotas: true, ...settings },
      }),
    ],
  });

testCheck(volumeQuota, {
  'passes where all have one': [world({}), ['PASS tank/k8s']],
  'warns where one has none': [world({ refquota: null }), ['WARNING tank/k8s']],
  'takes a quota of 0 for none': [world({ refquota: size(0) }), ['WARNING tank/k8s']],
  'leaves a volume in the making': [
    world({ refquota: null, properties: finished(HANDLE, { provisionSuccess: false }) }),
    ['PASS tank/k8s'],
  ],
  'leaves what no driver made': [
    world({ refquota: null, properties: properties() }),
    ['PASS tank/k8s'],
  ],
  'leaves drivers that set none': [world({ refquota: null }, { enableQuotas: false }), []],
  'leaves drivers that do not say': [world({ refquota: null }, { enableQuotas: null }), []],
  'cannot tell where this may be a replica': [
    world({ refquota: null }, {}, ['nas9.example']),
    ['SKIPPED tank/k8s'],
  ],
});

import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  AssetNames,
  endsInUid,
  holdsUid,
} from '../../../../src/lib/core/rules/checks/asset-names.ts';
import {
  aDataset,
  aFolder,
  anInventory,
  finished,
  HANDLE,
  PARENT,
  UID,
} from '../../../support/builders.ts';

const volume = aDataset();
const noted = aDataset({
  id: `${PARENT}/pvc-0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901`,
  properties: finished('noted', { iscsiAssetsName: 'CSI-Short', nvmetAssetsName: 'nvme-short' }),
});
const unmanaged = aFolder(`tank/media/pvc-22222222-1e0b-4f53-8f1e-53e2b2a7d902`);
const SECOND = '33333333-1e0b-4f53-8f1e-53e2b2a7d903';
const second = aDataset({ id: `${PARENT}/pvc-${SECOND}` });
const plain = aDataset({ id: `${PARENT}/128` });
const datasets = [volume, second, noted, unmanaged, plain];

function volumesOf(name: string, system = 'nas1'): string[] {
  const { volumeLinks } = correlate(anInventory({ datasets }), DEFAULT_POLICY).derived;
  return new AssetNames(datasets, volumeLinks).volumesOf(system, name).map(({ id }) => id);
}

test('a name is that of the volume whose driver noted it, in any case', () => {
  expect(volumesOf('csi-SHORT')).toEqual([noted.id]);
  expect(volumesOf('nvme-short')).toEqual([noted.id]);
});

test('a name is that of the volume whose uid it holds, where its driver noted none', () => {
  expect(volumesOf(`csi-${HANDLE.toUpperCase()}-prod`)).toEqual([volume.id]);
  expect(volumesOf('csi-pvc-0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901')).toEqual([]);
});

test('a name of two uids may mean either volume', () => {
  expect(volumesOf(`${SECOND}-${UID}`)).toEqual([second.id, volume.id]);
});

test('a name is nobody’s on another system, without a uid, and of what is no volume', () => {
  expect(volumesOf('csi-short', 'nas2')).toEqual([]);
  expect(volumesOf(HANDLE, 'nas2')).toEqual([]);
  expect(volumesOf('csi-128')).toEqual([]);
  expect(volumesOf('pvc-22222222-1e0b-4f53-8f1e-53e2b2a7d902')).toEqual([]);
});

test('a uid is told wherever it stands', () => {
  expect([UID, HANDLE, `csi-${HANDLE}-prod`, 'pvc-1'].map(holdsUid)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([UID, HANDLE, `${HANDLE}-prod`].map(endsInUid)).toEqual([true, true, false]);
});

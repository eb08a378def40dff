import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { UserVolumes } from '../../../../src/lib/core/rules/checks/served-volumes.ts';
import { aDataset, anInventory, aPod, aPv, HANDLE } from '../../../support/builders.ts';

const dataset = aDataset();
const inline = { kind: 'nfs', server: 'n', path: `/mnt/${dataset.id}` } as const;

function csi(attributes: Readonly<Record<string, string>>, over: Partial<PersistentVolume> = {}) {
  const driver = 'org.democratic-csi.nfs';
  return aPv({ source: { kind: 'csi', driver, handle: HANDLE, attributes }, ...over });
}

describe('that no bound volume misses what exports a dataset', () => {
  const said = (...volumes: readonly PersistentVolume[]) => {
    const pods = [aPod({ name: HANDLE, inlineVolumes: [inline] })];
    const world = anInventory({ datasets: [dataset], persistentVolumes: volumes, pods });
    const { volumeLinks } = correlate(world, DEFAULT_POLICY).derived;
    const check = new UserVolumes(volumes, volumeLinks).noBoundVolume([dataset]);
    return [check.weight, check.result, detailOf(check)];
  };
  const none = ['finding', 'passed', 'none'];

  test('fails for one that is bound and lies there, which is named', () => {
    expect(said(aPv())).toEqual([
      'finding',
      'failed',
      `PersistentVolume ${HANDLE} is bound: see share-missing`,
    ]);
  });

  test('holds where nobody, only a pod, or no claim has the volume', () => {
    expect(said()).toEqual(none);
    expect(said(aPv({ phase: 'Released' }))).toEqual(none);
  });

  test('holds for a volume of which share-missing says nothing: without a protocol, or elsewhere', () => {
    expect(said(csi({}))).toEqual(none);
    const attributes = { node_attach_driver: 'nfs', share: inline.path };
    const source = { kind: 'csi', driver: 'else', handle: 'x', attributes } as const;
    expect(said(aPv({ name: 'x', source }))).toEqual(none);
    expect(said(aPv({ name: 'static', source: inline }))).toEqual(none);
  });
});

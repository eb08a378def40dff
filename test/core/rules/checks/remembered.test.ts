import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf, type Check } from '../../../../src/lib/core/model/check.ts';
import { COMPLETE, failed, listed } from '../../../../src/lib/core/model/coverage.ts';
import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  forgottenByName,
  nameNotRemembered,
  notRemembered,
  type Memories,
} from '../../../../src/lib/core/rules/checks/remembered.ts';
import {
  aClaim,
  aDataset,
  anAttachment,
  anExtent,
  anInventory,
  aPv,
  finished,
  HANDLE,
  PARENT,
  UID,
} from '../../../support/builders.ts';

const zvol = aDataset({ kind: 'volume' });
const none = ['passed', 'none'];

function memoriesOf(
  over: Partial<Memories> = {},
  world: Parameters<typeof anInventory>[0] = {},
): Memories {
  const { parents, exports } = correlate(anInventory(world), DEFAULT_POLICY).derived;
  return {
    persistentVolumes: [],
    persistentVolumeClaims: listed([]),
    volumeAttachments: listed([]),
    parents,
    exports: { value: exports, coverage: COMPLETE },
    ...over,
  };
}

const said = (check: Check) => [check.result, detailOf(check)];
const byObjects = (dataset: typeof zvol, claim: Parameters<typeof aClaim>[0]) =>
  said(forgottenByName(dataset, memoriesOf({ persistentVolumeClaims: listed([aClaim(claim)]) })));
const byVolumes = (dataset: typeof zvol, ...persistentVolumes: readonly PersistentVolume[]) =>
  said(forgottenByName(dataset, memoriesOf({ persistentVolumes })));
const naming = (attributes: Readonly<Record<string, string>>) =>
  aPv({ name: 'by-hand', source: { kind: 'csi', driver: 'x', handle: 'x', attributes } });

describe('a claim remembers a dataset', () => {
  const moved = aDataset({ id: `${PARENT}/moved`, properties: finished(HANDLE) });

  test('by the volume it names: after the leaf, or the name the driver wrote', () => {
    expect(byObjects(zvol, { uid: 'other' })).toEqual(['failed', 'claim media/library']);
    expect(byObjects(moved, { uid: 'other' })).toEqual(['failed', 'claim media/library']);
  });

  test('by its own uid, with which the name of its volume ends', () => {
    expect(byObjects(zvol, { volumeName: null, uid: UID })).toEqual([
      'failed',
      'claim media/library',
    ]);
    expect(byObjects(zvol, { volumeName: 'pvc-new', uid: UID })[0]).toBe('failed');
  });

  test('and not by the name of another volume', () => {
    expect(byObjects(zvol, { volumeName: 'pvc-new', uid: 'other' })).toEqual(none);
    expect(byObjects(zvol, { volumeName: null, uid: 'other' })).toEqual(none);
  });
});

test('an attachment remembers the dataset of its volume', () => {
  const attached = (volumeName: string | null) =>
    said(
      forgottenByName(
        zvol,
        memoriesOf({ volumeAttachments: listed([anAttachment({ volumeName })]) }),
      ),
    );
  expect(attached(HANDLE)).toEqual(['failed', 'attachment to worker-1']);
  expect(attached('pvc-other')).toEqual(none);
  expect(attached(null)).toEqual(none);
});

describe('a volume remembers a dataset', () => {
  const found = ['failed', 'PersistentVolume by-hand'];

  test('by the target, subsystem or share that has its leaf for a name', () => {
    expect(byVolumes(zvol, naming({ iqn: `iqn.2005-10.org.x:${HANDLE}` }))).toEqual(found);
    expect(byVolumes(zvol, naming({ nqn: `nqn.2011-06.com.truenas:x:${HANDLE}` }))).toEqual(found);
    expect(byVolumes(zvol, naming({ node_attach_driver: 'smb', share: HANDLE }))).toEqual(found);
  });

  test('by the target csi.truenas.io made, and by names a driver noted', () => {
    const iqn = `iqn.2005-10.org.x:csi-tank-k8s-${HANDLE}`;
    expect(byVolumes(zvol, naming({ iqn }))).toEqual(found);
    const noted = aDataset({
      kind: 'volume',
      properties: finished(HANDLE, { iscsiAssetsName: 'short', nvmetAssetsName: 'Brief' }),
    });
    expect(byVolumes(noted, naming({ iqn: 'iqn.2005-10.org.x:SHORT' }))).toEqual(found);
    expect(byVolumes(noted, naming({ nqn: 'nqn.2011-06.com.truenas:x:brief' }))).toEqual(found);
  });

  test('by the handle from which csi.truenas.io makes the names of what it exports', () => {
    const source = { kind: 'csi', driver: 'csi.truenas.io', attributes: {} } as const;
    const of = (handle: string) => aPv({ name: 'by-hand', source: { ...source, handle } });
    const below = aDataset({ id: `tank/k8s_official/${HANDLE}`, kind: 'volume' });
    expect(byVolumes(below, of(below.id))).toEqual(found);
    expect(byVolumes(below, of(zvol.id))).toEqual(none);
  });

  test('by the target that has the name of its extent', () => {
    const persistentVolumes = [naming({ iqn: 'iqn.2005-10.org.x:disk' })];
    const world = { datasets: [zvol], iscsiExtents: [anExtent({ name: 'disk' })] };
    expect(said(forgottenByName(zvol, memoriesOf({ persistentVolumes }, world)))).toEqual(found);
    expect(said(forgottenByName(zvol, memoriesOf({ persistentVolumes })))).toEqual(none);
  });

  test('once, and not by another name', () => {
    const iqn = `iqn.2005-10.org.x:${HANDLE}`;
    expect(byVolumes(zvol, naming({ iqn, nqn: `nqn.x:${HANDLE}` }))).toEqual(found);
    expect(byVolumes(zvol, naming({ iqn: 'iqn.2005-10.org.x:vm' }))).toEqual(none);
  });
});

describe('whether anybody remembers a dataset', () => {
  const remembered = memoriesOf({ persistentVolumeClaims: listed([aClaim()]) });

  test('settles that it is not forgotten, and only weighs on what is reported anyway', () => {
    expect(forgottenByName(zvol, remembered).weight).toBe('finding');
    expect(notRemembered(zvol, remembered)).toMatchObject({
      weight: 'confidence',
      result: 'failed',
    });
    expect(said(notRemembered(zvol, memoriesOf()))).toEqual(none);
  });

  test('is not known where claims, attachments or exports could not be read', () => {
    const unknown = ['unknown', 'could not be read: no'];
    const unread = listed([], failed('no'));
    const exports = { ...memoriesOf().exports, coverage: failed('no') };
    for (const blind of [
      { persistentVolumeClaims: unread },
      { volumeAttachments: unread },
      { exports },
    ]) {
      expect(forgottenByName(zvol, memoriesOf(blind)).weight).toBe('confidence');
      expect(said(forgottenByName(zvol, memoriesOf(blind)))).toEqual(unknown);
      expect(said(notRemembered(zvol, memoriesOf(blind)))).toEqual(unknown);
    }
  });

  test('is asked of a name, where the dataset is gone', () => {
    expect(said(nameNotRemembered(HANDLE, remembered))).toEqual(['failed', 'claim media/library']);
    expect(said(nameNotRemembered('pvc-other', remembered))).toEqual(none);
    const attached = memoriesOf({ volumeAttachments: listed([anAttachment()]) });
    expect(said(nameNotRemembered(HANDLE, attached))).toEqual(['failed', 'attachment to worker-1']);
    const unread = listed([], failed('no'));
    const blind = memoriesOf({ volumeAttachments: unread });
    expect(said(nameNotRemembered(HANDLE, blind))).toEqual(['unknown', 'could not be read: no']);
  });

  test('is answered with three of many', () => {
    const datasetOfMany = aDataset({
      properties: finished(HANDLE, { iscsiAssetsName: 'a', nvmetAssetsName: 'b' }),
    });
    const volumes = ['a', 'b', HANDLE].map((target) =>
      aPv({
        name: `of-${target}`,
        source: {
          kind: 'csi',
          driver: 'x',
          handle: target,
          attributes: { iqn: `iqn.2005-10.org.x:${target}` },
        },
      }),
    );
    const memories = memoriesOf({
      persistentVolumeClaims: listed([aClaim()]),
      persistentVolumes: volumes,
    });
    expect(detailOf(forgottenByName(datasetOfMany, memories)).split(', ')).toHaveLength(3);
  });
});

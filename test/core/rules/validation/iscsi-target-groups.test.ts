import { type TargetGroup } from '../../../../src/lib/core/model/truenas.ts';
import { iscsiTargetGroups } from '../../../../src/lib/core/rules/validation/iscsi-target-groups.ts';
import {
  A_GROUP,
  PARENT,
  type SmallWorld,
  aDataset,
  aMapping,
  aTarget,
  anExtent,
  anInitiator,
  anInventory,
  anIscsiPv,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aPortal } from '../../../support/surrounding-builders.ts';

const lists: SmallWorld = {
  iscsiPortals: [aPortal()],
  iscsiInitiators: [anInitiator()],
  persistentVolumes: [anIscsiPv()],
  datasets: [aDataset({ kind: 'volume' })],
  iscsiExtents: [anExtent()],
  iscsiTargetExtents: [aMapping()],
};
const world = (groups: readonly TargetGroup[], over: SmallWorld = {}) =>
  anInventory({ ...lists, iscsiTargets: [aTarget({ groups })], ...over });

testCheck(iscsiTargetGroups, {
  'passes where portal and initiators are there': [
    world([{ ...A_GROUP, initiator: 3 }]),
    ['PASS portal 1, initiators 3'],
  ],
  'passes where everybody may log in': [world([A_GROUP]), ['PASS portal 1, all initiators']],
  'fails without the portal': [
    world([{ ...A_GROUP, portal: 2 }]),
    ['FAIL portal 2, all initiators'],
  ],
  'fails without the initiators': [
    world([{ ...A_GROUP, initiator: 4, auth: 1 }]),
    ['FAIL portal 1, initiators 4, auth 1'],
  ],
  'fails without a group': [world([]), ['FAIL no group']],
  'judges each group once': [
    anInventory({
      ...lists,
      iscsiTargets: [aTarget(), aTarget({ id: 27, name: 'b' })],
      iscsiExtents: [anExtent(), anExtent({ id: 29, name: 'b', path: `zvol/${PARENT}/b` })],
      iscsiTargetExtents: [aMapping(), aMapping({ id: 28, target: 27, extent: 29 })],
      persistentVolumes: [anIscsiPv(), anIscsiPv({ name: 'b' })],
      datasets: [aDataset({ kind: 'volume' }), aDataset({ id: `${PARENT}/b`, kind: 'volume' })],
    }),
    ['PASS portal 1, all initiators'],
  ],
  'cannot tell where the portal is not told': [
    world([{ portal: null, initiator: null, auth: null, authMethod: null }]),
    ['SKIPPED portal not told, all initiators'],
  ],
  'leaves targets of volumes that nobody uses': [
    world([], { persistentVolumes: [anIscsiPv({ phase: 'Released' })] }),
    [],
  ],
  'leaves extents that are off': [world([], { iscsiExtents: [anExtent({ enabled: false })] }), []],
});

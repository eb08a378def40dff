import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { signsOf } from '../../../../src/lib/core/rules/checks/unclaimed.ts';
import {
  aDataset,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
} from '../../../support/builders.ts';

test.each([
  ['an NFS share', { nfsShares: [anNfsShare({ comment: 'office' })] }],
  ['an SMB share', { smbShares: [anSmbShare()] }],
  ['an extent', { iscsiExtents: [anExtent()] }],
  ['a namespace', { nvmetNamespaces: [aNamespace()] }],
])('a dataset shows that this system exports it by %s', (_, world) => {
  const dataset = aDataset();
  const signs = (each: Parameters<typeof anInventory>[0]) =>
    signsOf(dataset, 'one', correlate(anInventory(each), DEFAULT_POLICY).derived.exports);
  expect(signs(world)).toMatchObject({ instanceId: 'one', exported: true });
  expect(signs(world).comments).toEqual('nfsShares' in world ? ['office'] : []);
  expect(signs({})).toEqual({ instanceId: 'one', comments: [], exported: false });
});

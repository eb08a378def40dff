import { expect, test } from 'vitest';
import { indexExports } from '../../../../src/lib/core/correlate/match-shares.ts';
import { indexNvmet } from '../../../../src/lib/core/correlate/nvmet.ts';
import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import {
  foreignExportsOf,
  isOwnIscsiName,
  isOwnNvmetName,
  isOwnSmbShare,
} from '../../../../src/lib/core/rules/checks/foreign-exports.ts';
import {
  aDataset,
  aMapping,
  anExtent,
  anNfsShare,
  anSmbShare,
  aTarget,
  finished,
  HANDLE,
} from '../../../support/builders.ts';

const none = { targets: [], extents: [], targetExtents: [] };
const noNvmet = indexNvmet({ namespaces: [], subsystems: [] });
const nfs = (dataset: Dataset, ...shares: Parameters<typeof anNfsShare>[0][]) =>
  foreignExportsOf(dataset, indexExports(shares.map(anNfsShare), [], none, noNvmet));
const iscsi = (dataset: Dataset, extent: string, target: string) =>
  foreignExportsOf(
    dataset,
    indexExports(
      [],
      [],
      {
        extents: [anExtent({ name: extent })],
        targets: [aTarget({ name: target })],
        targetExtents: [aMapping()],
      },
      noNvmet,
    ),
  );

const volume = aDataset({ properties: finished(HANDLE, { nfsShareId: '42' }) });

test('the share the driver recorded is its own, whatever its comment', () => {
  expect(nfs(volume, { comment: 'made from a template' })).toEqual([]);
});

test('a share whose comment names the dataset is its own, whatever its id', () => {
  expect(nfs(volume, { id: 50 })).toEqual([]);
});

test('any other share is somebody else’s, be it the only one', () => {
  expect(nfs(volume, { id: 50, comment: 'office' })).toEqual(['NFS share 50 (office)']);
  expect(nfs(volume, {}, { id: 51, comment: '' })).toEqual(['NFS share 51 (no comment)']);
});

test('an SMB share is its own where it carries the name of the volume', () => {
  const smb = (name: string) =>
    foreignExportsOf(
      volume,
      indexExports([], [anSmbShare({ name, path: `/mnt/${volume.id}` })], none, noNvmet),
    );
  expect(smb(`K8S-${HANDLE.toUpperCase()}`)).toEqual([]);
  expect(smb('office')).toEqual(['SMB share office']);
});

test('extents and targets may carry a prefix, another case, or be cut', () => {
  const zvol = aDataset({ kind: 'volume' });
  expect(iscsi(zvol, `CSI-${HANDLE}`, `csi-${HANDLE}-prod`)).toEqual([]);
  const long = `csi-${HANDLE}-of-a-very-long-department-name-in-the-basement`;
  const named = aDataset({
    kind: 'volume',
    properties: finished(HANDLE, { iscsiAssetsName: long }),
  });
  expect(iscsi(named, long.slice(0, 64), long)).toEqual([]);
  expect(iscsi(zvol, 'vm-disk', 'vm')).toEqual(['extent vm-disk', 'target vm']);
});

test('a name in another case, or cut off from the whole path, is still the volume’s', () => {
  const zvol = aDataset({ kind: 'volume' });
  expect(isOwnIscsiName(`CSI-${HANDLE.toUpperCase()}`, zvol)).toBe(true);
  const deep = aDataset({
    id: `tank/departments/of-the-northern-branch/kubernetes/volumes/${HANDLE}`,
    kind: 'volume',
  });
  expect(isOwnIscsiName(deep.id.slice(0, 64), deep)).toBe(true);
  expect(isOwnIscsiName(deep.id.slice(0, 40), deep)).toBe(false);
  expect(isOwnIscsiName('x'.repeat(64), deep)).toBe(false);
});

test('an SMB share made from a template is its own where the driver wrote its name down', () => {
  const context = JSON.stringify({ node_attach_driver: 'smb', share: 'Media-Library' });
  const templated = aDataset({ properties: finished(HANDLE, { shareContext: context }) });
  expect(isOwnSmbShare(anSmbShare({ name: 'media-library' }), templated)).toBe(true);
  expect(isOwnSmbShare(anSmbShare({ name: 'office' }), templated)).toBe(false);
});

test('a subsystem of another name is somebody else’s', () => {
  const zvol = aDataset({ kind: 'volume', properties: finished(HANDLE, { nvmetAssetsName: 'a' }) });
  expect(isOwnNvmetName('k8s-a', zvol)).toBe(true);
  expect(isOwnNvmetName('vm', zvol)).toBe(false);
});

import { describe, expect, test } from 'vitest';
import { indexIscsi } from '../../../../src/lib/core/correlate/iscsi.ts';
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
  PARENT,
  properties,
} from '../../../support/builders.ts';

const none = indexIscsi({ targets: [], extents: [], targetExtents: [] });
const noNvmet = indexNvmet({ namespaces: [], subsystems: [] });
const nfs = (dataset: Dataset, ...shares: Parameters<typeof anNfsShare>[0][]) =>
  foreignExportsOf(dataset, indexExports(shares.map(anNfsShare), [], none, noNvmet));
const iscsi = (dataset: Dataset, extent: string, target: string) =>
  foreignExportsOf(
    dataset,
    indexExports(
      [],
      [],
      indexIscsi({
        extents: [anExtent({ name: extent })],
        targets: [aTarget({ name: target })],
        targetExtents: [aMapping()],
      }),
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

test('a recorded id is used again: it tells nothing where another share names the volume', () => {
  const reused = { id: 42, comment: 'office' };
  expect(nfs(volume, reused, { id: 50 })).toEqual(['NFS share 42 (office)']);
  expect(nfs(volume, reused, { id: 50, comment: 'office' })).toEqual(['NFS share 50 (office)']);
});

describe('a volume of a short name', () => {
  const crc = aDataset({ id: `${PARENT}/17`, properties: finished(HANDLE, { nfsShareId: '42' }) });
  const bare = aDataset({ id: `${PARENT}/17`, properties: properties({ managed: true }) });
  const path = `/mnt/${PARENT}/17`;
  const share = (comment: string) => ({ id: 50, path, comment });

  test.each([
    `democratic-csi (org.x): ${PARENT}/17`,
    `CSI volume ${PARENT}/17`,
    `${path}, of the cluster`,
  ])('has the NFS share of the comment "%s"', (comment) => {
    expect(nfs(crc, share(comment))).toEqual([]);
  });

  test.each([`democratic-csi (org.x): ${PARENT}/170`, `${PARENT}/17/photos`, 'photos2017', ''])(
    'has no NFS share of the comment "%s"',
    (comment) => {
      expect(nfs(crc, share(comment))).toHaveLength(1);
    },
  );

  test('has no export whose name merely holds its own', () => {
    expect(isOwnSmbShare(anSmbShare({ name: 'photos2017' }), crc)).toBe(false);
    expect(isOwnIscsiName('photos2017', crc)).toBe(false);
    expect(isOwnNvmetName('photos2017', crc)).toBe(false);
    expect(isOwnIscsiName('csi-170', crc)).toBe(false);
    expect(isOwnIscsiName('csi-17', bare)).toBe(false);
  });

  test('has those of its name, of the name its driver noted, and of its whole path', () => {
    const noted = aDataset({
      id: crc.id,
      properties: finished(HANDLE, { iscsiAssetsName: 'csi-17-a', nvmetAssetsName: 'csi-17-a' }),
    });
    expect(isOwnSmbShare(anSmbShare({ name: '17' }), crc)).toBe(true);
    expect(isOwnIscsiName('CSI-17-A', noted)).toBe(true);
    expect(isOwnNvmetName('csi-17-a', noted)).toBe(true);
    expect(isOwnIscsiName('csi-17-a-old', noted)).toBe(false);
    expect(isOwnIscsiName('csi-tank-k8s-17', crc)).toBe(true);
    expect(isOwnIscsiName(`${PARENT}/17`, crc)).toBe(true);
  });
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

test('an SMB share of what lies above shows a filesystem too', () => {
  const shared = (dataset: Dataset, path: string, system = 'nas1') =>
    foreignExportsOf(
      dataset,
      indexExports([], [anSmbShare({ system, name: 'k8s', path })], none, noNvmet),
    );
  const shows = (path: string) => [`SMB share k8s of ${path}, which shows it too`];
  expect(shared(volume, `/mnt/${PARENT}`)).toEqual(shows(`/mnt/${PARENT}`));
  expect(shared(volume, '/mnt/tank')).toEqual(shows('/mnt/tank'));
  expect(shared(volume, '/mnt/tank', 'nas2')).toEqual([]);
  expect(shared(volume, '/mnt/tank/k8')).toEqual([]);
  expect(shared(aDataset({ kind: 'volume' }), '/mnt/tank')).toEqual([]);
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
  expect(isOwnNvmetName('a', zvol)).toBe(true);
  expect(isOwnNvmetName('k8s-a', zvol)).toBe(false);
  expect(isOwnNvmetName('vm', zvol)).toBe(false);
});

test('what csi.truenas.io names after the path is the volume’s own, whatever letters the path has', () => {
  const zvol = aDataset({ id: 'tank/k8s_official/a', kind: 'volume', properties: properties() });
  const name = 'csi-tank-k8s-official-a';
  expect(isOwnIscsiName(name, zvol)).toBe(true);
  expect(isOwnIscsiName('csi-tank-k8s_official-a', zvol)).toBe(false);
  expect(isOwnNvmetName(name, zvol)).toBe(true);
  const colon = { ...zvol, id: 'tank/k8s:official/a' };
  expect(isOwnIscsiName('csi-tank-k8s:official-a', colon)).toBe(true);
  expect(isOwnNvmetName('csi-tank-k8s:official-a', colon)).toBe(false);
  expect(isOwnNvmetName(name, colon)).toBe(true);
});

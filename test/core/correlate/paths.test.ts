import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cleanPath,
  datasetPathOf,
  isHiddenPath,
  leafName,
  isRightBelow,
  parentPath,
  poolName,
  targetKey,
  targetNameOf,
  trimSlashes,
  zvolPathOf,
} from '../../../src/lib/core/correlate/paths.ts';

test('a path has a parent, a leaf and a pool', () => {
  expect(['a/b/c', 'tank'].map(parentPath)).toEqual(['a/b', '']);
  expect(['a/b/c', 'tank'].map(leafName)).toEqual(['c', 'tank']);
  expect(['my pool/b/c', 'tank'].map(poolName)).toEqual(['my pool', 'tank']);
});

test.each([
  ['/mnt/tank/a', 'tank/a'],
  ['/mnt/tank/a/', 'tank/a'],
  ['/mnt/my pool/a b', 'my pool/a b'],
  ['/mnt/', undefined],
  ['/mnt', undefined],
  ['/srv/a', undefined],
  ['tank/a', undefined],
])('the dataset mounted at %s is %s', (mountPath, expected) => {
  expect(datasetPathOf(mountPath)).toBe(expected);
});

test.each([
  ['zvol/tank/a', 'tank/a'],
  ['/dev/zvol/tank/a', 'tank/a'],
  ['zvol/my+pool/a+b', 'my pool/a b'],
  ['/mnt/tank/disk.img', undefined],
  ['', undefined],
])('the zvol behind device %s is %s', (devicePath, expected) => {
  expect(zvolPathOf(devicePath)).toBe(expected);
});

test.each([
  ['/mnt/tank/a', '/mnt/tank/a'],
  ['/mnt//tank/./a/', '/mnt/tank/a'],
  ['/mnt/tank/b/../a', '/mnt/tank/a'],
  ['/mnt/tank/a/..', '/mnt/tank'],
  ['/mnt/tank/..a/.b', '/mnt/tank/..a/.b'],
  ['/', '/'],
])('a server sees %s as %s', (path, expected) => {
  expect(cleanPath(path)).toBe(expected);
});

test('slashes around a path are trimmed, however many, and those within are left', () => {
  expect(['//a/b//', '/a', 'a/', 'a//b'].map(trimSlashes)).toEqual(['a/b', 'a', 'a', 'a//b']);
});

test('hidden names are recognised anywhere in a path, and nothing else is', () => {
  const hidden = ['tank/.system/x', 'tank/ix-applications', 'tank/ix-apps-data', 'a/.ix-virt/b'];
  expect(hidden.filter(isHiddenPath)).toEqual(hidden);
  expect(['tank/system', 'tank/my-ix-apps', 'ix-apps'].filter(isHiddenPath)).toEqual([]);
});

test.each([
  ['iqn.2005-10.org.freenas.ctl:csi-a', 'csi-a'],
  ['iqn.2005-10.org.freenas.ctl:rack:7', 'rack:7'],
  ['nqn.2011-06.com.truenas:uuid:x', 'uuid:x'],
  ['csi-a', 'csi-a'],
  ['rack:7', 'rack:7'],
])('the target in %s is %s', (name, expected) => {
  expect(targetNameOf(name)).toBe(expected);
});

test('two spellings of one target have one key', () => {
  expect(targetKey('IQN.2005-10.org.x:CSI-A')).toBe(targetKey('csi-a'));
});

test('the path above another is the same whatever was asked before', () => {
  const part = fc.constantFrom('', 'a', 'ab', 'a b', 'b');
  const path = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.array(path, { maxLength: 8 }), (paths) => {
      const plain = paths.map((each) => each.split('/').slice(0, -1).join('/'));
      expect(paths.map(parentPath)).toEqual(plain);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('a child lies right below its parent, and a grandchild, a sibling and a longer name do not', () => {
  expect(isRightBelow('tank/k8s/a', 'tank/k8s')).toBe(true);
  expect(isRightBelow('tank/k8s/a/b', 'tank/k8s')).toBe(false);
  expect(isRightBelow('tank/k8s', 'tank/k8s')).toBe(false);
  expect(isRightBelow('tank/k8s2/a', 'tank/k8s')).toBe(false);
  expect(isRightBelow('pool/k8s/a', 'tank/k8s')).toBe(false);
});

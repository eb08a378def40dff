import { expect, test } from 'vitest';
import {
  isMoving,
  parseImage,
  versionOfImage,
} from '../../../../src/lib/core/rules/checks/container-image.ts';

test.each([
  ['busybox', 'busybox', null, false],
  ['registry.example:5000/a/csi', 'csi', null, false],
  ['registry.example:5000/a/csi:v1', 'csi', 'v1', false],
  ['a/csi@sha256:00', 'csi', null, true],
  ['a/csi:next@sha256:00', 'csi', 'next', true],
])('%s is read by its parts', (image, name, tag, byDigest) => {
  expect(parseImage(image)).toEqual({ name, tag, byDigest });
});

test.each([
  ['csi', true],
  ['csi:latest', true],
  ['csi:Next', true],
  ['csi:v1.9.4', false],
  ['csi:sha-0123abc', false],
  ['csi@sha256:00', false],
])('whether %s may be another image tomorrow: %s', (image, moving) => {
  expect(isMoving(parseImage(image))).toBe(moving);
});

test.each([
  ['csi:v3.6.0', [3, 6, 0]],
  ['csi:8', [8]],
  ['csi:v1.9.4-alpine', [1, 9, 4]],
  ['csi:sha-12', undefined],
  ['csi', undefined],
])('%s has version %s', (image, version) => {
  expect(versionOfImage(image)).toEqual(version);
});

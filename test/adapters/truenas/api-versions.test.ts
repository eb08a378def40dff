import { describe, expect, it } from 'vitest';
import { chooseApi, familyOf, releaseOf } from '../../../src/lib/adapters/truenas/api-versions.ts';

describe('chooseApi', () => {
  it.each([
    [
      'the newest known of those listed',
      ['v25.04.0', 'v25.10.1', 'v25.10.0'],
      '/api/v25.10.1',
      '25.10',
    ],
    ['a known version before a newer patch', ['v25.04.2', 'v25.04.9'], '/api/v25.04.2', '25.04'],
    [
      'an unknown patch where nothing known is listed',
      ['v25.10.9', 'v27.0.0'],
      '/api/v25.10.9',
      '25.10',
    ],
    [
      '26 on a system that also speaks 27',
      ['v25.10.0', 'v26.0.0', 'v27.0.0'],
      '/api/v26.0.0',
      '26',
    ],
    ['the current one where all are newer', ['v27.0.0', 'v28.0.0'], '/api/current', '26'],
  ])('takes %s', (_name, listed, path, family) => {
    expect(chooseApi(listed)).toEqual({ path, family });
  });

  it('takes none where none is listed', () => {
    expect(chooseApi([])).toBeUndefined();
    expect(chooseApi(['latest'])).toBeUndefined();
  });
});

describe('familyOf', () => {
  it.each([
    ['24.10.2.4', '24'],
    ['22.12', '24'],
    ['25.04.0', '25.04'],
    ['25.10.0', '25.10'],
    ['25.10.6', '25.10'],
    ['26.0.0-RC.1', '26'],
    ['27.0', '26'],
  ])('puts %s into %s', (version, family) => {
    expect(familyOf(version)).toBe(family);
  });
});

describe('releaseOf', () => {
  it.each([
    ['TrueNAS-SCALE-24.10.2.4', '24.10.2.4'],
    ['TrueNAS-25.04.2.6', '25.04.2.6'],
    ['25.10.1', '25.10.1'],
    ['26.0.0-RC.1', '26.0.0-RC.1'],
    ['nightly', 'nightly'],
  ])('reads %s', (text, release) => {
    expect(releaseOf(text)).toBe(release);
  });
});

import { describe, expect, it } from 'vitest';
import { findAlike, findNearest } from '../../../src/lib/core/model/did-you-mean.ts';

describe('findNearest', () => {
  const names = ['kubeconfig', 'context', 'namespace', 'name', 'url'];

  it.each([
    ['kubeconfg', 'kubeconfig'],
    ['contxet', 'context'],
    ['Namespaces', 'namespace'],
    ['nmae', 'name'],
    ['ulr', 'url'],
  ])('takes %s for %s', (word, expected) => {
    expect(findNearest(word, names)).toBe(expected);
  });

  it('tells names apart that begin alike, however long', () => {
    const start = 'tank/k8s/nfs/vols/pvc-';
    const long = [`${start}1ca20d33-4aca-461a`, `${start}ada4b441-7889-4c06`];
    expect(findNearest(`${start}ada4b414-7889-4c60`, long)).toBe(long[1]);
    expect(findNearest(`${start}00000000-0000-0000`, long)).toBeUndefined();
  });

  it('takes the nearest of several, whatever comes first', () => {
    expect(findNearest('contexts', ['content', 'context', 'contest'])).toBe('context');
  });

  it.each(['timeout', '', 'x'])('has no idea what %j means', (word) => {
    expect(findNearest(word, names)).toBeUndefined();
  });
});

describe('findAlike', () => {
  const names = ['pool-status', 'pool-capacity', 'iscsi-portal-exists', 'iscsi-portal-address'];

  it('has the nearest name first, then those that share words with what was typed', () => {
    expect(findAlike('pool-statsu', names, 5)).toEqual(['pool-status', 'pool-capacity']);
    expect(findAlike('portal-address', names, 5)).toEqual([
      'iscsi-portal-address',
      'iscsi-portal-exists',
    ]);
  });

  it('has no more than were asked for, and none where none is alike', () => {
    expect(findAlike('pool', names, 1)).toEqual(['pool-status']);
    expect(findAlike('nothing', names, 5)).toEqual([]);
  });
});

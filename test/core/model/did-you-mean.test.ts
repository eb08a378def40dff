import { describe, expect, it } from 'vitest';
import { findNearest } from '../../../src/lib/core/model/did-you-mean.ts';

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

  it.each(['timeout', '', 'x'])('has no idea what %j means', (word) => {
    expect(findNearest(word, names)).toBeUndefined();
  });
});

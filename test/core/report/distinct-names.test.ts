import { describe, expect, it } from 'vitest';
import { withDistinctNames } from '../../../src/lib/core/report/distinct-names.ts';

const filed = (path: string, name: string, namespace: string | null) => ({
  path,
  item: { name, namespace },
});

describe('names of what was read from files', () => {
  it('are their own where no two share one, whichever namespace they are in', () => {
    const all = [filed('a.yaml', 'data', 'shop'), filed('b.yaml', 'data', 'wiki')];
    expect(withDistinctNames(all).map(({ name }) => name)).toEqual(['data', 'data']);
  });

  it('go by their files where several hold one, and by their order where one file does', () => {
    const all = [
      filed('a.yaml', 'nfs', null),
      filed('b.yaml', 'nfs', null),
      filed('b.yaml', 'nfs', ''),
      filed('b.yaml', 'smb', null),
    ];
    expect(withDistinctNames(all).map(({ name }) => name)).toEqual([
      'nfs (a.yaml)',
      'nfs (b.yaml, 1)',
      'nfs (b.yaml, 2)',
      'smb',
    ]);
  });
});

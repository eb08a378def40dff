import { describe, expect, test } from 'vitest';
import { indexDatasets } from '../../../src/lib/core/correlate/dataset-index.ts';
import { indexMarks, type MarkIndex } from '../../../src/lib/core/correlate/marks.ts';
import { type MovedDataset } from '../../../src/lib/core/model/moved-dataset.ts';
import { type Dataset } from '../../../src/lib/core/model/truenas.ts';
import { aDataset, aFolder, HANDLE, PARENT } from '../../support/builders.ts';

const id = `${PARENT}/${HANDLE}`;
const since = '2026-10-01T00:00:00.000Z';

function marked(path: string, quarantined: string | null, ignore: string | null = null): Dataset {
  return aDataset({ id: path, marks: { quarantined, ignore } });
}

function marksOf(...datasets: Dataset[]): MarkIndex {
  return indexMarks(datasets, indexDatasets(datasets), () => []);
}

describe('a quarantine', () => {
  test('is that of the dataset its mark names, and covers what lies below', () => {
    const mark = `${id};${since};plan-1`;
    const root = marked(id, mark);
    const marks = marksOf(aFolder(PARENT), root, marked(`${id}/child`, mark));
    expect(marks.quarantines).toEqual([
      { root, path: id, since: new Date(since), planId: 'plan-1', byUs: false, heldThen: null },
    ]);
    expect(marks.quarantineAt('nas1', id)?.root).toBe(root);
    expect(marks.quarantineAt('nas1', `${id}/child`)?.root).toBe(root);
    expect(marks.quarantineAt('nas1', `${id}/child/deeper`)?.root).toBe(root);
    expect(marks.quarantineAt('nas1', PARENT)).toBeUndefined();
    expect(marks.quarantineAt('nas2', id)).toBeUndefined();
  });

  test('goes along when the dataset is moved, and still covers its old place', () => {
    const mark = `${id};${since};plan-1`;
    const moved = marked(`tank/quarantine/${HANDLE}`, mark);
    const child = marked(`tank/quarantine/${HANDLE}/child`, mark);
    const marks = marksOf(aFolder('tank/quarantine'), moved, child);
    expect(marks.quarantines.map(({ root }) => root)).toEqual([moved]);
    expect(marks.quarantineAt('nas1', id)?.root).toBe(moved);
    expect(marks.quarantineAt('nas1', moved.id)?.path).toBe(id);
  });

  describe('that a journal says was moved', () => {
    const place = `tank/quarantine/${HANDLE}`;
    const mark = `${id};${since};plan-1`;
    const moved = aDataset({
      id: place,
      guid: '77',
      createtxg: '8',
      marks: { quarantined: mark, ignore: null },
    });
    const move: MovedDataset = {
      hostId: 'host-1',
      from: id,
      to: place,
      guid: '77',
      createtxg: '8',
      mark,
      usedByDataset: 4096,
      at: new Date(since),
    };
    const byUs = (dataset: Dataset, moves: readonly MovedDataset[], others: Dataset[] = []) => {
      const datasets = [aFolder('tank/quarantine'), dataset, ...others];
      return indexMarks(datasets, indexDatasets(datasets), () => moves);
    };

    test('is ours for certain', () => {
      expect(byUs(moved, []).quarantines).toMatchObject([{ path: id, byUs: false }]);
      expect(byUs(moved, [move]).quarantines).toMatchObject([
        { path: id, byUs: true, heldThen: 4096 },
      ]);
    });

    test('is so where TrueNAS or the journal does not tell by what it is known', () => {
      const untold = { ...moved, guid: null, createtxg: null };
      expect(byUs(untold, [move]).quarantines).toMatchObject([{ byUs: true }]);
      const unknown = { ...move, guid: null, createtxg: null };
      expect(byUs(moved, [unknown]).quarantines).toMatchObject([{ byUs: true }]);
    });

    test.each([
      ['another dataset', { guid: '78' }],
      ['one that was made at another time', { createtxg: '9' }],
      ['one that went elsewhere', { to: 'tank/quarantine/other' }],
      ['one that came from elsewhere', { from: `${PARENT}/other` }],
      ['one of another plan', { mark: `${id};${since};plan-2` }],
      ['one whose mark tells of an earlier time', { mark: `${id};2026-10-02T00:00:00Z;plan-1` }],
      ['one that was moved and not marked', { mark: null }],
    ])('is not taken for %s', (_, other) => {
      const { quarantines } = byUs(moved, [{ ...move, ...other }]);
      expect(quarantines).toMatchObject([{ byUs: false }]);
    });

    test('is in quarantine though something new is at its old place, which is not', () => {
      const newcomer = aDataset();
      expect(byUs(moved, [], [newcomer]).quarantines).toEqual([]);
      const marks = byUs(moved, [move], [newcomer]);
      expect(marks.quarantines).toMatchObject([{ root: moved, path: id }]);
      expect(marks.quarantineAt('nas1', id)).toBeUndefined();
      expect(marks.quarantineAt('nas1', place)?.root).toBe(moved);
    });
  });

  test('is not that of a replica, whose original is still there', () => {
    const mark = `${id};${since};plan-1`;
    const marks = marksOf(marked(id, mark), marked(`backup/${HANDLE}`, mark));
    expect(marks.quarantines.map(({ root }) => root.id)).toEqual([id]);
    expect(marks.quarantineAt('nas1', `backup/${HANDLE}`)).toBeUndefined();
  });

  test('of which the mark tells no time and no plan is one all the same', () => {
    expect(marksOf(marked(id, id)).quarantines).toMatchObject([{ since: null, planId: null }]);
    expect(marksOf(marked(id, `${id};soon`)).quarantines).toMatchObject([{ since: null }]);
  });

  test('that names no path is none', () => {
    expect(marksOf(marked(id, `;${since};plan-1`)).quarantines).toEqual([]);
  });

  test('is none where nothing is marked', () => {
    const marks = marksOf(aDataset());
    expect(marks.quarantines).toEqual([]);
    expect(marks.quarantineAt('nas1', id)).toBeUndefined();
    expect(marks.ignoreAt('nas1', id)).toBeUndefined();
  });
});

describe('a mark to ignore', () => {
  test('counts for the dataset it names, with reason and end', () => {
    const text = `${id};dataset-unclaimed, pv-*;2027-01-01T00:00:00Z;kept for the audit; really`;
    expect(marksOf(marked(id, null, text)).ignoreAt('nas1', id)).toEqual({
      rules: ['dataset-unclaimed', 'pv-*'],
      until: new Date('2027-01-01T00:00:00Z'),
      reason: 'kept for the audit; really',
    });
  });

  test('may do without both', () => {
    expect(marksOf(marked(id, null, `${id};*`)).ignoreAt('nas1', id)).toEqual({
      rules: ['*'],
      until: null,
      reason: null,
    });
    expect(marksOf(marked(id, null, `${id};*;`)).ignoreAt('nas1', id)?.until).toBeNull();
  });

  test('that names no rule is for none', () => {
    expect(marksOf(marked(id, null, `${id};, ,`)).ignoreAt('nas1', id)?.rules).toEqual([]);
    expect(marksOf(marked(id, null, id)).ignoreAt('nas1', id)?.rules).toEqual([]);
  });

  test('is inherited by nobody', () => {
    const marks = marksOf(marked(id, null, `${id};*`), marked(`${id}/child`, null, `${id};*`));
    expect(marks.ignoreAt('nas1', `${id}/child`)).toBeUndefined();
    expect(marks.ignoreAt('nas1', `${id}/no-such`)).toBeUndefined();
  });

  test('whose end cannot be read says so', () => {
    const mark = marksOf(marked(id, null, `${id};*;next year`)).ignoreAt('nas1', id);
    expect(mark).toMatchObject({ until: undefined });
  });
});

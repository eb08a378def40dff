import { describe, expect, it } from 'vitest';
import {
  classKey,
  estateOf,
  PastKeys,
  poolKey,
  volumeKey,
} from '../../../src/lib/core/analysis/past-space.ts';
import { anInventory, LONG_AGO } from '../../support/builders.ts';

const { clusters, systems } = anInventory();

/** The small world, with nobody or everybody saying who they are. */
function aWorld(uid: string | null, hostId: string | null) {
  return {
    clusters: clusters.map((each) => ({ ...each, identity: { ...each.identity, uid } })),
    systems: systems.map((each) => ({ ...each, identity: { ...each.identity, hostId } })),
  };
}

const dataset = { id: 'tank/k8s/a', createdAt: LONG_AGO };
const pool = { name: 'tank', guid: '4711' };

describe('where a scan is found in the history', () => {
  it('is by the identities that are known, and nowhere without one', () => {
    expect(estateOf(aWorld('uid', 'host'))).toEqual({ clusters: ['uid'], systems: ['host'] });
    expect(estateOf(aWorld(null, null))).toEqual({ clusters: [], systems: [] });
  });

  it('has the keys of the history where identities are known', () => {
    const keys = new PastKeys(aWorld('uid', 'host'));
    expect([
      keys.ofPool('nas1', pool),
      keys.ofClass('prod', 'nfs'),
      keys.ofVolume('nas1', dataset),
    ]).toEqual([
      poolKey('host', '4711'),
      classKey('uid', 'nfs'),
      volumeKey({ hostId: 'host', dataset: dataset.id, createdAt: LONG_AGO }),
    ]);
  });

  it('has keys of its own for those that do not say who they are, whatever they are called', () => {
    const [keys, known] = [new PastKeys(aWorld(null, null)), new PastKeys(aWorld('prod', 'nas1'))];
    expect(keys.ofPool('nas1', pool)).not.toBe(known.ofPool('nas1', pool));
    expect(keys.ofClass('prod', 'nfs')).not.toBe(known.ofClass('prod', 'nfs'));
    expect(keys.ofVolume('nas1', dataset)).not.toBe(known.ofVolume('nas1', dataset));
  });

  it('tells datasets of one path apart by when they were made', () => {
    const keys = new PastKeys(aWorld('uid', 'host'));
    const made = [LONG_AGO, null].map((createdAt) =>
      keys.ofVolume('nas1', { ...dataset, createdAt }),
    );
    expect(new Set(made).size).toBe(2);
    expect(keys.ofPool('nas1', { name: 'tank', guid: null })).toBe(poolKey('host', 'tank'));
  });
});

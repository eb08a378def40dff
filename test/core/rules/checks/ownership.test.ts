import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { type KnownParent } from '../../../../src/lib/core/correlate/known-parent.ts';
import { type ParentIndex } from '../../../../src/lib/core/correlate/parents.ts';
import { detailOf, type Check } from '../../../../src/lib/core/model/check.ts';
import { type ClusterIdentity } from '../../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  noForeignOwner,
  notOlderThanCluster,
  ours,
  plausibleLoss,
  plausibleShare,
} from '../../../../src/lib/core/rules/checks/ownership.ts';
import { aCluster, aDriver, anInventory, PARENT } from '../../../support/builders.ts';

const said = (check: Check) => [check.result, detailOf(check)];

/** The parent of the small world, as declared by its user. */
function parentsOf(...drivers: Parameters<typeof aDriver>[0][]): ParentIndex {
  return correlate(anInventory({ drivers: drivers.map(aDriver) }), DEFAULT_POLICY).derived.parents;
}

function aParent(over: Partial<KnownParent> = {}): KnownParent {
  const parent = parentsOf({}).find('nas1', PARENT);
  if (parent === undefined) throw new Error('the small world has a parent');
  return { ...parent, ...over };
}

describe('what Kubernetes does not know is ours', () => {
  const unmarked = { instanceId: null, comments: [], exported: true };

  test('where the parent is declared exclusive', () => {
    expect(said(ours(unmarked, aParent()))).toEqual([
      'passed',
      `parent ${PARENT} is declared exclusive`,
    ]);
  });

  test('where it carries the instance_id of a registered driver', () => {
    const parent = aParent({ exclusive: false, instanceIds: ['a', 'b'] });
    expect(said(ours({ ...unmarked, instanceId: 'b' }, parent))).toEqual([
      'passed',
      "instance_id b is a registered driver's",
    ]);
  });

  test('not where nothing says so: no id, or another one, below a parent others may use', () => {
    const parent = aParent({ exclusive: false, instanceIds: ['a'] });
    const detail = `nothing says that only the registered clusters use ${PARENT}: add {driver: org.democratic-csi.nfs, parent: ${PARENT}, exclusive: true} to drivers: if that is so`;
    expect(said(ours(unmarked, parent))).toEqual(['failed', detail]);
  });

  test('an id that no driver is registered with asks for that driver, and not for a promise', () => {
    const parent = aParent({ exclusive: false, instanceIds: ['a'] });
    const [, detail] = said(ours({ ...unmarked, instanceId: 'x' }, parent));
    expect(detail).toContain(`parent: ${PARENT}, instance_id: x} to drivers:`);
    expect(detail).toContain('its cluster to clusters:');
    expect(detail).not.toContain('exclusive');
  });

  test('not where the parent was only inferred, whatever else speaks for it', () => {
    const parent = aParent({ origin: 'inferred', instanceIds: ['a'] });
    expect(said(ours({ ...unmarked, instanceId: 'a' }, parent))).toEqual([
      'failed',
      `parent ${PARENT} was inferred: it carries instance_id a, so add {driver: org.democratic-csi.nfs, parent: ${PARENT}, instance_id: a} to drivers: if that is this driver's, or else its cluster to clusters:`,
    ]);
  });

  test('not where another system may be the one the driver works on, unless this one exports it', () => {
    const parent = aParent({ located: false });
    expect(said(ours({ ...unmarked, exported: false }, parent))).toEqual([
      'failed',
      `nothing says that it is this system whose ${PARENT} the driver uses: add {driver: org.democratic-csi.nfs, system: nas1, parent: ${PARENT}} to drivers: if it is`,
    ]);
    expect(ours(unmarked, parent).result).toBe('passed');
  });

  test('not where another system holds the parent too, though this one exports it: shares are brought along', () => {
    const parent = aParent({ located: false, heldElsewhere: true });
    expect(said(ours(unmarked, parent))).toEqual([
      'failed',
      expect.stringMatching(/^nothing says that it is this system/),
    ]);
    expect(ours(unmarked, { ...parent, located: true }).result).toBe('passed');
  });

  test('not where a cluster that may use the parent was not seen', () => {
    const parent = aParent({ unseenBy: ['dev', 'test'], instanceIds: ['a'] });
    expect(said(ours({ ...unmarked, instanceId: 'a' }, parent))).toEqual([
      'failed',
      `cluster dev may use ${PARENT}, and not one of its volumes was found there: the wrong context, or add {cluster: NAME} to drivers: for those that do`,
    ]);
    const declared = aParent({ clusters: ['dev'], unseenBy: ['dev'] });
    expect(detailOf(ours(unmarked, declared))).toMatch(
      /: the wrong context, or it has none left there$/,
    );
  });

  test('and a parent without the name of a driver asks for one', () => {
    const parent = aParent({ exclusive: false, drivers: [] });
    expect(detailOf(ours(unmarked, parent))).toContain('add {driver: NAME, parent:');
  });
});

describe('a foreign owner', () => {
  const unmarked = { instanceId: null, comments: [], exported: true };
  const none = ['passed', 'no mark of another deployment'];
  const foreign = (id: string) =>
    `instance_id ${id} belongs to no registered driver, as far as is known: add {driver: org.democratic-csi.nfs, parent: ${PARENT}, instance_id: ${id}} to drivers: if it is this one's`;

  test('is told by an instance_id that belongs to no registered driver', () => {
    const parents = parentsOf({ instanceId: 'a' }, { driver: 'b', parent: 'tank/b' });
    expect(said(noForeignOwner({ ...unmarked, instanceId: 'x' }, aParent(), parents))).toEqual([
      'failed',
      foreign('x'),
    ]);
    expect(said(noForeignOwner({ ...unmarked, instanceId: 'a' }, aParent(), parents))).toEqual(
      none,
    );
  });

  test('is not told by the lack of an id', () => {
    expect(said(noForeignOwner(unmarked, aParent(), parentsOf({ instanceId: 'a' })))).toEqual(none);
  });

  test('is told by an id where not one is known, and may be one where Secrets could not be read', () => {
    const signs = { ...unmarked, instanceId: 'x' };
    expect(said(noForeignOwner(signs, aParent(), parentsOf({})))).toEqual(['failed', foreign('x')]);
    const unread = aParent({ keepsDeleted: null });
    expect(said(noForeignOwner(signs, unread, parentsOf({})))).toEqual(['unknown', foreign('x')]);
  });

  test('is told by a share another driver wrote its name on', () => {
    const comments = ['office', `democratic-csi (other.csi): ${PARENT}/x`];
    expect(said(noForeignOwner({ ...unmarked, comments }, aParent(), parentsOf({})))).toEqual([
      'failed',
      `its share was made by driver other.csi, which is not registered for ${PARENT}`,
    ]);
  });

  test.each([`CSI volume ${PARENT}/x`, `CSI volume clone ${PARENT}/x`])(
    'is csi.truenas.io where it wrote "%s", unless it is the driver here',
    (comment) => {
      const signs = { ...unmarked, comments: [comment] };
      expect(noForeignOwner(signs, aParent(), parentsOf({})).result).toBe('failed');
      const own = aParent({ drivers: ['csi.truenas.io'] });
      expect(said(noForeignOwner(signs, own, parentsOf({})))).toEqual(none);
    },
  );

  test.each(['office', 'my CSI volume', 'see democratic-csi (other.csi): x', 'CSI volume '])(
    'is told by no comment of a human: "%s"',
    (comment) => {
      const signs = { ...unmarked, comments: [comment] };
      expect(said(noForeignOwner(signs, aParent(), parentsOf({})))).toEqual(none);
    },
  );
});

describe('a volume and its cluster', () => {
  const born = (name: string, at: string | null) =>
    aCluster({ name, createdAt: at === null ? null : new Date(at) });
  const prod = born('prod', '2026-03-01T00:00:00Z');
  const dev = born('dev', '2026-02-01T00:00:00Z');
  const made = new Date('2026-02-15T00:00:00Z');

  const judged = (
    createdAt: Date | null,
    parent: KnownParent,
    clusters: readonly ClusterIdentity[],
    instanceId: string | null = null,
  ) => notOlderThanCluster({ createdAt, instanceId }, parent, clusters);

  test('of which the volume is older: another cluster made it', () => {
    expect(said(judged(made, aParent(), [prod]))).toEqual([
      'failed',
      'created 2026-02-15T00:00:00.000Z, the cluster 2026-03-01T00:00:00.000Z',
    ]);
  });

  test('of the same instant: it made it', () => {
    expect(judged(prod.createdAt, aParent(), [prod]).result).toBe('passed');
  });

  test('of several, one of which is younger than the volume: it may be that one, rebuilt', () => {
    expect(said(judged(made, aParent(), [prod, dev]))).toEqual([
      'unknown',
      `created 2026-02-15T00:00:00.000Z, and cluster prod, which may use ${PARENT} too, 2026-03-01T00:00:00.000Z: add {cluster: NAME} to the entry of ${PARENT} in drivers: if only one cluster uses it`,
    ]);
    const both = aParent({ clusters: ['prod', 'dev'] });
    expect(detailOf(judged(made, both, [prod, dev]))).toContain('add {instance_id: ID}');
  });

  test('of several, all of which are older than the volume, or all younger', () => {
    const later = new Date('2026-03-15T00:00:00Z');
    expect(judged(later, aParent(), [prod, dev]).result).toBe('passed');
    const earlier = new Date('2026-01-15T00:00:00Z');
    expect(said(judged(earlier, aParent(), [prod, dev]))).toEqual([
      'failed',
      'created 2026-01-15T00:00:00.000Z, the cluster 2026-02-01T00:00:00.000Z',
    ]);
  });

  test('of several, born in the instant of one of them: that may have made it, and none after', () => {
    expect(judged(prod.createdAt, aParent(), [prod, dev]).result).toBe('passed');
    expect(judged(dev.createdAt, aParent(), [prod, dev]).result).toBe('unknown');
  });

  test('the parent is declared for: no other counts', () => {
    expect(judged(made, aParent({ clusters: ['dev'] }), [prod, dev]).result).toBe('passed');
    expect(judged(made, aParent({ clusters: ['prod'] }), [prod, dev]).result).toBe('failed');
  });

  test('are told by the instance_id where each has one of its own', () => {
    const instances = [
      { cluster: 'prod', id: 'a' },
      { cluster: 'dev', id: 'b' },
    ];
    const told = aParent({ instances });
    expect(judged(made, told, [prod, dev], 'a').result).toBe('failed');
    expect(judged(made, told, [prod, dev], 'b').result).toBe('passed');
    expect(judged(made, told, [prod, dev], 'x').result).toBe('unknown');
    for (const unsaid of [
      { cluster: 'test', id: null },
      { cluster: null, id: 'c' },
    ]) {
      const parent = aParent({ instances: [...instances, unsaid] });
      expect(judged(made, parent, [prod, dev], 'b').result).toBe('unknown');
    }
  });

  test('are not compared where either age is unknown, or nobody may use the parent', () => {
    const unknown = ['unknown', 'the age of the cluster cannot be read'];
    expect(said(judged(null, aParent(), [prod]))).toEqual(unknown);
    expect(said(judged(made, aParent(), [dev, born('lab', null)]))).toEqual(unknown);
    expect(said(judged(made, aParent({ clusters: ['gone'] }), [prod]))).toEqual(unknown);
  });
});

describe('many at once', () => {
  const loss = (missing: number, volumes: number) =>
    said(plausibleLoss({ missing, volumes }, aParent(), DEFAULT_POLICY));
  const share = (unclaimed: number, managed: number) =>
    said(plausibleShare({ unclaimed, managed }, aParent(), DEFAULT_POLICY));

  test('of a parent’s volumes without a dataset are implausible from three, above a fifth', () => {
    const below = `volumes that belong below ${PARENT} have no dataset`;
    expect(loss(2, 2)).toEqual(['passed', `2 of 2 ${below}`]);
    expect(loss(3, 15)).toEqual(['passed', `3 of 15 ${below}`]);
    expect(loss(3, 14)).toEqual(['failed', `3 of 14 ${below}`]);
  });

  test('of a parent’s datasets without a volume are implausible from three, above a fifth', () => {
    const below = `volumes below ${PARENT} are unclaimed, counting young, unfinished and ignored ones`;
    expect(share(2, 2)).toEqual(['passed', `2 of 2 ${below}`]);
    expect(share(3, 15)).toEqual(['passed', `3 of 15 ${below}`]);
    expect(share(3, 14)).toEqual(['failed', `3 of 14 ${below}`]);
  });
});

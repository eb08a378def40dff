import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { evaluate, type Candidate } from '../../../../src/lib/core/rules/evaluate.ts';
import { iscsiTargetEmpty } from '../../../../src/lib/core/rules/orphans/iscsi-target-empty.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  anInventory,
  anIscsiPv,
  aSystem,
  aTarget,
  finished,
  HANDLE,
  PARENT,
  properties,
  type SmallWorld,
  systemWith,
  UID,
} from '../../../support/builders.ts';
import { withoutList } from '../../../support/rule-tester.ts';

const zvol = aDataset({ kind: 'volume' });

/** What is said of the one target of a world that serves nothing. */
function candidateOf(inventory: Inventory): Candidate | undefined {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  return evaluate([iscsiTargetEmpty], evidence, DEFAULT_POLICY).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates : [],
  )[0];
}

function checkOf(inventory: Inventory, id: string): (string | undefined)[] {
  const check = candidateOf(inventory)?.checks.find((each) => each.id === id);
  return [check?.result, check && detailOf(check)];
}

const official = (parent: string = PARENT) =>
  aDriver({ driver: 'csi.truenas.io', parent, detachedSnapshotsParent: null });
const named = (name: string, alias: string | null = null, world: SmallWorld = {}): Inventory =>
  anInventory({
    drivers: [aDriver(), official()],
    iscsiTargets: [aTarget({ name, alias })],
    ...world,
  });

describe('whose an empty target is', () => {
  const placeOf = (inventory: Inventory) => candidateOf(inventory)?.verdict.place?.path;

  test('is told by the path its alias holds, from wherever it stands to the next blank or slash', () => {
    expect(placeOf(named('disk', `${PARENT}/media`))).toBe(`${PARENT}/media`);
    expect(placeOf(named('disk', `volume ${PARENT}/media/deeper of prod`))).toBe(`${PARENT}/media`);
    expect(placeOf(named('disk', `volume ${PARENT}/ media`))).toBeUndefined();
    expect(placeOf(named('disk', 'volume tank/other/media'))).toBeUndefined();
    expect(placeOf(named('disk'))).toBeUndefined();
  });

  test('is told by the path its name holds, which has to say something below the parent', () => {
    expect(placeOf(named('csi-tank-k8s-media'))).toBe(`${PARENT}/media`);
    expect(placeOf(named('csi-tank-k8s-'))).toBeUndefined();
  });

  test('is told by the inner of two parents, in an alias and in a name', () => {
    const world = { drivers: [aDriver(), official(), official(`${PARENT}/official`)] };
    expect(placeOf(named('disk', `CSI volume ${PARENT}/official/a`, world))).toBe(
      `${PARENT}/official/a`,
    );
    expect(placeOf(named('csi-tank-k8s-official-a', null, world))).toBe(`${PARENT}/official/a`);
    expect(placeOf(named('csi-tank-k8s-a', null, world))).toBe(`${PARENT}/a`);
  });

  test('is not told by the end of another path', () => {
    expect(placeOf(named('disk', `copy of backup/${PARENT}/media`))).toBeUndefined();
    expect(placeOf(named('disk', `copy of (${PARENT}/media`))).toBe(`${PARENT}/media`);
  });

  test('is told by a name only below a parent of the driver that names targets so', () => {
    const name = 'csi-tank-k8s-media';
    expect(placeOf(named(name, null, { drivers: [aDriver()] }))).toBeUndefined();
    expect(placeOf(named(name, null, { drivers: [official()] }))).toBe(`${PARENT}/media`);
  });

  test.each(['tank/k8s-old', 'tank/k8s_old', `${PARENT}/old`])(
    'is not told by a name that may be that of something below %s',
    (other) => {
      const name = 'csi-tank-k8s-old-a';
      expect(placeOf(named(name))).toBe(`${PARENT}/old-a`);
      expect(placeOf(named(name, null, { datasets: [aFolder(other)] }))).toBeUndefined();
      const drivers = [aDriver(), official(), official(other)];
      expect(placeOf(named(name, null, { drivers, datasets: [aFolder(other)] }))).toBe(
        `${other}/a`,
      );
    },
  );

  test('is not told by a name that two parents give', () => {
    const drivers = ['tank/k8s-old', 'tank/k8s_old'].map(official);
    expect(placeOf(named('csi-tank-k8s-old-a', null, { drivers }))).toBeUndefined();
  });

  test('is the volume after whose path it is named, whatever else its name may begin with', () => {
    const zvolAt = (id: string) => aDataset({ id, kind: 'volume', properties: properties() });
    const name = 'csi-tank-k8s-old-a';
    const one = { datasets: [zvolAt('tank/k8s_old/a')] };
    expect(placeOf(named(name, null, one))).toBe('tank/k8s_old/a');
    const two = named(name, null, { datasets: [...one.datasets, zvolAt(`${PARENT}/old-a`)] });
    expect(placeOf(two)).toBeUndefined();
    expect(checkOf(two, 'below-declared-parent')).toEqual([
      'unknown',
      `it may be named after ${PARENT}/old-a or tank/k8s_old/a`,
    ]);
  });

  test('is not told by a path below the parent of another system', () => {
    const inventory = named('csi-tank-k8s-media', `${PARENT}/media`);
    const elsewhere = {
      ...inventory,
      systems: [
        ...inventory.systems,
        systemWith({}, aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' })),
      ],
      drivers: [aDriver(), official()].map((driver) => ({ ...driver, system: 'nas2' })),
    };
    expect(placeOf(elsewhere)).toBeUndefined();
  });

  test('is a driver’s by a uid, or by how its name begins, and else a person’s', () => {
    const severityOf = (name: string) => candidateOf(named(name))?.verdict.severity;
    expect(['csi-disk', `disk-${UID}-x`, 'disk-csi-', 'disk'].map(severityOf)).toEqual([
      'low',
      'low',
      'info',
      'info',
    ]);
  });
});

test('says what would make an empty target certain, which itself lies below no dataset', () => {
  expect(checkOf(named('disk'), 'below-declared-parent')).toEqual([
    'failed',
    'an empty target lies below no dataset, and no volume that is left has its name: it would be certain with the path of a parent from drivers: in its name or remark',
  ]);
});

describe('that no volume refers to an empty target', () => {
  const world = {
    datasets: [zvol],
    iscsiTargets: [aTarget()],
    persistentVolumes: [anIscsiPv({ phase: 'Released' })],
  };

  test('fails for the volume it belongs to, which is named once', () => {
    expect(checkOf(anInventory(world), 'no-volume-refers')).toEqual(['failed', HANDLE]);
  });

  test('is not known where pods that may name it could not be read', () => {
    const forgotten = anInventory({ ...world, persistentVolumes: [] });
    expect(checkOf(forgotten, 'no-volume-refers')).toEqual(['passed', 'none']);
    expect(checkOf(withoutList(forgotten, 'pods'), 'no-volume-refers')).toEqual([
      'unknown',
      'could not be read: the server said no',
    ]);
  });
});

describe('what is looked up again for an empty target', () => {
  const datasetsOf = (inventory: Inventory) =>
    candidateOf(inventory)
      ?.verdict.lookups()
      .filter(({ kind }) => kind === 'dataset');

  test('is the dataset it is named after, where it is named after one', () => {
    expect(datasetsOf(named('csi-tank-k8s-media'))).toEqual([
      { kind: 'dataset', system: 'nas1', id: `${PARENT}/media` },
    ]);
    expect(datasetsOf(named('disk'))).toEqual([]);
  });

  test('is every dataset it may be named after', () => {
    const datasets = ['a', 'b'].map((leaf) =>
      aDataset({
        id: `${PARENT}/${leaf}`,
        kind: 'volume',
        properties: finished(leaf, { iscsiAssetsName: 'disk' }),
      }),
    );
    expect(datasetsOf(named('disk', null, { datasets }))).toEqual(
      datasets.map(({ id }) => ({ kind: 'dataset', system: 'nas1', id })),
    );
  });
});

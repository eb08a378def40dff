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
  anInventory,
  anIscsiPv,
  aSystem,
  aTarget,
  HANDLE,
  PARENT,
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

const named = (name: string, alias: string | null = null): Inventory =>
  anInventory({ iscsiTargets: [aTarget({ name, alias })] });

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

  test('is not told by a path below the parent of another system', () => {
    const inventory = named('csi-tank-k8s-media', `${PARENT}/media`);
    const elsewhere = {
      ...inventory,
      systems: [
        ...inventory.systems,
        systemWith({}, aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' })),
      ],
      drivers: [aDriver({ system: 'nas2' })],
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
});

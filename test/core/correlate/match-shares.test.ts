import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aDataset,
  aMapping,
  anExtent,
  anInventory,
  aPv,
  aTarget,
  PARENT,
  properties,
} from '../../support/builders.ts';

const derivedOf = (world: Parameters<typeof anInventory>[0]) =>
  correlate(anInventory(world), DEFAULT_POLICY).derived;
const zvol = (leaf: string) =>
  aDataset({ id: `tank/vms/${leaf}`, kind: 'volume', properties: properties() });
const extent = (id: number, path: string) => anExtent({ id, name: `e${id}`, path });

describe('a target a volume names', () => {
  const [first, second, other] = [zvol('first'), zvol('second'), zvol('other')];
  const source = { kind: 'iscsi', portal: 'n', iqn: 'iqn.2005-10.org.x:VMs', lun: 0 } as const;
  const usersWith = (...mappings: Parameters<typeof aMapping>[0][]): number[] => {
    const { volumeLinks } = derivedOf({
      datasets: [first, second, other],
      persistentVolumes: [aPv({ name: 'by-hand', source })],
      iscsiTargets: [aTarget({ id: 1, name: 'vms' }), aTarget({ id: 2, name: 'else' })],
      iscsiExtents: [
        extent(1, 'zvol/tank/vms/first'),
        extent(2, 'zvol/tank/vms/second@snapshot'),
        extent(3, 'zvol/tank/vms/other'),
        extent(4, '/mnt/tank/file.img'),
        extent(5, 'zvol/tank/vms/gone'),
      ],
      iscsiTargetExtents: mappings.map(aMapping),
    });
    return [first, second, other].map((each) => volumeLinks.usersOf(each).length);
  };

  test('leads to every zvol it serves, and to that of a snapshot', () => {
    expect(usersWith({ target: 1, extent: 1 }, { target: 1, extent: 2 })).toEqual([1, 1, 0]);
  });

  test('leads to nothing another target serves', () => {
    expect(usersWith({ target: 1, extent: 1 }, { target: 2, extent: 3 })).toEqual([1, 0, 0]);
  });

  test('leads to nothing where what it serves is a file, gone, or in no list', () => {
    expect(
      usersWith(
        { target: 1, extent: 4 },
        { target: 1, extent: 5 },
        { target: 1, extent: 99 },
        { target: 99, extent: 3 },
      ),
    ).toEqual([0, 0, 0]);
  });
});

test('what csi.truenas.io exports is told by the path its target has for a name, which it cuts', () => {
  const id = `${PARENT}/${'a-rather-long-department/'.repeat(5)}volume`;
  const dataset = aDataset({ id, kind: 'volume', properties: properties() });
  const exportedAs = (name: string): boolean =>
    derivedOf({
      datasets: [dataset],
      iscsiTargets: [aTarget({ name })],
      iscsiExtents: [anExtent({ path: `zvol/${id}` })],
      iscsiTargetExtents: [aMapping()],
    }).exports.isExportedByCsi(dataset);
  const whole = `csi-${id.replaceAll('/', '-')}`;
  expect(whole.length).toBeGreaterThan(120);
  expect(exportedAs(whole.slice(0, 120))).toBe(true);
  expect(exportedAs(whole.slice(0, 120).toUpperCase())).toBe(true);
  expect(exportedAs(whole.slice(0, 119))).toBe(false);
});

test.each(['tank/k8s_official', 'tank/My Volumes'])(
  'so it is below %s, of which not every letter goes into a name',
  (parent) => {
    const id = `${parent}/volume`;
    const dataset = aDataset({ id, kind: 'volume', properties: properties() });
    const exportedAs = (name: string): boolean =>
      derivedOf({
        datasets: [dataset],
        iscsiTargets: [aTarget({ name })],
        iscsiExtents: [anExtent({ path: `zvol/${id.replaceAll(' ', '+')}` })],
        iscsiTargetExtents: [aMapping()],
      }).exports.isExportedByCsi(dataset);
    expect(exportedAs(`csi-${id.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}`)).toBe(true);
    expect(exportedAs(`csi-${id.replaceAll('/', '-')}`)).toBe(false);
  },
);

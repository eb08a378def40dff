import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { COMPLETE, listed } from '../../../../src/lib/core/model/coverage.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { trustInVolumes, VolumeNames } from '../../../../src/lib/core/rules/checks/volume-names.ts';
import { aDriver, anInventory, anIscsiPv, aPv, HANDLE, PARENT } from '../../../support/builders.ts';

const { parents } = correlate(
  anInventory({ drivers: [aDriver(), aDriver({ driver: 'tns.csi.io', parent: 'tank/csi' })] }),
  DEFAULT_POLICY,
).derived;

test('a volume is known by the path it names, by its handle, and by where its driver puts it', () => {
  const volumes = [
    aPv(),
    aPv({ name: 'static', source: { kind: 'nfs', server: 's', path: '/mnt/tank/a/' } }),
    aPv({ name: 'away', source: { kind: 'nfs', server: 's', path: '/srv/a' } }),
    ...['tank/csi/x', 'other/x'].map((handle) =>
      aPv({ name: handle, source: { kind: 'csi', driver: 'tns.csi.io', handle, attributes: {} } }),
    ),
  ];
  const names = new VolumeNames(volumes, parents);
  expect(names.atPath(`${PARENT}/${HANDLE}`)).toEqual([HANDLE]);
  expect(names.atPath('tank/a')).toEqual(['static']);
  expect(names.atPath('tank/csi/x')).toEqual(['tank/csi/x']);
  // A handle that is a whole path says where the volume lies, even where its driver is declared for another parent.
  expect(names.atPath('other/x')).toEqual(['other/x']);
  expect(names.atPath(`tank/elsewhere/${HANDLE}`)).toEqual([]);
});

test('a volume is known by its target, in lower case', () => {
  const names = new VolumeNames([anIscsiPv({ name: 'A' }), aPv()], parents);
  expect(names.ofTarget('csi-a')).toBe('A');
  expect(names.ofTarget('csi-b')).toBeUndefined();
});

describe('a volume of csi.truenas.io is known by the name its path gives', () => {
  const handle = 'Tank/k8s_official/pvc:1';
  const named = (driver: string, attributes: Readonly<Record<string, string>> = {}) =>
    new VolumeNames(
      [aPv({ name: 'a', source: { kind: 'csi', driver, handle, attributes } })],
      parents,
    );
  const ofSubsystem = (names: VolumeNames, name: string) => names.ofSubsystem({ name, nqn: null });

  test('to its target and to its subsystem, where its attributes tell of neither', () => {
    const names = named('csi.truenas.io', { protocol: 'nvmeof' });
    expect(names.ofTarget('csi-tank-k8s-official-pvc:1')).toBe('a');
    expect(names.ofTarget('csi-tank-k8s_official-pvc:1')).toBeUndefined();
    expect(ofSubsystem(names, 'csi-tank-k8s-official-pvc-1')).toEqual(['a']);
    expect(ofSubsystem(names, 'CSI-tank-k8s-official-pvc-1')).toEqual(['a']);
    expect(ofSubsystem(names, 'csi-tank-k8s-official-pvc-2')).toEqual([]);
  });

  test('and by what they name as well', () => {
    const names = named('csi.truenas.io', {
      targetIQN: 'iqn.2005-10.org.x:Disk',
      nqn: 'nqn.x:disk',
    });
    expect(names.ofTarget('disk')).toBe('a');
    expect(names.ofTarget('csi-tank-k8s-official-pvc:1')).toBe('a');
    expect(ofSubsystem(names, 'disk')).toEqual(['a']);
    expect(ofSubsystem(names, 'csi-tank-k8s-official-pvc-1')).toEqual(['a']);
  });

  test('and one of another driver is not', () => {
    const names = named('tns.csi.io');
    expect(names.ofTarget('csi-tank-k8s-official-pvc:1')).toBeUndefined();
    expect(ofSubsystem(names, 'csi-tank-k8s-official-pvc-1')).toEqual([]);
  });
});

test('a cluster without a single volume is not believed', () => {
  expect(trustInVolumes(listed([])).state).toBe('partial');
  expect(trustInVolumes(listed([aPv()]))).toBe(COMPLETE);
});

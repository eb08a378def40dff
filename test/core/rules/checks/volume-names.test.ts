import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { COMPLETE, listed } from '../../../../src/lib/core/model/coverage.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { trustInVolumes, VolumeNames } from '../../../../src/lib/core/rules/checks/volume-names.ts';
import { aDriver, anInventory, anIscsiPv, aPv, HANDLE, PARENT } from '../../../support/builders.ts';

const { parents } = correlate(
  anInventory({ drivers: [aDriver(), aDriver({ driver: 'tns.csi.io', parent: 'tank/csi' })] }),
  DEFAULT_POLICY,
).derived;

test('a volume is known by the path it names and by where its driver puts it', () => {
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
  expect(names.atPath('other/x')).toEqual([]);
  expect(names.atPath(`tank/elsewhere/${HANDLE}`)).toEqual([]);
});

test('a volume is known by its target, in lower case', () => {
  const names = new VolumeNames([anIscsiPv({ name: 'A' }), aPv()], parents);
  expect(names.ofTarget('csi-a')).toBe('A');
  expect(names.ofTarget('csi-b')).toBeUndefined();
});

test('a cluster without a single volume is not believed', () => {
  expect(trustInVolumes(listed([])).state).toBe('partial');
  expect(trustInVolumes(listed([aPv()]))).toBe(COMPLETE);
});

import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { COMPLETE, listed } from '../../../../src/lib/core/model/coverage.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  trustInVolumes,
  volumesByPath,
  volumesByTarget,
} from '../../../../src/lib/core/rules/checks/volume-names.ts';
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
  expect([...volumesByPath(volumes, parents)]).toEqual([
    [`${PARENT}/${HANDLE}`, HANDLE],
    ['tank/a', 'static'],
    ['tank/csi/x', 'tank/csi/x'],
  ]);
});

test('a volume is known by its target, in lower case', () => {
  expect([...volumesByTarget([anIscsiPv({ name: 'A' }), aPv()])]).toEqual([['csi-a', 'A']]);
});

test('a cluster without a single volume is not believed', () => {
  expect(trustInVolumes(listed([])).state).toBe('partial');
  expect(trustInVolumes(listed([aPv()]))).toBe(COMPLETE);
});

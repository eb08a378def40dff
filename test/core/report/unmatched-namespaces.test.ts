import { expect, test } from 'vitest';
import { unmatchedNamespaces } from '../../../src/lib/core/report/unmatched-namespaces.ts';
import { aClaim, anInventory, aPod, aPv, aVolumeSnapshot } from '../../support/builders.ts';
import { aReportFinding } from './finding-builder.ts';

const world = anInventory({
  persistentVolumeClaims: [aClaim({ namespace: 'media' })],
  pods: [aPod({ namespace: 'shop' })],
  volumeSnapshots: [aVolumeSnapshot({ namespace: 'db' })],
  persistentVolumes: [aPv({ claim: { namespace: 'gone', name: 'library', uid: null } })],
});
const remembered = aReportFinding({ kubernetesReference: 'old/library' });
const said = (...namespaces: string[]) =>
  unmatchedNamespaces({ namespaces }, world, [remembered]).map(({ message }) => message);

test('a namespace is known by what lies in it, by what a volume names, or by what a dataset remembers', () => {
  expect(said('media', 'shop', 'db', 'gone', 'old')).toEqual([]);
});

test('one that nothing lies in is said, with the one that may be meant', () => {
  expect(said('nosuch', 'medai')).toEqual([
    '--namespace nosuch: nothing that was read lies in a namespace of that name',
    '--namespace medai: nothing that was read lies in a namespace of that name; did you mean media?',
  ]);
});

test('nothing is said where nobody asks for one', () => {
  expect(unmatchedNamespaces({ namespaces: null }, world, [])).toEqual([]);
});

import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { indexNvmet, isNqnOf } from '../../../src/lib/core/correlate/nvmet.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aDataset,
  aNamespace,
  anInventory,
  aPv,
  aSubsystem,
  HANDLE,
  PARENT,
} from '../../support/builders.ts';

const path = `${PARENT}/${HANDLE}`;
const behind = (nqn: string, ...subsystems: Parameters<typeof aSubsystem>[0][]): number[] =>
  indexNvmet({
    namespaces: subsystems.map((over = {}, at) =>
      aNamespace({ id: at, system: over.system ?? 'nas1', subsystemId: over.id ?? 5 }),
    ),
    subsystems: subsystems.map(aSubsystem),
  })
    .namespacesBehind(nqn)
    .map(({ id }) => id);

test('a namespace exports the zvol of its device path, on its own system', () => {
  const index = indexNvmet({ namespaces: [aNamespace()], subsystems: [aSubsystem()] });
  expect(index.namespacesOf('nas1', path).map(({ subsystem }) => subsystem?.name)).toEqual([
    HANDLE,
  ]);
  expect(index.namespacesOf('nas2', path)).toEqual([]);
  expect(index.namespacesOf('nas1', `${path}-2`)).toEqual([]);
});

test('a space in a zvol path travels as a plus, and a file exports no zvol', () => {
  const index = indexNvmet({
    namespaces: [
      aNamespace({ devicePath: `zvol/${PARENT}/my+disk` }),
      aNamespace({ type: 'FILE', devicePath: `/mnt/${path}` }),
    ],
    subsystems: [],
  });
  const [served] = index.namespacesOf('nas1', `${PARENT}/my disk`);
  expect(served?.namespace.id).toBe(9);
  expect(served?.subsystem).toBeUndefined();
  expect(index.namespacesOf('nas1', path)).toEqual([]);
});

test('an NQN leads to the subsystem that has it, in whatever case', () => {
  expect(behind('NQN.2011-06.com.x:a', { nqn: 'nqn.2011-06.com.x:a' })).toEqual([0]);
});

test('a subsystem of exactly this NQN is meant before one that only shares the name', () => {
  const named = { id: 1, name: 'a', nqn: 'nqn.other:a' };
  const exact = { id: 2, name: 'b', nqn: 'nqn.2011-06.com.x:a' };
  expect(behind('nqn.2011-06.com.x:a', named, exact)).toEqual([1]);
  expect(behind('nqn.2011-06.com.x:a', named)).toEqual([0]);
});

test('the name at the end of an NQN tells where TrueNAS made the NQN up, colons and all', () => {
  expect(behind('nqn.2011-06.com.x:uuid:1:rack:7', { name: 'rack:7', nqn: null })).toEqual([0]);
  expect(behind('nqn.2011-06.com.x:uuid:1:rack:7', { name: 'ack:7', nqn: null })).toEqual([]);
  expect(isNqnOf({ name: 'rack', nqn: 'nqn.2014-08.Org:Custom' }, 'NQN.2014-08.org:custom')).toBe(
    true,
  );
  expect(isNqnOf({ name: 'RACK:7', nqn: null }, 'nqn.x:rack:7')).toBe(true);
  expect(isNqnOf({ name: 'rack', nqn: null }, 'nqn.x:rack:7')).toBe(false);
});

test('a static volume claims the zvol behind the NQN it names', () => {
  const zvol = aDataset({ kind: 'volume' });
  const pv = aPv({
    name: 'by-hand',
    source: {
      kind: 'csi',
      driver: 'org.democratic-csi.node-manual',
      handle: 'by-hand',
      attributes: { node_attach_driver: 'nvmeof', nqn: `nqn.2011-06.com.truenas:x:${HANDLE}` },
    },
  });
  const { derived } = correlate(
    anInventory({
      datasets: [zvol],
      persistentVolumes: [pv],
      nvmetNamespaces: [aNamespace()],
      nvmetSubsystems: [aSubsystem({ nqn: null })],
    }),
    DEFAULT_POLICY,
  );
  expect(derived.volumeLinks.usersOf(zvol).map(({ name }) => name)).toEqual(['by-hand']);
  expect(derived.exports.namespacesOf(zvol)).toHaveLength(1);
});

test('a namespace below a dataset is inside it', () => {
  const parent = aDataset({ id: 'tank/vms' });
  const { derived } = correlate(
    anInventory({
      datasets: [parent],
      nvmetNamespaces: [aNamespace({ devicePath: 'zvol/tank/vms/disk', subsystem: 'vm' })],
    }),
    DEFAULT_POLICY,
  );
  expect(derived.exports.exportsInside(parent)).toEqual(['NVMe-oF subsystem vm']);
});

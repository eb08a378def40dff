import { expect, test } from 'vitest';
import { nvmetNamespaceDangling } from '../../../../src/lib/core/rules/orphans/nvmet-namespace-dangling.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  aNamespace,
  anInventory,
  aPool,
  aPv,
  aSubsystem,
  HANDLE,
  PARENT,
} from '../../../support/builders.ts';
import {
  findingsOf,
  systemListsReadAgain,
  testRule,
  withoutList,
} from '../../../support/rule-tester.ts';

const name = `zvol/${PARENT}/${HANDLE}`;
const exported = { nvmetNamespaces: [aNamespace()], nvmetSubsystems: [aSubsystem()] };
const manual = (nqn: string) =>
  aPv({
    name: 'by-hand',
    source: {
      kind: 'csi',
      driver: 'org.democratic-csi.node-manual',
      handle: 'by-hand',
      attributes: { node_attach_driver: 'nvmeof', nqn },
    },
  });

const officialPv = aPv({
  source: {
    kind: 'csi',
    driver: 'csi.truenas.io',
    handle: `${PARENT}/${HANDLE}`,
    attributes: { protocol: 'nvmeof' },
  },
});

testRule(nvmetNamespaceDangling, {
  safe: 'every',
  certain: {
    'a namespace nobody is connected to, while somebody is to another': [
      anInventory({
        ...exported,
        nvmetSessions: [{ system: 'nas1', subsystemId: 6, host: 'nqn.node-1' }],
      }),
      [name],
    ],
    'a namespace whose zvol is gone': [anInventory(exported), [name]],
    'a namespace whose subsystem is not listed': [
      anInventory({ nvmetNamespaces: [aNamespace({ devicePath: `/dev/${name}` })] }),
      [`/dev/${name}`],
    ],
  },
  likely: {
    'a namespace below a parent that others may use too': [
      anInventory({ ...exported, drivers: [aDriver({ exclusive: false })] }),
      [name],
      'owner-registered',
    ],
    'a namespace a host is connected to: its zvol was renamed': [
      anInventory({
        ...exported,
        datasets: [aFolder('tank/moved'), aDataset({ id: `tank/moved/${HANDLE}`, kind: 'volume' })],
        nvmetSessions: [{ system: 'nas1', subsystemId: 5, host: 'nqn.node-1' }],
      }),
      [name],
      'no-nvme-session',
    ],
    'sessions that may not be listed': [
      withoutList(anInventory(exported), 'nvmetSessions'),
      [name],
      'no-nvme-session',
    ],
    // Its driver is declared for no parent at all, or for another one: the handle tells all the same.
    'a namespace of which a bound volume has the path for a handle': [
      anInventory({
        nvmetNamespaces: [aNamespace({ subsystem: 'disk' })],
        nvmetSubsystems: [aSubsystem({ name: 'disk', nqn: null })],
        persistentVolumes: [officialPv],
      }),
      [name],
      'no-volume-refers',
    ],
    'a namespace of the subsystem csi.truenas.io made for a bound volume': [
      anInventory({
        nvmetNamespaces: [aNamespace({ subsystem: `csi-tank-k8s-${HANDLE}` })],
        nvmetSubsystems: [aSubsystem({ name: `csi-tank-k8s-${HANDLE}`, nqn: null })],
        persistentVolumes: [officialPv],
      }),
      [name],
      'no-volume-refers',
    ],
    'a namespace of which a volume names the subsystem': [
      anInventory({
        ...exported,
        persistentVolumes: [manual(`nqn.2011-06.com.truenas:uuid:1:${HANDLE}`)],
      }),
      [name],
      'no-volume-refers',
    ],
    'a namespace of which a volume names the subsystem, under an older base': [
      anInventory({
        nvmetNamespaces: [aNamespace()],
        persistentVolumes: [manual(`nqn.2020-01.org.old:${HANDLE.toUpperCase()}`)],
      }),
      [name],
      'no-volume-refers',
    ],
    'a namespace of which a volume names the subsystem by its NQN alone': [
      anInventory({
        nvmetNamespaces: [aNamespace({ subsystem: 'disk-1' })],
        nvmetSubsystems: [
          aSubsystem({ name: 'disk-1', nqn: 'nqn.2014-08.org.nvmexpress:uuid:abc' }),
        ],
        persistentVolumes: [manual('nqn.2014-08.org.nvmexpress:uuid:abc')],
      }),
      [name],
      'no-volume-refers',
    ],
    ...Object.fromEntries(
      (['persistentVolumes', 'nvmetSubsystems'] as const).map((list) => [
        `${list} that may not be listed`,
        [withoutList(anInventory(exported), list), [name], 'no-volume-refers'] as const,
      ]),
    ),
    'a parent that was only inferred': [
      anInventory({ ...exported, drivers: [] }),
      [name],
      'below-declared-parent',
    ],
    'the disk of a virtual machine that is gone': [
      anInventory({ nvmetNamespaces: [aNamespace({ devicePath: 'zvol/tank/vms/vm' })] }),
      ['zvol/tank/vms/vm'],
      'below-declared-parent',
    ],
  },
  silent: {
    'a namespace of a zvol that is there': anInventory({
      ...exported,
      datasets: [aDataset({ kind: 'volume' })],
    }),
    'a zvol whose path has a space': anInventory({
      nvmetNamespaces: [aNamespace({ devicePath: `zvol/${PARENT}/my+disk` })],
      datasets: [aDataset({ id: `${PARENT}/my disk`, kind: 'volume' })],
    }),
    'a file whose path looks like that of a zvol': anInventory({
      nvmetNamespaces: [aNamespace({ type: 'FILE' })],
    }),
    'a file': anInventory({
      nvmetNamespaces: [aNamespace({ type: 'FILE', devicePath: `/mnt/${PARENT}/disk.img` })],
    }),
    'a namespace of a locked zvol': anInventory({
      nvmetNamespaces: [aNamespace({ locked: true })],
    }),
    'a namespace on a pool that is exported': anInventory({
      ...exported,
      pools: [aPool({ name: 'other' })],
    }),
    'a zvol that the API hides': anInventory({
      nvmetNamespaces: [aNamespace({ devicePath: `zvol/${PARENT}/.ix-virt/disk` })],
    }),
  },
});

test('outside every parent a dangling namespace is no more than a remark', () => {
  const [finding] = findingsOf(
    nvmetNamespaceDangling,
    anInventory({ nvmetNamespaces: [aNamespace({ devicePath: 'zvol/tank/vms/vm' })] }),
  );
  expect(finding?.severity).toBe('info');
});

test('ports are left alone', () => {
  const [finding] = findingsOf(nvmetNamespaceDangling, anInventory(exported));
  expect(finding?.remedy.steps.join(' ')).toContain('leave the ports alone');
});

test('the second read asks again who is connected', () => {
  expect(systemListsReadAgain(nvmetNamespaceDangling, anInventory(exported))).toContain(
    'nvmetSessions',
  );
});

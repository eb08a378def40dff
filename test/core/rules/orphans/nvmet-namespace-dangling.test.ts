import { expect, test } from 'vitest';
import { nvmetNamespaceDangling } from '../../../../src/lib/core/rules/orphans/nvmet-namespace-dangling.ts';
import {
  aDataset,
  aNamespace,
  anInventory,
  aPool,
  aPv,
  aSubsystem,
  HANDLE,
  PARENT,
} from '../../../support/builders.ts';
import { findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

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

testRule(nvmetNamespaceDangling, {
  safe: 'every',
  certain: {
    'a namespace whose zvol is gone': [anInventory(exported), [name]],
    'a namespace whose subsystem is not listed': [
      anInventory({ nvmetNamespaces: [aNamespace({ devicePath: `/dev/${name}` })] }),
      [`/dev/${name}`],
    ],
  },
  likely: {
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

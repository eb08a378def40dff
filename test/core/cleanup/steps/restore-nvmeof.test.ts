import { describe, expect, test } from 'vitest';
import { refToVolume } from '../../../../src/lib/core/model/subjects.ts';
import {
  aDataset,
  aNamespace,
  anExtent,
  anInventory,
  aPv,
  aSubsystem,
  HANDLE,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';
import { findingOf, planFor, reasonOf } from '../../../support/plan-builders.ts';

const place = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
const nqn = `nqn.2011-06.com.truenas:uuid:1:${HANDLE}`;
const device = `zvol/${place.path}`;

const volumeWith = (attributes: Readonly<Record<string, string>>) =>
  aPv({
    source: {
      kind: 'csi',
      driver: 'org.democratic-csi.nvmeof',
      handle: HANDLE,
      attributes: {
        node_attach_driver: 'nvmeof',
        provisioner_driver: 'freenas-api-nvmeof',
        ...attributes,
      },
    },
  });
const volume = volumeWith({ nqn, nsid: '3' });
const zvol = aDataset({ kind: 'volume' });
const beside = aDataset({ id: `${PARENT}/pvc-2`, kind: 'volume' });
const namespaceBeside = aNamespace({
  id: 60,
  devicePath: `zvol/${beside.id}`,
  subsystem: 'pvc-2',
  subsystemId: 6,
});
const subsystemBeside = aSubsystem({
  id: 6,
  name: 'pvc-2',
  nqn: 'nqn.2011-06.com.truenas:uuid:1:pvc-2',
  ports: [2, 1],
  hosts: [7],
  anyHost: false,
});
/** The volume, and one beside it that is served. What serves the volume is missing. */
const world: SmallWorld = {
  persistentVolumes: [volume],
  datasets: [zvol, beside],
  nvmetSubsystems: [subsystemBeside],
  nvmetNamespaces: [namespaceBeside],
};
const finding = findingOf('restore-share', refToVolume(volume), { place });
const plan = (over: SmallWorld = {}) => planFor(anInventory({ ...world, ...over }), [finding]);
const changes = (over: SmallWorld = {}) => plan(over).steps.map(({ change }) => change);
const kinds = (over: SmallWorld) =>
  changes(over).map((change) => ('kind' in change ? change.kind : change.type));

describe('restore-share by NVMe-oF', () => {
  test('makes a missing subsystem as its neighbours are, and serves the zvol last', () => {
    const refers = { refers_to: { subsystem: HANDLE } };
    expect(changes()).toMatchObject([
      {
        kind: 'nvmet-subsystem',
        fields: { name: HANDLE, subnqn: nqn, allow_any_host: false },
        refers_to: {},
      },
      { kind: 'nvmet-host-subsystem', fields: { host_id: 7 }, ...refers },
      { kind: 'nvmet-port-subsystem', fields: { port_id: 1 }, ...refers },
      { kind: 'nvmet-port-subsystem', fields: { port_id: 2 }, ...refers },
      {
        kind: 'nvmet-namespace',
        fields: { nsid: 3, device_path: device, enabled: true },
        ...refers,
      },
    ]);
    expect(plan().steps.every(({ before }) => before.length === 1)).toBe(true);
  });

  test('makes only the namespace where the subsystem is shown, however its neighbours are', () => {
    const shown = aSubsystem({ ports: [4] });
    const { steps } = plan({ nvmetSubsystems: [shown, subsystemBeside] });
    expect(steps.map(({ change }) => change)).toMatchObject([{ kind: 'nvmet-namespace' }]);
    expect(steps[0]?.before[1]).toMatchObject({
      target: { kind: 'nvmet-subsystem', where: { id: shown.id } },
      identity: { id: shown.id, name: HANDLE },
    });
  });

  test('shows a subsystem that is on no port where its neighbours are, and lets in nobody new', () => {
    const hidden = aSubsystem({ ports: [], hosts: [7], anyHost: false });
    const over = { nvmetSubsystems: [hidden, subsystemBeside] };
    expect(kinds(over)).toEqual([
      'nvmet-port-subsystem',
      'nvmet-port-subsystem',
      'nvmet-namespace',
    ]);
    expect(plan(over).steps.map(({ before }) => before[1]?.identity)).toEqual(
      [1, 2, 3].map(() => ({ id: hidden.id, name: HANDLE })),
    );
  });

  test.each([
    ['the one that has its very NQN, of several called so', { id: 8, nqn: `${nqn}:${HANDLE}` }],
    ['the one called so, where none has its NQN', { id: 6, name: 'pvc-2', nqn: 'nqn.other:pvc-2' }],
  ])('takes for its subsystem %s', (_, other) => {
    const meant = aSubsystem({ ports: [4], nqn: other.id === 8 ? nqn.toUpperCase() : 'nqn.moved' });
    const nvmetSubsystems = [meant, aSubsystem({ ports: [4], ...other })];
    const [step] = plan({ nvmetSubsystems, nvmetNamespaces: [] }).steps;
    expect(step?.before[1]?.identity).toMatchObject({ id: meant.id });
  });

  test.each(['0', '100000', 'one'])('serves it as namespace 1 where its volume says %s', (nsid) => {
    const persistentVolumes = [volumeWith({ nqn, nsid })];
    expect(changes({ persistentVolumes }).at(-1)).toMatchObject({ fields: { nsid: 1 } });
  });

  test('serves it as namespace 1 where its volume does not say', () => {
    const persistentVolumes = [volumeWith({ nqn })];
    expect(changes({ persistentVolumes }).at(-1)).toMatchObject({ fields: { nsid: 1 } });
  });

  const unknownReach = /^on which ports and to whom it is shown is not known/;
  test.each<[string, SmallWorld, RegExp]>([
    [
      'its dataset is a filesystem',
      { datasets: [aDataset(), beside] },
      new RegExp(`^${place.path} is no zvol$`),
    ],
    [
      'its volume does not say its subsystem',
      { persistentVolumes: [volumeWith({})] },
      /^its PersistentVolume does not say its subsystem$/,
    ],
    [
      'several subsystems may be meant',
      { nvmetSubsystems: [aSubsystem(), aSubsystem({ id: 8, nqn: nqn.toUpperCase() })] },
      /^several subsystems may be meant by nqn/,
    ],
    [
      'its subsystem is called after another',
      { persistentVolumes: [volumeWith({ nqn: 'nqn.2011-06.com.truenas:uuid:1:pvc-2' })] },
      /^its subsystem pvc-2 is not called after it$/,
    ],
    [
      'another subsystem serves its zvol',
      { nvmetNamespaces: [{ ...namespaceBeside, devicePath: device }] },
      /^subsystem pvc-2 serves its zvol$/,
    ],
    [
      'its subsystem serves another zvol',
      {
        nvmetSubsystems: [aSubsystem(), subsystemBeside],
        nvmetNamespaces: [aNamespace({ devicePath: 'zvol/tank/other' }), namespaceBeside],
      },
      /^its subsystem .* serves something else$/,
    ],
    [
      'an iSCSI extent serves its zvol',
      { iscsiExtents: [anExtent({ name: 'rescue' })] },
      /^iSCSI extent rescue serves its zvol$/,
    ],
    ['there are no neighbours', { nvmetNamespaces: [] }, unknownReach],
    ['the subsystem of a neighbour was not listed', { nvmetSubsystems: [] }, unknownReach],
    [
      'its neighbours are on no port',
      { nvmetSubsystems: [{ ...subsystemBeside, ports: [] }] },
      unknownReach,
    ],
    [
      'whether its neighbours let everybody in is not known',
      { nvmetSubsystems: [{ ...subsystemBeside, anyHost: null }] },
      unknownReach,
    ],
    [
      'its subsystem on no port lets in others than its neighbours',
      { nvmetSubsystems: [aSubsystem({ ports: [], anyHost: true }), subsystemBeside] },
      /^its subsystem .* lets in others than those of its neighbours$/,
    ],
  ])('is left to people where %s', (_, over, reason) => {
    expect(reasonOf(plan(over))).toMatch(reason);
  });
});

import { describe, expect, test } from 'vitest';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { refToSubsystem, refToTarget } from '../../../../src/lib/core/model/subjects.ts';
import {
  aDataset,
  aDriverSecret,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anIscsiPv,
  aSubsystem,
  aTarget,
  A_GROUP,
  HANDLE,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';
import { findingOf, planFor, reasonOf } from '../../../support/plan-builders.ts';

const place = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
const zvol = aDataset({ kind: 'volume' });
const beside = aDataset({ id: `${PARENT}/pvc-2`, kind: 'volume' });

describe('enable-share of a target without groups', () => {
  const closed = aTarget({ groups: [] });
  const finding = findingOf('enable-share', refToTarget(closed), { place });
  const settings = {
    ...NO_DRIVER_SETTINGS,
    targetGroups: [{ ...A_GROUP, portal: 9, initiator: 4 }],
  };
  const secret = aDriverSecret({ parent: PARENT, settings });
  const volume = anIscsiPv();
  const mapped = {
    iscsiExtents: [anExtent(), anExtent({ id: 29, name: 'csi-pvc-2', path: `zvol/${beside.id}` })],
    iscsiTargets: [closed, aTarget({ id: 27, name: 'csi-pvc-2' })],
    iscsiTargetExtents: [aMapping(), aMapping({ id: 28, target: 27, extent: 29 })],
  };
  const groupsIn = (over: SmallWorld) => {
    const world = anInventory({ datasets: [zvol, beside], ...mapped, ...over });
    const [step] = planFor(world, [finding]).steps;
    return step?.change.type === 'set-groups' ? step.change.groups : step;
  };
  const ofNeighbours = [{ portal: 1, initiator: null, auth: null, authmethod: 'NONE' }];

  test('gives it those that the configuration of its driver says', () => {
    expect(groupsIn({ persistentVolumes: [volume], driverSecrets: [secret] })).toEqual([
      { portal: 9, initiator: 4, auth: null, authmethod: 'NONE' },
    ]);
  });

  test('else those of its neighbours', () => {
    expect(groupsIn({ persistentVolumes: [volume] })).toEqual(ofNeighbours);
  });

  test('gives a volume that was written by hand no groups of a driver that did not make it', () => {
    const iqn = `iqn.2005-10.org.freenas.ctl:${closed.name}`;
    const byHand = anIscsiPv({ source: { kind: 'iscsi', portal: 'nas1', iqn, lun: 0 } });
    expect(groupsIn({ persistentVolumes: [byHand], driverSecrets: [secret] })).toEqual(
      ofNeighbours,
    );
  });
});

describe('enable-share of a subsystem without ports', () => {
  const closed = aSubsystem({ ports: [] });
  const finding = findingOf('enable-share', refToSubsystem(closed), { place });
  const worldWith = (subsystem: typeof closed) =>
    anInventory({
      nvmetSubsystems: [subsystem, aSubsystem({ id: 6, name: 'pvc-2', ports: [2] })],
      nvmetNamespaces: [aNamespace({ devicePath: `zvol/${beside.id}`, subsystemId: 6 })],
      datasets: [zvol, beside],
    });

  test('shows it on the port of its neighbours', () => {
    const { steps } = planFor(worldWith(closed), [finding]);
    expect(steps.map(({ change }) => change)).toEqual([
      {
        type: 'create-object',
        kind: 'nvmet-port-subsystem',
        fields: { port_id: 2 },
        refers_to: { subsystem: closed.name },
      },
    ]);
    expect(steps[0]?.before[1]?.identity).toEqual({ id: closed.id, name: closed.name });
  });

  test.each([
    ['it is shown already', { ports: [1] }, 'it is shown on a port already'],
    [
      'it lets in others',
      { hosts: [3], anyHost: false },
      'it lets in others than the subsystems of its neighbours do',
    ],
  ])('is not planned where %s', (_, over, reason) => {
    expect(reasonOf(planFor(worldWith({ ...closed, ...over }), [finding]))).toBe(reason);
  });
});

import { targetKey } from '../../correlate/paths.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToExtent } from '../../model/subjects.ts';
import { type IscsiExtent, type IscsiTarget, type IscsiTargetExtent } from '../../model/truenas.ts';
import { danglingDevices } from '../checks/dangling-device.ts';
import { iscsiLogins } from '../checks/logins.ts';
import { trustInVolumes, namesOf } from '../checks/volume-names.ts';

function targetNamesByExtent(
  targets: readonly IscsiTarget[],
  mappings: readonly IscsiTargetExtent[],
): ReadonlyMap<number, readonly string[]> {
  const names = new Map(targets.map(({ id, name }) => [id, targetKey(name)]));
  const byExtent = new Map<number, string[]>();
  for (const { extent, target } of mappings) {
    const name = names.get(target);
    if (name !== undefined) byExtent.set(extent, [...(byExtent.get(extent) ?? []), name]);
  }
  return byExtent;
}

export const iscsiExtentDangling = defineRule({
  id: 'iscsi-extent-dangling',
  category: 'orphan',
  severity: 'medium',
  title: 'iSCSI extent of a zvol that is gone',
  scope: 'system',
  subjects: ['IscsiExtent'],
  remembers: true,
  requires: ['iscsiExtents', 'datasets', 'parents', 'storage'],
  consults: ['persistentVolumes', 'iscsiTargets', 'iscsiTargetExtents', 'iscsiSessions'],

  evaluate(evidence, context) {
    const { iscsiExtents, persistentVolumes, iscsiTargets, iscsiTargetExtents } = evidence;
    const volumes = lazy(() => namesOf(persistentVolumes.items, evidence.parents));
    const targets = lazy(() => targetNamesByExtent(iscsiTargets.items, iscsiTargetExtents.items));
    const noLogin = iscsiLogins(evidence.iscsiSessions);
    const targetsOf = ({ id }: IscsiExtent): readonly string[] => targets().get(id) ?? [];
    const volumesOf = (extent: IscsiExtent, path: string): readonly string[] => {
      const names = [targetKey(extent.name), ...targetsOf(extent)];
      return [
        ...volumes().atPath(path),
        ...names.flatMap((name) => volumes().ofTarget(name) ?? []),
      ];
    };
    return danglingDevices(
      iscsiExtents,
      {
        source: 'iscsiExtents',
        sessions: 'iscsiSessions',
        word: 'extent',
        refTo: refToExtent,
        zvolOf: ({ type, path }) => (type === 'DISK' ? path : undefined),
        volumesOf,
        read: [
          trustInVolumes(persistentVolumes),
          iscsiTargets.coverage,
          iscsiTargetExtents.coverage,
        ],
        noSession: (extent) =>
          noLogin(targetsOf(extent), [iscsiTargets.coverage, iscsiTargetExtents.coverage]),
        remedyFor: ({ id, name }) => ({
          action: 'delete-iscsi-extent',
          safe: true,
          steps: [
            `Check that extent ${id} is still ${name}: ids are used again.`,
            'Delete its mapping to the target, then the extent without the remove option.',
            'Delete the target if no other extent is mapped to it; leave portals, initiator groups and credentials alone.',
          ],
          command: null,
        }),
      },
      evidence,
      context,
    );
  },
});

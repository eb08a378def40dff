import { targetKey, zvolPathOf } from '../../correlate/paths.ts';
import { condition } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToExtent } from '../../model/subjects.ts';
import { type IscsiExtent, type IscsiTarget, type IscsiTargetExtent } from '../../model/truenas.ts';
import { absenceOf } from '../checks/absence.ts';
import { facts } from '../checks/facts.ts';
import { firstSeen } from '../checks/first-seen.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { trustInVolumes, VolumeNames } from '../checks/volume-names.ts';
import { placeOfDevice } from '../checks/place.ts';

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
  consults: ['persistentVolumes', 'iscsiTargets', 'iscsiTargetExtents'],

  *evaluate(evidence, context) {
    const { iscsiExtents, datasets, parents, storage, persistentVolumes } = evidence;
    const ids = new Set(datasets.map(({ id }) => id));
    const volumes = lazy(() => new VolumeNames(persistentVolumes.items, parents));
    const targets = lazy(() =>
      targetNamesByExtent(evidence.iscsiTargets.items, evidence.iscsiTargetExtents.items),
    );
    const usersOf = (extent: IscsiExtent, path: string): readonly string[] => {
      const names = [targetKey(extent.name), ...(targets().get(extent.id) ?? [])];
      const named = names.flatMap((name) => volumes().ofTarget(name) ?? []);
      return [...volumes().atPath(path), ...named].map((name) => `PersistentVolume ${name}`);
    };
    const read = [
      trustInVolumes(persistentVolumes),
      evidence.iscsiTargets.coverage,
      evidence.iscsiTargetExtents.coverage,
    ];
    for (const extent of iscsiExtents) {
      const path = extent.type === 'DISK' ? zvolPathOf(extent.path) : undefined;
      // An extent may export a snapshot, which the list of datasets does not hold.
      if (path === undefined || path.includes('@')) continue;
      const present = ids.has(path);
      if (context.suspectsOnly && present) continue;
      const subject = refToExtent(extent);
      yield {
        subject,
        place: placeOfDevice(extent.system, extent.path),
        premise: condition('no-zvol', !present, () =>
          present ? `zvol ${path}` : `no zvol ${path}`,
        ),
        checks: () => [
          condition(
            'not-locked',
            !extent.locked,
            extent.locked ? 'its zvol is locked' : 'not locked',
          ),
          storageReadable(storage, extent.system, path),
          belowDeclaredParent(parents, extent.system, path),
          absenceOf('no-volume-refers', usersOf(extent, path), read),
          firstSeen(context.firstSeen(subject)),
        ],
        message: `no zvol ${path} behind this extent`,
        severity: severityAt(parents, extent.system, path, 'medium'),
        lookups: () => [
          { kind: 'dataset', system: extent.system, id: path },
          poolsAgain(extent.system),
          { kind: 'system-list', system: extent.system, source: 'iscsiExtents' },
          { kind: 'cluster-list', source: 'persistentVolumes' },
        ],
        facts: () =>
          facts({
            createdAt: context.firstSeen(subject) ?? null,
            truenasReference: `zvol/${path}`,
            remedy: {
              action: 'delete-iscsi-extent',
              safe: true,
              steps: [
                `Check that extent ${extent.id} is still ${extent.name}: ids are used again.`,
                'Delete its mapping to the target, then the extent without the remove option.',
                'Delete the target if no other extent is mapped to it; leave portals, initiator groups and credentials alone.',
              ],
              command: null,
            },
          }),
      };
    }
  },
});

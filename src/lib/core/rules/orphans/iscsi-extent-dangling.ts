import { targetNameOf, zvolPathOf } from '../../correlate/paths.ts';
import { targetNamesOf } from '../../correlate/volume-handle.ts';
import { assurance, condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule } from '../../model/rule.ts';
import { refToExtent } from '../../model/subjects.ts';
import { facts } from '../checks/facts.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { storageReadable } from '../checks/storage.ts';

function volumesByTarget(volumes: readonly PersistentVolume[]): ReadonlyMap<string, string> {
  return new Map(
    volumes.flatMap((pv) =>
      targetNamesOf(pv.source).map((name) => [targetNameOf(name).toLowerCase(), pv.name]),
    ),
  );
}

export const iscsiExtentDangling = defineRule({
  id: 'iscsi-extent-dangling',
  category: 'orphan',
  severity: 'medium',
  title: 'iSCSI extent of a zvol that is gone',
  scope: 'system',
  subjects: ['IscsiExtent'],
  requires: ['iscsiExtents', 'datasets', 'parents', 'storage'],
  consults: ['persistentVolumes', 'iscsiTargets', 'iscsiTargetExtents'],

  *evaluate(evidence, context) {
    const { iscsiExtents, datasets, parents, storage, persistentVolumes } = evidence;
    const ids = new Set(datasets.map(({ id }) => id));
    const volumes = volumesByTarget(persistentVolumes.items);
    const targets = new Map(
      evidence.iscsiTargets.items.map(({ id, name }) => [id, name.toLowerCase()]),
    );
    const mappedTo = new Map<number, string[]>();
    for (const { extent, target } of evidence.iscsiTargetExtents.items) {
      mappedTo.set(extent, [...(mappedTo.get(extent) ?? []), targets.get(target) ?? '']);
    }
    const coverages = [
      persistentVolumes.coverage,
      evidence.iscsiTargets.coverage,
      evidence.iscsiTargetExtents.coverage,
    ];
    const allRead = coverages.every(({ state }) => state === 'complete');
    for (const extent of iscsiExtents) {
      const path = extent.type === 'DISK' ? zvolPathOf(extent.path) : undefined;
      if (path === undefined) continue;
      const names = [extent.name.toLowerCase(), ...(mappedTo.get(extent.id) ?? [])];
      const volume = names.map((name) => volumes.get(name)).find((name) => name !== undefined);
      const subject = refToExtent(extent);
      const firstSeen = context.firstSeen(subject);
      yield {
        subject,
        checks: [
          condition('no-zvol', !ids.has(path), ids.has(path) ? `zvol ${path}` : `no zvol ${path}`),
          condition(
            'not-locked',
            !extent.locked,
            extent.locked ? 'TrueNAS says its zvol is locked' : 'not locked',
          ),
          storageReadable(storage, extent.system, path),
          belowDeclaredParent(parents, extent.system, path),
          assurance(
            'no-volume-refers',
            volume !== undefined ? false : allRead ? true : undefined,
            () =>
              volume === undefined
                ? 'no PersistentVolume names its target'
                : `PersistentVolume ${volume} names its target`,
          ),
        ],
        message: `no zvol ${path} behind this extent`,
        severity: severityAt(parents, extent.system, path, 'medium'),
        lookups: [
          { kind: 'dataset', system: extent.system, id: path },
          { kind: 'system-list', system: extent.system, source: 'iscsiExtents' },
          { kind: 'cluster-list', source: 'persistentVolumes' },
        ],
        facts: () =>
          facts({
            createdAt: firstSeen ?? null,
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

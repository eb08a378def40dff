import { datasetsById } from '../../correlate/listed-by.ts';
import { zvolPathOf, targetKey } from '../../correlate/paths.ts';
import { assurance, condition } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToExtent } from '../../model/subjects.ts';
import { type Dataset, type IscsiExtent } from '../../model/truenas.ts';
import { absenceOf } from '../checks/absence.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { facts } from '../checks/facts.ts';
import { suspectForLong } from '../checks/first-seen.ts';
import { OWNER_SOURCES, volumeIsOurs } from '../checks/export-owner.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { namesFollowed } from '../checks/leaning.ts';
import { placeOfDevice } from '../checks/place.ts';
import { memoriesAgain } from '../checks/remembered.ts';
import { UserVolumes } from '../checks/served-volumes.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { podMakersAgain } from '../checks/unclaimed.ts';
import { trustInVolumes, namesOf } from '../checks/volume-names.ts';

function remedyFor(extent: IscsiExtent, users: readonly string[]): Remedy {
  if (users.length > 0) {
    return {
      action: 'restore-share',
      safe: true,
      steps: [
        `Ask who still needs ${users.join(', ')}.`,
        `Where it is to be mounted, map extent ${extent.name} as LUN 0 to the target the volume names, and check the mount.`,
        'Where it is to go, let its driver finish the deletion: that takes the extent along.',
      ],
      command: null,
    };
  }
  return {
    action: 'delete-iscsi-extent',
    safe: true,
    steps: [
      `Check that extent ${extent.id} is still ${extent.name}, and still mapped to no target: ids are used again.`,
      'Delete the extent without the remove option; its zvol and the data on it stay.',
    ],
    command: null,
  };
}

export const iscsiExtentUnmapped = defineRule({
  id: 'iscsi-extent-unmapped',
  category: 'orphan',
  severity: 'low',
  title: 'iSCSI extent that no target serves',
  scope: 'system',
  subjects: ['IscsiExtent'],
  remembers: true,
  requires: [
    'iscsiExtents',
    'iscsiTargetExtents',
    'datasets',
    'volumeLinks',
    'parents',
    'storage',
    'clusters',
  ],
  consults: [...OWNER_SOURCES, 'claimUse'],

  *evaluate(evidence, context) {
    const { iscsiExtents, iscsiTargetExtents, datasets, volumeLinks, parents, storage } = evidence;
    const { persistentVolumes, claimUse } = evidence;
    const mapped = new Set(iscsiTargetExtents.map(({ extent }) => extent));
    const names = lazy(() => namesOf(persistentVolumes.items, parents));
    const served = lazy(() => new UserVolumes(persistentVolumes.items, volumeLinks));
    // A volume that is known by its dataset is likely to name the target as well.
    const usersOf = (extent: IscsiExtent, zvol: Dataset | undefined): readonly string[] => [
      ...new Set([
        ...(zvol === undefined ? [] : volumeLinks.usersOf(zvol)).map(({ name }) => name),
        ...[names().ofTarget(targetKey(extent.name)) ?? []].flat(),
      ]),
    ];
    for (const extent of iscsiExtents) {
      const isMapped = mapped.has(extent.id);
      if (context.suspectsOnly && isMapped) continue;
      const path = extent.type === 'DISK' ? zvolPathOf(extent.path) : undefined;
      if (path === undefined) continue;
      const { system } = extent;
      const zvol = datasetsById(datasets).get(path);
      const subject = refToExtent(extent);
      yield {
        subject,
        place: placeOfDevice(system, extent.path),
        premise: condition('not-mapped', !isMapped, isMapped ? 'a target serves it' : 'no target'),
        checks: () => {
          const users = usersOf(extent, zvol);
          return [
            // Without its zvol it is another finding: there is nothing to serve.
            condition(
              'zvol-there',
              zvol?.kind === 'volume',
              zvol === undefined ? `no zvol ${path}` : `zvol ${path}`,
            ),
            served().noBoundVolume(zvol === undefined ? [] : [zvol]),
            olderThanThreshold(zvol?.createdAt ?? null, context, 'its zvol was created'),
            condition('not-locked', !extent.locked, extent.locked ? 'its zvol is locked' : 'no'),
            storageReadable(storage, system, path),
            belowDeclaredParent(parents, system, path),
            assurance('made-by-driver', zvol !== undefined && volumeLinks.isManaged(zvol), () =>
              zvol !== undefined && volumeLinks.isManaged(zvol)
                ? "its zvol is a driver's"
                : 'its zvol carries no mark of a driver',
            ),
            // Where somebody uses it nobody has to ask whose it is.
            ...(zvol === undefined || users.length > 0
              ? []
              : volumeIsOurs(zvol, evidence, context)),
            absenceOf('no-volume-refers', users, [
              trustInVolumes(persistentVolumes),
              claimUse.coverage,
              namesFollowed(volumeLinks),
            ]),
            suspectForLong(context.firstSeen(subject), context),
          ];
        },
        message: `extent ${extent.name} of zvol ${path} is mapped to no target`,
        severity: severityAt(parents, system, path, 'low'),
        lookups: () => [
          { kind: 'system-list', system, source: 'iscsiExtents' },
          { kind: 'system-list', system, source: 'iscsiTargetExtents' },
          { kind: 'dataset', system, id: path },
          poolsAgain(system),
          { kind: 'cluster-list', source: 'persistentVolumes' },
          ...podMakersAgain(),
          ...memoriesAgain(),
        ],
        facts: () =>
          facts({
            createdAt: zvol?.createdAt ?? null,
            truenasReference: `zvol/${path}`,
            remedy: remedyFor(extent, usersOf(extent, zvol)),
          }),
      };
    }
  },
});

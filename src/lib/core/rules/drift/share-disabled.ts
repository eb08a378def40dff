import { protocolOf } from '../../correlate/protocol.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from '../checks/absence.ts';
import { lastTurn, latestOf, olderThanThreshold } from '../checks/age.ts';
import { switchesOf, type ExportSwitch } from '../checks/export-switches.ts';
import { facts } from '../checks/facts.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { placeOf } from '../checks/place.ts';
import { UserVolumes } from '../checks/served-volumes.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { isReachable } from '../checks/volume-export.ts';

/** A bound volume that nobody reaches while something is off, and its dataset. */
interface CutOff {
  readonly volume: PersistentVolume;
  readonly dataset: Dataset;
}

/** How a volume made by hand is mounted its source says, or nothing does. */
function mayUse(volume: PersistentVolume, { protocol }: ExportSwitch): boolean {
  const { kind } = volume.source;
  const own = kind === 'nfs' || kind === 'iscsi' ? kind : protocolOf(volume);
  return own === undefined || own === protocol;
}

function cutOffBy(
  off: ExportSwitch,
  volumes: UserVolumes,
  exports: ExportIndex,
): readonly CutOff[] {
  return off
    .datasets()
    .flatMap((dataset) => volumes.boundTo(dataset).map((volume) => ({ volume, dataset })))
    .filter(
      ({ volume, dataset }) =>
        mayUse(volume, off) && !isReachable(off.protocol, volume, dataset, exports),
    );
}

export const shareDisabled = defineRule({
  id: 'share-disabled',
  category: 'drift',
  severity: 'medium',
  title: 'Disabled share or target of a bound PersistentVolume',
  scope: 'system',
  subjects: [
    'NfsShare',
    'SmbShare',
    'IscsiExtent',
    'IscsiTarget',
    'NvmetNamespace',
    'NvmetSubsystem',
  ],
  requires: [
    'nfsShares',
    'iscsiExtents',
    'iscsiTargets',
    'iscsiTargetExtents',
    'datasets',
    'volumeLinks',
    'exports',
    'parents',
    'storage',
    'persistentVolumes',
  ],
  consults: ['smbShares', 'nvmetNamespaces', 'nvmetSubsystems'],

  *evaluate(evidence, context) {
    const { volumeLinks, exports, parents, storage, persistentVolumes } = evidence;
    const volumes = lazy(() => new UserVolumes(persistentVolumes, volumeLinks));
    const read = {
      nfs: [],
      iscsi: [],
      smb: [evidence.smbShares.coverage],
      nvmeof: [evidence.nvmetNamespaces.coverage, evidence.nvmetSubsystems.coverage],
    };
    for (const each of switchesOf(evidence, context.suspectsOnly)) {
      const cutOff = lazy(() => cutOffBy(each, volumes(), exports));
      const dataset = cutOff()[0]?.dataset ?? each.datasets()[0];
      // What exports no dataset of ours is for its owner to switch.
      if (dataset === undefined) continue;
      const { system, id } = dataset;
      const names = (): string =>
        cutOff()
          .map(({ volume }) => volume.name)
          .join(', ');
      yield {
        subject: each.subject,
        place: placeOf(dataset),
        premise: condition('switched-off', !each.on, each.state),
        checks: () => [
          condition('volume-cut-off', cutOff().length > 0, () =>
            cutOff().length > 0
              ? `PersistentVolume ${names()} is bound`
              : 'no bound PersistentVolume is mounted through it alone',
          ),
          olderThanThreshold(
            latestOf([dataset.createdAt, ...cutOff().map(({ volume }) => lastTurn(volume))]),
            context,
            'unchanged since',
          ),
          storageReadable(storage, system, id),
          belowDeclaredParent(parents, system, id),
          absenceOf('no-other-export', [], read[each.protocol]),
        ],
        message: () => `${each.state}, and PersistentVolume ${names()} is bound`,
        severity: severityAt(parents, system, id, 'medium'),
        lookups: () => [
          { kind: 'system-list', system, source: each.source },
          { kind: 'dataset', system, id },
          poolsAgain(system),
          { kind: 'cluster-list', source: 'persistentVolumes' },
        ],
        facts: () => {
          const claim = cutOff()[0]?.volume.claim ?? null;
          return facts({
            createdAt: dataset.createdAt,
            storageClass: cutOff()[0]?.volume.storageClass ?? null,
            truenasReference: id,
            kubernetesReference: claim === null ? null : `${claim.namespace}/${claim.name}`,
            remedy: {
              action: 'enable-share',
              safe: true,
              steps: [
                'Ask whoever runs the NAS whether it is off on purpose, for maintenance or to retire the volume.',
                each.step,
                'Check that a pod can mount the claim.',
              ],
              command: null,
            },
          });
        },
      };
    }
  },
});

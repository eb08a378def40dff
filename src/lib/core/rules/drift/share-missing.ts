import { type BackedVolume } from '../../correlate/backed-volumes.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { EXPORT_LISTS, protocolOf, type Protocol } from '../../correlate/protocol.ts';
import { condition, type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { defineRule, type Lookup } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { volumeFacts } from '../checks/facts.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { placeOf } from '../checks/place.ts';
import { exportOf, type ExportState } from '../checks/volume-export.ts';
import { suspectsAmong } from '../checks/suspects.ts';

const NOTHING: readonly Coverage[] = [];

/** Only a list that was read whole says that something is not in it. */
function listsRead(coverages: readonly Coverage[]): Check {
  const gap = coverages.find(({ state }) => state !== 'complete');
  return condition(
    'exports-read',
    gap === undefined ? true : undefined,
    gap === undefined || gap.state === 'complete' ? 'read whole' : gap.reason,
  );
}

function lookupsFor(dataset: Dataset, protocol: Protocol): readonly Lookup[] {
  const { system } = dataset;
  return [
    ...EXPORT_LISTS[protocol].map((source): Lookup => ({ kind: 'system-list', source, system })),
    { kind: 'dataset', system, id: dataset.id },
    poolsAgain(system),
    { kind: 'cluster-list', source: 'persistentVolumes' },
  ];
}

function firstStep({ id, mountpoint }: Dataset, protocol: Protocol): string {
  switch (protocol) {
    case 'nfs':
      return `Create an NFS share of ${mountpoint ?? id} with the networks and the mapping of its neighbours.`;
    case 'smb':
      return `Create an SMB share of ${mountpoint ?? id} under the name the PersistentVolume has in its share, with the options of its neighbours.`;
    case 'iscsi':
      return `Create extent, target and mapping for zvol ${id} under the name the PersistentVolume has in its iqn.`;
    case 'nvmeof':
      return `Create a subsystem with the NQN the PersistentVolume has in its nqn, a namespace for zvol ${id} in it, and attach it to the ports of its neighbours.`;
  }
}

interface Exported {
  readonly dataset: Dataset;
  readonly protocol: Protocol;
  readonly found: ExportState;
}

/** How a volume is exported that has its dataset; undefined where it has none, or its protocol is none we know. */
function exportedAs({ volume, backend }: BackedVolume, exports: ExportIndex): Exported | undefined {
  if (backend.state !== 'found') return undefined;
  const { dataset } = backend;
  const protocol = protocolOf(volume);
  return protocol === undefined
    ? undefined
    : { dataset, protocol, found: exportOf(protocol, volume, dataset, exports) };
}

export const shareMissing = defineRule({
  id: 'share-missing',
  category: 'drift',
  severity: 'high',
  title: 'Bound PersistentVolume whose share or target is gone',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'volumeLinks', 'exports', 'storage'],
  consults: ['smbShares', 'nvmetNamespaces', 'nvmetSubsystems'],

  *evaluate(evidence, context) {
    const { persistentVolumes, volumeLinks, exports, storage } = evidence;
    const read: Readonly<Record<Protocol, readonly Coverage[]>> = {
      nfs: NOTHING,
      iscsi: NOTHING,
      smb: [evidence.smbShares.coverage],
      nvmeof: [evidence.nvmetNamespaces.coverage, evidence.nvmetSubsystems.coverage],
    };
    const backed = volumeLinks.backed(persistentVolumes);
    const isSuspect = (each: BackedVolume): boolean =>
      exportedAs(each, exports)?.found.missing === true;
    for (const each of suspectsAmong(backed, context, isSuspect)) {
      const exported = exportedAs(each, exports);
      if (exported === undefined) continue;
      const { volume: pv } = each;
      const { dataset, protocol, found } = exported;
      yield {
        subject: refToVolume(pv),
        place: placeOf(dataset),
        premise: condition('not-exported', found.missing, found.detail),
        checks: () => [
          // A delete that was blocked half-way removes the share first, and then its absence is no fault of its own.
          condition('bound', pv.phase === 'Bound', `phase is ${pv.phase}`),
          listsRead(read[protocol]),
          olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
          storageReadable(storage, dataset.system, dataset.id),
        ],
        message: found.detail,
        lookups: () => lookupsFor(dataset, protocol),
        facts: () => ({
          ...volumeFacts(pv, dataset),
          remedy: {
            action: 'restore-share',
            safe: true,
            steps: [
              firstStep(dataset, protocol),
              'Write the new ids into the democratic-csi properties of the dataset, so that the driver can delete the volume later.',
              'Check that a pod can mount the claim.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});

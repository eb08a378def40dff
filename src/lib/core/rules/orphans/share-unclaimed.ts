import { type ExportIndex } from '../../correlate/match-shares.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { COMPLETE } from '../../model/coverage.ts';
import { type SystemSource } from '../../model/inventory.ts';
import { type Remedy } from '../../model/remedy.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { defineRule } from '../../model/rule.ts';
import { refToExtent, refToNamespace, refToNfsShare, refToSmbShare } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { isClusterMissing, mindOfDoubts } from '../checks/doubts.ts';
import { facts } from '../checks/facts.ts';
import {
  isOwnIscsiName,
  isOwnNfsShare,
  isOwnNvmetName,
  isOwnSmbShare,
} from '../checks/foreign-exports.ts';
import {
  noInlineVolume,
  noNvmeSession,
  noSession,
  noOtherUse,
  notKeptOnPurpose,
} from '../checks/leaning.ts';
import { placeOf } from '../checks/place.ts';
import { forgottenByName, memoriesAgain, MEMORY_SOURCES } from '../checks/remembered.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { ownedByRegistered, podMakersAgain } from '../checks/unclaimed.ts';
import { suspectsAmong } from '../checks/suspects.ts';

/** One way a dataset is exported. */
interface Export {
  readonly subject: ResourceRef;
  readonly source: SystemSource;
  /** Whether its comment or name says that it is the volume's own. */
  readonly own: boolean;
  readonly reference: string;
}

/** What exports a dataset. An extent that no target serves exports nothing, and is a finding of its own. */
function* exportsOf(dataset: Dataset, exports: ExportIndex): Iterable<Export> {
  const nfsShares = exports.nfsSharesOf(dataset);
  for (const share of nfsShares) {
    const own = isOwnNfsShare(share, dataset, nfsShares);
    yield { subject: refToNfsShare(share), source: 'nfsShares', own, reference: share.path };
  }
  for (const share of exports.smbSharesOf(dataset)) {
    const own = isOwnSmbShare(share, dataset);
    yield { subject: refToSmbShare(share), source: 'smbShares', own, reference: share.path };
  }
  for (const { extent, targets } of exports.extentsOf(dataset)) {
    if (targets.length === 0) continue;
    const own = isOwnIscsiName(extent.name, dataset);
    yield { subject: refToExtent(extent), source: 'iscsiExtents', own, reference: extent.path };
  }
  for (const { namespace } of exports.namespacesOf(dataset)) {
    const own = isOwnNvmetName(namespace.subsystem, dataset);
    const reference = namespace.devicePath;
    yield { subject: refToNamespace(namespace), source: 'nvmetNamespaces', own, reference };
  }
}

/** It goes with its dataset, or comes back with it. */
function remedyFor({ id }: Dataset, checks: readonly Check[]): Remedy {
  const follow = (what: string): Remedy => ({
    action: 'none',
    safe: false,
    steps: [`Follow dataset-unclaimed for ${id}: ${what}.`],
    command: null,
  });
  return isClusterMissing(checks)
    ? follow('it may have to be brought back, and this stays as it is until that is known')
    : mindOfDoubts(
        follow('this is disabled first and, when the time of waiting is over, deleted before it'),
        checks,
      );
}

export const shareUnclaimed = defineRule({
  id: 'share-unclaimed',
  category: 'orphan',
  severity: 'low',
  title: 'Share or extent of a volume nobody claims',
  scope: 'system',
  subjects: ['NfsShare', 'SmbShare', 'IscsiExtent', 'NvmetNamespace'],
  requires: [
    'datasets',
    'volumeLinks',
    'exports',
    'parents',
    'storage',
    'clusters',
    'persistentVolumes',
  ],
  consults: [
    'smbShares',
    'nvmetNamespaces',
    'nvmetSessions',
    'iscsiSessions',
    'claimUse',
    ...MEMORY_SOURCES,
  ],

  *evaluate(evidence, context) {
    const { datasets, volumeLinks, exports, parents, storage, claimUse } = evidence;
    const listed = { coverage: COMPLETE, value: exports };
    for (const dataset of suspectsAmong(datasets, context, (each) => !volumeLinks.isUsed(each))) {
      const { system, id } = dataset;
      const parent = parents.parentOf(system, id);
      if (parent === undefined || !volumeLinks.isManaged(dataset)) continue;
      const users = volumeLinks.usersOf(dataset);
      for (const { subject, source, own, reference } of exportsOf(dataset, exports)) {
        yield {
          subject,
          place: placeOf(dataset),
          premise: condition('no-volume-refers', users.length === 0, () =>
            users.length === 0
              ? 'no PersistentVolume in any registered cluster refers to its dataset'
              : `its dataset is used by ${users.map(({ name }) => name).join(', ')}`,
          ),
          checks: () => [
            condition(
              'provisioned',
              volumeLinks.isFinished(dataset),
              'the driver finished making the volume',
            ),
            olderThanThreshold(dataset.createdAt, context, 'its dataset was created'),
            storageReadable(storage, system, id),
            forgottenByName(dataset, { ...evidence, exports: listed }),
            ...ownedByRegistered(dataset, parent, evidence, context),
            noInlineVolume(dataset, volumeLinks, claimUse),
            notKeptOnPurpose(dataset, parent),
            noOtherUse(dataset),
            noSession(dataset, listed, evidence.iscsiSessions),
            ...noNvmeSession(dataset, listed, evidence.nvmetNamespaces, evidence.nvmetSessions),
            assurance(
              'made-by-driver',
              own,
              own ? "it is the volume's own" : "neither its name nor its comment is a driver's",
            ),
          ],
          message: `it exports ${id}, to which no PersistentVolume refers`,
          lookups: () => [
            { kind: 'cluster-list', source: 'persistentVolumes' },
            ...podMakersAgain(),
            { kind: 'system-list', system, source },
            { kind: 'system-list', system, source: 'iscsiSessions' },
            { kind: 'system-list', system, source: 'nvmetSessions' },
            { kind: 'dataset', system, id },
            poolsAgain(system),
            ...memoriesAgain(),
          ],
          facts: (judged) =>
            facts({
              createdAt: dataset.createdAt,
              truenasReference: reference,
              remedy: remedyFor(dataset, judged),
            }),
        };
      }
    }
  },
});

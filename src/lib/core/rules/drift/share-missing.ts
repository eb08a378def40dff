import { type ExportIndex } from '../../correlate/match-shares.ts';
import { targetKey } from '../../correlate/paths.ts';
import { targetNamesOf } from '../../correlate/volume-handle.ts';
import { condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule, type Lookup } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { volumeFacts } from '../checks/facts.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { placeOf } from '../checks/place.ts';

type Protocol = 'nfs' | 'iscsi';

/** How a volume is mounted, by its own attributes; undefined for protocols this rule does not judge. */
function protocolOf(pv: PersistentVolume): Protocol | undefined {
  if (pv.source.kind !== 'csi') return undefined;
  const { node_attach_driver: attach, protocol } = pv.source.attributes;
  const name = attach ?? protocol;
  return name === 'nfs' || name === 'iscsi' ? name : undefined;
}

interface Finding {
  readonly missing: boolean;
  readonly detail: string;
}

function nfsExport(dataset: Dataset, exports: ExportIndex): Finding {
  const [share] = exports.nfsSharesOf(dataset);
  return share === undefined
    ? { missing: true, detail: `no NFS share exports ${dataset.mountpoint ?? dataset.id}` }
    : { missing: false, detail: `NFS share ${share.id}` };
}

function iscsiExport(pv: PersistentVolume, dataset: Dataset, exports: ExportIndex): Finding {
  const [extent] = exports.extentsOf(dataset);
  if (extent === undefined)
    return { missing: true, detail: `no extent exports zvol ${dataset.id}` };
  const wanted = targetNamesOf(pv.source).map(targetKey);
  const mapped = exports
    .extentsOf(dataset)
    .flatMap(({ targets }) => targets.map(({ name }) => targetKey(name)));
  if (mapped.length === 0)
    return { missing: true, detail: `extent ${extent.extent.name} is mapped to no target` };
  const served = wanted.length === 0 || wanted.some((name) => mapped.includes(name));
  return served
    ? { missing: false, detail: `target ${mapped.join(', ')}` }
    : {
        missing: true,
        detail: `its target ${wanted.join(', ')} does not serve zvol ${dataset.id}, ${mapped.join(', ')} does`,
      };
}

function lookupsFor(dataset: Dataset, protocol: Protocol): readonly Lookup[] {
  const { system } = dataset;
  const lists =
    protocol === 'nfs'
      ? (['nfsShares'] as const)
      : (['iscsiTargets', 'iscsiExtents', 'iscsiTargetExtents'] as const);
  return [
    ...lists.map((source): Lookup => ({ kind: 'system-list', source, system })),
    { kind: 'dataset', system, id: dataset.id },
    poolsAgain(system),
    { kind: 'cluster-list', source: 'persistentVolumes' },
  ];
}

export const shareMissing = defineRule({
  id: 'share-missing',
  category: 'drift',
  severity: 'high',
  title: 'Bound PersistentVolume whose share or target is gone',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'volumeLinks', 'exports', 'storage'],
  consults: [],

  *evaluate({ persistentVolumes, volumeLinks, exports, storage }, context) {
    for (const pv of persistentVolumes) {
      const protocol = protocolOf(pv);
      const backend = volumeLinks.backendOf(pv);
      if (protocol === undefined || backend.state !== 'found') continue;
      const { dataset } = backend;
      const found =
        protocol === 'nfs' ? nfsExport(dataset, exports) : iscsiExport(pv, dataset, exports);
      if (context.suspectsOnly && !found.missing) continue;
      yield {
        subject: refToVolume(pv),
        place: placeOf(dataset),
        premise: condition('not-exported', found.missing, found.detail),
        checks: () => [
          // A delete that was blocked half-way removes the share first, and then its absence is no fault of its own.
          condition('bound', pv.phase === 'Bound', `phase is ${pv.phase}`),
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
              protocol === 'nfs'
                ? `Create an NFS share of ${dataset.mountpoint ?? dataset.id} with the networks and the mapping of its neighbours.`
                : `Create extent, target and mapping for zvol ${dataset.id} under the name the PersistentVolume has in its iqn.`,
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

import { condition } from '../../model/check.ts';
import { type Severity } from '../../model/finding.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type Lookup } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { DoubleExports, type DoubleExport } from '../checks/double-exports.ts';
import { datasetFacts } from '../checks/facts.ts';
import { belowDeclaredParent } from '../checks/known-parent.ts';
import { placeOf } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

const SHARES = ['nfsShares'] as const;
const DEVICES = [
  'iscsiTargets',
  'iscsiExtents',
  'iscsiTargetExtents',
  'nvmetNamespaces',
  'nvmetSubsystems',
] as const;

function lookupsFor({ system, id, kind }: Dataset): readonly Lookup[] {
  const lists = kind === 'volume' ? DEVICES : SHARES;
  return [
    ...lists.map((source): Lookup => ({ kind: 'system-list', system, source })),
    { kind: 'dataset', system, id },
    { kind: 'cluster-list', source: 'persistentVolumes' },
  ];
}

function remedyFor({ id, kind }: Dataset, double: DoubleExport | undefined): Remedy {
  const steps =
    kind === 'filesystem'
      ? [
          `Compare the networks, hosts and mappings of the shares of ${id}.`,
          'Where one of them is left over, disable it, and delete it once nobody has missed it.',
        ]
      : double?.severity === 'critical'
        ? [
            'Stop every workload of the volumes involved at once: each believes to be alone on the disk.',
            'Set their PersistentVolumes to reclaim policy Retain, so that no deletion takes the wrong data.',
            `Take a snapshot of ${id} and of the zvols named, and find out whose data is on which.`,
            'Map each target to an extent of its own zvol, and start one workload after the other.',
          ]
        : [
            `Find out which of them the volume of ${id} uses: the target or subsystem its PersistentVolume names.`,
            'Make sure that no host is logged in to the other one, and disable that.',
            'Delete it without the remove option once nobody has missed it.',
          ];
  return { action: 'investigate', safe: false, steps, command: null };
}

/** Outside every known parent people do as they please. */
function severityOf(known: boolean, double: DoubleExport | undefined): Severity {
  return known ? (double?.severity ?? 'info') : 'info';
}

export const exportDuplicate = defineRule({
  id: 'export-duplicate',
  category: 'drift',
  severity: 'critical',
  title: 'Dataset that is exported twice, or as another volume',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: ['datasets', 'volumeLinks', 'exports', 'parents', 'persistentVolumes'],
  consults: ['nvmetNamespaces', 'nvmetSubsystems'],

  *evaluate({ datasets, volumeLinks, exports, parents, persistentVolumes }, context) {
    const doubles = new DoubleExports(datasets, persistentVolumes, volumeLinks, exports);
    const isSuspect = (dataset: Dataset): boolean => doubles.of(dataset) !== undefined;
    for (const dataset of suspectsAmong(datasets, context, isSuspect)) {
      const double = doubles.of(dataset);
      const { system, id } = dataset;
      const message = double?.message ?? 'exported once at most, and as itself';
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('exported-twice', double !== undefined, message),
        checks: () => [
          olderThanThreshold(dataset.createdAt, context),
          belowDeclaredParent(parents, system, id),
        ],
        message,
        severity: severityOf(parents.parentOf(system, id) !== undefined, double),
        lookups: () => lookupsFor(dataset),
        facts: () => ({
          ...datasetFacts(dataset),
          reclaimable: bytes(0),
          remedy: remedyFor(dataset, double),
        }),
      };
    }
  },
});

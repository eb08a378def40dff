import { condition } from '../../model/check.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { belowDeclaredParent } from '../checks/known-parent.ts';
import { placeOf } from '../checks/place.ts';
import { RecordedIds } from '../checks/recorded-ids.ts';
import { suspectsAmong } from '../checks/suspects.ts';

export const recordedIdReused = defineRule({
  id: 'recorded-id-reused',
  category: 'drift',
  severity: 'low',
  title: 'Recorded id that now belongs to something else',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: [
    'datasets',
    'volumeLinks',
    'parents',
    'exports',
    'nfsShares',
    'iscsiTargets',
    'iscsiExtents',
  ],
  consults: ['smbShares', 'nvmetSubsystems', 'nvmetNamespaces'],

  *evaluate(evidence, context) {
    const { datasets, volumeLinks, parents, exports } = evidence;
    const recorded = new RecordedIds(
      {
        nfsShares: evidence.nfsShares,
        iscsiTargets: evidence.iscsiTargets,
        iscsiExtents: evidence.iscsiExtents,
        smbShares: evidence.smbShares.items,
        nvmetSubsystems: evidence.nvmetSubsystems.items,
        nvmetNamespaces: evidence.nvmetNamespaces.items,
      },
      exports,
    );
    // Children and snapshots of a volume show its ids too: only what a driver made itself recorded them.
    const isSuspect = (dataset: Dataset): boolean =>
      volumeLinks.isManaged(dataset) && recorded.strays(dataset).length > 0;
    for (const dataset of suspectsAmong(datasets, context, isSuspect)) {
      if (!volumeLinks.isManaged(dataset)) continue;
      const strays = recorded.strays(dataset);
      const { system, id } = dataset;
      const list = (): string => strays.map(({ what }) => what).join(', ');
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('id-of-another', strays.length > 0, () =>
          strays.length > 0 ? list() : 'every recorded id is its own, or of nothing',
        ),
        checks: () => [
          olderThanThreshold(dataset.createdAt, context),
          belowDeclaredParent(parents, system, id),
        ],
        message: () => `its properties record an id that is another's: ${list()}`,
        lookups: () => [
          ...strays.map(({ source }) => ({ kind: 'system-list', system, source }) as const),
          { kind: 'dataset', system, id },
        ],
        facts: () => ({
          ...datasetFacts(dataset),
          reclaimable: bytes(0),
          remedy: {
            action: 'repair-properties',
            safe: true,
            steps: [
              `Find what exports ${id} now, by its path and not by the recorded id.`,
              'Write the id of that into the property, or remove the property where there is none.',
              'Delete nothing by the recorded id: it belongs to something else.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});

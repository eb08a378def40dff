import { condition } from '../../model/check.ts';
import { type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { defineRule } from '../../model/rule.ts';
import { refToClaim } from '../../model/subjects.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { claimFacts, provisionerOf } from '../checks/claims.ts';

/** The dataset a lost claim had: its volume's name is written on it. */
function keptData(
  claim: PersistentVolumeClaim,
  datasetNamed: (volume: string) => string | undefined,
): string | undefined {
  return claim.volumeName === null ? undefined : datasetNamed(claim.volumeName);
}

export const pvcLost = defineRule({
  id: 'pvc-lost',
  category: 'orphan',
  severity: 'high',
  title: 'PersistentVolumeClaim whose PersistentVolume is gone',
  scope: 'cluster',
  subjects: ['PersistentVolumeClaim'],
  requires: ['persistentVolumeClaims', 'persistentVolumes', 'parents'],
  consults: ['storageClasses', 'datasets'],

  *evaluate(
    { persistentVolumeClaims, persistentVolumes, parents, storageClasses, datasets },
    context,
  ) {
    const volumes = new Set(persistentVolumes.map(({ name }) => name));
    const byVolume = new Map(
      datasets.items.flatMap(({ id, properties }) =>
        properties.csiVolumeName === null ? [] : [[properties.csiVolumeName, id]],
      ),
    );
    for (const claim of persistentVolumeClaims) {
      const provisioner = provisionerOf(claim, storageClasses.items);
      const kept = keptData(claim, (volume) => byVolume.get(volume));
      const concerned =
        kept !== undefined ||
        (provisioner !== undefined && parents.isTrueNasDriver(claim.cluster, provisioner));
      if (!concerned) continue;
      yield {
        subject: refToClaim(claim),
        checks: [
          condition('lost', claim.phase === 'Lost', `phase is ${claim.phase}`),
          condition(
            'volume-gone',
            claim.volumeName === null ? undefined : !volumes.has(claim.volumeName),
            `it was bound to ${claim.volumeName ?? 'a volume it does not name'}`,
          ),
          olderThanThreshold(claim.createdAt, context),
        ],
        message: `its PersistentVolume ${claim.volumeName ?? ''} is gone`.replace('  ', ' '),
        lookups: [
          { kind: 'cluster-list', source: 'persistentVolumes' },
          { kind: 'cluster-list', source: 'persistentVolumeClaims' },
        ],
        facts: () => ({
          ...claimFacts(claim),
          truenasReference: kept ?? null,
          remedy: {
            action: 'restore-volume',
            safe: false,
            steps: [
              kept === undefined
                ? 'Look on TrueNAS for a dataset that carries the name of the volume.'
                : `The data is still at ${kept}: do not delete it.`,
              'Create the PersistentVolume again under its old name, with reclaim policy Retain and a claimRef that holds the uid of this claim.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});

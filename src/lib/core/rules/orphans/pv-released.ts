import { assurance, condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { bytesBehind, datasetBehind } from '../checks/backing.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

function remedyFor(pv: PersistentVolume): Remedy {
  const retained = pv.reclaimPolicy === 'Retain';
  return {
    action: 'investigate',
    safe: false,
    steps: retained
      ? [
          'Ask the owner of the claim whether the data is still wanted; Retain kept it on purpose.',
          'To use it again, check that its share or extent is there and remove spec.claimRef.',
          'To let it go, set the reclaim policy to Delete, so that the driver deletes it in the right order.',
        ]
      : [
          'Read the VolumeFailedDelete events of the PersistentVolume: the driver is asked to delete it and cannot.',
          'Remove the cause they name, such as a clone or a snapshot, and let the driver try again.',
        ],
    command: null,
  };
}

function isReleased({ phase }: PersistentVolume): boolean {
  return phase === 'Released';
}

export const pvReleased = defineRule({
  id: 'pv-released',
  category: 'orphan',
  severity: 'medium',
  title: 'PersistentVolume that outlived its claim',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'parents'],
  consults: ['volumeLinks'],

  *evaluate({ persistentVolumes, volumeLinks: { value: links } }, context) {
    for (const pv of suspectsAmong(persistentVolumes, context, isReleased)) {
      if (!links.concerns(pv)) continue;
      const backend = links.backendOf(pv);
      const dataset = datasetBehind(backend);
      yield {
        subject: refToVolume(pv),
        place: placeOfBackend(backend),
        premise: condition('released', isReleased(pv), `phase is ${pv.phase}`),
        checks: () => [
          // Before Kubernetes 1.28 nothing says since when, and the volume's own age is only an upper bound.
          olderThanThreshold(
            lastTurn(pv),
            context,
            pv.phaseSince === null ? 'created' : 'released',
          ),
          assurance('release-dated', pv.phaseSince !== null, () =>
            pv.phaseSince === null
              ? 'this Kubernetes does not say since when'
              : `since ${pv.phaseSince.toISOString()}`,
          ),
        ],
        message: () =>
          pv.claim === null
            ? 'its claim is gone'
            : `its claim ${pv.claim.namespace}/${pv.claim.name} is gone, reclaim policy ${pv.reclaimPolicy}`,
        lookups: () => [{ kind: 'cluster-list', source: 'persistentVolumes' }],
        facts: () => ({
          ...volumeFacts(pv, dataset),
          reclaimable: bytesBehind(dataset, links),
          remedy: remedyFor(pv),
        }),
      };
    }
  },
});

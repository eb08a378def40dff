import { isDemocraticCsi } from '../../correlate/volume-handle.ts';
import { assurance, condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { bytesBehind, datasetBehind } from '../checks/backing.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/** Whether a driver made it for a claim: one that somebody wrote by hand waits for its claim by design. */
function isDynamic(pv: PersistentVolume): boolean {
  return PROVISIONED_BY in pv.annotations || isDemocraticCsi(pv);
}

function isAvailable({ phase }: PersistentVolume): boolean {
  return phase === 'Available';
}

export const pvAvailable = defineRule({
  id: 'pv-available',
  category: 'orphan',
  severity: 'low',
  title: 'PersistentVolume that was made for a claim and has none',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'parents'],
  consults: ['volumeLinks'],

  *evaluate({ persistentVolumes, volumeLinks: { value: links } }, context) {
    for (const pv of suspectsAmong(persistentVolumes, context, isAvailable)) {
      const available = isAvailable(pv);
      if (!links.concerns(pv)) continue;
      const backend = links.backendOf(pv);
      const dataset = datasetBehind(backend);
      const kept = pv.reclaimPolicy === 'Retain';
      yield {
        subject: refToVolume(pv),
        place: placeOfBackend(backend),
        premise: condition('available', available, `phase is ${pv.phase}`),
        checks: () => [
          condition(
            'made-by-driver',
            isDynamic(pv),
            isDynamic(pv) ? 'a driver made it' : 'it was written by hand, and waits for its claim',
          ),
          // A claimRef without a uid keeps the volume for a claim that is still to come.
          condition(
            'not-reserved',
            pv.claim === null,
            pv.claim === null
              ? 'it names no claim'
              : `kept for ${pv.claim.namespace}/${pv.claim.name}`,
          ),
          olderThanThreshold(
            lastTurn(pv),
            context,
            pv.phaseSince === null ? 'created' : 'available since',
          ),
          // Before Kubernetes 1.28 nothing says since when, and the volume's own age is only an upper bound.
          assurance('phase-dated', pv.phaseSince !== null, () =>
            pv.phaseSince === null
              ? 'this Kubernetes does not say since when'
              : `since ${pv.phaseSince.toISOString()}`,
          ),
        ],
        message: `no claim has it, reclaim policy ${pv.reclaimPolicy}`,
        lookups: () => [{ kind: 'cluster-list', source: 'persistentVolumes' }],
        // Who set Retain and took the claim away may well want it bound again.
        severity: kept ? 'info' : 'low',
        facts: () => ({
          ...volumeFacts(pv, dataset),
          reclaimable: bytesBehind(dataset, links),
          remedy: {
            action: 'investigate',
            safe: false,
            steps: [
              'Ask who removed its claim: it may be offered on purpose, and any claim of its class and size can take it with the data in it.',
              'To use it again, check that its share or extent is there and create a claim that names it in spec.volumeName.',
              'To keep it for one claim, write that claim into spec.claimRef.',
              kept
                ? 'To let it go, set the reclaim policy to Delete, then bind it to a claim and delete that claim, so that the driver deletes the data in the right order.'
                : 'To let it go, bind it to a claim and delete that claim, so that the driver deletes the data in the right order.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});

import { condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetBehind } from '../checks/backing.ts';
import { stepsAfterFailure } from '../checks/failed-deletes.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

/** The driver's own words, without the full stop that ends them. */
function reasonOf({ statusMessage }: PersistentVolume): string {
  const reason = statusMessage?.trim().replace(/\.+$/, '') ?? '';
  return reason === '' ? 'no reason is given' : reason;
}

export const pvFailed = defineRule({
  id: 'pv-failed',
  category: 'orphan',
  severity: 'high',
  title: 'PersistentVolume that could not be reclaimed',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'parents'],
  consults: ['volumeLinks'],

  *evaluate({ persistentVolumes, volumeLinks: { value: links } }, context) {
    for (const pv of suspectsAmong(persistentVolumes, context, ({ phase }) => phase === 'Failed')) {
      if (!links.concerns(pv)) continue;
      const backend = links.backendOf(pv);
      yield {
        subject: refToVolume(pv),
        place: placeOfBackend(backend),
        premise: condition('failed', pv.phase === 'Failed', `phase is ${pv.phase}`),
        checks: () => [
          olderThanThreshold(
            pv.phaseSince ?? pv.createdAt,
            context,
            pv.phaseSince === null ? 'created' : 'failed',
          ),
        ],
        message: () => `reclaiming it failed: ${reasonOf(pv)}`,
        lookups: () => [{ kind: 'cluster-list', source: 'persistentVolumes' }],
        facts: () => ({
          ...volumeFacts(pv, datasetBehind(backend)),
          remedy: {
            action: 'investigate',
            safe: false,
            steps: [
              'Read the message and the events of the PersistentVolume: they hold the answer of whoever was to delete it.',
              'Remove the cause, such as a clone, a snapshot, or a reclaim policy that no driver knows; nothing is tried again by itself.',
              ...stepsAfterFailure(pv),
            ],
            command: null,
          },
        }),
      };
    }
  },
});

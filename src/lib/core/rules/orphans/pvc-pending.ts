import { condition } from '../../model/check.ts';
import { type PersistentVolumeClaim, type Pod, type StorageClass } from '../../model/kubernetes.ts';
import { type Listing } from '../../model/coverage.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToClaim } from '../../model/subjects.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { claimFacts, provisionerOf } from '../checks/claims.ts';
import { suspectsAmong } from '../checks/suspects.ts';

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** Whether a volume is asked for at all: some classes wait until a pod wants it. */
function isWanted(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
  consumers: () => ReadonlySet<string>,
  pods: Pick<Listing<Pod>, 'coverage'>,
): boolean | undefined {
  if (storageClass?.bindingMode !== 'WaitForFirstConsumer') return true;
  if (SELECTED_NODE in claim.annotations) return true;
  if (consumers().has(`${claim.namespace}/${claim.name}`)) return true;
  return pods.coverage.state === 'complete' ? false : undefined;
}

function isPending({ phase }: PersistentVolumeClaim): boolean {
  return phase === 'Pending';
}

export const pvcPending = defineRule({
  id: 'pvc-pending',
  category: 'orphan',
  severity: 'medium',
  title: 'PersistentVolumeClaim that never got its volume',
  scope: 'cluster',
  subjects: ['PersistentVolumeClaim'],
  requires: ['persistentVolumeClaims', 'storageClasses', 'parents'],
  consults: ['pods'],

  *evaluate({ persistentVolumeClaims, storageClasses, parents, pods }, context) {
    // Most scans find no claim that is pending, and pods are many.
    const classes = lazy(() => new Map(storageClasses.map((each) => [each.name, each])));
    const consumers = lazy(
      () =>
        new Set(
          pods.items.flatMap((pod) => pod.claims.map((claim) => `${pod.namespace}/${claim}`)),
        ),
    );
    for (const claim of suspectsAmong(persistentVolumeClaims, context, isPending)) {
      const provisioner = provisionerOf(claim, storageClasses);
      if (provisioner === undefined || !parents.isTrueNasDriver(claim.cluster, provisioner))
        continue;
      const wanted = lazy(() =>
        isWanted(claim, classes().get(claim.storageClass ?? ''), consumers, pods),
      );
      yield {
        subject: refToClaim(claim),
        place: null,
        premise: condition('pending', claim.phase === 'Pending', `phase is ${claim.phase}`),
        checks: () => [
          condition('volume-wanted', wanted(), () =>
            wanted() === true ? 'a volume was asked for' : 'its class waits for a first consumer',
          ),
          olderThanThreshold(lastTurn(claim), context, 'unchanged since'),
        ],
        message: `driver ${provisioner} has not made its volume`,
        lookups: () => [{ kind: 'cluster-list', source: 'persistentVolumeClaims' }],
        facts: () => ({
          ...claimFacts(claim),
          remedy: {
            action: 'investigate',
            safe: false,
            steps: [
              'Read the events of the claim and the log of the driver controller: they hold the answer of TrueNAS.',
              'Check the free space of the pool, the parent dataset and the API key of the driver.',
              'After deleting the claim, look for a dataset that was begun and never finished.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});

import { type BackedVolume } from '../../correlate/backed-volumes.ts';
import { type Backend } from '../../correlate/backend.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type StorageState } from '../../correlate/storage-state.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Policy } from '../../model/policy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type Lookup } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { volumeFacts } from '../checks/facts.ts';
import { plausibleLoss } from '../checks/ownership.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

function describe(backend: Backend): string {
  switch (backend.state) {
    case 'found':
      return `backed by ${backend.dataset.id}`;
    case 'elsewhere':
      return `its data lies at ${backend.dataset.id}`;
    case 'absent':
      return `no dataset ${backend.path}, and none elsewhere that carries the volume's name`;
    case 'unknown':
      return backend.reason;
  }
}

function absent(backend: Backend): boolean | undefined {
  return backend.state === 'unknown' ? undefined : backend.state === 'absent';
}

/** Also the volume itself is read again: one that was deleted between the two lists is no fault. */
function lookupsFor(backend: Backend): readonly Lookup[] {
  if (backend.state !== 'absent') return [];
  return [
    { kind: 'dataset', system: backend.system, id: backend.path },
    poolsAgain(backend.system),
    { kind: 'cluster-list', source: 'persistentVolumes' },
  ];
}

function remedyFor(pv: PersistentVolume): Remedy {
  if (pv.phase === 'Bound') {
    return {
      action: 'restore-volume',
      safe: false,
      steps: [
        'Stop what uses the claim: whatever it writes now is lost.',
        'Restore the dataset from a replica or backup under the same path, with its share or extent.',
        'Where there is nothing to restore, delete the claim and let it be made anew.',
      ],
      command: null,
    };
  }
  return {
    action: 'delete-persistent-volume',
    safe: false,
    steps: [
      'Set the reclaim policy to Retain and save the manifest of the PersistentVolume.',
      'Delete the PersistentVolume.',
      'Look for a share or an extent that is left of it.',
    ],
    command: null,
  };
}

function placeChecks(
  backend: Backend,
  storage: StorageState,
  links: VolumeLinks,
  policy: Policy,
): readonly Check[] {
  if (backend.state !== 'absent') return [];
  const { system, path, parent } = backend;
  return [
    storageReadable(storage, system, path),
    assurance(
      'driver-declared',
      parent.origin === 'declared',
      `parent ${parent.path} is ${parent.origin}`,
    ),
    plausibleLoss(links.lossOf(parent), parent, policy),
  ];
}

export const pvBackendMissing = defineRule({
  id: 'pv-backend-missing',
  category: 'orphan',
  severity: 'critical',
  title: 'PersistentVolume whose dataset is gone',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'datasets', 'volumeLinks', 'parents', 'storage'],
  consults: [],

  *evaluate({ persistentVolumes, volumeLinks, storage }, context) {
    const backed = volumeLinks.backed(persistentVolumes);
    const isSuspect = ({ backend }: BackedVolume): boolean => backend.state === 'absent';
    for (const { volume: pv, backend } of suspectsAmong(backed, context, isSuspect)) {
      if (!volumeLinks.concerns(pv)) continue;
      yield {
        subject: refToVolume(pv),
        place: placeOfBackend(backend),
        premise: condition('no-backend', absent(backend), () => describe(backend)),
        checks: () => [
          olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
          ...placeChecks(backend, storage, volumeLinks, context.policy),
        ],
        message: () =>
          backend.state === 'absent'
            ? `no dataset ${backend.path} on ${backend.system}`
            : describe(backend),
        lookups: () => lookupsFor(backend),
        // Without a claim nothing is lost that somebody still asks for.
        severity: pv.phase === 'Bound' ? 'critical' : 'medium',
        facts: () => ({
          ...volumeFacts(pv, undefined),
          truenasReference: backend.state === 'absent' ? backend.path : null,
          remedy: remedyFor(pv),
        }),
      };
    }
  },
});

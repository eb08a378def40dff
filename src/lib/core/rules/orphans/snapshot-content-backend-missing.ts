import { type SnapshotBackend } from '../../correlate/match-snapshots.ts';
import { type StorageState } from '../../correlate/storage-state.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { defineRule, type DatasetPlace, type Lookup } from '../../model/rule.ts';
import { refToContent } from '../../model/subjects.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { facts, isApproximate } from '../checks/facts.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { suspectsAmong } from '../checks/suspects.ts';

function describe(backend: SnapshotBackend): string {
  switch (backend.state) {
    case 'found':
      return `backed by ${backend.id}`;
    case 'absent':
      return `no ${backend.kind} ${backend.id}`;
    case 'unknown':
      return backend.reason;
  }
}

function lookupsFor(backend: SnapshotBackend): readonly Lookup[] {
  if (backend.state !== 'absent') return [];
  const { kind, system, id } = backend;
  return [
    { kind, system, id },
    poolsAgain(system),
    { kind: 'cluster-list', source: 'volumeSnapshotContents' },
  ];
}

function placeChecks(backend: SnapshotBackend, storage: StorageState): readonly Check[] {
  if (backend.state !== 'absent') return [];
  const { system, id, parent } = backend;
  return [
    storageReadable(storage, system, id.split('@', 1)[0] ?? id),
    assurance(
      'driver-declared',
      parent.origin === 'declared',
      `parent ${parent.path} is ${parent.origin}`,
    ),
  ];
}

function placeOf(backend: SnapshotBackend): DatasetPlace | null {
  return backend.state === 'absent'
    ? { system: backend.system, path: backend.id.split('@', 1)[0] ?? backend.id }
    : null;
}

function referenceOf({ snapshot }: VolumeSnapshotContent): string | null {
  return snapshot === null ? null : `${snapshot.namespace}/${snapshot.name}`;
}

export const snapshotContentBackendMissing = defineRule({
  id: 'snapshot-content-backend-missing',
  category: 'orphan',
  severity: 'high',
  title: 'VolumeSnapshotContent whose snapshot is gone',
  scope: 'cluster',
  subjects: ['VolumeSnapshotContent'],
  requires: [
    'volumeSnapshotContents',
    'zfsSnapshots',
    'datasets',
    'snapshotLinks',
    'parents',
    'storage',
  ],
  consults: ['persistentVolumes'],

  *evaluate({ volumeSnapshotContents, snapshotLinks, parents, storage }, context) {
    const isUnserved = (content: VolumeSnapshotContent): boolean =>
      !snapshotLinks.isServed(content);
    for (const content of suspectsAmong(volumeSnapshotContents, context, isUnserved)) {
      const backend = snapshotLinks.backendOf(content);
      if (context.suspectsOnly && backend.state !== 'absent') continue;
      if (!parents.isTrueNasDriver(content.cluster, content.driver)) continue;
      yield {
        subject: refToContent(content),
        place: placeOf(backend),
        premise: condition(
          'no-backend',
          backend.state === 'unknown' ? undefined : backend.state === 'absent',
          () => describe(backend),
        ),
        checks: () => [
          condition('was-made', content.readyToUse ?? false, 'the driver reported it ready'),
          olderThanThreshold(lastTurn(content), context, 'unchanged since'),
          ...placeChecks(backend, storage),
        ],
        message: () => describe(backend),
        lookups: () => lookupsFor(backend),
        facts: () =>
          facts({
            createdAt: content.createdAt,
            size: content.restoreSize?.bytes ?? null,
            approximate: isApproximate(content.restoreSize),
            labels: content.labels,
            annotations: content.annotations,
            truenasReference: backend.state === 'absent' ? backend.id : null,
            kubernetesReference: referenceOf(content),
            remedy: {
              action: 'delete-snapshot-content',
              safe: false,
              steps: [
                'Tell the owner of the VolumeSnapshot that it can no longer be restored.',
                'Set deletionPolicy to Retain, so that the driver does not look for what is gone.',
                'Delete the VolumeSnapshot, then the VolumeSnapshotContent.',
              ],
              command: null,
            },
          }),
      };
    }
  },
});

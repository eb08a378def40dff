import { ownBytes } from '../../analysis/measured.ts';
import { type Backend } from '../../correlate/backend.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type DatasetPlace } from '../../model/resource-ref.ts';
import { type BackendWire } from '../../render/wire/kubernetes-list-schema.ts';
import { bytesIn } from './row-parts.ts';

const NOTHING: Omit<BackendWire, 'state'> = {
  system: null,
  reason: null,
  dataset: null,
  kind: null,
  expected: null,
  used_bytes: null,
  snapshot_bytes: null,
};

/** What stands behind a volume. What TrueNAS has nothing to do with is foreign, and not unknown. */
export function toBackend(
  volume: PersistentVolume,
  backend: Backend,
  links: Pick<VolumeLinks, 'concerns'>,
): BackendWire {
  switch (backend.state) {
    case 'found':
    case 'elsewhere': {
      const { dataset, state } = backend;
      return {
        ...NOTHING,
        state,
        system: dataset.system,
        dataset: dataset.id,
        kind: dataset.kind,
        expected: state === 'elsewhere' ? backend.expected : null,
        used_bytes: ownBytes(dataset),
        snapshot_bytes: bytesIn(dataset.usedBySnapshots),
      };
    }
    case 'absent':
      return { ...NOTHING, state: 'absent', system: backend.system, dataset: backend.path };
    case 'unknown':
      return links.concerns(volume)
        ? { ...NOTHING, state: 'unknown', reason: backend.reason }
        : { ...NOTHING, state: 'foreign' };
  }
}

/** Where it lies, or should; none where that is not known. */
export function placesBehind(backend: Backend): readonly DatasetPlace[] {
  switch (backend.state) {
    case 'found':
    case 'elsewhere':
      return [{ system: backend.dataset.system, path: backend.dataset.id }];
    case 'absent':
      return [{ system: backend.system, path: backend.path }];
    case 'unknown':
      return [];
  }
}

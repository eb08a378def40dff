import { clusterItems } from '../../correlate/derive.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type VolumeItem } from '../../render/wire/kubernetes-list-schema.ts';
import { placesBehind, toBackend } from './backend.ts';
import { aboutObject, approximation, bytesIn, iso, keysOfObject, type Row } from './row-parts.ts';
import { type Listed } from './listed.ts';

function toSource({ source }: PersistentVolume): VolumeItem['source'] {
  if (source.kind === 'csi') return { kind: 'csi', driver: source.driver, handle: source.handle };
  const kind = 'type' in source ? source.type : source.kind;
  return { kind, driver: null, handle: null };
}

/** PersistentVolumes, each with the dataset behind it. A volume belongs to the namespace of its claim. */
export function* volumeRows({ seen, findings }: Listed): Iterable<Row<VolumeItem>> {
  const links = seen.derived.volumeLinks;
  const volumes = clusterItems(seen.inventory, 'persistentVolumes');
  for (const volume of volumes) {
    const backend = links.backendOf(volume);
    const { claim, capacity } = volume;
    yield [
      { ...keysOfObject(volume), namespace: claim?.namespace ?? null },
      {
        name: volume.name,
        cluster: volume.cluster,
        phase: volume.phase,
        phase_since: iso(volume.phaseSince),
        message: volume.statusMessage,
        capacity_bytes: bytesIn(capacity),
        ...approximation(capacity),
        reclaim_policy: volume.reclaimPolicy,
        storage_class: volume.storageClass,
        claim: claim === null ? null : { namespace: claim.namespace, name: claim.name },
        source: toSource(volume),
        backend: toBackend(volume, backend, links),
        ...aboutObject(volume, findings.of([refToVolume(volume)], placesBehind(backend))),
      },
    ];
  }
}

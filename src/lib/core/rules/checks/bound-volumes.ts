import { protocolOf, type Protocol } from '../../correlate/protocol.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';
import { hostOf } from './ip-addresses.ts';

/** A volume somebody uses, where its driver keeps it, and how it is mounted. */
export interface BoundVolume {
  readonly volume: PersistentVolume;
  readonly dataset: Dataset;
  readonly protocol: Protocol;
}

/** The bound volumes whose data lies on one system. */
export function* boundVolumesOn(
  home: string,
  volumes: readonly PersistentVolume[],
  links: Pick<VolumeLinks, 'backendOf'>,
): Iterable<BoundVolume> {
  for (const volume of volumes) {
    if (volume.phase !== 'Bound') continue;
    const backend = links.backendOf(volume);
    if (backend.state !== 'found' || backend.dataset.system !== home) continue;
    const protocol = protocolOf(volume);
    if (protocol !== undefined) yield { volume, dataset: backend.dataset, protocol };
  }
}

/** Attributes in which drivers name the servers of a volume, one or several, with their ports. */
const SERVER_ATTRIBUTES = [
  'server',
  'nfsServer',
  'portal',
  'portals',
  'targetPortal',
  'transports',
];

/** The hosts a node mounts a CSI volume from, as its attributes say. */
export function serversOf({ source }: PersistentVolume): readonly string[] {
  if (source.kind !== 'csi') return [];
  const texts = SERVER_ATTRIBUTES.flatMap((key) => source.attributes[key]?.split(',') ?? []);
  const hosts = texts.map(
    (text) => /^\w+:\/\/(\[[^\]]*\]|[^/?:]+)/.exec(text.trim())?.[1] ?? text.trim(),
  );
  return [...new Set(hosts.map(hostOf))].filter((host) => host !== '');
}

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

/** `tcp://host:port?options`, of which only the host matters. */
const IN_URL = /^\w+:\/\/(\[[^\]]*\]|[^/?:]+)/;

function hostIn(text: string): string {
  const trimmed = text.trim();
  return hostOf(IN_URL.exec(trimmed)?.[1] ?? trimmed);
}

/** The hosts a node mounts a CSI volume from, as its attributes say; each once. */
export function serversOf({ source }: PersistentVolume): readonly string[] {
  const hosts: string[] = [];
  if (source.kind !== 'csi') return hosts;
  for (const key of SERVER_ATTRIBUTES) {
    const value = source.attributes[key];
    if (value === undefined || value === '') continue;
    for (const text of value.includes(',') ? value.split(',') : [value]) {
      const host = hostIn(text);
      if (host !== '' && !hosts.includes(host)) hosts.push(host);
    }
  }
  return hosts;
}

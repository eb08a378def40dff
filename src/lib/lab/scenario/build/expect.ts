import { type ExpectedFinding } from '../world.ts';
import { certain } from './define.ts';
import { zvolPath } from './exports.ts';
import { type PathVolume } from './path-volume.ts';
import { type Protocol } from './protocol.ts';
import { type Volume } from './volume.ts';

/** The name a finding gives to what exports a volume. */
export function exportName(
  protocol: Protocol,
  { dataset, share, extent }: { dataset: string; share: string; extent: string },
): string {
  return { nfs: `/mnt/${dataset}`, smb: share, iscsi: extent, nvmeof: zvolPath(dataset) }[protocol];
}

/** What is found of a volume that nobody claims: its dataset, and what TrueNAS still exports it by. */
export function unclaimed(
  volume: Volume | PathVolume,
  confidence: typeof certain = certain,
): ExpectedFinding[] {
  const { dataset } = volume;
  const names =
    'assets' in volume
      ? { dataset, share: volume.assets, extent: volume.assets }
      : { dataset, share: volume.asset, extent: volume.extent };
  const { protocol, kind } =
    'deployment' in volume ? volume.deployment : { ...volume.driver, kind: '' };
  const found = [confidence('dataset-unclaimed', dataset)];
  if (kind.startsWith('zfs-generic')) return found;
  return [...found, confidence('share-unclaimed', exportName(protocol, names))];
}

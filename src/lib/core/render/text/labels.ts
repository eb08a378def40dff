import {
  homeOf,
  typedName,
  type ResourceRef,
  type ResourceType,
} from '../../model/resource-ref.ts';
import { counted } from './format.ts';
import { printable } from './safe.ts';

/** Short names where kubectl has them; people know those better than the long ones. */
const SHORT: Partial<Record<ResourceType, string>> = {
  PersistentVolume: 'pv',
  PersistentVolumeClaim: 'pvc',
  VolumeSnapshot: 'vs',
  VolumeSnapshotContent: 'vsc',
  VolumeAttachment: 'va',
  StorageClass: 'sc',
};

function pathOf(ref: ResourceRef): string {
  return printable(ref.namespace === null ? ref.name : `${ref.namespace}/${ref.name}`);
}

/** An object as tables show it: `pvc/shop/data-0`, `dataset/tank/k8s/pvc-1`. */
export function shortObjectName(ref: ResourceRef): string {
  const short = SHORT[ref.type];
  return short === undefined ? objectName(ref) : `${short}/${pathOf(ref)}`;
}

/** An object as commands take it: `type/[namespace/]name`. */
export function objectName(ref: ResourceRef): string {
  return printable(typedName(ref));
}

/** The cluster or system an object lives on, by its configured name. */
export function homeName(ref: ResourceRef): string {
  return printable(ref.location === 'kubernetes' ? ref.cluster : ref.system);
}

/** The same with its side in front, where the two could be confused. */
export function fullHomeName(ref: ResourceRef): string {
  return printable(homeOf(ref));
}

const SPELLING: Readonly<Record<string, string>> = {
  zfs: 'ZFS',
  nfs: 'NFS',
  smb: 'SMB',
  iscsi: 'iSCSI',
  nvmet: 'NVMe-oF',
};

/** A source's name for people: `zfsSnapshots` is "ZFS snapshots". */
export function sourceLabel(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
  return printable(words.map((word) => SPELLING[word] ?? word).join(' '));
}

/** So many of a source: `1 storage class`, `3 ZFS snapshots`. */
export function countedOf(name: string, count: number): string {
  const label = sourceLabel(name);
  const singular = label.endsWith('classes') ? label.slice(0, -2) : label.slice(0, -1);
  return counted(count, singular, label);
}

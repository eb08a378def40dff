import { type PersistentVolume, type VolumeSource } from '../../model/kubernetes.ts';

/** A volume that a driver serves: what it needs is in its attributes. */
export type CsiVolume = PersistentVolume & {
  readonly source: Extract<VolumeSource, { readonly kind: 'csi' }>;
};

export function isCsiVolume(volume: PersistentVolume): volume is CsiVolume {
  return volume.source.kind === 'csi';
}

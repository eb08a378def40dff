import { type PathDriver } from './path-driver.ts';

export type PathGone = 'pv' | 'claim' | 'dataset' | 'share';

export interface PathVolumeOptions {
  readonly claim: string;
  readonly size?: number;
  readonly used?: number;
  readonly days?: number;
  readonly gone?: readonly PathGone[];
  readonly deleteStrategy?: 'delete' | 'retain';
}

/** The names of a volume whose handle is the path of its dataset. */
export interface PathVolumeNames {
  readonly driver: PathDriver;
  readonly namespace: string;
  readonly claimName: string;
  readonly name: string;
  readonly dataset: string;
  /** Name of its SMB share, target or subsystem. */
  readonly asset: string;
  readonly extent: string;
  /** By which a node finds it, where it is a disk. */
  readonly iqn: string;
  readonly nqn: string;
}

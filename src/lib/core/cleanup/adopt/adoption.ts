import { type Protocol } from '../../correlate/protocol.ts';
import { type Installation } from '../../correlate/installations.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { CleanupRefusedError } from '../../model/errors.ts';
import { type PersistentVolumeClaim, type StorageClass } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type JsonObject } from '../change.ts';

/** `namespace/name` of a claim. */
export interface ClaimName {
  readonly namespace: string;
  readonly name: string;
}

/** What is to be brought back, and what the user says of it: null for what is to be found out. */
export interface AdoptionRequest {
  readonly dataset: string;
  readonly system: string | null;
  readonly cluster: string | null;
  readonly claim: ClaimName | null;
  readonly storageClass: string | null;
}

/** A dataset without a volume, and everything its volume is to be made of. */
export interface AdoptionSubject {
  readonly dataset: Dataset;
  readonly parent: KnownParent;
  readonly installation: Installation;
  readonly storageClass: StorageClass;
  readonly protocol: Protocol;
  /** Name of the PersistentVolume. */
  readonly name: string;
  readonly claim: ClaimName;
  /** The claim, where it is still there and waits for this very volume. */
  readonly waiting: PersistentVolumeClaim | null;
}

/** Which field was derived from what, for whoever checks the manifest. */
export interface Derivation {
  readonly field: string;
  readonly from: string;
}

/** What only its driver knows of a volume. */
export interface VolumeShape {
  readonly handle: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly derived: readonly Derivation[];
  /** What the user has to look at. */
  readonly cautions: readonly string[];
}

/** The manifests that bring a dataset back, none of them applied. */
export interface Adoption {
  readonly dataset: string;
  readonly system: string;
  readonly cluster: string;
  readonly manifests: readonly JsonObject[];
  readonly derived: readonly Derivation[];
  readonly cautions: readonly string[];
}

/** Why a dataset is not brought back, and what to do about it. */
export function notAdopted(
  dataset: string,
  reason: string,
  ...remediation: readonly string[]
): CleanupRefusedError {
  return new CleanupRefusedError(`${dataset} is not adopted: ${reason}`, { remediation });
}

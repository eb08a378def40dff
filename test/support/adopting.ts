import { adopt } from '../../src/lib/core/cleanup/adopt/adopt.ts';
import { type Adoption, type AdoptionRequest } from '../../src/lib/core/cleanup/adopt/adoption.ts';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { CleanupRefusedError } from '../../src/lib/core/model/errors.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { type DriverProperties } from '../../src/lib/core/model/truenas.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import {
  aDataset,
  aDriver,
  anInventory,
  aStorageClass,
  finished,
  HANDLE,
  PARENT,
  type SmallWorld,
} from './builders.ts';
import { aKubernetesNamespace } from './surrounding-builders.ts';

/** The dataset that is to come back, unless a test names another. */
export const LOST = `${PARENT}/${HANDLE}`;

export function aRequest(over: Partial<AdoptionRequest> = {}): AdoptionRequest {
  const claim = { namespace: 'apps', name: 'wanted' };
  return { dataset: LOST, system: null, cluster: null, claim, storageClass: null, ...over };
}

/** A dataset without a volume, with one driver and one class that may have made it. */
export function aLostWorld(world: SmallWorld = {}): Inventory {
  return anInventory({
    datasets: [aDataset()],
    storageClasses: [aStorageClass()],
    namespaces: [aKubernetesNamespace({ name: 'apps' })],
    ...world,
  });
}

/** The same below the parent of another driver. */
export function aLostWorldOf(driver: string, world: SmallWorld = {}): Inventory {
  return aLostWorld({
    drivers: [aDriver({ driver })],
    storageClasses: [aStorageClass({ provisioner: driver })],
    ...world,
  });
}

/** What tns-csi writes on a volume it finished. */
export function ofTns(over: Partial<DriverProperties> = {}): DriverProperties {
  return finished(HANDLE, { owner: 'tns-csi', provisionerDriver: null, ...over });
}

/** What democratic-csi writes on a volume it finished, and what it noted of the share. */
export function withContext(context: object, provisionerDriver: string): DriverProperties {
  return finished(HANDLE, { provisionerDriver, shareContext: JSON.stringify(context) });
}

export function adopted(world: Inventory, over: Partial<AdoptionRequest> = {}): Adoption {
  return adopt(aRequest(over), correlate(world, DEFAULT_POLICY));
}

/** Why a dataset is not brought back. */
export function refusal(world: Inventory, over: Partial<AdoptionRequest> = {}): string {
  try {
    adopted(world, over);
  } catch (error) {
    if (error instanceof CleanupRefusedError) return error.message;
    throw error;
  }
  return 'adopted';
}

/** What the manifest of the volume says to its driver. */
export function csiOf({ manifests }: Adoption): unknown {
  const [volume] = manifests;
  return (volume?.['spec'] as { readonly csi: unknown } | undefined)?.csi;
}

/** What a field was derived from. */
export function originOf({ derived }: Adoption, field: string): string | undefined {
  return derived.find((each) => each.field === field)?.from;
}

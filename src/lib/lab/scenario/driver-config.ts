import { type DriverConfig } from '../../core/model/driver-config.ts';
import { type DriverEntry } from './world.ts';

/** An entry of `drivers:` of a world, in the words of core. */
export function toDriverConfig(entry: DriverEntry): DriverConfig {
  return {
    driver: entry.driver,
    cluster: entry.cluster ?? null,
    system: entry.system ?? null,
    parent: entry.parent,
    detachedSnapshotsParent: entry.detached_snapshots_parent ?? null,
    instanceId: entry.instance_id ?? null,
    exclusive: entry.exclusive ?? false,
  };
}

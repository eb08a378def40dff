import { type DriverConfig, type SecretName } from '../../core/model/driver-config.ts';
import { type DriverEntry } from './world.ts';

/** An entry of `drivers:` of a world, in the words of core. */
export function toDriverConfig(entry: DriverEntry): DriverConfig {
  return {
    driver: entry.driver,
    cluster: entry.cluster ?? null,
    system: entry.system ?? null,
    secret: secretOf(entry),
    parent: entry.parent ?? null,
    detachedSnapshotsParent: entry.detached_snapshots_parent ?? null,
    instanceId: entry.instance_id ?? null,
    exclusive: entry.exclusive ?? false,
  };
}

/** Written `namespace/name`. */
function secretOf({ secret }: DriverEntry): SecretName | null {
  const [namespace, name] = secret?.split('/') ?? [];
  return namespace === undefined || name === undefined ? null : { namespace, name };
}

import { BySystem } from '../../correlate/by-system.ts';
import { clusterItems } from '../../correlate/derive.ts';
import { refToStorageClass } from '../../model/subjects.ts';
import { type StorageClassItem } from '../../render/wire/kubernetes-list-schema.ts';
import { type Listed, type Seen } from './listed.ts';
import { aboutObject, keysOfObject, type Row } from './row-parts.ts';

interface Use {
  volumes: number;
  capacity: number;
}

/** How many volumes there are of a class; of a cluster whose list was cut short nothing is known. */
function usesOf({ inventory }: Seen): (cluster: string, name: string) => Use | undefined {
  const read = new Set<string>();
  const uses = new BySystem<Use>();
  for (const { identity, lists } of inventory.clusters) {
    if (lists.persistentVolumes?.coverage.state !== 'complete') continue;
    read.add(identity.name);
    for (const { storageClass, capacity } of lists.persistentVolumes.items) {
      if (storageClass === null) continue;
      const use = uses.of(identity.name, storageClass, () => ({ volumes: 0, capacity: 0 }));
      use.volumes += 1;
      use.capacity += capacity?.bytes ?? 0;
    }
  }
  return (cluster, name) =>
    read.has(cluster) ? (uses.get(cluster, name) ?? { volumes: 0, capacity: 0 }) : undefined;
}

/** StorageClasses, each with where its driver makes volumes. */
export function* storageClassRows({ seen, findings }: Listed): Iterable<Row<StorageClassItem>> {
  const { parents } = seen.derived;
  const useOf = usesOf(seen);
  for (const each of clusterItems(seen.inventory, 'storageClasses')) {
    const { cluster, name, provisioner } = each;
    const truenas = parents.isTrueNasDriver(cluster, provisioner);
    const use = useOf(cluster, name);
    yield [
      keysOfObject(each),
      {
        name,
        cluster,
        provisioner,
        reclaim_policy: each.reclaimPolicy,
        binding_mode: each.bindingMode,
        allows_expansion: each.allowsExpansion,
        default: each.isDefault,
        mount_options: [...each.mountOptions],
        parameters: { ...each.parameters },
        truenas,
        parents: truenas
          ? parents
              .forDriver(cluster, provisioner)
              .map(({ system, path }) => ({ system, dataset: path }))
          : [],
        volumes: use?.volumes ?? null,
        capacity_bytes: use === undefined ? null : Math.min(use.capacity, Number.MAX_SAFE_INTEGER),
        ...aboutObject(each, findings.of([refToStorageClass(each)], [])),
      },
    ];
  }
}

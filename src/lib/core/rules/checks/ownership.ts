import { type KnownParent, type ParentIndex } from '../../correlate/parents.ts';
import { type ParentLoss, type ParentUse } from '../../correlate/parent-use.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type ClusterIdentity } from '../../model/inventory.ts';
import { type Policy } from '../../model/policy.ts';

/**
 * Whether what Kubernetes does not know is Kubernetes' to know: without a mark of a registered driver, or a word from
 * the user that nobody else uses the parent, another cluster may well own it.
 */
export function ours(instanceId: string | null, parent: KnownParent): Check {
  if (parent.origin === 'inferred') {
    return assurance(
      'owner-registered',
      false,
      `parent ${parent.path} was inferred: ${declareHint(parent)}`,
    );
  }
  if (instanceId !== null && parent.instanceIds.includes(instanceId)) {
    return assurance(
      'owner-registered',
      true,
      `instance_id ${instanceId} is a registered driver's`,
    );
  }
  if (parent.exclusive) {
    return assurance('owner-registered', true, `parent ${parent.path} is declared exclusive`);
  }
  return assurance(
    'owner-registered',
    false,
    `nothing says that only the registered clusters use ${parent.path}: ${declareHint(parent)}`,
  );
}

function declareHint(parent: KnownParent): string {
  const driver = parent.drivers[0] ?? 'NAME';
  return `add {driver: ${driver}, parent: ${parent.path}, exclusive: true} to drivers: if that is so`;
}

/** Marks that another deployment, in no registered cluster, left on the object. */
export interface OwnerSigns {
  readonly instanceId: string | null;
  /** Comments of its shares, which name the CSI driver that made them. */
  readonly comments: readonly string[];
}

const COMMENT = /^democratic-csi \(([^)]+)\):/;

/** Whether anything on the object names an owner nobody registered. */
export function noForeignOwner(
  signs: OwnerSigns,
  parent: KnownParent,
  parents: ParentIndex,
): Check {
  const known = new Set(parents.all.flatMap(({ instanceIds }) => instanceIds));
  // Without a single declared id, an id is the mark of a driver that was merely not declared in full.
  if (signs.instanceId !== null && known.size > 0 && !known.has(signs.instanceId)) {
    return assurance(
      'no-foreign-owner',
      false,
      `instance_id ${signs.instanceId} belongs to no registered driver`,
    );
  }
  for (const comment of signs.comments) {
    const driver = COMMENT.exec(comment)?.[1];
    if (driver !== undefined && !parent.drivers.includes(driver)) {
      return assurance(
        'no-foreign-owner',
        false,
        `its share was made by driver ${driver}, which is not registered for ${parent.path}`,
      );
    }
  }
  return assurance('no-foreign-owner', true, 'no mark of another deployment');
}

/** A volume older than its cluster was made by another one: the cluster was rebuilt, or is the wrong one. */
export function notOlderThanCluster(
  createdAt: Date | null,
  parent: KnownParent,
  clusters: readonly ClusterIdentity[],
): Check {
  const owners = clusters.filter(({ name }) => parent.clusters?.includes(name) ?? true);
  const births = owners.map((cluster) => cluster.createdAt);
  if (createdAt === null || births.length === 0 || births.includes(null)) {
    return assurance('younger-than-cluster', undefined, 'the age of the cluster cannot be read');
  }
  const oldest = Math.min(...births.map((birth) => birth?.getTime() ?? 0));
  return assurance(
    'younger-than-cluster',
    createdAt.getTime() >= oldest,
    () => `created ${createdAt.toISOString()}, the cluster ${new Date(oldest).toISOString()}`,
  );
}

/** Many volumes without a dataset at once are rarely lost: the system that holds them is not the one in view. */
export function plausibleLoss(loss: ParentLoss, parent: KnownParent, policy: Policy): Check {
  const implausible =
    loss.missing >= policy.implausibleCount &&
    loss.missing > loss.volumes * policy.implausibleShare;
  return assurance(
    'few-missing-at-once',
    !implausible,
    () =>
      `${loss.missing} of ${loss.volumes} volumes that belong below ${parent.path} have no dataset`,
  );
}

/** Many forgotten volumes at once are rarely forgotten: the cluster that knows them is not in view. */
export function plausibleShare(use: ParentUse, parent: KnownParent, policy: Policy): Check {
  const implausible =
    use.unclaimed >= policy.implausibleCount &&
    use.unclaimed > use.managed * policy.implausibleShare;
  return assurance(
    'few-unclaimed-at-once',
    !implausible,
    () => `${use.unclaimed} of ${use.managed} volumes below ${parent.path} are unclaimed`,
  );
}

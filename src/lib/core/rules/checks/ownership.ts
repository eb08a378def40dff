import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type ParentLoss, type ParentUse } from '../../correlate/parent-use.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type ClusterIdentity } from '../../model/inventory.ts';
import { type Policy } from '../../model/policy.ts';

/** What an object shows of who made it. */
export interface OwnerSigns {
  readonly instanceId: string | null;
  /** Comments of its shares, which name the CSI driver that made them. */
  readonly comments: readonly string[];
  /** This system exports it, so that a driver made it here: a replica comes without shares. */
  readonly exported: boolean;
}

/**
 * Whether what Kubernetes does not know is Kubernetes' to know: without a mark of a registered driver, or a word from
 * the user that nobody else uses the parent, another cluster may well own it.
 */
export function ours({ instanceId, exported }: OwnerSigns, parent: KnownParent): Check {
  const check = (holds: boolean, detail: string): Check =>
    assurance('owner-registered', holds, detail);
  const { path, origin } = parent;
  if (origin === 'inferred')
    return check(false, `parent ${path} was inferred: ${declareHint(parent)}`);
  if (!parent.located && !exported) {
    return check(
      false,
      `nothing says that it is this system whose ${path} the driver uses: ${systemHint(parent)}`,
    );
  }
  const [unseen] = parent.unseenBy;
  if (unseen !== undefined) {
    return check(
      false,
      `cluster ${unseen} may use ${path}, and not a single volume of a TrueNAS driver was seen in it: the wrong context, or add {cluster: NAME} to drivers: for those that do`,
    );
  }
  if (instanceId !== null && parent.instanceIds.includes(instanceId)) {
    return check(true, `instance_id ${instanceId} is a registered driver's`);
  }
  if (parent.exclusive) return check(true, `parent ${path} is declared exclusive`);
  return check(
    false,
    `nothing says that only the registered clusters use ${path}: ${declareHint(parent)}`,
  );
}

function declareHint(parent: KnownParent): string {
  return `add {driver: ${driverOf(parent)}, parent: ${parent.path}, exclusive: true} to drivers: if that is so`;
}

function systemHint(parent: KnownParent): string {
  return `add {driver: ${driverOf(parent)}, system: ${parent.system}, parent: ${parent.path}} to drivers: if it is`;
}

function driverOf(parent: KnownParent): string {
  return parent.drivers[0] ?? 'NAME';
}

const COMMENT = /^democratic-csi \(([^)]+)\):/;

/** csi.truenas.io names no deployment, but writes its own kind of comment. */
const OFFICIAL_COMMENT = /^CSI volume (?:clone )?\S/;
const OFFICIAL_DRIVER = 'csi.truenas.io';

/** The CSI driver that wrote a comment. */
function authorOf(comment: string): string | undefined {
  if (OFFICIAL_COMMENT.test(comment)) return OFFICIAL_DRIVER;
  return COMMENT.exec(comment)?.[1];
}

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
    const driver = authorOf(comment);
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

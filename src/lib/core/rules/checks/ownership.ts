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
    return check(false, `parent ${path} was inferred: ${declareHint(parent, instanceId)}`);
  // A configuration that was uploaded to a replica brings the shares along.
  if (!parent.located && (!exported || parent.heldElsewhere)) {
    return check(false, notLocated(parent));
  }
  const [unseen] = parent.unseenBy;
  if (unseen !== undefined) {
    return check(
      false,
      `cluster ${unseen} may use ${path}, and not one of its volumes was found there: the wrong context, or ${sightHint(parent)}`,
    );
  }
  if (instanceId !== null && parent.instanceIds.includes(instanceId)) {
    return check(true, `instance_id ${instanceId} is a registered driver's`);
  }
  if (parent.exclusive) return check(true, `parent ${path} is declared exclusive`);
  return check(
    false,
    `nothing says that only the registered clusters use ${path}: ${declareHint(parent, instanceId)}`,
  );
}

function notLocated(parent: KnownParent): string {
  return `nothing says that it is this system whose ${parent.path} the driver uses: ${systemHint(parent)}`;
}

function sightHint({ clusters }: KnownParent): string {
  return clusters === null
    ? 'add {cluster: NAME} to drivers: for those that do'
    : 'it has none left there';
}

/** Whether it is here that the driver works: what it exports elsewhere, a replica does not. */
export function onItsSystem(parent: KnownParent): Check {
  return assurance('on-its-system', parent.located, () =>
    parent.located ? `its driver uses ${parent.path} of this system` : notLocated(parent),
  );
}

/** Which line would say whose it is. What carries an id was made by a driver that has one, and that driver is what is missing. */
function declareHint(parent: KnownParent, instanceId: string | null): string {
  if (instanceId !== null) return registerHint(parent, instanceId);
  return `add {driver: ${driverOf(parent)}, parent: ${parent.path}, exclusive: true} to drivers: if that is so`;
}

/** @param id that no registered driver has */
function registerHint(parent: KnownParent, id: string): string {
  return `it carries instance_id ${id}, so add {driver: ${driverOf(parent)}, parent: ${parent.path}, instance_id: ${id}} to drivers: if that is this driver's, or else its cluster to clusters:`;
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
export function authorOf(comment: string): string | undefined {
  if (OFFICIAL_COMMENT.test(comment)) return OFFICIAL_DRIVER;
  return COMMENT.exec(comment)?.[1];
}

/** Whether anything on the object names an owner nobody registered. */
export function noForeignOwner(
  signs: OwnerSigns,
  parent: KnownParent,
  parents: ParentIndex,
): Check {
  const { instanceId } = signs;
  if (
    instanceId !== null &&
    !parents.all.some(({ instanceIds }) => instanceIds.includes(instanceId))
  ) {
    // The id of a driver that was merely not declared in full looks like that of a stranger.
    return assurance(
      'no-foreign-owner',
      parent.keepsDeleted === null ? undefined : false,
      `instance_id ${instanceId} belongs to no registered driver, as far as is known: add {driver: ${driverOf(parent)}, parent: ${parent.path}, instance_id: ${instanceId}} to drivers: if it is this one's`,
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

/** What tells when and by whom something was made. */
export interface Origin {
  readonly createdAt: Date | null;
  readonly instanceId: string | null;
}

/**
 * Clusters that may have made something below a parent: all that may use it, unless each of them is known by an `instance_id`
 * of its own. Where only some are, the others may well go by the same one: a rebuilt cluster does.
 */
export function makersOf(
  instanceId: string | null,
  parent: KnownParent,
  clusters: readonly ClusterIdentity[],
): readonly ClusterIdentity[] {
  const users = clusters.filter(({ name }) => parent.clusters?.includes(name) ?? true);
  const told = parent.instances.every(({ cluster, id }) => cluster !== null && id !== null);
  const named = parent.instances.flatMap(({ cluster, id }) => (id === instanceId ? cluster : []));
  return told && named.length > 0 ? users.filter(({ name }) => named.includes(name)) : users;
}

/**
 * Something older than its cluster was made by another one: the cluster was rebuilt, or is the wrong one. Of several clusters
 * that may have made it, a younger one may be what is left of its maker.
 */
export function notOlderThanCluster(
  { createdAt, instanceId }: Origin,
  parent: KnownParent,
  clusters: readonly ClusterIdentity[],
): Check {
  const check = (holds: boolean | undefined, detail: () => string): Check =>
    assurance('younger-than-cluster', holds, detail);
  const makers = makersOf(instanceId, parent, clusters);
  const births = makers.flatMap(({ name, createdAt: birth }) =>
    birth === null ? [] : { name, birth },
  );
  const [oldest, ...others] = births.toSorted(
    (one, other) => Number(one.birth) - Number(other.birth),
  );
  if (createdAt === null || oldest === undefined || births.length < makers.length) {
    return check(undefined, () => 'the age of the cluster cannot be read');
  }
  const younger = others.find(({ birth }) => createdAt < birth);
  const created = (): string => `created ${createdAt.toISOString()}`;
  if (createdAt >= oldest.birth && younger !== undefined) {
    return check(
      undefined,
      () =>
        `${created()}, and cluster ${younger.name}, which may use ${parent.path} too, ${younger.birth.toISOString()}: ${clusterHint(parent)}`,
    );
  }
  return check(
    createdAt >= oldest.birth,
    () => `${created()}, the cluster ${oldest.birth.toISOString()}`,
  );
}

/** What tells the clusters of a parent apart: which of them it is for, or who made what below it. */
function clusterHint({ clusters, path }: KnownParent): string {
  return clusters === null
    ? `add {cluster: NAME} to the entry of ${path} in drivers: if only one cluster uses it`
    : `add {instance_id: ID} to each entry of ${path} in drivers: if their drivers have one`;
}

/** Whether more is missing than a mishap explains. */
export function isImplausible({ missing, volumes }: ParentLoss, policy: Policy): boolean {
  return missing >= policy.implausibleCount && missing > volumes * policy.implausibleShare;
}

/** Many volumes without a dataset at once are rarely lost: the system that holds them is not the one in view. */
export function plausibleLoss(loss: ParentLoss, parent: KnownParent, policy: Policy): Check {
  return assurance(
    'few-missing-at-once',
    !isImplausible(loss, policy),
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
    // All that its drivers made, the young and the unfinished among them: they say as much of the world as what is reported.
    () =>
      `${use.unclaimed} of ${use.managed} volumes below ${parent.path} are unclaimed, counting young, unfinished and ignored ones`,
  );
}

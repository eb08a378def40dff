import { type Evidence } from '../../correlate/correlate.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { systemItems } from '../../correlate/derive.ts';
import { detailOf } from '../../model/check.ts';
import { type Dataset } from '../../model/truenas.ts';
import { noForeignOwner } from '../../rules/checks/ownership.ts';
import { signsOf } from '../../rules/checks/unclaimed.ts';
import { type AdoptionRequest, notAdopted } from './adoption.ts';

/** Lists in which a volume of the dataset would show, or another owner of it. */
const DECISIVE: ReadonlySet<string> = new Set([
  'persistentVolumes',
  'persistentVolumeClaims',
  'storageClasses',
  'datasets',
  'nfsShares',
  'iscsiTargets',
  'iscsiExtents',
  'iscsiTargetExtents',
]);

/** A volume that was not seen is no volume that is not there. */
function refuseUnread({ dataset }: AdoptionRequest, { statuses }: Evidence): void {
  for (const { name, cluster, system, coverage } of statuses) {
    const isWhole = coverage.state === 'complete' || coverage.state === 'not_applicable';
    if (isWhole || !DECISIVE.has(name)) continue;
    throw notAdopted(
      dataset,
      `${name} of ${String(cluster ?? system)} could not be read whole (${coverage.reason})`,
      'Mend that first: a volume that was not seen may use the dataset.',
    );
  }
}

function findOne(
  { dataset: id, system }: AdoptionRequest,
  { inventory, derived }: Evidence,
): Dataset {
  const all = systemItems(inventory, 'datasets').filter(
    (each) => each.id === id && (system === null || each.system === system),
  );
  // A replica on another system holds the same path; where its driver works is where it is meant.
  const located = all.filter((each) => derived.parents.parentOf(each.system, id)?.located === true);
  const [only, ...others] = located.length > 0 ? located : all;
  if (only === undefined) {
    throw notAdopted(
      id,
      `there is no such dataset on ${system ?? 'any registered TrueNAS'}`,
      'Check the path: orphans -o name lists what no PersistentVolume refers to.',
    );
  }
  if (others.length > 0) {
    const names = [only, ...others].map((each) => each.system).join(', ');
    throw notAdopted(
      id,
      `it is on several systems: ${names}`,
      'Name the one you mean with --system.',
    );
  }
  return only;
}

function refuseQuarantined(dataset: Dataset, { derived }: Evidence): void {
  const quarantine = derived.marks.quarantineAt(dataset.system, dataset.id);
  if (quarantine === undefined) return;
  const { planId, root } = quarantine;
  throw notAdopted(
    dataset.id,
    `${root.id} is in quarantine${planId === null ? '' : ` by plan ${planId}`}, and its share or extent is disabled`,
    'Find the run of that plan with truenas-monitor cleanup history, undo it with truenas-monitor cleanup rollback RUN, and adopt the dataset then.',
  );
}

function refuseUsed(dataset: Dataset, { derived }: Evidence): void {
  const [user] = derived.volumeLinks.usersOf(dataset);
  if (user === undefined) return;
  throw notAdopted(
    dataset.id,
    `it is the volume of ${user.name} in cluster ${user.cluster}`,
    'Use that volume: two PersistentVolumes for one dataset put its data at risk.',
  );
}

function parentOf(dataset: Dataset, { derived }: Evidence): KnownParent {
  const { parents, exports } = derived;
  const parent = parents.parentOf(dataset.system, dataset.id);
  if (parent === undefined) {
    throw notAdopted(
      dataset.id,
      'no registered driver keeps its volumes there',
      'Install the driver in the cluster, or add it with its parent to drivers: in the configuration.',
    );
  }
  const signs = signsOf(dataset, dataset.properties.instanceId, exports);
  const foreign = noForeignOwner(signs, parent, parents);
  if (foreign.result !== 'passed') {
    throw notAdopted(
      dataset.id,
      `it belongs to another deployment: ${detailOf(foreign)}`,
      'Adopt it in the cluster it belongs to, or register that driver if it is this one.',
    );
  }
  return parent;
}

/** A dataset that nobody uses, and the parent it lies below. Throws a `CleanupRefusedError` for any other. */
export function findUnclaimed(
  request: AdoptionRequest,
  evidence: Evidence,
): { readonly dataset: Dataset; readonly parent: KnownParent } {
  refuseUnread(request, evidence);
  const dataset = findOne(request, evidence);
  refuseQuarantined(dataset, evidence);
  refuseUsed(dataset, evidence);
  const parent = parentOf(dataset, evidence);
  const { properties } = dataset;
  if (properties.managed && !evidence.derived.volumeLinks.isFinished(dataset)) {
    throw notAdopted(
      dataset.id,
      'its driver never finished making it',
      'Look at its finding dataset-half-provisioned: there was never a volume of it.',
    );
  }
  return { dataset, parent };
}

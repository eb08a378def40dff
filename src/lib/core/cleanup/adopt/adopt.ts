import { type Evidence } from '../../correlate/correlate.ts';
import { clusterItems } from '../../correlate/derive.ts';
import { type EvidenceSource } from '../../model/evidence.ts';
import { OFFICIAL_DRIVER } from '../../correlate/csi-names.ts';
import { isTrueNasDriverName, TNS_DRIVER } from '../../correlate/volume-handle.ts';
import {
  type Adoption,
  type AdoptionRequest,
  type AdoptionSubject,
  notAdopted,
  type VolumeShape,
} from './adoption.ts';
import { democraticShape } from './democratic-csi.ts';
import { exportCautions } from './exported.ts';
import { claimName, claimThatWaits, refuseTaken, volumeName } from './find-claim.ts';
import { findClass, findInstallation, protocolOfDataset } from './find-class.ts';
import { findUnclaimed } from './find-dataset.ts';
import { manifestsOf } from './manifests.ts';
import { tnsShape } from './tns-csi.ts';
import { truenasShape } from './truenas-csi.ts';

/** Everything that is read to bring a dataset back. */
export const ADOPTION_SOURCES = [
  'volumeLinks',
  'installations',
  'exports',
  'parents',
  'marks',
  'persistentVolumeClaims',
  'namespaces',
] as const satisfies readonly EvidenceSource[];

function subjectOf(request: AdoptionRequest, evidence: Evidence): AdoptionSubject {
  const { dataset, parent } = findUnclaimed(request, evidence);
  const protocol = protocolOfDataset(dataset, evidence);
  if (protocol === undefined) {
    throw notAdopted(
      dataset.id,
      'nothing exports it, and nothing on it says how nodes mounted it',
      'Share it as its driver would, and adopt it then; or write the manifest by hand.',
    );
  }
  const installation = findInstallation(request, dataset, parent, evidence);
  const storageClass = findClass(request, dataset, installation, protocol);
  const name = volumeName(dataset);
  const claim = claimName(request, dataset);
  const { cluster } = installation;
  const waiting = claimThatWaits(dataset, { cluster, name, claim }, evidence);
  return { dataset, parent, installation, storageClass, protocol, name, claim, waiting };
}

function shapeOf(subject: AdoptionSubject, evidence: Evidence): VolumeShape {
  const { dataset, installation } = subject;
  const { driver } = installation;
  if (driver === TNS_DRIVER || dataset.properties.owner === 'tns-csi') {
    return tnsShape(subject, evidence);
  }
  if (driver === OFFICIAL_DRIVER) return truenasShape(subject, evidence);
  if (isTrueNasDriverName(driver)) {
    throw notAdopted(
      dataset.id,
      `what ${driver} writes into a volume is not known to this version`,
      'Write the manifest by hand, after that of another volume of this driver.',
    );
  }
  return democraticShape(subject, evidence);
}

/** Objects of a namespace that is not there are refused one and all. */
function namespaceCautions(
  { claim, installation, waiting }: AdoptionSubject,
  { inventory }: Evidence,
): readonly string[] {
  const { cluster } = installation;
  const listing = inventory.clusters.find(({ identity }) => identity.name === cluster)?.lists
    .namespaces;
  if (waiting !== null || listing?.coverage.state !== 'complete') return [];
  const isThere = clusterItems(inventory, 'namespaces').some(
    (each) => each.cluster === cluster && each.name === claim.namespace,
  );
  return isThere ? [] : [`Cluster ${cluster} has no namespace ${claim.namespace}: make it first.`];
}

/**
 * The manifests that bring a dataset back into its cluster, as its driver's provisioner would have written them. Throws a
 * `CleanupRefusedError` for one that is not to be brought back, or of which too little is known.
 */
export function adopt(request: AdoptionRequest, evidence: Evidence): Adoption {
  const subject = subjectOf(request, evidence);
  const shape = shapeOf(subject, evidence);
  const { dataset, installation, name } = subject;
  const { cluster, driver } = installation;
  refuseTaken(dataset, { cluster, name, driver, handle: shape.handle }, evidence);
  const { manifests, derived, cautions } = manifestsOf(subject, shape);
  return {
    dataset: dataset.id,
    system: dataset.system,
    cluster,
    manifests,
    derived,
    cautions: [
      ...cautions,
      ...exportCautions(subject, evidence),
      ...namespaceCautions(subject, evidence),
    ],
  };
}

import { mountPathOf } from '../../correlate/snapshot-use.ts';
import { type Finding } from '../../model/finding.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { foreignExportsOf } from '../../rules/checks/foreign-exports.ts';
import { type Expectation } from '../expectation.ts';
import { identityOf } from '../identity.ts';
import { type PlanSubject } from '../plan-schema.ts';
import { type Made, subjectOf } from './making.ts';
import { nasObject, nasTarget, type SwitchedObject } from './nas-object.ts';
import { datasetAt, onSystem, type Scene } from './scene.ts';

/*
 * A dataset that is to be taken away, and what stands in the way of that whatever its rule says.
 */

/** The dataset a finding is about; undefined where it is about something else, or about one that was not seen. */
export function datasetOf({ subject }: Finding, scene: Scene): Dataset | undefined {
  if (subject.location !== 'truenas') return undefined;
  return datasetAt(scene, { system: subject.system, path: subject.name });
}

export function datasetSubject(dataset: Dataset): PlanSubject {
  return subjectOf(refToDataset(dataset));
}

export function expectDataset(dataset: Dataset): Expectation {
  return {
    target: nasTarget('dataset', { id: dataset.id }),
    identity: identityOf.dataset(dataset),
  };
}

/** What can be switched of what exports a dataset. */
export function switchesOf(dataset: Dataset, { derived }: Scene): readonly SwitchedObject[] {
  const { exports } = derived;
  return [
    ...exports.nfsSharesOf(dataset).map(nasObject.nfsShare),
    ...exports.smbSharesOf(dataset).map(nasObject.smbShare),
    ...exports.extentsOf(dataset).map(({ extent }) => nasObject.extent(extent)),
    ...exports.namespacesOf(dataset).map(({ namespace }) => nasObject.namespace(namespace)),
  ];
}

/** Another dataset at the same mount point: a share of it is the share of both. */
function sharersOf(dataset: Dataset, scene: Scene): readonly string[] {
  if (dataset.kind === 'volume') return [];
  const path = mountPathOf(dataset);
  return onSystem(scene, dataset.system, 'datasets')
    .filter((other) => other.id !== dataset.id && other.kind !== 'volume')
    .filter((other) => mountPathOf(other) === path)
    .map(({ id }) => id);
}

/** Why a dataset may not be touched, in words; undefined where nothing speaks against it. */
export function whyNotTouch(dataset: Dataset, scene: Scene): string | undefined {
  const { exports, volumeLinks } = scene.derived;
  const [foreign] = foreignExportsOf(dataset, exports);
  if (foreign !== undefined) return `it is exported by what is not its own: ${foreign}`;
  const users = volumeLinks.usersOf(dataset).map(({ name }) => name);
  if (users.length > 0) return `it is in use by ${users.join(', ')}`;
  const children = volumeLinks.childrenOf(dataset);
  if (children.length > 0) return `there are datasets below it: ${children.join(', ')}`;
  const clones = volumeLinks.clonesOf(dataset).map(({ id }) => id);
  if (clones.length > 0) return `it was cloned into ${clones.join(', ')}`;
  if (dataset.locked) return 'it is locked';
  const shared = switchesOf(dataset, scene).length > 0 ? sharersOf(dataset, scene) : [];
  return shared.length > 0 ? `what exports it exports ${shared.join(', ')} too` : undefined;
}

/** The parent among whose volumes it counts. */
export function countedUnder(system: string, path: string, { derived }: Scene): Made['parent'] {
  const parent = derived.parents.parentOf(system, path);
  return parent === undefined ? null : { system: parent.system, path: parent.path };
}

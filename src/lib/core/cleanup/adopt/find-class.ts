import { type Evidence } from '../../correlate/correlate.ts';
import { type Installation } from '../../correlate/installations.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { parentPath } from '../../correlate/paths.ts';
import { type Protocol } from '../../correlate/protocol.ts';
import { readShareContext } from '../../correlate/share-context.ts';
import { type StorageClass } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';
import { authorOf } from '../../rules/checks/ownership.ts';
import { type AdoptionRequest, notAdopted } from './adoption.ts';

const PROTOCOL = /(?:^|-)(nfs|smb|iscsi|nvmeof)$/;

function protocolIn(text: unknown): Protocol | undefined {
  const word = typeof text === 'string' ? PROTOCOL.exec(text)?.[1] : undefined;
  return word as Protocol | undefined; // the pattern knows no other words
}

/** How it is exported, by what exports it now, else by what its driver noted of that. */
export function protocolOfDataset(dataset: Dataset, { derived }: Evidence): Protocol | undefined {
  const { exports } = derived;
  const { properties } = dataset;
  const context = readShareContext(properties.shareContext);
  const noted =
    protocolIn(context?.['node_attach_driver']) ?? protocolIn(properties.provisionerDriver);
  if (noted !== undefined) return noted;
  const signs: readonly (readonly [Protocol, boolean])[] = [
    ['nfs', exports.nfsSharesOf(dataset).length > 0],
    ['smb', exports.smbSharesOf(dataset).length > 0],
    ['iscsi', exports.extentsOf(dataset).length > 0],
    ['nvmeof', exports.namespacesOf(dataset).length > 0],
    ['nfs', properties.nfsShareId !== null],
    ['smb', properties.smbShareId !== null],
    ['iscsi', properties.iscsiTargetId !== null],
    ['nvmeof', properties.nvmetSubsystemId !== null],
  ];
  return signs.find(([, holds]) => holds)?.[0];
}

type Test = (installation: Installation) => boolean;

/** Each test that leaves any of them leaves only those. */
function narrowed(all: readonly Installation[], tests: readonly Test[]): readonly Installation[] {
  return tests.reduce((left, test) => {
    const passed = left.filter(test);
    return passed.length > 0 ? passed : left;
  }, all);
}

/** The driver that made the dataset, in the cluster it is to come back to. */
export function findInstallation(
  request: AdoptionRequest,
  dataset: Dataset,
  parent: KnownParent,
  { derived }: Evidence,
): Installation {
  const { cluster, storageClass } = request;
  const { properties } = dataset;
  const authors = derived.exports
    .nfsSharesOf(dataset)
    .flatMap(({ comment }) => authorOf(comment) ?? []);
  const candidates = derived.installations.filter(
    (each) =>
      parent.drivers.includes(each.driver) &&
      (parent.clusters?.includes(each.cluster) ?? true) &&
      (cluster === null || each.cluster === cluster) &&
      (storageClass === null || each.classes.some(({ name }) => name === storageClass)),
  );
  const [only, ...others] = narrowed(candidates, [
    ({ driver }) => authors.includes(driver),
    ({ secrets }) => secrets.some(({ kind }) => kind === properties.provisionerDriver),
    ({ secrets }) =>
      properties.instanceId !== null &&
      secrets.some(({ instanceId }) => instanceId === properties.instanceId),
  ]);
  if (only === undefined) {
    const where = cluster === null ? 'any registered cluster' : `cluster ${cluster}`;
    const of = storageClass === null ? '' : ` with a StorageClass ${storageClass}`;
    throw notAdopted(
      dataset.id,
      `no driver of ${parent.path} was found in ${where}${of}`,
      `Install ${parent.drivers.join(' or ')} there, with its StorageClass, and adopt the dataset then.`,
    );
  }
  if (others.length > 0) {
    const names = [only, ...others].map((each) => `${each.driver} in ${each.cluster}`).join(', ');
    throw notAdopted(
      dataset.id,
      `several drivers may have made it: ${names}`,
      'Say which one you mean with --cluster or --storage-class.',
    );
  }
  return only;
}

/** Whether a volume there may be of this class, as far as the parameters of the class say where and how it makes volumes. */
function makes({ parameters }: StorageClass, dataset: Dataset, protocol: Protocol): boolean {
  const { pool, datasetPath, parentDataset } = parameters;
  const above = parentPath(dataset.id);
  const says = (value: string | undefined, wanted: string): boolean =>
    value === undefined || value === '' || value === wanted;
  return (
    says(parameters['protocol'], protocol) &&
    says(pool, dataset.pool) &&
    says(parentDataset, above) &&
    (pool === undefined || says(datasetPath && `${pool}/${datasetPath}`, above))
  );
}

/** The class a volume is to be of. */
export function findClass(
  request: AdoptionRequest,
  dataset: Dataset,
  { classes, driver, cluster }: Installation,
  protocol: Protocol,
): StorageClass {
  const wanted = request.storageClass ?? dataset.properties.storageClass;
  const named = classes.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  const fitting = classes.filter((each) => makes(each, dataset, protocol));
  const [only, ...others] = fitting;
  if (only === undefined) {
    throw notAdopted(
      dataset.id,
      `cluster ${cluster} has no StorageClass of ${driver} for it`,
      'Make the class first: mount options, file system and Secrets of the volume come from it.',
    );
  }
  if (others.length === 0) return only;
  const usual = fitting.filter(({ isDefault }) => isDefault);
  if (usual[0] !== undefined && usual.length === 1) return usual[0];
  throw notAdopted(
    dataset.id,
    `it may be of several StorageClasses: ${fitting.map(({ name }) => name).join(', ')}`,
    'Say which one with --storage-class.',
  );
}

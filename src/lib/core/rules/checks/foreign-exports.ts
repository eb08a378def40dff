import { csiSubsystemName, csiTargetName } from '../../correlate/csi-names.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { leafName } from '../../correlate/paths.ts';
import { readShareContext } from '../../correlate/share-context.ts';
import { type Dataset, type NfsShare, type SmbShare } from '../../model/truenas.ts';
import { holdsUid } from './asset-names.ts';

/** Longest name TrueNAS takes for an extent: drivers cut what is longer. */
const LONGEST_NAME = 64;

/** From this length a name tells one volume from all else that is called something. */
const TELLING_LENGTH = 16;

/**
 * Whether a name that holds this one holds it for the volume's sake. Drivers can be told to hash the names of volumes, down to
 * two digits, and `photos2017` is no share of volume `17`.
 */
function isTelling(name: string): boolean {
  return name.length >= TELLING_LENGTH || holdsUid(name);
}

/** Whether a name is another, with what a prefix and a suffix of the driver's configuration add to it. */
function carries(name: string, wanted: string): boolean {
  return name === wanted || (isTelling(wanted) && name.includes(wanted));
}

/**
 * Whether a name is one a driver gives to what exports a dataset: it carries a prefix and a suffix of the driver's
 * configuration, or is what is left of it, or of the whole path, where it had to be cut.
 *
 * @param official the name csi.truenas.io gives, which notes nothing: it names targets and extents after the whole path
 */
function isOwnName(
  name: string,
  asset: string,
  { id }: Dataset,
  official: (path: string) => string,
): boolean {
  // Nearly every name is written as the driver noted it.
  if (carries(name, asset)) return true;
  const lower = name.toLowerCase();
  const wanted = asset.toLowerCase();
  const path = id.toLowerCase();
  if (carries(lower, wanted) || lower === path || lower === official(id)) return true;
  const cut = lower.length >= LONGEST_NAME;
  return cut && (wanted.startsWith(lower) || path.startsWith(lower));
}

const WORD_ENDS = /[\s,;:()[\]"']+/;

/** Whether a comment names a dataset by its path, as drivers write it. It may go on after that, but a short name has to end there. */
function speaksOf(comment: string, { id }: Dataset): boolean {
  if (isTelling(leafName(id))) return comment.includes(id);
  const words = comment.split(WORD_ENDS);
  return words.includes(id) || words.includes(`/mnt/${id}`);
}

/**
 * Whether a share is the one a volume's driver made. A template may have written the comment, and then the recorded id tells, but
 * not where another share of that path names the volume: TrueNAS uses the ids of deleted shares again.
 *
 * @param beside all shares of the same path
 */
export function isOwnNfsShare(
  { id, comment }: NfsShare,
  dataset: Dataset,
  beside: readonly NfsShare[],
): boolean {
  if (speaksOf(comment, dataset)) return true;
  return (
    String(id) === dataset.properties.nfsShareId &&
    !beside.some((other) => speaksOf(other.comment, dataset))
  );
}

/** A driver may name shares by a template; then what it told Kubernetes of the share, and wrote down, has the name. */
function recordedShare({ properties }: Dataset): string | undefined {
  const share = readShareContext(properties.shareContext)?.['share'];
  return typeof share === 'string' ? share.toLowerCase() : undefined;
}

export function isOwnSmbShare(share: SmbShare, dataset: Dataset): boolean {
  const name = share.name.toLowerCase();
  return carries(name, leafName(dataset.id).toLowerCase()) || name === recordedShare(dataset);
}

/** @param name of an extent or a target */
export function isOwnIscsiName(name: string, dataset: Dataset): boolean {
  const asset = dataset.properties.iscsiAssetsName ?? leafName(dataset.id);
  return isOwnName(name, asset, dataset, csiTargetName);
}

/** @param name of a subsystem */
export function isOwnNvmetName(name: string, dataset: Dataset): boolean {
  const asset = dataset.properties.nvmetAssetsName ?? leafName(dataset.id);
  return isOwnName(name, asset, dataset, csiSubsystemName);
}

function foreignNfs(dataset: Dataset, exports: ExportIndex): string[] {
  const shares = exports.nfsSharesOf(dataset);
  return shares
    .filter((share) => !isOwnNfsShare(share, dataset, shares))
    .map(({ id, comment }) => `NFS share ${id} (${comment === '' ? 'no comment' : comment})`);
}

function foreignSmb(dataset: Dataset, exports: ExportIndex): string[] {
  const beside = exports.smbSharesOf(dataset).filter((share) => !isOwnSmbShare(share, dataset));
  return [
    ...beside.map(({ name }) => `SMB share ${name}`),
    ...exports
      .smbSharesAbove(dataset)
      .map(({ name, path }) => `SMB share ${name} of ${path}, which shows it too`),
  ];
}

function foreignIscsi(dataset: Dataset, exports: ExportIndex): string[] {
  return exports
    .extentsOf(dataset)
    .flatMap(({ extent, targets }) => [
      ...(isOwnIscsiName(extent.name, dataset) ? [] : [`extent ${extent.name}`]),
      ...targets
        .filter(({ name }) => !isOwnIscsiName(name, dataset))
        .map(({ name }) => `target ${name}`),
    ]);
}

function foreignNvmet(dataset: Dataset, exports: ExportIndex): string[] {
  return exports
    .namespacesOf(dataset)
    .filter(({ namespace }) => !isOwnNvmetName(namespace.subsystem, dataset))
    .map(({ namespace }) => `NVMe-oF subsystem ${namespace.subsystem}`);
}

/**
 * Exports that are not the volume's own: a further share, an extent or target of another name, and whatever exports a
 * part of it, or by SMB all that lies above it.
 */
export function foreignExportsOf(dataset: Dataset, exports: ExportIndex): readonly string[] {
  return [
    ...foreignNfs(dataset, exports),
    ...foreignSmb(dataset, exports),
    ...foreignIscsi(dataset, exports),
    ...foreignNvmet(dataset, exports),
    ...exports.exportsInside(dataset),
  ];
}

import { type ExportIndex } from '../../correlate/match-shares.ts';
import { leafName } from '../../correlate/paths.ts';
import { readShareContext } from '../../correlate/share-context.ts';
import { type Dataset, type NfsShare, type SmbShare } from '../../model/truenas.ts';

/** Longest name TrueNAS takes for an extent: drivers cut what is longer. */
const LONGEST_NAME = 64;

/**
 * Whether a name is one a driver gives to what exports a dataset: it carries a prefix and a suffix of the driver's
 * configuration, or is what is left of it, or of the whole path, where it had to be cut.
 */
function isOwnName(name: string, asset: string, { id }: Dataset): boolean {
  // Nearly every name is written as the driver noted it.
  if (name.includes(asset)) return true;
  const lower = name.toLowerCase();
  const wanted = asset.toLowerCase();
  if (lower.includes(wanted)) return true;
  const cut = lower.length >= LONGEST_NAME;
  return cut && (wanted.startsWith(lower) || id.toLowerCase().startsWith(lower));
}

export function isOwnNfsShare({ id, comment }: NfsShare, dataset: Dataset): boolean {
  return String(id) === dataset.properties.nfsShareId || comment.includes(dataset.id);
}

/** A driver may name shares by a template; then what it told Kubernetes of the share, and wrote down, has the name. */
function recordedShare({ properties }: Dataset): string | undefined {
  const share = readShareContext(properties.shareContext)?.['share'];
  return typeof share === 'string' ? share.toLowerCase() : undefined;
}

export function isOwnSmbShare(share: SmbShare, dataset: Dataset): boolean {
  const name = share.name.toLowerCase();
  return name.includes(leafName(dataset.id).toLowerCase()) || name === recordedShare(dataset);
}

/** @param name of an extent or a target */
export function isOwnIscsiName(name: string, dataset: Dataset): boolean {
  return isOwnName(name, dataset.properties.iscsiAssetsName ?? leafName(dataset.id), dataset);
}

/** @param name of a subsystem */
export function isOwnNvmetName(name: string, dataset: Dataset): boolean {
  return isOwnName(name, dataset.properties.nvmetAssetsName ?? leafName(dataset.id), dataset);
}

function foreignNfs(dataset: Dataset, exports: ExportIndex): string[] {
  return exports
    .nfsSharesOf(dataset)
    .filter((share) => !isOwnNfsShare(share, dataset))
    .map(({ id, comment }) => `NFS share ${id} (${comment === '' ? 'no comment' : comment})`);
}

function foreignSmb(dataset: Dataset, exports: ExportIndex): string[] {
  return exports
    .smbSharesOf(dataset)
    .filter((share) => !isOwnSmbShare(share, dataset))
    .map(({ name }) => `SMB share ${name}`);
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
 * part of it.
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

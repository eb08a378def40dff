import { type ExportIndex } from '../../correlate/match-shares.ts';
import { leafName } from '../../correlate/paths.ts';
import { readShareContext } from '../../correlate/share-context.ts';
import { type Dataset } from '../../model/truenas.ts';

/** Names carry prefixes and suffixes of the driver's configuration, and are cut at 64 characters. */
function isOwnAsset(name: string, asset: string): boolean {
  const lower = name.toLowerCase();
  return lower.includes(asset) || (lower.length >= 64 && asset.startsWith(lower));
}

function foreignNfs(dataset: Dataset, exports: ExportIndex): string[] {
  return exports
    .nfsSharesOf(dataset)
    .filter(
      ({ id, comment }) =>
        String(id) !== dataset.properties.nfsShareId && !comment.includes(dataset.id),
    )
    .map(({ id, comment }) => `NFS share ${id} (${comment === '' ? 'no comment' : comment})`);
}

/** A driver may name shares by a template; then what it told Kubernetes of the share, and wrote down, has the name. */
function recordedShare({ properties }: Dataset): string | undefined {
  const share = readShareContext(properties.shareContext)?.['share'];
  return typeof share === 'string' ? share.toLowerCase() : undefined;
}

function foreignSmb(dataset: Dataset, exports: ExportIndex): string[] {
  const shares = exports.smbSharesOf(dataset);
  if (shares.length === 0) return [];
  const leaf = leafName(dataset.id).toLowerCase();
  const recorded = recordedShare(dataset);
  return shares
    .filter(({ name }) => !name.toLowerCase().includes(leaf) && name.toLowerCase() !== recorded)
    .map(({ name }) => `SMB share ${name}`);
}

function foreignIscsi(dataset: Dataset, exports: ExportIndex): string[] {
  const asset = (dataset.properties.iscsiAssetsName ?? leafName(dataset.id)).toLowerCase();
  return exports
    .extentsOf(dataset)
    .flatMap(({ extent, targets }) => [
      ...(isOwnAsset(extent.name, asset) ? [] : [`extent ${extent.name}`]),
      ...targets.filter(({ name }) => !isOwnAsset(name, asset)).map(({ name }) => `target ${name}`),
    ]);
}

function foreignNvmet(dataset: Dataset, exports: ExportIndex): string[] {
  const asset = (dataset.properties.nvmetAssetsName ?? leafName(dataset.id)).toLowerCase();
  return exports
    .namespacesOf(dataset)
    .filter(({ namespace }) => !isOwnAsset(namespace.subsystem, asset))
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

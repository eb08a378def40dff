import { type ExportIndex } from '../../correlate/match-shares.ts';
import { leafName } from '../../correlate/paths.ts';
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

function foreignSmb(dataset: Dataset, exports: ExportIndex): string[] {
  const leaf = leafName(dataset.id).toLowerCase();
  return exports
    .smbSharesOf(dataset)
    .filter(({ name }) => !name.toLowerCase().includes(leaf))
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

/**
 * Exports that are not the volume's own: a further share, an extent or target of another name, and whatever exports a
 * part of it.
 */
export function foreignExportsOf(dataset: Dataset, exports: ExportIndex): readonly string[] {
  return [
    ...foreignNfs(dataset, exports),
    ...foreignSmb(dataset, exports),
    ...foreignIscsi(dataset, exports),
    ...exports.exportsInside(dataset),
  ];
}

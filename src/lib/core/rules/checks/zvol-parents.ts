import { parentPath, trimSlashes } from '../../correlate/paths.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';

/** Kinds of democratic-csi whose volumes are zvols. */
const OF_ZVOLS = /-(?:iscsi|nvmeof)$/;

/** Paths below which drivers keep zvols, by their configuration or because one is there. */
export function zvolParents(
  datasets: readonly Dataset[],
  secrets: readonly DriverSecret[],
): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { kind, parent } of secrets) {
    if (parent !== null && OF_ZVOLS.test(kind)) paths.add(trimSlashes(parent));
  }
  for (const { kind, id } of datasets) if (kind === 'volume') paths.add(parentPath(id));
  return paths;
}

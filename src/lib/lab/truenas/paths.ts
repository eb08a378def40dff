import { type Fields } from './json.ts';
import { datasetOfPath, type View } from './view.ts';

/** Where a shared path lies: its dataset, the rest of the path, and whether the dataset is locked. */
export function whereFields(view: View, path: string): Fields {
  const node = datasetOfPath(view, path);
  if (node === undefined) return { dataset: null, relative_path: null, locked: false };
  const rest = path.startsWith('zvol/') ? '' : path.slice(`/mnt/${node.dataset.id}`.length + 1);
  return { dataset: node.dataset.id, relative_path: rest, locked: node.lockedBy !== null };
}

import { type Backend } from '../../correlate/backend.ts';
import { zvolPathOf } from '../../correlate/paths.ts';
import { type DatasetPlace } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';

/** Where a dataset lies. */
export function placeOf({ system, id }: Dataset): DatasetPlace {
  return { system, path: id };
}

/** Where a volume's data lies, or should. */
export function placeOfBackend(backend: Backend): DatasetPlace | null {
  switch (backend.state) {
    case 'found':
    case 'elsewhere':
      return placeOf(backend.dataset);
    case 'absent':
      return { system: backend.system, path: backend.path };
    case 'unknown':
      return null;
  }
}

/** The zvol an extent or a namespace exports, itself or a snapshot of it; null for a file. */
export function placeOfDevice(system: string, devicePath: string): DatasetPlace | null {
  const path = zvolPathOf(devicePath);
  return path === undefined ? null : { system, path: path.replace(/@.*$/, '') };
}

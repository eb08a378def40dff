import { type LabKept } from '../scenario/world.ts';
import { type Fields, pick } from './json.ts';
import { type Call } from './method.ts';
import { type EntryKind } from './version-table.ts';

/** What TrueNAS fills in, and takes from nobody. */
const FILLED_IN: Partial<Record<EntryKind, readonly string[]>> = {
  nfs: ['id', 'locked', 'dataset', 'relative_path', 'tier'],
  smb: ['id', 'locked', 'dataset', 'relative_path', 'tier'],
  target: ['id', 'rel_tgt_id'],
  extent: ['id', 'naa', 'vendor', 'locked', 'dataset', 'relative_path'],
  namespace: ['id', 'subsys', 'device_uuid', 'device_nguid', 'locked', 'dataset', 'relative_path'],
};

/** The fields of an entry that may be written on this version. */
export function acceptedFields(kind: EntryKind): (call: Call) => readonly string[] {
  return ({ lab }) =>
    lab.table.fields[kind].filter((name) => FILLED_IN[kind]?.includes(name) !== true);
}

/**
 * What is written of an object beyond what the lab itself understands.
 *
 * @param understood fields that the lab keeps by names of its own
 */
export function keptOf(
  data: Fields,
  old: LabKept | null,
  accepted: readonly string[],
  understood: readonly string[],
): LabKept {
  const names = accepted.filter((name) => !understood.includes(name));
  const kept = { ...old?.kept, ...pick(data, names) };
  return Object.keys(kept).length === 0 ? {} : { kept };
}

import { type IscsiTarget, type TargetGroup } from '../../core/model/truenas.ts';
import {
  DecodeError,
  firstText,
  integerOf,
  isRow,
  listOf,
  optionalText,
  type Row,
  textOf,
} from './decode-values.ts';

/** Groups seen in one answer, by what is in them: those of thousands of targets are the same. */
export type SeenGroups = Map<string, readonly TargetGroup[]>;

/** Who may reach a target has to be there: without a group, nobody can. */
export function decodeIscsiTarget(
  row: Row,
  system: string,
  seen: SeenGroups = new Map(),
): IscsiTarget {
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    alias: firstText(row, ['alias']),
    groups: shared(listOf(row, 'groups').map(groupOf), seen),
  };
}

function groupOf(group: unknown): TargetGroup {
  if (!isRow(group)) throw new DecodeError('"groups" holds no objects');
  return {
    portal: idOf(group, 'portal'),
    initiator: idOf(group, 'initiator'),
    auth: idOf(group, 'auth'),
    authMethod: optionalText(group, 'authmethod'),
  };
}

function idOf(group: Row, key: string): number | null {
  return (group[key] ?? null) === null ? null : integerOf(group, key);
}

function shared(groups: readonly TargetGroup[], seen: SeenGroups): readonly TargetGroup[] {
  const key = groups
    .map(({ portal, initiator, auth, authMethod }) =>
      [portal, initiator, auth, authMethod].join(' '),
    )
    .join(',');
  const known = seen.get(key);
  if (known !== undefined) return known;
  for (const group of groups) Object.freeze(group);
  Object.freeze(groups);
  seen.set(key, groups);
  return groups;
}

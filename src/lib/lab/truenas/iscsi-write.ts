import {
  type LabIscsiExtent,
  type LabIscsiTarget,
  type LabTargetExtent,
} from '../scenario/world.ts';
import { acceptedFields, keptOf } from './accepted-fields.ts';
import { CallError, invalid } from './errors.ts';
import { type Fields, isFields, textOf } from './json.ts';
import { type Call, flagOf } from './method.ts';
import { findStored, removeStored } from './storing.ts';

function targetInUse(call: Call, target: LabIscsiTarget): boolean {
  const iqn = `${call.lab.system.iscsiBasename}:${target.name}`;
  return call.lab.system.iscsiSessions.some((open) => open.target === iqn);
}

function targetsOf(call: Call, mappings: readonly LabTargetExtent[]): LabIscsiTarget[] {
  const ids = new Set(mappings.map(({ target }) => target));
  return call.lab.system.iscsiTargets.filter(({ id }) => ids.has(id));
}

function refuseInUse(call: Call, targets: readonly LabIscsiTarget[], label: string): void {
  const busy = targets.filter((target) => targetInUse(call, target)).map(({ name }) => name);
  if (busy.length > 0) throw new CallError(`${label} ${busy.join(',')} is in use.`);
}

const lies = (call: Call): boolean => call.lab.faults.deletesLie === true;

export function deleteTarget(call: Call): unknown {
  const { system } = call.lab;
  const target = findStored(system.iscsiTargets, 'iSCSITarget', call);
  if (call.params[1] !== true) refuseInUse(call, [target], 'Target');
  if (lies(call)) return true;
  const mappings = system.iscsiTargetExtents.filter((mapping) => mapping.target === target.id);
  for (const mapping of mappings) {
    removeStored(system.iscsiTargetExtents, mapping);
    const extent = system.iscsiExtents.find(({ id }) => id === mapping.extent);
    if (call.params[2] === true && extent) removeStored(system.iscsiExtents, extent);
  }
  removeStored(system.iscsiTargets, target);
  return true;
}

export function deleteExtent(call: Call): unknown {
  const { system } = call.lab;
  const extent = findStored(system.iscsiExtents, 'iSCSIExtent', call);
  const mappings = system.iscsiTargetExtents.filter((mapping) => mapping.extent === extent.id);
  if (call.params[2] !== true) refuseInUse(call, targetsOf(call, mappings), 'Associated target(s)');
  if (lies(call)) return true;
  for (const mapping of mappings) removeStored(system.iscsiTargetExtents, mapping);
  removeStored(system.iscsiExtents, extent);
  return true;
}

export function deleteMapping(call: Call): unknown {
  const { system } = call.lab;
  const mapping = findStored(system.iscsiTargetExtents, 'iSCSITargetToExtent', call);
  if (call.params[1] !== true) refuseInUse(call, targetsOf(call, [mapping]), 'Associated target');
  if (!lies(call)) removeStored(system.iscsiTargetExtents, mapping);
  return true;
}

function groupsOf(data: Fields, old: LabIscsiTarget | null): LabIscsiTarget['groups'] {
  const groups = data['groups'];
  if (!Array.isArray(groups)) return old?.groups ?? [];
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return groups.filter(isFields).map((group) => ({
    portal: number(group['portal']) ?? 1,
    initiator: number(group['initiator']),
    authmethod: textOf(group, 'authmethod', 'NONE'),
    auth: number(group['auth']),
  }));
}

const targetFields = acceptedFields('target');
const extentFields = acceptedFields('extent');

export function buildTarget(
  data: Fields,
  old: LabIscsiTarget | null,
  id: number,
  call: Call,
): LabIscsiTarget {
  const name = textOf(data, 'name', old?.name);
  const alias = textOf(data, 'alias', old?.alias);
  if (name === '') throw invalid('iscsi_target_create.name', 'Field required');
  if (call.lab.system.iscsiTargets.some((other) => other.name === name && other.id !== id)) {
    throw invalid('iscsi_target_create.name', 'Target with this name already exists');
  }
  return {
    id,
    name,
    ...(alias === '' ? {} : { alias }),
    groups: groupsOf(data, old),
    ...keptOf(data, old, targetFields(call), ['name', 'alias', 'groups']),
  };
}

const EXTENT_UNDERSTOOD = ['name', 'type', 'disk', 'path', 'comment', 'enabled'];

export function buildExtent(
  data: Fields,
  old: LabIscsiExtent | null,
  id: number,
  call: Call,
): LabIscsiExtent {
  const before = old ?? { name: '', path: '', comment: '', enabled: true };
  const name = textOf(data, 'name', before.name);
  const path = textOf(data, 'disk', textOf(data, 'path', before.path));
  if (name === '') throw invalid('iscsi_extent_create.name', 'Field required');
  if (path === '') throw invalid('iscsi_extent_create.disk', 'This field is required');
  if (call.lab.system.iscsiExtents.some((other) => other.name === name && other.id !== id)) {
    throw invalid('iscsi_extent_create.name', 'Extent name must be unique');
  }
  return {
    id,
    name,
    type: path.startsWith('zvol/') ? 'DISK' : 'FILE',
    path,
    comment: textOf(data, 'comment', before.comment),
    enabled: flagOf(data, 'enabled', before.enabled),
    ...keptOf(data, old, extentFields(call), EXTENT_UNDERSTOOD),
  };
}

export function buildMapping(
  data: Fields,
  old: LabTargetExtent | null,
  id: number,
  call: Call,
): LabTargetExtent {
  const { system } = call.lab;
  const target = Number(data['target'] ?? old?.target);
  const extent = Number(data['extent'] ?? old?.extent);
  if (!system.iscsiTargets.some((item) => item.id === target)) {
    throw invalid('iscsi_targetextent_create.target', "Target doesn't exist");
  }
  if (!system.iscsiExtents.some((item) => item.id === extent)) {
    throw invalid('iscsi_targetextent_create.extent', "Extent doesn't exist");
  }
  return { id, target, extent, lunid: Number(data['lunid'] ?? old?.lunid ?? 0) };
}

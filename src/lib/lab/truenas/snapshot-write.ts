import { type LabSnapshot } from '../scenario/world.ts';
import { worldOf } from './dataset-delete.ts';
import { setHolds } from './destroy.ts';
import { Errno, invalid } from './errors.ts';
import { newGuid, nextTxg } from './identity.ts';
import { type Fields, isFields, textOf } from './json.ts';
import { type Call, fieldsParam, flagOf, textParam } from './method.ts';
import { sameNamed } from './snapshot-delete.ts';
import { snapshotEntry } from './snapshot-entry.ts';
import { findSnapshot } from './snapshot-query.ts';
import { type SnapshotNode, subtree } from './view.ts';

/** User properties of a request, which old versions take among `properties`. */
function userProperties(data: Fields): Record<string, string> {
  const given = { ...asFields(data['properties']), ...asFields(data['user_properties']) };
  const own = Object.entries(given).filter(([key]) => key.includes(':'));
  return Object.fromEntries(own.map(([key, value]) => [key, String(value)]));
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Takes a snapshot of a dataset, and with `recursive` of all below it, in one transaction group. */
export function takeSnapshot(call: Call, data: Fields, attribute: string): SnapshotNode {
  const { lab, view } = call;
  const dataset = textOf(data, 'dataset');
  const name = textOf(data, 'name');
  const root = view.byId.get(dataset);
  if (root === undefined)
    throw invalid(`${attribute}.dataset`, `Dataset ${dataset} not found`, Errno.ENOENT);
  const nodes = flagOf(data, 'recursive') ? subtree(root) : [root];
  const taken = nodes.find((node) => view.snapshotById.has(`${node.dataset.id}@${name}`));
  if (taken !== undefined) {
    throw invalid(
      `${attribute}.name`,
      `Snapshot ${taken.dataset.id}@${name} already exists`,
      Errno.EEXIST,
    );
  }
  const createtxg = nextTxg(lab.system);
  const made = nodes.map((node): LabSnapshot => ({
    id: `${node.dataset.id}@${name}`,
    createdAt: lab.now().toISOString(),
    guid: newGuid(),
    createtxg,
    used: 0,
    referenced: node.dataset.usedbydataset,
    userProperties: userProperties(data),
  }));
  lab.system.snapshots.push(...made);
  lab.views.touch();
  const found = lab.views.current().snapshotById.get(`${dataset}@${name}`);
  if (found === undefined) throw invalid(`${attribute}.name`, 'Invalid snapshot name');
  return found;
}

const DEFAULTS = { properties: null, holds: false, retention: false } as const;

/** `zfs.snapshot.create` and `pool.snapshot.create`. */
export function createSnapshot(call: Call): unknown {
  const made = takeSnapshot(call, fieldsParam(call, 0, 'data'), 'snapshot_create');
  const fields = snapshotEntry({ ...call, view: call.lab.views.current() }, made, DEFAULTS);
  const { id } = made.snapshot;
  call.lab.events.emit({ msg: 'added', collection: 'pool.snapshot.query', id, fields });
  return fields;
}

function affected(call: Call, options: Fields): SnapshotNode[] {
  const entry = findSnapshot(call, textParam(call, 0, 'id'));
  return flagOf(options, 'recursive') ? sameNamed(call, entry) : [entry];
}

export function addHold(call: Call, entries: readonly SnapshotNode[], tag: string): void {
  for (const entry of entries) {
    setHolds(worldOf(call), entry, [...new Set([...(entry.snapshot.holds ?? []), tag])]);
  }
}

/** Removes one tag, or all. */
export function dropHolds(call: Call, entries: readonly SnapshotNode[], tag: string | null): void {
  for (const entry of entries) {
    const left = tag === null ? [] : (entry.snapshot.holds ?? []).filter((held) => held !== tag);
    setHolds(worldOf(call), entry, left);
  }
}

/** `…snapshot.hold`: adds the tag `truenas`. */
export function holdSnapshot(call: Call): unknown {
  addHold(call, affected(call, fieldsParam(call, 1, 'options', ['recursive'])), 'truenas');
  return null;
}

/** `…snapshot.release`: removes every tag, whoever set it. */
export function releaseSnapshot(call: Call): unknown {
  dropHolds(call, affected(call, fieldsParam(call, 1, 'options', ['recursive'])), null);
  return null;
}

import { type LabDataset } from '../scenario/world.ts';
import { datasetEntry } from './dataset-entry.ts';
import { findDataset } from './dataset-query.ts';
import { CallError, Errno, instanceNotFound, invalid } from './errors.ts';
import { newGuid, nextTxg } from './identity.ts';
import { type Fields, isFields, textOf } from './json.ts';
import { type Call, fieldsParam, flagOf, textParam } from './method.ts';
import { type DatasetNode, parentOf, subtree } from './view.ts';

const EVERYTHING = { properties: null, userProperties: true } as const;

/** The dataset as it is after the change. */
function answerWith(call: Call, id: string, msg: 'added' | 'changed'): Fields {
  const { lab } = call;
  lab.views.touch();
  const node = lab.views.current().byId.get(id);
  if (node === undefined) throw instanceNotFound('PoolDataset', id);
  const fields = datasetEntry(node, EVERYTHING, lab.table);
  lab.events.emit({ msg, collection: 'pool.dataset.query', id, fields });
  return fields;
}

function applyProperties(properties: Record<string, string>, changes: unknown): void {
  if (!Array.isArray(changes)) return;
  for (const change of changes.filter(isFields)) {
    const key = String(change['key']);
    if (!key.includes(':'))
      throw invalid('user_properties_update', `${key} is not a user property`);
    if (change['remove'] === true) Reflect.deleteProperty(properties, key);
    else properties[key] = textOf(change, 'value');
  }
}

function size(data: Fields, name: string): number | undefined {
  const value = data[name];
  return typeof value === 'number' ? value : undefined;
}

/** Writes what a request names into a dataset. */
function apply(dataset: LabDataset, data: Fields): void {
  const refquota = data['refquota'];
  if (refquota === null || refquota === 0) delete dataset.refquota;
  else dataset.refquota = size(data, 'refquota') ?? dataset.refquota ?? 0;
  if (dataset.refquota === 0) delete dataset.refquota;
  const volsize = size(data, 'volsize');
  if (volsize !== undefined) dataset.volsize = volsize;
  if (data['readonly'] === 'INHERIT') delete dataset.readonly;
  else if (typeof data['readonly'] === 'string') dataset.readonly = data['readonly'] === 'ON';
  if (typeof data['comments'] === 'string') {
    dataset.userProperties['org.freenas:description'] = data['comments'];
  }
  applyProperties(dataset.userProperties, data['user_properties']);
  applyProperties(dataset.userProperties, data['user_properties_update']);
}

function newDataset(call: Call, id: string, type: LabDataset['type']): LabDataset {
  const { system } = call.lab;
  return {
    id,
    type,
    createdAt: call.lab.now().toISOString(),
    guid: newGuid(),
    createtxg: nextTxg(system),
    usedbydataset: 98_304,
    usedbysnapshots: 0,
    usedbyrefreservation: 0,
    userProperties: {},
  };
}

const NAME = 'pool_dataset_create.name';

function createAncestors(call: Call, id: string): void {
  const parent = parentOf(id);
  if (parent === '' || call.view.byId.has(parent)) return;
  createAncestors(call, parent);
  call.lab.system.datasets.push(newDataset(call, parent, 'FILESYSTEM'));
}

/** Refuses a name that is taken, or whose pool or parent is missing; makes ancestors where asked to. */
function claimName(call: Call, id: string, withAncestors: boolean): void {
  const { byId } = call.view;
  if (byId.has(id)) throw invalid(NAME, `Path ${id} already exists`);
  const [pool = ''] = id.split('/', 1);
  if (!byId.has(pool)) throw invalid(NAME, `Pool "${pool}" does not exist`, Errno.ENOENT);
  if (withAncestors) createAncestors(call, id);
  else if (!byId.has(parentOf(id))) {
    throw invalid(NAME, `Parent dataset ${parentOf(id)} does not exist`, Errno.ENOENT);
  }
}

/** `pool.dataset.create`. */
export function createDataset(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data');
  const id = textOf(data, 'name');
  const isVolume = data['type'] === 'VOLUME';
  if (isVolume && size(data, 'volsize') === undefined) {
    throw invalid('pool_dataset_create.volsize', 'This field is required for VOLUME');
  }
  claimName(call, id, flagOf(data, 'create_ancestors'));
  const dataset = newDataset(call, id, isVolume ? 'VOLUME' : 'FILESYSTEM');
  apply(dataset, data);
  if (isVolume && !flagOf(data, 'sparse')) dataset.usedbyrefreservation = dataset.volsize ?? 0;
  call.lab.system.datasets.push(dataset);
  return answerWith(call, id, 'added');
}

/** `pool.dataset.update`. */
export function updateDataset(call: Call): unknown {
  const { dataset } = findDataset(call, textParam(call, 0, 'id'));
  const data = fieldsParam(call, 1, 'data');
  const volsize = size(data, 'volsize');
  if (volsize !== undefined && volsize < (dataset.volsize ?? 0)) {
    throw invalid(
      'pool_dataset_update.volsize',
      'You cannot shrink a zvol from GUI, this may lead to data loss.',
    );
  }
  apply(dataset, data);
  return answerWith(call, dataset.id, 'changed');
}

const RENAME = 'pool.dataset.rename';

function checkRename(call: Call, node: DatasetNode, to: string, force: boolean): void {
  if (!force) throw invalid(`${RENAME}.force`, 'No safety checks are made: set force to go on.');
  if (call.view.byId.has(to)) throw invalid(`${RENAME}.new_name`, `${to} exists`, Errno.EEXIST);
  if (!call.view.byId.has(parentOf(to))) {
    throw invalid(`${RENAME}.new_name`, `Parent of ${to} does not exist`, Errno.ENOENT);
  }
  if (node.lockedBy !== null) {
    throw new CallError(`Dataset ${node.dataset.id} is locked`, Errno.EDATASETISLOCKED);
  }
}

/** `pool.dataset.rename`: shares, extents and tasks that name the old path are left as they were. */
export function renameDataset(call: Call): unknown {
  const node = findDataset(call, textParam(call, 0, 'id'));
  const data = fieldsParam(call, 1, 'data', ['new_name', 'recursive', 'force']);
  const to = textOf(data, 'new_name');
  const from = node.dataset.id;
  checkRename(call, node, to, flagOf(data, 'force'));
  const moved = (id: string): string => to + id.slice(from.length);
  for (const { dataset, snapshots } of subtree(node)) {
    dataset.id = moved(dataset.id);
    for (const snapshot of snapshots) snapshot.id = moved(snapshot.id);
  }
  for (const dataset of call.lab.system.datasets) {
    const { origin } = dataset;
    const inside =
      origin?.startsWith(`${from}@`) === true || origin?.startsWith(`${from}/`) === true;
    if (origin !== undefined && inside) dataset.origin = moved(origin);
  }
  return null;
}

import {
  type LabIscsiExtent,
  type LabIscsiTarget,
  type LabTargetExtent,
} from '../scenario/world.ts';
import { CallError, invalid } from './errors.ts';
import { type Fields, isFields, pick } from './json.ts';
import { listing, read, write } from './listing.ts';
import { type Audience, type Call, type MethodTable } from './method.ts';
import { whereFields } from './paths.ts';
import { filterList, parseOptions } from './query-options.ts';
import { findStored, removeStored, storing } from './shares.ts';

const role = (object: string, right: string): Audience => [`SHARING_ISCSI_${object}_${right}`];

function targetEntry(target: LabIscsiTarget, call: Call): Fields {
  const entry = {
    id: target.id,
    name: target.name,
    alias: target.alias ?? null,
    mode: 'ISCSI',
    groups: target.groups,
    auth_networks: [],
    rel_tgt_id: target.id,
    iscsi_parameters: null,
  };
  return pick(entry, call.lab.table.fields.target);
}

function extentEntry(extent: LabIscsiExtent, call: Call): Fields {
  const number = extent.id.toString(16).padStart(16, '0');
  const entry = {
    id: extent.id,
    name: extent.name,
    type: extent.type,
    disk: extent.type === 'DISK' ? extent.path : null,
    serial: number.slice(1),
    path: extent.path,
    filesize: extent.type === 'DISK' ? '0' : 1024 * 1024 * 1024,
    blocksize: 512,
    pblocksize: false,
    avail_threshold: null,
    comment: extent.comment,
    naa: `0x6589cfc00000${number}0000`.slice(0, 34),
    insecure_tpc: true,
    xen: false,
    rpm: 'SSD',
    ro: false,
    enabled: extent.enabled,
    vendor: 'TrueNAS',
    product_id: null,
    ...whereFields(call.view, extent.path),
  };
  return pick(entry, call.lab.table.fields.extent);
}

function mappingEntry({ id, target, lunid, extent }: LabTargetExtent): Fields {
  return { id, target, lunid, extent };
}

/** Portals and initiator groups exist as far as targets refer to them; number 1 always does. */
function referred(call: Call, member: 'portal' | 'initiator' | 'auth', always: number[]): number[] {
  const ids = call.lab.system.iscsiTargets.flatMap(({ groups }) => groups.map((g) => g[member]));
  return [...new Set([...always, ...ids.filter((id) => id !== null)])].sort((a, b) => a - b);
}

function portals(call: Call): Fields[] {
  return referred(call, 'portal', [1]).map((id) =>
    pick(
      {
        id,
        tag: id,
        comment: '',
        listen: [{ ip: '0.0.0.0', port: 3260 }],
        discovery_authmethod: 'NONE',
        discovery_authgroup: null,
      },
      call.lab.table.fields.portal,
    ),
  );
}

const SECRET = '********';

function auths(call: Call): Fields[] {
  return referred(call, 'auth', []).map((tag) => ({
    id: tag,
    tag,
    user: 'chap',
    secret: SECRET,
    peeruser: '',
    peersecret: '',
    discovery_auth: 'NONE',
  }));
}

function session(call: Call, index: number): Fields {
  const { initiator, initiatorAddress, target } = call.lab.system.iscsiSessions[index] ?? {
    initiator: '',
    initiatorAddress: '',
    target: '',
  };
  return {
    initiator,
    initiator_addr: initiatorAddress,
    initiator_alias: null,
    target,
    target_alias: target.slice(target.indexOf(':') + 1),
    header_digest: null,
    data_digest: null,
    max_data_segment_length: null,
    max_receive_data_segment_length: 1_048_576,
    max_xmit_data_segment_length: 262_144,
    max_burst_length: 1_048_576,
    first_burst_length: 65_536,
    immediate_data: true,
    iser: false,
    offload: false,
  };
}

function config(call: Call): Fields {
  const entry = {
    id: 1,
    basename: call.lab.system.iscsiBasename,
    isns_servers: [],
    listen_port: 3260,
    pool_avail_threshold: null,
    alua: false,
    iser: false,
    direct_config: null,
    mode: 0,
  };
  return pick(entry, call.lab.table.fields.iscsiGlobal);
}

export function targetInUse(call: Call, target: LabIscsiTarget): boolean {
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

function deleteTarget(call: Call): unknown {
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

function deleteExtent(call: Call): unknown {
  const { system } = call.lab;
  const extent = findStored(system.iscsiExtents, 'iSCSIExtent', call);
  const mappings = system.iscsiTargetExtents.filter((mapping) => mapping.extent === extent.id);
  if (call.params[2] !== true) refuseInUse(call, targetsOf(call, mappings), 'Associated target(s)');
  if (lies(call)) return true;
  for (const mapping of mappings) removeStored(system.iscsiTargetExtents, mapping);
  removeStored(system.iscsiExtents, extent);
  return true;
}

function deleteMapping(call: Call): unknown {
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
    authmethod: String(group['authmethod'] ?? 'NONE'),
    auth: number(group['auth']),
  }));
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function buildTarget(data: Fields, old: LabIscsiTarget | null, id: number): LabIscsiTarget {
  const name = textOf(data['name']) ?? old?.name;
  if (name === undefined) throw invalid('iscsi_target_create.name', 'Field required');
  const alias = textOf(data['alias']) ?? old?.alias;
  return { id, name, ...(alias === undefined ? {} : { alias }), groups: groupsOf(data, old) };
}

function buildExtent(data: Fields, old: LabIscsiExtent | null, id: number): LabIscsiExtent {
  const name = textOf(data['name']) ?? old?.name;
  const path = textOf(data['disk']) ?? textOf(data['path']) ?? old?.path;
  if (name === undefined) throw invalid('iscsi_extent_create.name', 'Field required');
  if (path === undefined) throw invalid('iscsi_extent_create.disk', 'This field is required');
  const enabled = data['enabled'];
  return {
    id,
    name,
    type: path.startsWith('zvol/') ? 'DISK' : 'FILE',
    path,
    comment: textOf(data['comment']) ?? old?.comment ?? '',
    enabled: typeof enabled === 'boolean' ? enabled : (old?.enabled ?? true),
  };
}

function buildMapping(
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

export const ISCSI_METHODS: MethodTable = {
  'iscsi.global.config': read(role('GLOBAL', 'READ'), config),
  'iscsi.global.sessions': {
    audience: role('GLOBAL', 'READ'),
    kind: 'query',
    parameters: ['filters', 'options'],
    run: (call) =>
      filterList(
        call.lab.system.iscsiSessions.map((_, index) => session(call, index)),
        {
          filters: Array.isArray(call.params[0]) ? call.params[0] : [],
          options: parseOptions(call.params[1], call.lab.table.queryOptions),
        },
      ),
  },
  'iscsi.global.client_count': read(
    role('GLOBAL', 'READ'),
    ({ lab }) => new Set(lab.system.iscsiSessions.map(({ initiator }) => initiator)).size,
  ),
  ...listing('iscsi.portal', 'iSCSIPortal', role('PORTAL', 'READ'), portals),
  ...listing(
    'iscsi.initiator',
    'iSCSITargetAuthorizedInitiator',
    role('INITIATOR', 'READ'),
    (call) => referred(call, 'initiator', [1]).map((id) => ({ id, initiators: [], comment: '' })),
  ),
  ...listing('iscsi.auth', 'iSCSITargetAuthCredential', role('AUTH', 'READ'), auths),
  ...listing('iscsi.target', 'iSCSITarget', role('TARGET', 'READ'), (call) =>
    call.lab.system.iscsiTargets.map((target) => targetEntry(target, call)),
  ),
  ...storing({
    service: 'iscsi.target',
    noun: 'iSCSITarget',
    audience: role('TARGET', 'WRITE'),
    list: (call) => call.lab.system.iscsiTargets,
    entry: targetEntry,
    build: buildTarget,
  }),
  'iscsi.target.delete': write(
    role('TARGET', 'WRITE'),
    ['id', 'force', 'delete_extents'],
    deleteTarget,
  ),
  ...listing('iscsi.extent', 'iSCSIExtent', role('EXTENT', 'READ'), (call) =>
    call.lab.system.iscsiExtents.map((extent) => extentEntry(extent, call)),
  ),
  ...storing({
    service: 'iscsi.extent',
    noun: 'iSCSIExtent',
    audience: role('EXTENT', 'WRITE'),
    list: (call) => call.lab.system.iscsiExtents,
    entry: extentEntry,
    build: buildExtent,
  }),
  'iscsi.extent.delete': write(role('EXTENT', 'WRITE'), ['id', 'remove', 'force'], deleteExtent),
  ...listing('iscsi.targetextent', 'iSCSITargetToExtent', role('TARGETEXTENT', 'READ'), (call) =>
    call.lab.system.iscsiTargetExtents.map(mappingEntry),
  ),
  ...storing({
    service: 'iscsi.targetextent',
    noun: 'iSCSITargetToExtent',
    audience: role('TARGETEXTENT', 'WRITE'),
    list: (call) => call.lab.system.iscsiTargetExtents,
    entry: mappingEntry,
    build: buildMapping,
  }),
  'iscsi.targetextent.delete': write(role('TARGETEXTENT', 'WRITE'), ['id', 'force'], deleteMapping),
};

import {
  type LabIscsiAuth,
  type LabIscsiExtent,
  type LabIscsiInitiator,
  type LabIscsiPortal,
  type LabIscsiTarget,
  type LabTargetExtent,
} from '../scenario/world.ts';
import { acceptedFields } from './accepted-fields.ts';
import { type Fields, pick } from './json.ts';
import {
  buildExtent,
  buildMapping,
  buildTarget,
  deleteExtent,
  deleteMapping,
  deleteTarget,
} from './iscsi-write.ts';
import { listing, read, write } from './listing.ts';
import { type Audience, type Call, type MethodTable } from './method.ts';
import { whereFields } from './paths.ts';
import { filterList, parseOptions } from './query-options.ts';
import { storing } from './storing.ts';

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
    ...target.kept,
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
    ...extent.kept,
    ...whereFields(call.view, extent.path),
  };
  return pick(entry, call.lab.table.fields.extent);
}

function mappingEntry({ id, target, lunid, extent }: LabTargetExtent): Fields {
  return { id, target, lunid, extent };
}

/** What targets refer to, by id or tag, in order. */
function referred(call: Call, member: 'portal' | 'initiator' | 'auth', always: number[]): number[] {
  const ids = call.lab.system.iscsiTargets.flatMap(({ groups }) => groups.map((g) => g[member]));
  return [...new Set([...always, ...ids.filter((id) => id !== null)])].sort((a, b) => a - b);
}

function portals(call: Call): Fields[] {
  const { system, table } = call.lab;
  const all: readonly LabIscsiPortal[] =
    system.iscsiPortals ?? referred(call, 'portal', [1]).map((id) => ({ id, listen: ['0.0.0.0'] }));
  return all.map(({ id, tag = id, listen }) =>
    pick(
      {
        id,
        tag,
        comment: '',
        listen: listen.map((ip) => ({ ip, port: 3260 })),
        discovery_authmethod: 'NONE',
        discovery_authgroup: null,
      },
      table.fields.portal,
    ),
  );
}

/** Those of the world, and those that targets refer to without the world naming them. */
function initiators(call: Call): Fields[] {
  const named: readonly LabIscsiInitiator[] = call.lab.system.iscsiInitiators ?? [];
  const implied = referred(call, 'initiator', named.length === 0 ? [1] : [])
    .filter((id) => named.every((group) => group.id !== id))
    .map((id) => ({ id, initiators: [], comment: '' }));
  return [...named.map((group) => ({ ...group })), ...implied];
}

const SECRET = '********';

function auths(call: Call): Fields[] {
  const all: readonly LabIscsiAuth[] =
    call.lab.system.iscsiAuths ?? referred(call, 'auth', []).map((tag) => ({ id: tag, tag }));
  return all.map(({ id, tag, user = 'chap' }) => ({
    id,
    tag,
    user,
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
    initiators,
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
    accepted: acceptedFields('target'),
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
    accepted: acceptedFields('extent'),
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
    accepted: () => ['target', 'extent', 'lunid'],
    build: buildMapping,
  }),
  'iscsi.targetextent.delete': write(role('TARGETEXTENT', 'WRITE'), ['id', 'force'], deleteMapping),
};

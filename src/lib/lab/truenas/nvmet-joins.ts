import { type LabNvmetSubsystem } from '../scenario/world.ts';
import { instanceNotFound, invalid } from './errors.ts';
import { type Fields } from './json.ts';
import { write } from './listing.ts';
import { type Call, fieldsParam, idParam, type MethodTable } from './method.ts';
import { HOST_JOINS, joinEntries, joinId, PORT_JOINS, type JoinTable } from './nvmet.ts';

const WRITE = ['SHARING_NVME_TARGET_WRITE'];

/** What is written of a subsystem when a join comes or goes. */
function setMembers(
  subsystem: LabNvmetSubsystem,
  { member }: JoinTable,
  ids: readonly number[],
): void {
  if (member === 'port') subsystem.ports = [...ids];
  else subsystem.hosts = [...ids];
}

function numberIn(data: Fields, name: string): number {
  const value = data[name];
  return typeof value === 'number' ? value : 0;
}

function createJoin(call: Call, table: JoinTable): unknown {
  const { member, idsOf, entries } = table;
  const schema = `nvmet_${member}_subsys_create`;
  const data = fieldsParam(call, 0, 'data', [`${member}_id`, 'subsys_id']);
  const memberId = numberIn(data, `${member}_id`);
  const subsystemId = numberIn(data, 'subsys_id');
  if (!entries(call).some(({ id }) => id === memberId)) {
    throw invalid(`${schema}.${member}_id`, `No ${member} with ID ${memberId}`);
  }
  const subsystem = call.lab.system.nvmetSubsystems.find(({ id }) => id === subsystemId);
  if (subsystem === undefined) {
    throw invalid(`${schema}.subsys_id`, `No subsystem with ID ${subsystemId}`);
  }
  if (idsOf(subsystem).includes(memberId)) {
    const what = `Host ID: ${memberId}/Subsystem ID: ${subsystemId}`;
    throw invalid(`${schema}.${member}_id`, `This record already exists (${what})`);
  }
  setMembers(subsystem, table, [...idsOf(subsystem), memberId]);
  return joinEntries(call, table).find(({ id }) => id === joinId(subsystemId, memberId));
}

function deleteJoin(call: Call, table: JoinTable, noun: string): unknown {
  const id = idParam(call);
  for (const subsystem of call.lab.system.nvmetSubsystems) {
    const ids = table.idsOf(subsystem);
    const left = ids.filter((each) => joinId(subsystem.id, each) !== id);
    if (left.length === ids.length) continue;
    if (call.lab.faults.deletesLie !== true) setMembers(subsystem, table, left);
    return true;
  }
  throw instanceNotFound(noun, id);
}

function joining(service: string, noun: string, table: JoinTable): MethodTable {
  return {
    [`${service}.create`]: write(WRITE, ['data'], (call) => createJoin(call, table)),
    [`${service}.delete`]: write(WRITE, ['id'], (call) => deleteJoin(call, table, noun)),
  };
}

export const NVMET_JOIN_METHODS: MethodTable = {
  ...joining('nvmet.host_subsys', 'NVMetHostSubsys', HOST_JOINS),
  ...joining('nvmet.port_subsys', 'NVMetPortSubsys', PORT_JOINS),
};

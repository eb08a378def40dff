import { type NvmetJoin } from '../../core/cleanup/identity.ts';
import { DecodeError, integerOf, isRow, type Row, textOf } from './decode-values.ts';

/** What joins a subsystem with a port or a host: TrueNAS tells both of them whole. */
export function decodeNvmetJoin(
  row: Row,
  member: 'port' | 'host',
  textFor: (member: Row) => string,
): NvmetJoin {
  const subsystem = row['subsys'];
  const other = row[member];
  if (!isRow(subsystem) || !isRow(other)) {
    throw new DecodeError(`it does not say which subsystem and which ${member} are joined`);
  }
  return {
    id: integerOf(row, 'id'),
    subsystemId: integerOf(subsystem, 'id'),
    memberId: integerOf(other, 'id'),
    member: textFor(other),
  };
}

/** Ids of ports are used again, and another address is another way in. */
export function portText(port: Row): string {
  const service = port['addr_trsvcid'];
  const text = typeof service === 'string' || typeof service === 'number' ? String(service) : '-';
  return `${textOf(port, 'addr_trtype')} ${textOf(port, 'addr_traddr')} ${text}`;
}

export function hostText(host: Row): string {
  return textOf(host, 'hostnqn');
}

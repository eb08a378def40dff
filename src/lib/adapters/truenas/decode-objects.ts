import {
  type IscsiExtent,
  type IscsiSession,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type Pool,
  type ReplicationTask,
  type SmbShare,
  type SnapshotTask,
} from '../../core/model/truenas.ts';
import {
  bytesOf,
  DecodeError,
  integerOf,
  isRow,
  optionalText,
  type Row,
  textOf,
  textsOf,
} from './decode-values.ts';

export function decodePool(row: Row, system: string): Pool {
  return {
    system,
    name: textOf(row, 'name'),
    status: textOf(row, 'status'),
    size: bytesOf(row['size']),
    allocated: bytesOf(row['allocated']),
    free: bytesOf(row['free']),
  };
}

export function decodeNfsShare(row: Row, system: string): NfsShare {
  return {
    system,
    id: integerOf(row, 'id'),
    path: textOf(row, 'path'),
    comment: optionalText(row, 'comment') ?? '',
    enabled: row['enabled'] === true,
    locked: row['locked'] === true,
  };
}

export function decodeSmbShare(row: Row, system: string): SmbShare {
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    path: textOf(row, 'path'),
    enabled: row['enabled'] === true,
    locked: row['locked'] === true,
  };
}

export function decodeIscsiTarget(row: Row, system: string): IscsiTarget {
  return { system, id: integerOf(row, 'id'), name: textOf(row, 'name') };
}

export function decodeIscsiExtent(row: Row, system: string): IscsiExtent {
  const type = row['type'];
  if (type !== 'DISK' && type !== 'FILE') throw new DecodeError('"type" is neither DISK nor FILE');
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    type,
    // `disk` holds the zvol too; some versions leave `path` empty for an extent that is one.
    path: nonEmpty(row, 'path') ?? nonEmpty(row, 'disk') ?? '',
    comment: optionalText(row, 'comment') ?? '',
    enabled: row['enabled'] === true,
    locked: row['locked'] === true,
  };
}

function nonEmpty(row: Row, key: string): string | undefined {
  const value = optionalText(row, key);
  return value === null || value === '' ? undefined : value;
}

export function decodeIscsiTargetExtent(row: Row, system: string): IscsiTargetExtent {
  const lun = row['lunid'];
  return {
    system,
    id: integerOf(row, 'id'),
    target: integerOf(row, 'target'),
    extent: integerOf(row, 'extent'),
    lun: typeof lun === 'number' ? lun : 0,
  };
}

export function decodeIscsiSession(row: Row, system: string): IscsiSession {
  return { system, initiator: textOf(row, 'initiator'), target: textOf(row, 'target') };
}

export function decodeNvmetNamespace(row: Row, system: string): NvmetNamespace {
  const subsystem = row['subsys'];
  return {
    system,
    id: integerOf(row, 'id'),
    devicePath: textOf(row, 'device_path'),
    subsystem: isRow(subsystem) ? textOf(subsystem, 'name') : '',
    enabled: row['enabled'] === true,
  };
}

export function decodeSnapshotTask(row: Row, system: string): SnapshotTask {
  return {
    system,
    id: integerOf(row, 'id'),
    dataset: textOf(row, 'dataset'),
    recursive: row['recursive'] === true,
    enabled: row['enabled'] === true,
  };
}

export function decodeReplicationTask(row: Row, system: string): ReplicationTask {
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    sources: textsOf(row, 'source_datasets'),
    target: textOf(row, 'target_dataset'),
    recursive: row['recursive'] === true,
    enabled: row['enabled'] === true,
  };
}

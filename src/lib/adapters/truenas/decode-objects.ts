import {
  type IscsiExtent,
  type IscsiInitiator,
  type IscsiSession,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSession,
  type NvmetSubsystem,
  type SmbShare,
} from '../../core/model/truenas.ts';
import { smbSettingsOf } from './smb-settings.ts';
import {
  DecodeError,
  firstText,
  flagOf,
  integerOf,
  integersOf,
  isRow,
  optionalText,
  type Row,
  textOf,
  textsOf,
} from './decode-values.ts';

/*
 * What a server leaves out means what TrueNAS's own models say it means: an object is enabled and nothing is locked.
 * What decides what an object stands on, or who may reach it, has to be there.
 */

export function decodeNfsShare(row: Row, system: string): NfsShare {
  return {
    system,
    id: integerOf(row, 'id'),
    path: textOf(row, 'path'),
    comment: optionalText(row, 'comment') ?? '',
    enabled: flagOf(row, 'enabled', true),
    locked: flagOf(row, 'locked', false),
    readonly: flagOf(row, 'ro', false),
    networks: namesOf(row, 'networks'),
    hosts: namesOf(row, 'hosts'),
  };
}

/** One for all: nearly every one of thousands of shares names nobody. */
const NOBODY: readonly string[] = Object.freeze([]);

/** Who may reach something, where to name nobody means that everybody may. */
function namesOf(row: Row, key: string): readonly string[] {
  const names = (row[key] ?? null) === null ? NOBODY : textsOf(row, key);
  return names.length === 0 ? NOBODY : names;
}

export function decodeSmbShare(row: Row, system: string): SmbShare {
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    path: textOf(row, 'path'),
    comment: optionalText(row, 'comment') ?? '',
    enabled: flagOf(row, 'enabled', true),
    locked: flagOf(row, 'locked', false),
    // As 25.10 calls it, and as it was called before.
    readonly: flagOf(row, 'readonly', flagOf(row, 'ro', false)),
    settings: smbSettingsOf(row),
  };
}

export function decodeIscsiInitiator(row: Row, system: string): IscsiInitiator {
  return {
    system,
    id: integerOf(row, 'id'),
    comment: optionalText(row, 'comment') ?? '',
    initiators: namesOf(row, 'initiators'),
  };
}

export function decodeIscsiExtent(row: Row, system: string): IscsiExtent {
  // `disk` holds the zvol too; some versions leave `path` empty for an extent that is one.
  const path = firstText(row, ['path', 'disk']) ?? '';
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    type: oneOf(row, 'type', ['DISK', 'FILE'], path),
    path,
    comment: optionalText(row, 'comment') ?? '',
    enabled: flagOf(row, 'enabled', true),
    locked: flagOf(row, 'locked', false),
  };
}

/**
 * Whether a zvol or a file is exported: as the server says, or, where it says nothing, as the path does.
 *
 * @param kinds the word for a zvol, and the one for a file
 */
function oneOf<Z extends string, F extends string>(
  row: Row,
  key: string,
  kinds: readonly [zvol: Z, file: F],
  path: string,
): Z | F {
  const [zvol, file] = kinds;
  const kind = row[key] ?? (path.startsWith('zvol/') ? zvol : path.startsWith('/mnt/') && file);
  if (kind === zvol) return zvol;
  if (kind === file) return file;
  throw new DecodeError(`"${key}" is neither ${zvol} nor ${file}`);
}

export function decodeIscsiTargetExtent(row: Row, system: string): IscsiTargetExtent {
  return {
    system,
    id: integerOf(row, 'id'),
    target: integerOf(row, 'target'),
    extent: integerOf(row, 'extent'),
    lun: (row['lunid'] ?? null) === null ? 0 : integerOf(row, 'lunid'),
  };
}

export function decodeIscsiSession(row: Row, system: string): IscsiSession {
  return { system, initiator: textOf(row, 'initiator'), target: textOf(row, 'target') };
}

export function decodeNvmetNamespace(row: Row, system: string): NvmetNamespace {
  const subsystem = row['subsys'];
  if (!isRow(subsystem)) throw new DecodeError('"subsys" is no object');
  const devicePath = textOf(row, 'device_path');
  return {
    system,
    id: integerOf(row, 'id'),
    type: oneOf(row, 'device_type', ['ZVOL', 'FILE'], devicePath),
    devicePath,
    subsystem: textOf(subsystem, 'name'),
    subsystemId: integerOf(subsystem, 'id'),
    enabled: flagOf(row, 'enabled', true),
    locked: flagOf(row, 'locked', false),
  };
}

export function decodeNvmetSubsystem(row: Row, system: string): NvmetSubsystem {
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    nqn: firstText(row, ['subnqn']),
    ports: integersOf(row, 'ports'),
    hosts: integersOf(row, 'hosts'),
    anyHost: (row['allow_any_host'] ?? null) === null ? null : flagOf(row, 'allow_any_host', false),
  };
}

export function decodeNvmetSession(row: Row, system: string): NvmetSession {
  return { system, subsystemId: integerOf(row, 'subsys_id'), host: textOf(row, 'hostnqn') };
}

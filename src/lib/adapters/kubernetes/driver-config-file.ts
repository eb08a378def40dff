import { parse } from 'yaml';
import { type DriverSecret, type HandleRule } from '../../core/model/kubernetes.ts';
import { isRecord, recordAt, textAt, type JsonRecord } from './json.ts';

/** What is kept of a driver's configuration. */
export type DriverSettings = Pick<
  DriverSecret,
  | 'kind'
  | 'instanceId'
  | 'hosts'
  | 'parent'
  | 'detachedSnapshotsParent'
  | 'handleRule'
  | 'keepsDeleted'
>;

export type DecodedConfig =
  | { readonly kind: 'settings'; readonly settings: DriverSettings }
  /** A driver of democratic-csi that makes nothing on a TrueNAS. */
  | { readonly kind: 'elsewhere' }
  /** What is wrong, without a word of what is written there. */
  | { readonly kind: 'unreadable'; readonly fault: string };

/** Drivers that make datasets on a NAS; the others are for local disks, other makes, or volumes made by hand. */
const ON_A_NAS = /^(?:freenas|truenas|zfs-generic)-/;

/**
 * Reads the configuration file of democratic-csi. Its keys and passwords are beside what is wanted here, so that nothing but the named
 * fields leaves this function, and no parser's message does: it would quote the text.
 *
 * @param environment values for `${NAME}`
 */
export function decodeDriverConfig(
  text: string,
  environment: ReadonlyMap<string, string>,
): DecodedConfig {
  const document = parseDocument(text);
  if (document === undefined) return { kind: 'unreadable', fault: 'is not YAML' };
  const read = (record: JsonRecord, key: string) => expand(scalarAt(record, key), environment);
  const driver = read(document, 'driver');
  if (driver === null) return { kind: 'unreadable', fault: 'names no driver' };
  if (!ON_A_NAS.test(driver)) return { kind: 'elsewhere' };
  const zfs = recordAt(document, 'zfs');
  const parent = datasetPath(read(zfs, 'datasetParentName'));
  if (parent === null) {
    return { kind: 'unreadable', fault: 'has no zfs.datasetParentName that can be read' };
  }
  const volume = recordAt(recordAt(recordAt(document, '_private'), 'csi'), 'volume');
  return {
    kind: 'settings',
    settings: {
      kind: driver,
      instanceId: read(document, 'instance_id'),
      hosts: hostsOf(document, driver, environment),
      parent,
      detachedSnapshotsParent: datasetPath(read(zfs, 'detachedSnapshotsDatasetParentName')),
      handleRule: handleRuleOf(volume),
      keepsDeleted: read(volume, 'deleteStrategy') === 'retain',
    },
  };
}

function parseDocument(text: string): JsonRecord | undefined {
  try {
    // Warnings would be printed, with what they warn of; what is silent would hide errors too.
    const document: unknown = parse(text, { logLevel: 'error', prettyErrors: false });
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** People leave out the quotes of what looks like a number. */
function scalarAt(record: JsonRecord, key: string): string | null {
  const value = record[key];
  return typeof value === 'number' ? String(value) : textAt(record, key);
}

/** Null where a variable or a template is left that only the driver itself can fill in. */
function expand(text: string | null, environment: ReadonlyMap<string, string>): string | null {
  if (text === null) return null;
  const expanded = text.replaceAll(
    /\$\{(\w+)\}/g,
    (whole, name: string) => environment.get(name) ?? whole,
  );
  const isOpen = expanded.includes('${') || expanded.includes('{{');
  return isOpen || expanded === '' ? null : expanded;
}

function datasetPath(text: string | null): string | null {
  const path = text?.trim().replaceAll(/^\/+|\/+$/g, '') ?? '';
  return path === '' ? null : path;
}

/** A template is filled in first, and what comes of it is hashed. */
function handleRuleOf(volume: JsonRecord): HandleRule {
  if (textAt(recordAt(volume, 'idHash'), 'strategy') !== null) return 'hash';
  return textAt(volume, 'idTemplate') === null ? 'name' : 'template';
}

/** A host or address with or without a port, and nothing that could be more than that. */
const HOST = /^[\w.:[\]-]+$/;

function hostsOf(
  document: JsonRecord,
  driver: string,
  environment: ReadonlyMap<string, string>,
): readonly string[] {
  // Drivers of the API have no use for a connection over SSH, even where an old one is still written down.
  const sections = driver.includes('-api-')
    ? ['httpConnection']
    : ['httpConnection', 'sshConnection'];
  const hosts = sections
    .map((section) => recordAt(document, section))
    .flatMap(({ host, hosts }) => [host, hosts].flat())
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []))
    .map((value) => expand(value.trim(), environment))
    .map((value) => value?.replace(/^\w+:\/\//, '').replace(/\/.*$/, ''))
    .map((value) => value?.slice(value.lastIndexOf('@') + 1) ?? '')
    .filter((value) => HOST.test(value));
  return [...new Set(hosts)];
}

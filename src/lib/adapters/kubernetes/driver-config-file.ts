import { type DriverSecret, type HandleRule } from '../../core/model/kubernetes.ts';
import {
  hostsOf,
  parseDriverConfig,
  valueOf,
  type DriverEnvironment,
} from './driver-config-text.ts';
import { decodeDriverSettings } from './driver-settings.ts';
import { recordAt, textAt, type JsonRecord } from './json.ts';

/** What is kept of a driver's configuration. */
export type DecodedDriver = Pick<
  DriverSecret,
  | 'kind'
  | 'instanceId'
  | 'hosts'
  | 'parent'
  | 'detachedSnapshotsParent'
  | 'handleRule'
  | 'keepsDeleted'
  | 'settings'
>;

export type DecodedConfig =
  | { readonly kind: 'settings'; readonly settings: DecodedDriver }
  /** A driver of democratic-csi that makes nothing on a TrueNAS. */
  | { readonly kind: 'elsewhere' }
  /** What is wrong, without a word of what is written there. */
  | { readonly kind: 'unreadable'; readonly fault: string };

/** Drivers that make datasets on a NAS; the others are for local disks, other makes, or volumes made by hand. */
const ON_A_NAS = /^(?:freenas|truenas|zfs-generic)-/;

/**
 * Reads where a driver works from the configuration file of democratic-csi. Its keys and passwords are beside what is
 * wanted here, so that nothing but the named fields leaves this function.
 */
export function decodeDriverConfig(text: string, environment: DriverEnvironment): DecodedConfig {
  const document = parseDriverConfig(text);
  if (document === undefined) return { kind: 'unreadable', fault: 'is not YAML' };
  const read = (record: JsonRecord, key: string) => valueOf(record, key, environment);
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
      hosts: hostsNamed(document, driver, environment),
      parent,
      detachedSnapshotsParent: datasetPath(read(zfs, 'detachedSnapshotsDatasetParentName')),
      handleRule: handleRuleOf(volume),
      keepsDeleted: read(volume, 'deleteStrategy') === 'retain',
      settings: decodeDriverSettings(document, driver, environment),
    },
  };
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

function hostsNamed(
  document: JsonRecord,
  driver: string,
  environment: DriverEnvironment,
): readonly string[] {
  // Drivers of the API have no use for a connection over SSH, even where an old one is still written down.
  const sections = driver.includes('-api-')
    ? ['httpConnection']
    : ['httpConnection', 'sshConnection'];
  const hosts = sections.flatMap((section) => hostsOf(recordAt(document, section), environment));
  return [...new Set(hosts)];
}

import { parseAllDocuments, stringify } from 'yaml';
import {
  type DriverSecret,
  type StorageClass,
  type VolumeSnapshotClass,
} from '../../core/model/kubernetes.ts';
import { decodeDriverConfig } from './driver-config-file.ts';
import { CONFIG_KEY } from './driver-pods.ts';
import { decodeVolumeSnapshotClass } from './decode-snapshots.ts';
import { decodeStorageClass } from './decode-classes.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

/*
 * What is to be rolled out, as a repository holds it: the values of democratic-csi's Helm chart, the configuration file of a
 * driver, or manifests. It holds keys and passwords: no parser's message leaves this file, since it would quote them.
 */

/** What one file says. */
export interface DriverFile {
  readonly secrets: readonly DriverSecret[];
  readonly storageClasses: readonly StorageClass[];
  readonly snapshotClasses: readonly VolumeSnapshotClass[];
  /** What is wrong with it, without a word of what is written there; empty where it was understood. */
  readonly faults: readonly string[];
}

const NOTHING: DriverFile = { secrets: [], storageClasses: [], snapshotClasses: [], faults: [] };

/**
 * Reads a file of any of these kinds, with one document or several.
 *
 * @param cluster what the cluster is called to which all of it is to belong
 */
export function readDriverFile(text: string, cluster: string): DriverFile {
  const documents = parsed(text);
  if (documents === undefined) return { ...NOTHING, faults: ['is not YAML'] };
  const known = documents.filter(isRecord).flatMap((document) => read(document, cluster) ?? []);
  if (known.length === 0) return { ...NOTHING, faults: [UNKNOWN] };
  return {
    secrets: known.flatMap(({ secrets }) => secrets),
    storageClasses: known.flatMap(({ storageClasses }) => storageClasses),
    snapshotClasses: known.flatMap(({ snapshotClasses }) => snapshotClasses),
    faults: known.flatMap(({ faults }) => faults),
  };
}

const UNKNOWN =
  'holds neither values of the democratic-csi chart, nor the configuration of a driver, nor manifests of classes or of its Secret';

function parsed(text: string): readonly unknown[] | undefined {
  try {
    const documents = parseAllDocuments(text, { logLevel: 'error', prettyErrors: false });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) {
      return undefined;
    }
    return documents.map((document) => document.toJS() as unknown);
  } catch {
    return undefined;
  }
}

/** Undefined for a document of another kind: a chart's values may stand among much else. */
function read(document: JsonRecord, cluster: string): DriverFile | undefined {
  const kind = textAt(document, 'kind');
  if (kind !== null && textAt(document, 'apiVersion') !== null) {
    return manifest(kind, document, cluster);
  }
  if (typeof document['driver'] === 'string') return config(stringify(document), null, cluster);
  if (isRecord(recordAt(document, 'driver')['config'])) return values(document, cluster);
  // Values of a chart that has democratic-csi as a dependency stand under its name, or an alias.
  const charts = Object.values(document)
    .filter(isRecord)
    .filter((chart) => isRecord(recordAt(chart, 'driver')['config']))
    .map((chart) => values(chart, cluster));
  return charts.length === 0 ? undefined : together(charts);
}

function together(files: readonly DriverFile[]): DriverFile {
  return {
    secrets: files.flatMap(({ secrets }) => secrets),
    storageClasses: files.flatMap(({ storageClasses }) => storageClasses),
    snapshotClasses: files.flatMap(({ snapshotClasses }) => snapshotClasses),
    faults: files.flatMap(({ faults }) => faults),
  };
}

/** The configuration of a driver; the variables of its pod are not known here. */
function config(text: string, driver: string | null, cluster: string): DriverFile {
  const decoded = decodeDriverConfig(text, new Map());
  if (decoded.kind === 'elsewhere') return NOTHING;
  if (decoded.kind === 'unreadable') return { ...NOTHING, faults: [decoded.fault] };
  const place = { cluster, namespace: '', name: driver ?? decoded.settings.kind };
  return {
    ...NOTHING,
    secrets: [{ ...place, driver, ...decoded.settings }],
  };
}

/** Values of democratic-csi's chart: the driver, and the classes it makes of them. */
function values(chart: JsonRecord, cluster: string): DriverFile {
  const driver = textAt(recordAt(chart, 'csiDriver'), 'name');
  const file = config(stringify(recordAt(chart, 'driver')['config']), driver, cluster);
  const classes = listAt(chart, 'storageClasses').filter(isRecord);
  const snapshotClasses = listAt(chart, 'volumeSnapshotClasses').filter(isRecord);
  return {
    ...file,
    storageClasses: classes.flatMap(
      (each) => decodeStorageClass(asClass(each, 'provisioner', driver), cluster) ?? [],
    ),
    snapshotClasses: snapshotClasses.flatMap(
      (each) => decodeVolumeSnapshotClass(asClass(each, 'driver', driver), cluster) ?? [],
    ),
  };
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** A class of the chart's values, as the chart writes it. */
function asClass(
  { name, defaultClass, annotations, labels, ...rest }: JsonRecord,
  key: 'provisioner' | 'driver',
  driver: string | null,
): JsonRecord {
  const isDefault = defaultClass === true ? { [DEFAULT_CLASS]: 'true' } : {};
  return withIdentity({
    ...rest,
    [key]: driver,
    metadata: {
      name,
      labels,
      annotations: { ...(isRecord(annotations) ? annotations : {}), ...isDefault },
    },
  });
}

/** What is not in a cluster yet has no uid. */
function withIdentity(object: JsonRecord): JsonRecord {
  const metadata = recordAt(object, 'metadata');
  return { ...object, metadata: { ...metadata, uid: textAt(metadata, 'name') } };
}

function manifest(kind: string, document: JsonRecord, cluster: string): DriverFile | undefined {
  if (kind === 'Secret') return secret(document, cluster);
  const object = withIdentity(document);
  if (kind === 'StorageClass') {
    const decoded = decodeStorageClass(object, cluster);
    return decoded === undefined ? unreadable(kind) : { ...NOTHING, storageClasses: [decoded] };
  }
  if (kind === 'VolumeSnapshotClass') {
    const decoded = decodeVolumeSnapshotClass(object, cluster);
    return decoded === undefined ? unreadable(kind) : { ...NOTHING, snapshotClasses: [decoded] };
  }
  return undefined;
}

function unreadable(kind: string): DriverFile {
  return { ...NOTHING, faults: [`has a ${kind} that cannot be read`] };
}

function secret(document: JsonRecord, cluster: string): DriverFile | undefined {
  const plain = textAt(recordAt(document, 'stringData'), CONFIG_KEY);
  const encoded = textAt(recordAt(document, 'data'), CONFIG_KEY);
  if (plain === null && encoded === null) return undefined;
  const text = plain ?? Buffer.from(encoded ?? '', 'base64').toString('utf8');
  return config(text, null, cluster);
}

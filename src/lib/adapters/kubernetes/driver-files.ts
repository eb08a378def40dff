import { stringify } from 'yaml';
import {
  type DriverSecret,
  type StorageClass,
  type VolumeSnapshotClass,
} from '../../core/model/kubernetes.ts';
import { decodeDriverConfig } from './driver-config-file.ts';
import { CONFIG_KEY } from './driver-pods.ts';
import { decodeVolumeSnapshotClass } from './decode-snapshots.ts';
import { decodeStorageClass } from './decode-classes.ts';
import { type FileDocument, readDocuments } from './file-documents.ts';
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

/** Where something stands: what it goes by that has no name of its own. */
interface Place {
  /** What the cluster is called to which all of it is to belong. */
  readonly cluster: string;
  /** The file, and the document or the chart where it has several. */
  readonly name: string;
}

/** No configuration of a driver comes near it; reading what is much larger would take a pipeline's memory. */
export const LARGEST_FILE = 1_048_576;

/**
 * Reads a file of any of these kinds, with one document or several. What one document has wrong is no matter of the others.
 *
 * @param cluster what the cluster is called to which all of it is to belong
 * @param path what the file is called
 */
export function readDriverFile(text: string, cluster: string, path: string): DriverFile {
  if (text.length > LARGEST_FILE) {
    return { ...NOTHING, faults: ['is larger than 1 MiB: no configuration of a driver is'] };
  }
  const documents = readDocuments(text);
  const several = documents.filter((each) => 'fault' in each || each.value !== null).length > 1;
  const files = documents.flatMap((document, index) => {
    const number = `document ${String(index + 1)}`;
    const name = several ? `${path} (${number})` : path;
    const file = readDocument(document, { cluster, name });
    if (file === undefined || !several) return file ?? [];
    return { ...file, faults: file.faults.map((fault) => `${fault} (${number})`) };
  });
  return files.length === 0 ? { ...NOTHING, faults: [UNKNOWN] } : together(files);
}

function readDocument(document: FileDocument, place: Place): DriverFile | undefined {
  if ('fault' in document) return { ...NOTHING, faults: [document.fault] };
  return isRecord(document.value) ? read(document.value, place) : undefined;
}

const UNKNOWN =
  'holds neither values of the democratic-csi chart, nor the configuration of a driver, nor manifests of classes or of its Secret';

/** Undefined for a document of another kind: a chart's values may stand among much else. */
function read(document: JsonRecord, place: Place): DriverFile | undefined {
  const kind = textAt(document, 'kind');
  if (kind !== null && textAt(document, 'apiVersion') !== null) {
    return manifest(kind, document, place);
  }
  if (typeof document['driver'] === 'string') return config(stringify(document), unnamed(place));
  if (isRecord(recordAt(document, 'driver')['config'])) return values(document, place);
  // Values of a chart that has democratic-csi as a dependency stand under its name, or an alias.
  const charts = Object.entries(document).flatMap(([key, chart]) =>
    isRecord(chart) && isRecord(recordAt(chart, 'driver')['config']) ? [{ key, chart }] : [],
  );
  if (charts.length === 0) return undefined;
  const nameOf = (key: string): string =>
    charts.length === 1 ? place.name : `${place.name} (${key})`;
  return together(charts.map(({ key, chart }) => values(chart, { ...place, name: nameOf(key) })));
}

function together(files: readonly DriverFile[]): DriverFile {
  return {
    secrets: files.flatMap(({ secrets }) => secrets),
    storageClasses: files.flatMap(({ storageClasses }) => storageClasses),
    snapshotClasses: files.flatMap(({ snapshotClasses }) => snapshotClasses),
    faults: files.flatMap(({ faults }) => faults),
  };
}

type Identity = Pick<DriverSecret, 'cluster' | 'namespace' | 'name' | 'driver'>;

/** What says no name goes by its place: a driver without any would be left out of every comparison. */
function unnamed({ cluster, name }: Place): Identity {
  return { cluster, namespace: '', name, driver: name };
}

/** The configuration of a driver; the variables of its pod are not known here. */
function config(text: string, identity: Identity): DriverFile {
  const decoded = decodeDriverConfig(text, new Map());
  if (decoded.kind === 'elsewhere') return NOTHING;
  if (decoded.kind === 'unreadable') return { ...NOTHING, faults: [decoded.fault] };
  return { ...NOTHING, secrets: [{ ...identity, ...decoded.settings }] };
}

/** Values of democratic-csi's chart: the driver, and the classes it makes of them. */
function values(chart: JsonRecord, place: Place): DriverFile {
  const { cluster } = place;
  const driver = textAt(recordAt(chart, 'csiDriver'), 'name') ?? place.name;
  const file = config(stringify(recordAt(chart, 'driver')['config']), {
    ...unnamed(place),
    driver,
  });
  return together([
    file,
    ...listAt(chart, 'storageClasses')
      .filter(isRecord)
      .map((each) => storageClass(asClass(each, 'provisioner', driver), cluster)),
    ...listAt(chart, 'volumeSnapshotClasses')
      .filter(isRecord)
      .map((each) => snapshotClass(asClass(each, 'driver', driver), cluster)),
  ]);
}

function storageClass(object: JsonRecord, cluster: string): DriverFile {
  const decoded = decodeStorageClass(object, cluster);
  return decoded === undefined
    ? unreadable('StorageClass')
    : { ...NOTHING, storageClasses: [decoded] };
}

function snapshotClass(object: JsonRecord, cluster: string): DriverFile {
  const decoded = decodeVolumeSnapshotClass(object, cluster);
  return decoded === undefined
    ? unreadable('VolumeSnapshotClass')
    : { ...NOTHING, snapshotClasses: [decoded] };
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** A class of the chart's values, as the chart writes it. */
function asClass(
  { name, defaultClass, annotations, labels, ...rest }: JsonRecord,
  key: 'provisioner' | 'driver',
  driver: string,
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

function manifest(kind: string, document: JsonRecord, place: Place): DriverFile | undefined {
  if (kind === 'Secret') return secret(document, place);
  if (kind === 'StorageClass') return storageClass(withIdentity(document), place.cluster);
  return kind === 'VolumeSnapshotClass'
    ? snapshotClass(withIdentity(document), place.cluster)
    : undefined;
}

function unreadable(kind: string): DriverFile {
  return { ...NOTHING, faults: [`has a ${kind} that cannot be read`] };
}

function secret(document: JsonRecord, place: Place): DriverFile | undefined {
  const plain = textAt(recordAt(document, 'stringData'), CONFIG_KEY);
  const encoded = textAt(recordAt(document, 'data'), CONFIG_KEY);
  if (plain === null && encoded === null) return undefined;
  const text = plain ?? Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const metadata = recordAt(document, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === null) return config(text, unnamed(place));
  const namespace = textAt(metadata, 'namespace') ?? '';
  const driver = namespace === '' ? name : `${namespace}/${name}`;
  return config(text, { cluster: place.cluster, namespace, name, driver });
}

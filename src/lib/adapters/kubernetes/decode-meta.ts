import {
  type ObjectError,
  type ObjectMeta,
  type ObjectReference,
  type OwnerReference,
} from '../../core/model/kubernetes.ts';
import { parseQuantity, sizeOf, type Size } from '../../core/model/quantity.ts';
import { ANNOTATIONS } from './allow-list.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';
import { sharedList, sharedText } from './shared-values.ts';

export type TextMap = Readonly<Record<string, string>>;

const NO_TEXTS: TextMap = Object.freeze({});
const NO_FINALIZERS: readonly string[] = Object.freeze([]);
const NO_OWNERS: readonly OwnerReference[] = Object.freeze([]);

/** A text that many objects have in common. */
export function sharedTextAt(record: JsonRecord, key: string): string | null {
  return sharedText(textAt(record, key));
}

/** What every object carries; undefined where it cannot be told which object it is. */
export function decodeMeta(item: JsonRecord, cluster: string): ObjectMeta | undefined {
  const metadata = recordAt(item, 'metadata');
  const name = textAt(metadata, 'name');
  const uid = textAt(metadata, 'uid');
  if (name === null || uid === null) return undefined;
  return {
    cluster,
    name,
    namespace: sharedText(textAt(metadata, 'namespace')),
    uid,
    resourceVersion: textAt(metadata, 'resourceVersion') ?? '',
    createdAt: instantAt(metadata, 'creationTimestamp'),
    deletedAt: instantAt(metadata, 'deletionTimestamp'),
    labels: textsOf(metadata['labels']),
    annotations: pickTexts(metadata['annotations'], ANNOTATIONS),
    finalizers: decodeFinalizers(metadata),
    owners: decodeOwners(metadata),
  };
}

export interface NamespacedMeta extends ObjectMeta {
  readonly namespace: string;
}

export function decodeNamespacedMeta(
  item: JsonRecord,
  cluster: string,
): NamespacedMeta | undefined {
  const meta = decodeMeta(item, cluster);
  const namespace = meta?.namespace ?? null;
  return meta === undefined || namespace === null ? undefined : { ...meta, namespace };
}

export function decodeReference(value: unknown): ObjectReference | null {
  if (!isRecord(value)) return null;
  const name = textAt(value, 'name');
  const namespace = sharedText(textAt(value, 'namespace'));
  if (name === null || namespace === null) return null;
  return { namespace, name, uid: textAt(value, 'uid') };
}

/** `{message, time}`, as snapshots and attachments note their last failure. */
export function decodeError(value: unknown): ObjectError | null {
  if (!isRecord(value)) return null;
  return { message: textAt(value, 'message') ?? 'no message', since: instantAt(value, 'time') };
}

/** The condition of this type, or an empty one. */
export function conditionAt(status: JsonRecord, type: string): JsonRecord {
  const found = listAt(status, 'conditions').find(
    (condition): condition is JsonRecord => isRecord(condition) && condition['type'] === type,
  );
  return found ?? {};
}

/** Null where a condition is absent, or says itself that it does not know. */
export function holds(condition: JsonRecord): boolean | null {
  if (condition['status'] === 'True') return true;
  return condition['status'] === 'False' ? false : null;
}

export function instantAt(record: JsonRecord, key: string): Date | null {
  const text = textAt(record, key);
  if (text === null) return null;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** A quantity as text, or a plain number of bytes as snapshot contents have it. */
export function sizeAt(record: JsonRecord, key: string): Size | null {
  const value = record[key];
  if (typeof value === 'string') return parseQuantity(value) ?? null;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  const size = sizeOf(BigInt(Math.ceil(value)));
  return Number.isSafeInteger(value) ? size : { ...size, approximate: true };
}

/** Whether one of these annotations says `true`. */
export function isMarked(item: JsonRecord, annotations: readonly string[]): boolean {
  const written = recordAt(recordAt(item, 'metadata'), 'annotations');
  return annotations.some((annotation) => written[annotation] === 'true');
}

/** The members on the allow-list that are text. */
export function pickTexts(value: unknown, allowed: readonly string[]): TextMap {
  if (!isRecord(value)) return NO_TEXTS;
  let picked: Record<string, string> | undefined;
  for (const key of allowed) {
    const text = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof text === 'string') (picked ??= {})[key] = sharedText(text) ?? text;
  }
  return picked ?? NO_TEXTS;
}

function textsOf(value: unknown): TextMap {
  if (!isRecord(value)) return NO_TEXTS;
  const entries = Object.entries(value);
  if (entries.length === 0) return NO_TEXTS;
  // Object.fromEntries defines even `__proto__` as a plain member.
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function decodeFinalizers(metadata: JsonRecord): readonly string[] {
  const finalizers = listAt(metadata, 'finalizers').filter((each) => typeof each === 'string');
  return finalizers.length === 0 ? NO_FINALIZERS : sharedList(finalizers);
}

function decodeOwners(metadata: JsonRecord): readonly OwnerReference[] {
  const owners = listAt(metadata, 'ownerReferences').flatMap((owner) => {
    const kind = isRecord(owner) ? textAt(owner, 'kind') : null;
    const name = isRecord(owner) ? textAt(owner, 'name') : null;
    return kind === null || name === null ? [] : [{ kind, name }];
  });
  return owners.length === 0 ? NO_OWNERS : owners;
}

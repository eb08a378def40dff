import { type JsonObject } from './change.ts';

/*
 * What is written of an object before it is changed, so that it can be made again: all of it but secrets. Journals are kept long, copied
 * and backed up, and nothing that is made again is made of secrets.
 */

/** Names by which TrueNAS calls keys and passwords, such as `dhchap_key`, `peersecret`, `bindpw`; no field of a share, target or dataset. */
const SECRET = /secret|passw|passphrase|pwd|credential|token|key|pw$/i;

/** A row of TrueNAS without fields that are named like a secret, at any depth. */
export function withoutSecrets(row: JsonObject): JsonObject {
  return cleared(row) as JsonObject; // what goes in as an object comes out as one
}

function cleared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleared);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !SECRET.test(name))
      .map(([name, inner]) => [name, cleared(inner)]),
  );
}

/** A second copy of the manifest, as somebody applied it once; kubectl makes it again, and nothing else needs it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A manifest without what nobody needs to make the object again. References to Secrets stay, which are names; what drivers wrote into
 * annotations and attributes stays as well, since without it the object is another one.
 */
export function withoutLastApplied(manifest: JsonObject): JsonObject {
  const { metadata } = manifest;
  if (!isObject(metadata) || !isObject(metadata['annotations'])) return manifest;
  const annotations = Object.fromEntries(
    Object.entries(metadata['annotations']).filter(([name]) => name !== LAST_APPLIED),
  );
  return { ...manifest, metadata: { ...metadata, annotations } };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { Document, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { type ConfigPath, type Origin, placeText } from './config.ts';
import { type LoadedConfig } from './load.ts';
import { SECRET_KEYS } from './schema.ts';
import { MASK } from './secret.ts';

/** The effective configuration as YAML: secrets masked, and behind every value where it came from. */
export function viewConfig({ effective, originOf, file }: LoadedConfig): string {
  const document = new Document(effective);
  annotate(document.contents, [], originOf);
  document.commentBefore = ` ${file ?? 'no configuration file'}`;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function annotate(node: unknown, path: ConfigPath, originOf: (path: ConfigPath) => Origin): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      annotate(value, [...path, name], originOf);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) annotate(item, [...path, index], originOf);
  } else if (isScalar(node)) {
    mask(node, path);
    node.comment = ` ${describe(originOf(path))}`;
  }
}

function mask(node: Scalar, path: ConfigPath): void {
  if (SECRET_KEYS.has(String(path.at(-1))) && node.value !== null) node.value = MASK;
}

function describe(origin: Origin): string {
  return origin.kind === 'default' ? 'default' : placeText(origin);
}

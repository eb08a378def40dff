import { Document, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { type ConfigPath, type Origin } from './config.ts';
import { isLeftToDrivers } from './connection.ts';
import { type LoadedConfig } from './load.ts';
import { SECRET_KEYS } from './schema.ts';
import { MASK } from './secret.ts';

const LEFT =
  'no TrueNAS is named: a scan asks the Secret of the CSI driver where it is and for its key';

/** The effective configuration as YAML: secrets masked, and behind every value where it came from. */
export function viewConfig(loaded: LoadedConfig): string {
  const { effective, originOf, file } = loaded;
  const document = new Document(effective);
  annotate(document.contents, [], originOf);
  const head = [file ?? 'no configuration file', ...(isLeftToDrivers(loaded) ? [LEFT] : [])];
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
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
  switch (origin.kind) {
    case 'file':
      return `line ${origin.line}`;
    case 'environment':
      return `$${origin.name}`;
    case 'flag':
      return `--${origin.name}`;
    case 'default':
      return 'default';
  }
}

import { type StorageClass } from '../../core/model/kubernetes.ts';
import { CLASS_PARAMETERS, DRIVER_PARAMETERS, MOUNT_OPTIONS } from './allow-list.ts';
import { decodeMeta, isMarked, pickTexts, sharedTextAt, type TextMap } from './decode-meta.ts';
import { listAt, recordAt, textAt, type JsonRecord } from './json.ts';

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export function decodeStorageClass(item: JsonRecord, cluster: string): StorageClass | undefined {
  const meta = decodeMeta(item, cluster);
  const provisioner = sharedTextAt(item, 'provisioner');
  if (meta === undefined || provisioner === null) return undefined;
  const parameters = recordAt(item, 'parameters');
  return {
    ...meta,
    provisioner,
    bindingMode:
      item['volumeBindingMode'] === 'WaitForFirstConsumer' ? 'WaitForFirstConsumer' : 'Immediate',
    reclaimPolicy: textAt(item, 'reclaimPolicy') ?? 'Delete',
    allowsExpansion: item['allowVolumeExpansion'] === true,
    isDefault: isMarked(item, DEFAULT_CLASS),
    parameters: parametersOf(parameters),
    parameterNames: Object.keys(parameters),
    mountOptions: listAt(item, 'mountOptions').flatMap((option) =>
      typeof option === 'string' ? mountOptionsOf(option) : [],
    ),
  };
}

/** Under the names they are written with. */
function parametersOf(parameters: JsonRecord): TextMap {
  const own = Object.keys(parameters).filter((name) =>
    DRIVER_PARAMETERS.includes(name.slice(name.lastIndexOf('/') + 1)),
  );
  return pickTexts(parameters, [...CLASS_PARAMETERS, ...own]);
}

/**
 * One entry may hold several. Of those that may name an account or a password only the name is kept, and nothing of what
 * follows in that entry: a password may have a comma in it.
 */
function mountOptionsOf(text: string): readonly string[] {
  const options: string[] = [];
  for (const option of text.split(',')) {
    const [name = '', value] = option.trim().split('=');
    const isKept = value === undefined || MOUNT_OPTIONS.includes(name);
    if (name !== '') options.push(isKept ? option.trim() : name);
    if (!isKept) break;
  }
  return options;
}

import { type ObjectMeta } from '../../core/model/kubernetes.ts';
import { recordAt, textAt } from './json.ts';
import { type ListSpec } from './sources.ts';

/**
 * The same list, of which objects that were read before are taken as they are: an object with the same uid and
 * resourceVersion is the same to the last byte. A second read then costs neither the time to decode them nor
 * the memory to hold them twice.
 */
export function withKnown<T extends ObjectMeta>(
  spec: ListSpec<T>,
  known: readonly T[] | undefined,
): ListSpec<T> {
  if (known === undefined || known.length === 0) return spec;
  const byUid = new Map(known.map((object) => [object.uid, object]));
  return {
    ...spec,
    decode: (item, cluster) => {
      const metadata = recordAt(item, 'metadata');
      const object = byUid.get(textAt(metadata, 'uid') ?? '');
      const isSame =
        object !== undefined &&
        object.resourceVersion !== '' &&
        object.resourceVersion === metadata['resourceVersion'];
      return isSame ? object : spec.decode(item, cluster);
    },
  };
}

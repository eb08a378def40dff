import { type CsiNode, type Lease } from '../../core/model/kubernetes-surroundings.ts';
import { millis } from '../../core/model/units.ts';
import { decodeMeta, decodeNamespacedMeta, instantAt } from './decode-meta.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';
import { sharedText } from './shared-values.ts';

export function decodeCsiNode(item: JsonRecord, cluster: string): CsiNode | undefined {
  const meta = decodeMeta(item, cluster);
  if (meta === undefined) return undefined;
  const drivers = listAt(recordAt(item, 'spec'), 'drivers')
    .filter(isRecord)
    .flatMap((driver) => sharedText(textAt(driver, 'name')) ?? []);
  return { ...meta, drivers };
}

export function decodeLease(item: JsonRecord, cluster: string): Lease | undefined {
  const meta = decodeNamespacedMeta(item, cluster);
  if (meta === undefined) return undefined;
  const spec = recordAt(item, 'spec');
  const seconds = spec['leaseDurationSeconds'];
  return {
    ...meta,
    holder: textAt(spec, 'holderIdentity'),
    renewedAt: instantAt(spec, 'renewTime'),
    duration: typeof seconds === 'number' ? millis(seconds * 1_000) : null,
  };
}

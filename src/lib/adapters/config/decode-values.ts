import { parseQuantity } from '../../core/model/quantity.ts';
import { type Bytes, bytes, type Millis, millis, parseDuration } from '../../core/model/units.ts';

/*
 * Values in the words of core. The schema has read each text before, so that what stands behind `??` is never used.
 */

export function span(text: string): Millis {
  return parseDuration(text) ?? millis(0);
}

export function sizeIn(written: string | number): Bytes {
  return parseQuantity(String(written))?.bytes ?? bytes(0);
}

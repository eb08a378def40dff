import { type Bytes } from '../../model/units.ts';

const UNITS = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** A size as manifests have it: in the largest unit that needs no fraction, to the byte. */
export function quantityText(size: Bytes): string {
  let factor = 1024 ** UNITS.length;
  for (const unit of UNITS) {
    if (size >= factor && size % factor === 0) return `${String(size / factor)}${unit}`;
    factor /= 1024;
  }
  return String(size);
}

import { displayWidth } from '../../core/render/text/columns.ts';

/** Advances of the embedded font in thousandths of its size, by kinds of letters that take about as much. */
const KINDS: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[ijl.,:;'|!()[\] ]/g, 275],
  [/[ftrI/-]/g, 370],
  [/[csvxyzkJ_]/g, 525],
  [/[abdeghnopqu0-9+=×–]/g, 567],
  [/[A-LN-VX-Z~]/g, 655],
  [/[mwMW%@]/g, 875],
];
const OTHER = 600;

/** Points a text of this size takes at most, about: columns are laid out before anything is measured. */
export function textWidth(text: string, size: number): number {
  let rest = displayWidth(text);
  let total = 0;
  for (const [letters, width] of KINDS) {
    const count = text.match(letters)?.length ?? 0;
    rest -= count;
    total += count * width;
  }
  return ((total + Math.max(0, rest) * OTHER) * size) / 1000;
}

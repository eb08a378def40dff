const FORMAT_SEGMENTS = 4;
const FORMAT_GROUPS = 12;

/** Offset of a table of an OpenType font. */
function tableAt(font: DataView, tag: string): number {
  const tables = font.getUint16(4);
  for (let index = 0; index < tables; index += 1) {
    const record = 12 + index * 16;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => font.getUint8(record + byte)));
    if (name === tag) return font.getUint32(record + 8);
  }
  throw new Error(`the font has no table ${tag}`);
}

/** Which segment maps to a glyph: its delta or, where it has one, its place in the list of glyphs. */
function addSegments(font: DataView, at: number, covered: Set<number>): void {
  const size = font.getUint16(at + 6);
  for (let offset = 0; offset < size; offset += 2) {
    const end = font.getUint16(at + 14 + offset);
    const start = font.getUint16(at + 16 + size + offset);
    const delta = font.getUint16(at + 16 + 2 * size + offset);
    const rangeAt = at + 16 + 3 * size + offset;
    const range = font.getUint16(rangeAt);
    for (let code = start; code <= end && code < 0xffff; code += 1) {
      const glyph =
        range === 0
          ? (code + delta) & 0xffff
          : font.getUint16(rangeAt + range + 2 * (code - start));
      if (glyph !== 0) covered.add(code);
    }
  }
}

function addGroups(font: DataView, at: number, covered: Set<number>): void {
  const groups = font.getUint32(at + 12);
  for (let index = 0; index < groups; index += 1) {
    const group = at + 16 + index * 12;
    const end = font.getUint32(group + 4);
    for (let code = font.getUint32(group); code <= end; code += 1) covered.add(code);
  }
}

/** Code points a font has glyphs for, by its character map. */
export function coverageOf(file: Uint8Array): ReadonlySet<number> {
  const font = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const map = tableAt(font, 'cmap');
  const covered = new Set<number>();
  const encodings = font.getUint16(map + 2);
  for (let index = 0; index < encodings; index += 1) {
    const at = map + font.getUint32(map + 4 + index * 8 + 4);
    const format = font.getUint16(at);
    if (format === FORMAT_SEGMENTS) addSegments(font, at, covered);
    if (format === FORMAT_GROUPS) addGroups(font, at, covered);
  }
  if (covered.size === 0) throw new Error('the font has no character map that can be read');
  return covered;
}

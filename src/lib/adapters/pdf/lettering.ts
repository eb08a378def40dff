import { printable } from '../../core/render/text/safe.ts';

/** Texts as a font can write them. */
export interface Lettering {
  /** One line: what could act or hide, and what the font lacks, is spelled out. */
  line(text: string): string;
  /** A picture, whose texts are safe already: only what the font lacks is spelled out. */
  picture(svg: string): string;
  /** Whether anything was spelled out because the font lacks it. */
  readonly hasSubstitutes: boolean;
}

const BEYOND_ASCII = /[^\0-\x7f]/gu;

function spelled(code: number): string {
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** @param coverage code points that each font of the document has a glyph for */
export function lettering(coverage: ReadonlySet<number>): Lettering {
  let hasSubstitutes = false;
  const substitute = (text: string): string =>
    text.replace(BEYOND_ASCII, (character) => {
      const code = character.codePointAt(0) ?? 0;
      if (coverage.has(code)) return character;
      hasSubstitutes = true;
      return spelled(code);
    });
  return {
    line: (text) => substitute(printable(text)),
    picture: substitute,
    get hasSubstitutes() {
      return hasSubstitutes;
    },
  };
}

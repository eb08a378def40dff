import { printable } from '../../core/render/text/safe.ts';

/** Texts as a font can write them. */
export interface Lettering {
  /** One line: what could act or hide, and what the font lacks, is spelled out. */
  line(text: string): string;
  /** A picture, whose texts are safe already and have no room to grow: what the font lacks becomes one sign. */
  picture(svg: string): string;
  /** Whether anything was spelled out because the font lacks it. */
  readonly hasSubstitutes: boolean;
}

/** Stands for a character in a picture; every font has it. */
const MISSING = '\ufffd';
const BEYOND_ASCII = /[^\0-\x7f]/gu;

function spelled(code: number): string {
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** @param coverage code points that each font of the document has a glyph for */
export function lettering(coverage: ReadonlySet<number>): Lettering {
  let hasSubstitutes = false;
  const substitute = (text: string, instead: (code: number) => string): string =>
    text.replace(BEYOND_ASCII, (character) => {
      const code = character.codePointAt(0) ?? 0;
      if (coverage.has(code)) return character;
      hasSubstitutes = true;
      return instead(code);
    });
  return {
    line: (text) => substitute(printable(text), spelled),
    picture: (svg) => substitute(svg, () => MISSING),
    get hasSubstitutes() {
      return hasSubstitutes;
    },
  };
}

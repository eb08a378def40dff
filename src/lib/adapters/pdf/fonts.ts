import { coverageOf } from './coverage.ts';

/** The family of every text, and its two weights by their own names: pictures find the opened fonts by these. */
export const FAMILY = 'Roboto';
const NAMES = { normal: 'Roboto-Regular', bold: 'Roboto-Medium' } as const;

interface FontFiles {
  readonly normal: Uint8Array;
  readonly bold: Uint8Array;
}

/** The fonts that come with pdfmake as a module, so that they are there in a program without files too. */
async function loadFiles(): Promise<FontFiles> {
  const { default: files } = await import('pdfmake/build/vfs_fonts.js');
  const read = (name: string): Uint8Array => {
    const found: unknown = files[`${name}.ttf`];
    if (typeof found !== 'string') throw new Error(`pdfmake brings no font ${name}`);
    return Buffer.from(found, 'base64');
  };
  return { normal: read(NAMES.normal), bold: read(NAMES.bold) };
}

export interface Fonts {
  /** Contents by the names pdfmake asks for. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly families: Record<string, { normal: string; bold: string }>;
  /** What both weights can write. */
  readonly coverage: ReadonlySet<number>;
}

export async function loadFonts(): Promise<Fonts> {
  const { normal, bold } = await loadFiles();
  const inBold = coverageOf(bold);
  return {
    files: { [NAMES.normal]: normal, [NAMES.bold]: bold },
    families: { [FAMILY]: { ...NAMES } },
    coverage: new Set([...coverageOf(normal)].filter((code) => inBold.has(code))),
  };
}

import type * as PdfMake from 'pdfmake';
import { type DocumentPrinter } from '../../ports/document-printer.ts';
import { definitionOf } from './definition.ts';
import { type Fonts, loadFonts } from './fonts.ts';
import { lettering } from './lettering.ts';

interface FileSystem {
  writeFileSync(name: string, content: Uint8Array): void;
}

function hasFiles(module: object): module is { readonly virtualfs: FileSystem } {
  return 'virtualfs' in module;
}

/** Nothing but the fonts may be read, and nothing fetched: a document brings all that is in it. */
async function load(): Promise<{
  readonly maker: Pick<typeof PdfMake, 'createPdf'>;
  readonly fonts: Fonts;
}> {
  const [{ default: maker }, fonts] = await Promise.all([import('pdfmake'), loadFonts()]);
  if (!hasFiles(maker)) throw new Error('pdfmake keeps its files elsewhere than it did');
  for (const [name, content] of Object.entries(fonts.files)) {
    maker.virtualfs.writeFileSync(name, content);
  }
  maker.setUrlAccessPolicy(() => false);
  maker.setLocalAccessPolicy(() => false);
  maker.setFonts(fonts.families);
  return { maker, fonts };
}

/** Documents as PDF, laid out by pdfmake, which is loaded with the first of them. */
export function pdfPrinter(): DocumentPrinter {
  return {
    async pdf(document, charts, paper) {
      const { maker, fonts } = await load();
      const definition = definitionOf(document, charts, paper, lettering(fonts.coverage));
      return await maker.createPdf(definition).getBuffer();
    },
  };
}

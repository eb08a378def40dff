import { type DocumentModel } from '../core/model/document.ts';

export const PAPERS = ['A4', 'Letter'] as const;
export type Paper = (typeof PAPERS)[number];

/** Lays documents out on pages. */
export interface DocumentPrinter {
  /**
   * A PDF with real text, embedded fonts and vector charts; the same bytes for the same input.
   *
   * @param charts SVG of each chart of the document, by its id
   */
  pdf(
    document: DocumentModel,
    charts: ReadonlyMap<string, string>,
    paper: Paper,
  ): Promise<Uint8Array>;
}

import { type Format } from '../formats.ts';

/** What a report can be written as, and what its file is called at the end. */
export const DOCUMENT_FORMATS = [
  {
    name: 'html',
    extension: 'html',
    description: 'one page for browsers that needs nothing beside it',
  },
  { name: 'pdf', extension: 'pdf', description: 'pages to print and to send, see --paper' },
  { name: 'markdown', extension: 'md', description: 'for a terminal, a repository or a ticket' },
  { name: 'json', extension: 'json', description: 'see schemas/storage-report.schema.json' },
  { name: 'yaml', extension: 'yaml', description: 'the same as YAML' },
  { name: 'csv', extension: 'csv', description: 'tables with every row, one file each' },
] as const satisfies readonly (Format & { readonly extension: string })[];

export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number]['name'];

export function extensionOf(format: DocumentFormat): string {
  return DOCUMENT_FORMATS.find(({ name }) => name === format)?.extension ?? format;
}

/** Other endings people give such files. */
const ALIASES: Readonly<Record<string, DocumentFormat>> = {
  htm: 'html',
  markdown: 'markdown',
  yml: 'yaml',
};

/** The format a file is meant to have, by what its name ends in. */
export function formatOfFile(path: string): DocumentFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  return (
    DOCUMENT_FORMATS.find(({ extension }) => extension === ending)?.name ??
    (Object.hasOwn(ALIASES, ending) ? ALIASES[ending] : undefined)
  );
}

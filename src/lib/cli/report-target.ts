import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../core/model/errors.ts';
import { type CsvTable, csvTables, mainTable } from '../core/render/document/csv.ts';
import { type SectionId } from '../core/model/document.ts';
import { type DocumentFormat, formatOfFile } from '../core/render/document/formats.ts';
import { checkWritable } from './output.ts';
import { currentTerminal } from './terminal.ts';

/** Where a report goes, as what. */
export interface ReportTarget {
  readonly place: ReportPlace;
  readonly formats: readonly DocumentFormat[];
  /** The tables that are written where CSV is among the formats. */
  readonly tables: readonly CsvTable[];
}

export type ReportPlace =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string }
  /** It need not be there yet; the one it is in is. */
  | { readonly kind: 'directory'; readonly path: string };

export interface AskedTarget {
  /** Null where none was asked for. */
  readonly formats: readonly DocumentFormat[] | null;
  readonly outputFile: string | null;
  readonly sections: readonly SectionId[] | null;
  readonly compared: boolean;
}

/** Where to write and what, refused where it cannot be before anything is connected to. */
export async function resolveTarget(asked: AskedTarget): Promise<ReportTarget> {
  const place = await placeOf(asked.outputFile);
  const formats = asked.formats ?? [usualFormat(place)];
  refuseSeveral(place, formats);
  refuseTerminal(place, formats);
  return { place, formats, tables: formats.includes('csv') ? tablesFor(place, asked) : [] };
}

async function placeOf(path: string | null): Promise<ReportPlace> {
  if (path === null || path === '-') return { kind: 'stdout' };
  if (path.trim() === '') {
    throw new UsageError('--output-file names nothing', {
      remediation: ['Name a file, or a directory with a slash at its end.'],
    });
  }
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return { kind: 'directory', path };
  if (path.endsWith('/')) {
    await refuseMissingParent(path);
    return { kind: 'directory', path };
  }
  await checkWritable(path);
  return { kind: 'file', path };
}

/** A directory is made where the one it is to be in is there: what is mistyped higher up is not. */
async function refuseMissingParent(path: string): Promise<void> {
  const parent = dirname(resolve(path));
  const found = await stat(parent).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new UsageError(`--output-file ${path}: there is no directory ${parent} to make it in`, {
    remediation: [`Make it: mkdir -p ${parent}.`, 'Or name a directory elsewhere.'],
    details: { file: path },
  });
}

function usualFormat(place: ReportPlace): DocumentFormat {
  switch (place.kind) {
    case 'stdout':
      return 'markdown';
    case 'directory':
      return 'html';
    case 'file':
      return formatOfFile(place.path) ?? unknownEnding(place.path);
  }
}

function unknownEnding(path: string): never {
  throw new UsageError(`--output-file ${path}: nothing says which format to write`, {
    remediation: ['Add -o FORMAT, or let the name end in .html, .pdf, .md, .json, .yaml or .csv.'],
  });
}

function refuseSeveral(place: ReportPlace, formats: readonly DocumentFormat[]): void {
  if (place.kind === 'directory' || formats.length === 1) return;
  const where = place.kind === 'stdout' ? 'stdout' : `the file ${place.path}`;
  throw new UsageError(`${formats.join(' and ')} do not fit into ${where} together`, {
    remediation: ['Name a directory: --output-file DIR/.'],
  });
}

function refuseTerminal({ kind }: ReportPlace, formats: readonly DocumentFormat[]): void {
  if (kind !== 'stdout' || !formats.includes('pdf') || !currentTerminal().stdoutIsTerminal) return;
  throw new UsageError('a PDF is nothing to show on a terminal', {
    remediation: ['Write it to a file: --output-file report.pdf.'],
  });
}

/** All tables of the sections into a directory; elsewhere there is room for one. */
function tablesFor(place: ReportPlace, asked: AskedTarget): readonly CsvTable[] {
  const tables = csvTables(asked);
  if (tables.length === 0) {
    throw new UsageError(`no table belongs to the sections ${(asked.sections ?? []).join(', ')}`, {
      remediation: ['Ask for another section, or leave csv out of --output.'],
    });
  }
  if (place.kind === 'directory' || tables.length === 1) return tables;
  if (asked.sections === null) return [mainTable()];
  throw new UsageError(
    `a CSV file holds one table, and these sections have ${String(tables.length)}: ${tables.map(({ name }) => name).join(', ')}`,
    {
      remediation: [
        'Name a directory, for a file each: --output-file DIR/.',
        'Or name one section that has a single table, such as --sections findings or --sections volumes.',
      ],
    },
  );
}

import { type ValidationSummary } from '../../model/validation.ts';
import { bullets, scannedPart } from '../markdown/document.ts';
import { markdownText } from '../markdown/escape.ts';
import { headline as headlineOfServers } from '../table/headline.ts';
import { truncateMiddle, wrapWords } from '../text/columns.ts';
import { counted, formatInstant } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';

/** What is not said where only files were read; the last line, since those above may all be good. */
export const OFFLINE_NOTE = 'What needs a server was not checked: run validate without --offline.';

function readText(files: readonly string[], { takenAt }: ValidationSummary): string {
  return `Read ${counted(files.length, 'file')}; nothing was connected to (${formatInstant(takenAt)})`;
}

/** The servers that were read, or the files. */
export function headline(
  summary: ValidationSummary,
  width: number,
  palette: Palette,
): readonly string[] {
  const { files } = summary;
  if (files === null) return headlineOfServers(summary, width, palette);
  const start = '  file  ';
  return [
    ...wrapWords(readText(files, summary), width, '  ').map(palette.heading),
    ...files.map((path) => start + truncateMiddle(printable(path), width - start.length)),
  ];
}

/** The same as Markdown. */
export function scannedSection(summary: ValidationSummary): ReturnType<typeof bullets> {
  const { files } = summary;
  return files === null
    ? scannedPart(summary)
    : bullets(
        [markdownText(readText(files, summary)), ''],
        files.map((path) => markdownText(path)),
        ['file', 'files'],
      );
}

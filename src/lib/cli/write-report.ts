import { type MadeReport, makeReport } from '../app/report.ts';
import { type FullReport, type PreviousReport } from '../core/model/full-report.ts';
import { isComplete } from '../core/render/wire/full-report.ts';
import { type Memory } from '../ports/memory.ts';
import { type Console } from './base-command.ts';
import { EXIT, type ExitCode, exitCodeFor, type FailOn, worstExitCode } from './exit-codes.ts';
import { writeResult } from './output.ts';
import { type Rendered, renderDocuments } from './render-documents.ts';
import { type ReportFlags } from './report-flags.ts';
import { replaceFilesIn } from './replace-files.ts';
import { type ReportPlace } from './report-target.ts';
import { wire } from './wire.ts';

/** One report, from opening both sides to the written files. */
export async function writeReport(
  asked: ReportFlags,
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  const previous = await readPrevious(asked.compare);
  await using wiring = await wire(asked.connection, console, signal);
  const made = await makeReport(wiring.ports, {
    ...wiring.settings,
    settings: wiring.configuration,
    days: asked.days,
    minSeverity: asked.minSeverity,
    previous,
    maxAge: asked.connection.maxAge,
    signal,
  });
  await writeMade(made, asked, { console, memory: wiring.ports.memory });
  return exitCodeOf(made.full, asked.failOn);
}

/** Only who compares pays for reading what is compared with. */
async function readPrevious(path: string | null): Promise<PreviousReport | null> {
  if (path === null) return null;
  const { readPreviousReport } = await import('../adapters/report-file/previous-report.ts');
  return await readPreviousReport(path);
}

async function writeMade(
  made: MadeReport,
  asked: ReportFlags,
  { console, memory }: { readonly console: Console; readonly memory: Memory },
): Promise<void> {
  for (const { message } of made.full.report.warnings) console.logger.log('warn', message);
  const rendered = await renderDocuments(made.full, asked, console.version, memory);
  await write(asked.target.place, rendered);
  // What tells nothing of changes is not what the next report looks back on.
  if (tellsChanges(asked)) await made.remember();
}

function tellsChanges({ sections }: ReportFlags): boolean {
  return sections === null || sections.includes('summary') || sections.includes('changes');
}

async function write(place: ReportPlace, rendered: readonly Rendered[]): Promise<void> {
  if (place.kind === 'directory') {
    await replaceFilesIn(place.path, new Map(rendered.map(({ name, content }) => [name, content])));
    return;
  }
  // Whatever is no directory has room for one, which was seen to before.
  for (const { content } of rendered) {
    await writeResult(content, place.kind === 'file' ? place.path : null);
  }
}

function exitCodeOf(full: FullReport, failOn: FailOn): ExitCode {
  return worstExitCode([
    exitCodeFor(full.report, failOn),
    isComplete(full) ? EXIT.ok : EXIT.incomplete,
  ]);
}

import { CHAIN_SOURCES } from '../../core/explain/explain.ts';
import { parseWanted } from '../../core/explain/wanted.ts';
import { NO_FILTER } from '../../core/model/filter.ts';
import { millis } from '../../core/model/units.ts';
import { mainTable } from '../../core/render/document/csv.ts';
import { renderExplanation } from '../../core/render/explanation.ts';
import { plainPalette } from '../../core/render/text/palette.ts';
import { RULES } from '../../core/rules/registry.ts';
import { listsFor } from '../../core/correlate/sources.ts';
import { type ListSource } from '../../core/model/inventory.ts';
import { openExplainer } from '../../app/explain.ts';
import { loadKept } from '../../app/kept-scan.ts';
import { makeReport, REPORT_LISTS } from '../../app/report.ts';
import { type Failure } from '../../core/serve/failure.ts';
import { type EngineQuestion } from '../../ports/scan-engine.ts';
import { type Estate } from '../wiring.ts';

/** How many days the charts of a report look back, as those of `report` do. */
const DAYS = 90;
/** Whatever was kept, however old: what is made of it says when it was read. */
const ANY_AGE = millis(Number.MAX_SAFE_INTEGER);
const CHAIN_RULES = RULES.filter(({ category }) => category === 'orphan' || category === 'drift');
const CHAIN_LISTS = listsFor([
  ...CHAIN_RULES.flatMap(({ requires, consults }) => [...requires, ...consults]),
  ...CHAIN_SOURCES,
]);

/** Why there is no answer where nothing was kept to make it of. */
export const NOTHING_KEPT: Failure = {
  code: 'NOTHING_KEPT',
  class: 'transient',
  message: 'no scan was kept that this could be made of',
  details: {},
  remediation: [
    'Ask again after the next scan.',
    'If it stays so, see the log for why scans cannot be kept, and whether cache.path can be written.',
  ],
};

/**
 * Works something out of the kept scan; undefined where there is none. It reads nothing of either side, and so says nothing that
 * could justify a change: whoever plans one reads anew.
 */
export async function answerFromKept(
  estate: Estate,
  question: EngineQuestion,
  version: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return question.kind === 'report'
    ? await reportOf(estate, question.format, version, signal)
    : await explanationOf(estate, question, signal);
}

type ReportQuestion = Extract<EngineQuestion, { kind: 'report' }>;
type ExplainQuestion = Extract<EngineQuestion, { kind: 'explain' }>;

async function isKept(
  { ports, settings }: Estate,
  lists: ReadonlySet<ListSource>,
): Promise<boolean> {
  return (await loadKept(ports, { ...settings, maxAge: ANY_AGE }, lists)) !== undefined;
}

async function reportOf(
  estate: Estate,
  format: ReportQuestion['format'],
  version: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!(await isKept(estate, REPORT_LISTS))) return undefined;
  const { ports, settings, configuration } = estate;
  const { full } = await makeReport(ports, {
    ...settings,
    settings: configuration,
    maxAge: ANY_AGE,
    days: DAYS,
    minSeverity: null,
    previous: null,
    signal,
  });
  const { renderDocuments } = await import('../render-documents.ts');
  const [rendered] = await renderDocuments(
    full,
    {
      sections: null,
      paper: 'A4',
      target: { place: { kind: 'stdout' }, formats: [format], tables: [mainTable()] },
    },
    version,
    ports.memory,
  );
  ports.memory.release();
  return rendered === undefined ? undefined : await bytesOf(rendered.content);
}

async function explanationOf(
  estate: Estate,
  { object, format }: ExplainQuestion,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const wanted = parseWanted([object]);
  if (!(await isKept(estate, CHAIN_LISTS))) return undefined;
  const { ports, settings } = estate;
  const explainer = await openExplainer(ports, {
    ...settings,
    rules: CHAIN_RULES,
    filter: NO_FILTER,
    maxAge: ANY_AGE,
    signal,
  });
  const explanation = await explainer.explain(wanted);
  ports.memory.release();
  return await bytesOf(
    renderExplanation(explanation, format, { columns: COLUMNS, palette: plainPalette }),
  );
}

/** Width of a tree for nobody's terminal in particular. */
const COLUMNS = 120;

async function bytesOf(
  content: string | Uint8Array | Iterable<string> | AsyncIterable<string>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return new Uint8Array(content);
  const parts: string[] = [];
  for await (const part of content) parts.push(part);
  return new TextEncoder().encode(parts.join(''));
}

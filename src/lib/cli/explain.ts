import { type Interfaces } from '@oclif/core';
import { openExplainer, type Explainer } from '../app/explain.ts';
import { parseWanted, type Wanted } from '../core/explain/wanted.ts';
import { InterruptedError, UsageError } from '../core/model/errors.ts';
import { NO_FILTER } from '../core/model/filter.ts';
import { parseExplanationFormat, renderExplanation } from '../core/render/explanation.ts';
import { type ExplanationFormat } from '../core/render/formats.ts';
import { type Palette } from '../core/render/text/palette.ts';
import { RULES } from '../core/rules/registry.ts';
import { type Console } from './base-command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { type CONNECTION_FLAGS, type DEMO_FLAGS, type EXPLANATION_OUTPUT_FLAGS } from './flags.ts';
import { paletteFor } from './scan-and-render.ts';
import { type ConnectionRequest, readConnection } from './scan-flags.ts';
import { currentTerminal, useColor } from './terminal.ts';
import { wire } from './wire.ts';
import { type Wiring } from './wiring.ts';

type RawFlags = Interfaces.InferredFlags<
  typeof CONNECTION_FLAGS & typeof DEMO_FLAGS & typeof EXPLANATION_OUTPUT_FLAGS
>;

/** What to explain, and how to show it. */
export interface ExplainRequest {
  /** Null to let the user pick. */
  readonly wanted: Wanted | null;
  readonly connection: ConnectionRequest;
  readonly format: ExplanationFormat;
  readonly outputFile: string | null;
  readonly plain: boolean;
}

/** The namespace that is asked for is worth reading where a list over all of them is denied. */
function namespacesOf(wanted: Wanted | null): readonly string[] {
  if (wanted?.kind !== 'object' || wanted.types === null) return [];
  const namespaced = wanted.types.some(
    (type) => type === 'PersistentVolumeClaim' || type === 'VolumeSnapshot',
  );
  const [namespace = '', ...rest] = wanted.name.split('/');
  return namespaced && rest.length === 1 ? [namespace] : [];
}

/** Reads arguments and flags; refuses what is wrong before anything is connected to. */
export function readExplainRequest(words: readonly string[], flags: RawFlags): ExplainRequest {
  const wanted = words.length === 0 ? null : parseWanted(words);
  const outputFile = flags['output-file'] ?? null;
  const output = flags.output ?? null;
  if (wanted === null && (!canPick() || output !== null || outputFile !== null)) {
    throw new UsageError('nothing to explain is named', {
      remediation: [
        'Name a finding id, or an object such as pv/NAME, pvc/NAMESPACE/NAME or dataset/PATH.',
        'Without one, on a terminal and without -o and --output-file, it lets you pick a finding.',
      ],
    });
  }
  return {
    wanted,
    connection: { ...readConnection(flags), namespaces: namespacesOf(wanted) },
    format: formatFor(output, outputFile),
    outputFile,
    plain: flags['no-color'],
  };
}

/** A tree for whoever looks at a terminal, JSON for whatever reads a pipe or a file. */
function formatFor(output: string | null, outputFile: string | null): ExplanationFormat {
  if (output !== null) return parseExplanationFormat(output);
  const toTerminal = outputFile === null || outputFile === '-';
  return toTerminal && currentTerminal().stdoutIsTerminal ? 'tree' : 'json';
}

/** Picking takes keys and a screen. */
function canPick(): boolean {
  return currentTerminal().stdoutIsTerminal && process.stdin.isTTY;
}

/** What a command shows at its end, and ends with. */
export interface Explained {
  readonly text: string;
  readonly exitCode: ExitCode;
}

async function open(
  { ports, settings }: Wiring,
  { connection }: ExplainRequest,
  signal: AbortSignal,
): Promise<Explainer> {
  const { maxAge } = connection;
  return await openExplainer(ports, {
    ...settings,
    rules: RULES.filter(({ category }) => category === 'orphan' || category === 'drift'),
    filter: NO_FILTER,
    maxAge,
    signal,
  });
}

/**
 * Only who picks pays for loading the picker. In a function that has `await using`, tsc would leave the name of the file as
 * it is in the sources. Returns whether it was left by Ctrl-C.
 */
async function letPick(
  explainer: Explainer,
  palette: Palette,
  signal: AbortSignal,
): Promise<boolean> {
  const { pickFindings } = await import('./picker/picker.ts');
  const { stdin, stdout } = process;
  try {
    await pickFindings(explainer, { palette, signal, stdin, stdout });
    return false;
  } catch (error) {
    // Whoever presses Ctrl-C knows that; a signal from elsewhere is told.
    if (error instanceof InterruptedError && !signal.aborted) return true;
    throw error;
  }
}

/** One explanation, from opening both sides to the finished text; or as many as somebody picks, and then no text. */
export async function explainAndRender(
  asked: ExplainRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Explained> {
  await using wiring = await wire(asked.connection, console, signal);
  const explainer = await open(wiring, asked, signal);
  const exitCode = explainer.report.complete ? EXIT.ok : EXIT.incomplete;
  const terminal = currentTerminal();
  const toFile = asked.outputFile !== null && asked.outputFile !== '-';
  const palette = await paletteFor(useColor(terminal, asked.plain) && !toFile);
  const { wanted, format } = asked;
  if (wanted === null) {
    const interrupted = await letPick(explainer, palette, signal);
    return { text: '', exitCode: interrupted ? EXIT.interrupted : exitCode };
  }
  const explanation = await explainer.explain(wanted);
  const columns = toFile ? Number.POSITIVE_INFINITY : terminal.columns;
  return { text: renderExplanation(explanation, format, { columns, palette }), exitCode };
}

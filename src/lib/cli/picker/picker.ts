import { type Key, Text, useApp, useInput, useWindowSize } from 'ink';
import { createElement, type ReactElement, useEffect, useReducer } from 'react';
import { type Explainer } from '../../app/explain.ts';
import { InterruptedError } from '../../core/model/errors.ts';
import { type Finding } from '../../core/model/finding.ts';
import { renderTree } from '../../core/render/explanation/tree.ts';
import { type Palette } from '../../core/render/text/palette.ts';
import { type ScreenOptions, showFullScreen } from '../full-screen.ts';
import { FRAME, screenLines } from './screen.ts';
import { pick, type PickerKey, type PickerState, startPicking } from './state.ts';

export interface PickerOptions extends ScreenOptions {
  readonly palette: Palette;
}

interface PickerProps {
  readonly explainer: Explainer;
  readonly palette: Palette;
  readonly onEnd: (end: PickerState['end']) => void;
}

const KEYS: readonly (readonly [keyof Key, PickerKey])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['leftArrow', 'escape'],
  ['backspace', 'backspace'],
  // Many terminals send what ink calls delete for the backspace key.
  ['delete', 'backspace'],
];

function keyOf(input: string, key: Key): PickerKey | undefined {
  if (key.ctrl && input === 'c') return 'interrupt';
  // The end of the input, as of a terminal that was closed.
  if (key.ctrl && input === 'd') return 'close';
  return KEYS.find(([name]) => key[name] === true)?.[1];
}

/** The tree of one finding, broken for the terminal; a failure is shown in its place. */
async function explainLines(
  { id }: Finding,
  explainer: Explainer,
  columns: number,
  palette: Palette,
): Promise<readonly string[]> {
  try {
    const explanation = await explainer.explain({ kind: 'finding', id });
    return renderTree(explanation, { columns, palette, findingsFirst: true }).trimEnd().split('\n');
  } catch (error) {
    return [palette.warning(error instanceof Error ? error.message : String(error))];
  }
}

function roomIn(rows: number): number {
  return Math.max(3, rows - FRAME);
}

function Picker({ explainer, palette, onEnd }: PickerProps): ReactElement {
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  const { findings, complete, clusters, systems } = explainer.report;
  const [state, dispatch] = useReducer(pick, startPicking(findings, roomIn(rows)));
  const { page, end } = state;
  const open = page?.lines === null ? page.finding : null;

  useInput((input, key) => {
    const pressed = keyOf(input, key);
    if (pressed !== undefined) dispatch({ kind: 'key', key: pressed });
    else if (input !== '' && !key.ctrl && !key.meta) dispatch({ kind: 'text', text: input });
  });
  useEffect(() => {
    dispatch({ kind: 'resized', room: roomIn(rows) });
  }, [rows, columns]);
  useEffect(() => {
    if (open === null) return;
    void explainLines(open, explainer, columns, palette).then((lines) => {
      dispatch({ kind: 'explained', id: open.id, lines });
    });
  }, [open, explainer, columns, palette]);
  useEffect(() => {
    if (end === null) return;
    onEnd(end);
    exit();
  }, [end, onEnd, exit]);

  const plural = clusters.length > 1 || systems.length > 1;
  const lines = screenLines(state, { columns, palette, complete, plural });
  return createElement(Text, { wrap: 'truncate' }, lines.map((line) => line || ' ').join('\n'));
}

/**
 * Lets somebody walk through the findings of a scan, worst first, each to its cause. It has a screen of its own, and the one
 * before comes back whichever way it ends. Throws an `InterruptedError` where it was interrupted.
 */
export async function pickFindings(
  explainer: Explainer,
  { palette, ...screen }: PickerOptions,
): Promise<void> {
  const ending: { by: PickerState['end'] } = { by: null };
  const onEnd = (end: PickerState['end']): void => {
    ending.by = end;
  };
  await showFullScreen(createElement(Picker, { explainer, palette, onEnd }), screen);
  if (ending.by === 'interrupted') {
    throw new InterruptedError('interrupted at the keyboard', { remediation: [] });
  }
}

import { elapsed, millis } from '../../core/model/units.ts';
import { type Connection } from '../../core/model/connection.ts';
import { SEVERITIES } from '../../core/model/finding.ts';
import {
  CHECK_STATUSES,
  type CheckOutcome,
  type CheckStatus,
  COMPONENTS,
  type OverallStatus,
  type ValidationSummary,
} from '../../core/model/validation.ts';
import { displayWidth, truncateEnd } from '../../core/render/text/columns.ts';
import { counted, formatDuration, formatSpan, joined } from '../../core/render/text/format.ts';
import { objectName } from '../../core/render/text/labels.ts';
import { type Palette, type Style } from '../../core/render/text/palette.ts';
import { printable } from '../../core/render/text/safe.ts';
import { type WatchState } from './state.ts';

export interface WatchScreen {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
}

const KEYS = 'r reads now, q quits';

const MARKS: Readonly<Record<CheckStatus, string>> = {
  FAIL: '✗',
  WARNING: '!',
  SKIPPED: '–',
  PASS: '✓',
};

function styleOf(status: CheckStatus | OverallStatus, palette: Palette): Style {
  switch (status) {
    case 'FAIL':
      return palette.severity.critical;
    case 'WARNING':
      return palette.severity.medium;
    case 'PASS':
      return palette.good;
    case 'SKIPPED':
    case 'UNKNOWN':
      return palette.dim;
  }
}

function titleOf({ overall, results, suppressed, complete }: ValidationSummary): string {
  const countOf = (status: CheckStatus): number =>
    results.filter((each) => each.status === status).length;
  const [failures, warnings] = [countOf('FAIL'), countOf('WARNING')];
  const said = [
    ...(failures > 0 ? [`${String(failures)} failed`] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(suppressed.length > 0 ? [`${String(suppressed.length)} suppressed`] : []),
    `${String(countOf('PASS'))} passed`,
  ];
  const gaps = complete ? '' : '; INCOMPLETE: not everything could be read';
  return `${overall}: ${joined(said)}${gaps}`;
}

function connectionText({ failure, latency }: Connection): string {
  if (failure !== null) return `not reached: ${failure.message}`;
  if (latency === null) return 'reached';
  return `answers in ${formatDuration(latency.p50)}, 95 of 100 in ${formatDuration(latency.p95)}`;
}

function memberLines(
  { clusters, systems, connections }: ValidationSummary,
  { columns, palette }: WatchScreen,
): string[] {
  const members = [
    ...clusters.map(({ name, version }) => ({
      side: 'kubernetes',
      kind: 'cluster',
      name,
      version,
    })),
    ...systems.map(({ name, version }) => ({ side: 'truenas', kind: 'system ', name, version })),
  ];
  return members.map(({ side, kind, name, version }) => {
    const connection = connections.find((each) => each.side === side && each.name === name);
    const isDown = (connection?.failure ?? null) !== null;
    const product = side === 'kubernetes' ? 'Kubernetes' : 'TrueNAS';
    const known = isDown || version === null ? product : `${product} ${version}`;
    const how = connection === undefined ? 'read' : connectionText(connection);
    const text = truncateEnd(printable(`  ${kind} ${name}  ${known}, ${how}`), columns);
    return isDown ? palette.severity.critical(text) : text;
  });
}

/** How old what is shown is, and what comes next. */
function ageLines(
  { readAt, now, reading, nextAt, failure }: WatchState,
  { columns, palette }: WatchScreen,
): string[] {
  const wait = formatSpan(millis(Math.max(0, elapsed(now, nextAt))));
  const next = reading ? 'reading …' : `next in ${wait}`;
  const age = truncateEnd(`  read ${formatSpan(elapsed(readAt, now))} ago, ${next}`, columns);
  if (failure === null) return [palette.dim(age)];
  const since = formatSpan(elapsed(failure.at, now));
  const why = printable(failure.message.split('\n', 1)[0] ?? '');
  const line = `  nothing later: the reading ${since} ago failed: ${why}`;
  return [age, truncateEnd(line, columns)].map(palette.warning);
}

/** Each component by the worst that is said of it, as many beside each other as fit. */
function componentLines(
  results: readonly CheckOutcome[],
  { columns, palette }: WatchScreen,
): string[] {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (const component of COMPONENTS) {
    const said = results.filter((each) => each.component === component);
    const status = CHECK_STATUSES.find((each) => said.some((result) => result.status === each));
    if (status === undefined) continue;
    const text = truncateEnd(`${MARKS[status]} ${component}`, columns);
    if (used > 0 && used + 2 + displayWidth(text) > columns) {
      lines.push(line);
      [line, used] = ['', 0];
    }
    line += `${used === 0 ? '' : '  '}${styleOf(status, palette)(text)}`;
    used += (used === 0 ? 0 : 2) + displayWidth(text);
  }
  return used === 0 ? lines : [...lines, line];
}

function worstFirst(a: CheckOutcome, b: CheckOutcome): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function failureLines(
  results: readonly CheckOutcome[],
  { columns, palette }: WatchScreen,
): string[] {
  return results
    .filter(({ status }) => status === 'FAIL' || status === 'WARNING')
    .toSorted(worstFirst)
    .flatMap(({ status, severity, check, subject, message }) => {
      const object = subject === null ? '' : `  ${objectName(subject)}`;
      const text = truncateEnd(`${MARKS[status]} ${severity}  ${check}${object}`, columns);
      return [palette.severity[severity](text), truncateEnd(`    ${printable(message)}`, columns)];
    });
}

/** As many lines as there is room for; the last says how many are not shown. */
function fitted(
  lines: readonly string[],
  room: number,
  { columns, palette }: WatchScreen,
): string[] {
  if (lines.length > room && room > 0) {
    const shown = lines.slice(0, room - 1);
    const more = counted(lines.length - shown.length, 'more line');
    return [...shown, palette.dim(truncateEnd(`${more}: run health without --watch`, columns))];
  }
  return Array.from({ length: room }, (_, index) => lines[index] ?? '');
}

/** What is on the screen: as many lines as it has rows but one, none wider than it is. */
export function watchLines(state: WatchState, screen: WatchScreen): string[] {
  const { summary } = state;
  const { columns, rows, palette } = screen;
  const title = truncateEnd(`Health ${titleOf(summary)}`, columns);
  const failures = failureLines(summary.results, screen);
  const lines = [
    palette.heading(styleOf(summary.overall, palette)(title)),
    ...memberLines(summary, screen),
    ...ageLines(state, screen),
    '',
    ...componentLines(summary.results, screen),
    ...(failures.length === 0 ? [] : ['', ...failures]),
  ];
  const keys = palette.dim(truncateEnd(KEYS, columns));
  return [...fitted(lines, Math.max(0, rows - 2), screen), keys];
}

import { type HistoryStatus, type NamedIdentity } from '../model/history.ts';
import { bytes, elapsed } from '../model/units.ts';
import { type HistoryFormat } from './formats.ts';
import { toJson } from './json.ts';
import { type TableOptions } from './table.ts';
import { padEnd, wrapWords } from './text/columns.ts';
import { formatBytes, formatInstant, formatSpan, groupDigits, joined } from './text/format.ts';
import { printable } from './text/safe.ts';
import { historyStatusToWire, whyUnusable } from './wire/history-status.ts';
import { toYaml } from './yaml.ts';

interface StatusOptions extends TableOptions {
  readonly now: Date;
}

/** What the history holds, ready to be written as it is. */
export function renderHistoryStatus(
  status: HistoryStatus,
  format: HistoryFormat,
  options: StatusOptions,
): string {
  if (format === 'json') return toJson(historyStatusToWire(status, options.now));
  if (format === 'yaml') return toYaml(historyStatusToWire(status, options.now));
  const blocks = [bodyLines(status, options), setAsideLines(status, options)];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const HOW_IT_COMES_ABOUT =
  'It comes about by itself: each complete scan of truenas-monitor orphans without a filter, of analyze or of report adds to it. Where one does not, --log-level info says why.';

function bodyLines(status: HistoryStatus, { now, columns, palette }: StatusOptions): string[] {
  const path = printable(status.path);
  const why = whyUnusable(status);
  if (why !== null) {
    const text = `The history in ${path} cannot be used, and is left as it is: ${printable(why)}`;
    return wrapWords(text, columns, '  ').map(palette.warning);
  }
  if (status.state.kind === 'absent') {
    return [
      ...wrapWords(`There is no history yet: ${path} would hold it.`, columns, '  '),
      ...wrapWords(HOW_IT_COMES_ABOUT, columns, '  '),
    ];
  }
  const title = `HISTORY ${path}, ${formatBytes(bytes(status.bytes))}`;
  const width = Math.max(...ROWS.map(([label]) => label.length)) + 4;
  return [
    ...wrapWords(title, columns, '  ').map(palette.heading),
    ...ROWS.flatMap(([label, valueOf]) =>
      wrapWords(valueOf(status, now), columns - width).map(
        (line, at) => padEnd(at === 0 ? `  ${label}` : '', width) + line,
      ),
    ),
  ];
}

const ROWS: readonly (readonly [
  label: string,
  valueOf: (status: HistoryStatus, now: Date) => string,
])[] = [
  ['since', ({ firstAt }) => (firstAt === null ? '-' : formatInstant(firstAt))],
  ['last scan', ({ lastAt }, now) => (lastAt === null ? '-' : lastScan(lastAt, now))],
  ['scans', ({ scans }) => groupDigits(scans)],
  ['pools', ({ pools }) => groupDigits(pools)],
  ['storage classes', ({ classes }) => groupDigits(classes)],
  ['volumes', ({ volumes }) => groupDigits(volumes)],
  ['rows of usage', ({ points }) => groupDigits(points)],
  [
    'findings',
    ({ openFindings, closedFindings }) =>
      `${groupDigits(openFindings)} open, ${groupDigits(closedFindings)} over`,
  ],
  ['clusters', ({ clusters }) => namesOf(clusters)],
  ['systems', ({ systems }) => namesOf(systems)],
];

function lastScan(at: Date, now: Date): string {
  const age = elapsed(at, now);
  return age < 0
    ? `${formatInstant(at)}, which is still to come`
    : `${formatInstant(at)}, ${formatSpan(age)} ago`;
}

function namesOf(identities: readonly NamedIdentity[]): string {
  if (identities.length === 0) return '-';
  return joined(identities.map(({ name, id }) => printable(name === '' ? id : name)));
}

function setAsideLines({ setAside }: HistoryStatus, { columns, palette }: StatusOptions): string[] {
  if (setAside.length === 0) return [];
  return [
    ...wrapWords(
      'SET ASIDE because it could not be read. Nothing looks at it any more, and nothing removes it:',
      columns,
      '  ',
    ).map(palette.warning),
    ...setAside.flatMap((path) =>
      wrapWords(printable(path), columns - 2).map((line) => `  ${line}`),
    ),
  ];
}

import { SEVERITIES, type Confidence, type Finding } from '../../model/finding.ts';
import { isForCleanup, PLAN_COMMAND } from '../../report/cleanup-command.ts';
import { type Report } from '../../model/report.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, formatBytes } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';

/** What it all comes to. An empty result says whether it can be trusted. */
export function totalLines(report: Report, width: number, palette: Palette): string[] {
  const wrap = (text: string): string[] => wrapWords(text, width, '  ');
  if (report.findings.length > 0) return foundLines(report).flatMap(wrap);
  if (!report.complete) {
    return wrap(
      'No findings in what could be judged. This is no clean bill: the scan was incomplete, see above.',
    ).map(palette.warning);
  }
  if (report.filteredOut > 0) {
    return wrap(
      `No findings match the filter; ${counted(report.filteredOut, 'finding')} outside it.`,
    );
  }
  if (report.suppressed.length > 0) return wrap('No findings but the suppressed ones.');
  return wrap('No findings: nothing that was looked at is orphaned.').map(palette.good);
}

function foundLines({ findings, summary }: Report): string[] {
  const severities = SEVERITIES.flatMap((severity) =>
    present(findings, (finding) => finding.severity === severity, severity),
  );
  const confidences = (['certain', 'likely'] satisfies Confidence[]).flatMap((confidence) =>
    present(findings, (finding) => finding.confidence === confidence, confidence),
  );
  return [
    `${counted(findings.length, 'finding')}: ${severities.join(', ')}; ${confidences.join(', ')}.`,
    `${counted(summary.totalOrphans, 'orphaned object')} (${String(summary.certainOrphans)} certain); ${formatBytes(summary.reclaimable)} reclaimable by certain findings.`,
    ...cleanupLines(findings),
  ];
}

/** Where to go from here, with how many of them. */
function cleanupLines(findings: readonly Finding[]): string[] {
  const count = findings.filter(({ remedy }) => isForCleanup(remedy)).length;
  if (count === 0) return [];
  return [`Clean-up can deal with ${String(count)} of them: ${PLAN_COMMAND} says how.`];
}

function present(
  findings: readonly Finding[],
  matches: (finding: Finding) => boolean,
  label: string,
): string[] {
  const found = findings.filter(matches).length;
  return found === 0 ? [] : [`${String(found)} ${label}`];
}

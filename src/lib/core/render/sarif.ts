import { type Finding } from '../model/finding.ts';
import { type Report } from '../model/report.ts';
import { RULES } from '../rules/registry.ts';
import { sarifLog, type Notice } from './sarif/log.ts';
import { type Problem, type Suppression } from './sarif/result.ts';
import { ruleTextOf, type RuleText } from './sarif/rule.ts';
import { isNotApplicable, skippedTexts } from './table/skipped.ts';
import { objectionText } from './text/doubt.ts';

/** The findings for code scanning; the suppressed ones are among them, and say so. */
export function renderSarif(report: Report, version: string): string {
  return sarifLog({
    command: 'orphans',
    version,
    scan: report,
    problems: [
      ...report.findings.map((finding) => problemOf(finding, null)),
      ...report.suppressed.map(({ finding, ...suppression }) => problemOf(finding, suppression)),
    ],
    ruleText: textOf,
    notices: report.skipped
      .filter((skipped) => !isNotApplicable(skipped))
      .map((skipped) => ({
        id: 'rule-skipped',
        level: 'warning' as const,
        message: `not judged: ${skippedTexts(skipped).join('; ')}`,
        rule: skipped.rule,
      })),
    mistakes: report.warnings.map(({ code, message }): Notice => ({
      id: code,
      level: 'warning',
      message,
      rule: null,
    })),
  });
}

function textOf(id: string): RuleText {
  const rule = RULES.find((each) => each.id === id);
  if (rule !== undefined) return ruleTextOf(rule);
  return { id, title: id, severity: 'medium', category: null, component: null, about: null };
}

function problemOf(finding: Finding, suppression: Suppression | null): Problem {
  const { id, rule, severity, subject, reason, doubt, remedy, confidence, category } = finding;
  return {
    id,
    rule,
    severity,
    subject,
    message: doubt === null ? reason : `${reason} (likely: ${objectionText(doubt)})`,
    steps: remedy.steps,
    properties: { confidence, category, reclaimableBytes: finding.reclaimable },
    suppression,
  };
}

import { type Block, type CardBlock } from '../model/document.ts';
import { type EvidenceLine, type Finding, isAtLeast, SEVERITIES } from '../model/finding.ts';
import { type FullReport } from '../model/full-report.ts';
import { type SuppressedFinding } from '../model/report.ts';
import { homeOf, typedName } from '../model/resource-ref.ts';
import { totalLines } from '../render/table/totals.ts';
import { objectionText } from '../render/text/doubt.ts';
import { counted, formatInstant } from '../render/text/format.ts';
import { plainPalette } from '../render/text/palette.ts';
import {
  cell,
  column,
  countCell,
  listedHeading,
  names,
  NOTHING,
  note,
  numbers,
  paragraph,
  sorted,
  table,
  toneOf,
} from './blocks.ts';
import { sizeText } from './words.ts';

/** Critical and high findings are all told, as long as that is a document and no flood. */
const MOST_SEVERE = 1_000;
const MOST_OTHERS = 100;
const MOST_SUPPRESSED = 100;

export function findingsBlocks({ report }: FullReport): readonly Block[] {
  const { findings, suppressed } = report;
  const severe = findings.filter(({ severity }) => isAtLeast(severity, 'high'));
  const others = findings.filter(({ severity }) => !isAtLeast(severity, 'high'));
  const told = [...severe.slice(0, MOST_SEVERE), ...others.slice(0, MOST_OTHERS)];
  const omitted = findings.length - told.length;
  return [
    ...totalLines(report, Number.POSITIVE_INFINITY, plainPalette).map(paragraph),
    ...byRule(findings),
    ...SEVERITIES.flatMap((severity) =>
      underSeverity(
        severity,
        told.filter((finding) => finding.severity === severity),
      ),
    ),
    ...(omitted === 0
      ? []
      : [
          note(
            'neutral',
            `${counted(omitted, 'more finding')}, the least severe ones, left out here; -o json and -o csv have every one.`,
          ),
        ]),
    ...suppressedBlocks(suppressed),
  ];
}

function byRule(findings: readonly Finding[]): readonly Block[] {
  const rules = [...Map.groupBy(findings, ({ rule }) => rule)];
  return table('findings-by-rule', 'Findings by rule, worst first', rules, [
    names('rule', ([rule]) => rule),
    column('worst', ([, [worst]]) =>
      worst === undefined
        ? NOTHING
        : { ...cell(worst.severity, toneOf(worst.severity)), sort: rank(worst) },
    ),
    numbers('findings', ([, members]) => countCell(members.length)),
    numbers('certain', ([, members]) =>
      countCell(members.filter(({ confidence }) => confidence === 'certain').length),
    ),
  ]);
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

function underSeverity(severity: string, findings: readonly Finding[]): readonly Block[] {
  if (findings.length === 0) return [];
  const title = `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`;
  return [listedHeading(`${title} (${String(findings.length)})`), ...findings.map(cardOf)];
}

function cardOf(finding: Finding): CardBlock {
  const { id, severity, subject, reason, doubt, evidence, remedy } = finding;
  return {
    kind: 'card',
    id: `finding-${id}`,
    title: typedName(subject),
    badge: severity,
    tone: toneOf(severity),
    text: doubt === null ? reason : `${reason}; likely, no more: ${objectionText(doubt)}`,
    facts: factsOf(finding),
    lists: [
      { title: 'Evidence', ordered: false, folded: true, items: evidence.map(evidenceText) },
      { title: 'What to do', ordered: true, folded: false, items: remedy.steps },
    ].filter(({ items }) => items.length > 0),
    command: remedy.command,
  };
}

function factsOf(finding: Finding): CardBlock['facts'] {
  const { id, rule, confidence, subject, size, reclaimable, createdAt } = finding;
  const facts: readonly (readonly [label: string, value: string | null])[] = [
    ['rule', rule],
    ['confidence', confidence],
    ['where', homeOf(subject)],
    ['created', createdAt === null ? null : formatInstant(createdAt)],
    ['size', size === null ? null : approximately(finding, sizeText(size))],
    ['reclaimable', reclaimable === 0 ? null : approximately(finding, sizeText(reclaimable))],
    ['StorageClass', finding.storageClass],
    ['on TrueNAS', otherThan(subject.name, finding.truenasReference)],
    ['in Kubernetes', finding.kubernetesReference],
    ['id', id],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

function approximately({ approximate }: Finding, text: string): string {
  return approximate ? `about ${text}` : text;
}

function otherThan(name: string, reference: string | null): string | null {
  return reference === name ? null : reference;
}

function evidenceText({ check, result, detail }: EvidenceLine): string {
  return `${check} ${result}: ${detail}`;
}

function suppressedBlocks(suppressed: readonly SuppressedFinding[]): readonly Block[] {
  return table(
    'suppressed',
    'Left alone because somebody said so, and in no count above',
    suppressed,
    [
      names('object', ({ finding }) => typedName(finding.subject)),
      names('rule', ({ finding }) => finding.rule),
      column('why', ({ reason }) => cell(reason)),
      column('by', ({ by, origin }) => cell(`${by} ${origin}`)),
      column('until', ({ until }) =>
        until === null ? sorted('further notice', '~') : cell(formatInstant(until)),
      ),
    ],
    MOST_SUPPRESSED,
  );
}

import { judgedIn } from '../analysis/compare.ts';
import { SEVERITIES } from '../model/finding.ts';
import { type FindingMention } from '../model/full-report.ts';
import { typedName } from '../model/resource-ref.ts';
import { type OverallStatus } from '../model/validation.ts';
import { membersOf, scopeOf } from '../report/report-changes.ts';
import { namespaceOf } from '../report/select-findings.ts';
import { RULES } from '../rules/registry.ts';
import { componentKey, type ComponentHealth, type ServedHealth } from './served-health.ts';
import { type ServedFinding, type ServedScan } from './served-scan.ts';

/** A finding as events mention it. */
export interface MentionedFinding extends FindingMention {
  readonly confidence: ServedFinding['confidence'];
  /** It belongs to, which not everybody may see; null where it belongs to none. */
  readonly namespace: string | null;
}

/** How things are, as far as scans in a row could tell. */
export interface EstateView {
  /** The scan it is as of; null where there was none yet. */
  readonly scan: string | null;
  readonly open: ReadonlyMap<string, MentionedFinding>;
  /** They were open, are not seen any more, and nobody could look yet whether they are gone. */
  readonly unknown: ReadonlyMap<string, MentionedFinding>;
  readonly health: ServedHealth | null;
}

export const NOTHING_KNOWN: EstateView = {
  scan: null,
  open: new Map(),
  unknown: new Map(),
  health: null,
};

/** What can become of a finding from one scan to the next, in the order in which it is told. */
export const FINDING_CHANGES = [
  /** It is open now: new, or seen again. */
  'finding_opened',
  /** It is as open as it was, and more or less severe or certain. */
  'finding_changed',
  /** The rule could look, and it is gone. */
  'finding_closed',
  /** It is still there, and somebody said to leave it alone. */
  'finding_suppressed',
  /** It is not seen any more, and the rule could not look. */
  'finding_unknown',
] as const;
export type FindingChange = (typeof FINDING_CHANGES)[number];

export type ScanChange =
  | { readonly kind: FindingChange; readonly finding: MentionedFinding }
  | {
      readonly kind: 'health_changed';
      /** Null for the verdict on everything. */
      readonly component: Omit<ComponentHealth, 'status'> | null;
      /** Null where it was not looked at, then or now. */
      readonly from: OverallStatus | null;
      readonly to: OverallStatus | null;
    };

export interface ScanDiff {
  readonly changes: readonly ScanChange[];
  readonly view: EstateView;
}

/** What one scan tells by itself. */
export function viewOf(scan: ServedScan): EstateView {
  return { scan: scan.id, open: openIn(scan), unknown: new Map(), health: scan.health };
}

/** What changed from how things were to how a scan saw them. Whoever applies the changes to the one view has the other. */
export function diffScans(before: EstateView, scan: ServedScan): ScanDiff {
  const open = openIn(scan);
  const suppressed = new Set(scan.suppressed.keys.map(({ id }) => id));
  const judged = judgedIn(scan.report, RULES);
  const unknown = new Map<string, MentionedFinding>();
  const told: Record<FindingChange, MentionedFinding[]> = {
    finding_opened: [],
    finding_changed: [],
    finding_closed: [],
    finding_suppressed: [],
    finding_unknown: [],
  };
  for (const finding of open.values()) {
    const earlier = before.open.get(finding.id);
    if (earlier === undefined) told.finding_opened.push(finding);
    else if (isOther(earlier, finding)) told.finding_changed.push(finding);
  }
  for (const finding of [...before.open.values(), ...before.unknown.values()]) {
    const { id } = finding;
    if (open.has(id)) continue;
    if (suppressed.has(id)) told.finding_suppressed.push(finding);
    else if (judged(finding)) told.finding_closed.push(finding);
    else {
      unknown.set(id, finding);
      if (before.open.has(id)) told.finding_unknown.push(finding);
    }
  }
  const changes = FINDING_CHANGES.flatMap((kind) =>
    told[kind].toSorted(worstFirst).map((finding): ScanChange => ({ kind, finding })),
  );
  return {
    changes: [...changes, ...healthChanges(before.health, scan.health)],
    view: { scan: scan.id, open, unknown, health: scan.health },
  };
}

function openIn({ findings, report }: ServedScan): ReadonlyMap<string, MentionedFinding> {
  const { clusters, systems } = membersOf(report);
  return new Map(
    findings.keys.map((finding) => {
      const { id, rule, category, severity, confidence, subject, reclaimable } = finding;
      const scope =
        subject.location === 'kubernetes'
          ? scopeOf('cluster', subject.cluster, clusters)
          : scopeOf('system', subject.system, systems);
      return [
        id,
        {
          ...{ id, rule, category, severity, confidence, scope, reclaimable },
          subject: typedName(subject),
          namespace: namespaceOf(finding),
        },
      ];
    }),
  );
}

function isOther(a: MentionedFinding, b: MentionedFinding): boolean {
  return a.severity !== b.severity || a.confidence !== b.confidence || a.namespace !== b.namespace;
}

function worstFirst(a: MentionedFinding, b: MentionedFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(a.rule > b.rule) - Number(a.rule < b.rule) ||
    Number(a.id > b.id) - Number(a.id < b.id)
  );
}

function healthChanges(before: ServedHealth | null, after: ServedHealth): readonly ScanChange[] {
  const changes: ScanChange[] = [];
  const tell = (
    component: Omit<ComponentHealth, 'status'> | null,
    from: OverallStatus | null,
    to: OverallStatus | null,
  ): void => {
    if (from !== to) changes.push({ kind: 'health_changed', component, from, to });
  };
  tell(null, before?.overall ?? null, after.overall);
  const left = new Map((before?.components ?? []).map((each) => [componentKey(each), each]));
  for (const { status, ...component } of after.components) {
    const key = componentKey(component);
    tell(component, left.get(key)?.status ?? null, status);
    left.delete(key);
  }
  for (const { status, ...component } of left.values()) tell(component, status, null);
  return changes;
}

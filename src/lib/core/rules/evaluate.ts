import { type Evidence, type ScopeMember, worstOf } from '../correlate/correlate.ts';
import { isDerived } from '../correlate/sources.ts';
import { assurance, condition, type Check } from '../model/check.ts';
import { combineCoverage } from '../model/coverage.ts';
import { type EvidenceSource } from '../model/evidence.ts';
import { type ListSource } from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { type SourceStatus } from '../model/report.ts';
import { refKey, subjectKey, type ResourceRef } from '../model/resource-ref.ts';
import { type Rule, type RuleContext, type Verdict } from '../model/rule.ts';

/** A verdict whose conditions all passed, but for those the second read has yet to settle. */
export interface Candidate {
  readonly rule: Rule;
  readonly member: ScopeMember;
  readonly verdict: Verdict;
  /** The whole checklist, the premise first. */
  readonly checks: readonly Check[];
}

/** Whom a rule suspected, without all that led it there. */
export interface Suspect {
  readonly rule: Rule;
  readonly member: ScopeMember;
  readonly verdict: Pick<Verdict, 'subject'>;
}

/** What came of one rule on one cluster or system. */
export type RuleOutcome<C extends Suspect = Candidate> =
  | {
      readonly state: 'ran';
      readonly rule: Rule;
      readonly member: ScopeMember;
      readonly examined: number;
      readonly candidates: readonly C[];
    }
  | {
      readonly state: 'skipped';
      readonly rule: Rule;
      readonly member: ScopeMember;
      readonly because: readonly SourceStatus[];
    };

/** Whether nothing is left to find out: every condition passed. */
export function isSettled({ checks }: Pick<Candidate, 'checks'>): boolean {
  return checks.every(({ weight, result }) => weight !== 'finding' || result === 'passed');
}

/** Whether a check leaves room for a finding: an unknown condition does only while it awaits the second read. */
function mayHold({ weight, result, pending }: Check): boolean {
  return weight !== 'finding' || result === 'passed' || pending === true;
}

/** Identifies one rule's verdict on one subject within an inventory. */
export function verdictKey(rule: Rule, subject: ResourceRef): string {
  return `${rule.id} ${refKey(subject)}`;
}

/** Every cluster or system a rule has to be evaluated for. */
export function membersFor(rule: Rule, { inventory }: Evidence): readonly ScopeMember[] {
  const members = rule.scope === 'cluster' ? inventory.clusters : inventory.systems;
  return members.map(({ identity }) => ({ scope: rule.scope, name: identity.name }));
}

/** Decisive sources a rule cannot do without here; this is the only place that skips a rule. */
function missingSources(rule: Rule, evidence: Evidence, member: ScopeMember): SourceStatus[] {
  const missing = new Map<string, SourceStatus>();
  for (const source of rule.requires) {
    for (const status of evidence.statusesOf(source, member)) {
      if (status.coverage.state === 'complete') continue;
      missing.set(`${status.name} ${status.cluster ?? ''} ${status.system ?? ''}`, status);
    }
  }
  return [...missing.values()];
}

function valueOf(source: EvidenceSource, evidence: Evidence, member: ScopeMember): unknown {
  return isDerived(source)
    ? evidence.derived[source]
    : evidence.itemsOf(source satisfies ListSource, member);
}

/** What exactly the rule asked for, and nothing else: it cannot read what it did not name. */
function evidenceFor(rule: Rule, evidence: Evidence, member: ScopeMember): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const source of rule.requires) given[source] = valueOf(source, evidence, member);
  for (const source of rule.consults) {
    // What cannot exist there is known to be empty.
    const statuses = evidence
      .statusesOf(source, member)
      .filter(({ coverage }) => coverage.state !== 'not_applicable');
    const coverage = combineCoverage([worstOf(statuses)]);
    const value = valueOf(source, evidence, member);
    given[source] = isDerived(source) ? { coverage, value } : { coverage, items: value };
  }
  return given;
}

/** The key under which the first-seen store knows a rule's suspect, whatever its home is called in the configuration. */
export function firstSeenKey(
  evidence: Pick<Evidence, 'inventory'>,
  rule: Pick<Rule, 'id'>,
  ref: ResourceRef,
): string {
  return `${homeId(evidence, ref)} ${rule.id} ${subjectKey(ref)}`;
}

/** Uid of the cluster or host id of the system an object lives on; its configured name where neither may be read. */
export function homeId(evidence: Pick<Evidence, 'inventory'>, ref: ResourceRef): string {
  return homeIdOf(
    evidence,
    ref.location === 'kubernetes'
      ? { scope: 'cluster', name: ref.cluster }
      : { scope: 'system', name: ref.system },
  );
}

export function homeIdOf(
  { inventory }: Pick<Evidence, 'inventory'>,
  { scope, name }: ScopeMember,
): string {
  const id =
    scope === 'cluster'
      ? inventory.clusters.find(({ identity }) => identity.name === name)?.identity.uid
      : inventory.systems.find(({ identity }) => identity.name === name)?.identity.hostId;
  return id ?? `${scope} ${name}`;
}

function contextOf(
  rule: Rule,
  member: ScopeMember,
  evidence: Evidence,
  policy: Policy,
  suspectsOnly: boolean,
): RuleContext {
  return {
    home: member.name,
    takenAt: evidence.inventory.takenAt,
    now: evidence.now,
    policy,
    suspectsOnly,
    firstSeen: (ref) => evidence.inventory.firstSeen.get(firstSeenKey(evidence, rule, ref)),
  };
}

/** What is in quarantine was put aside on purpose, and is looked after by one rule alone. */
function notQuarantined({ seesQuarantine }: Rule, { place }: Verdict, evidence: Evidence): Check[] {
  const { marks } = evidence.derived;
  if (seesQuarantine === true || place === null || marks.quarantines.length === 0) return [];
  const quarantine = marks.quarantineAt(place.system, place.path);
  return [
    condition('not-quarantined', quarantine === undefined, () =>
      quarantine === undefined ? 'not in quarantine' : `${quarantine.root.id} is in quarantine`,
    ),
  ];
}

/** Rules that get on without the datasets would see a mark there if they could. */
function quarantineSeen(rule: Rule, member: ScopeMember, evidence: Evidence): Check[] {
  if (!rule.consults.includes('volumeLinks')) return [];
  const coverage = worstOf(evidence.statusesOf('marks', member));
  if (coverage.state === 'complete') return [];
  return [assurance('quarantine-seen', undefined, `could not be read: ${coverage.reason}`)];
}

/** A verdict with as much of its checklist as there is any point in working out. */
export interface JudgedVerdict {
  readonly verdict: Verdict;
  /** The premise first, and nothing else where it does not hold. */
  readonly checks: readonly Check[];
  /** No condition failed: a finding, if the second read agrees. */
  readonly holds: boolean;
}

function judge(
  rule: Rule,
  verdict: Verdict,
  evidence: Evidence,
  member: ScopeMember,
): JudgedVerdict {
  if (!mayHold(verdict.premise)) return { verdict, checks: [verdict.premise], holds: false };
  const checks = [
    verdict.premise,
    ...verdict.checks(),
    ...notQuarantined(rule, verdict, evidence),
    ...quarantineSeen(rule, member, evidence),
  ];
  return { verdict, checks, holds: checks.every(mayHold) };
}

/** What a rule says of one cluster or system, verdict by verdict, or which sources it lacks there. */
export function judgeMember(
  rule: Rule,
  member: ScopeMember,
  evidence: Evidence,
  policy: Policy,
  suspectsOnly: boolean,
): { readonly because: readonly SourceStatus[]; readonly verdicts: Iterable<JudgedVerdict> } {
  const because = missingSources(rule, evidence, member);
  if (because.length > 0) return { because, verdicts: [] };
  // The registry erases each rule's own evidence type; what it is given is built from the same list of names.
  const given = evidenceFor(rule, evidence, member) as never;
  const verdicts = rule.evaluate(given, contextOf(rule, member, evidence, policy, suspectsOnly));
  return { because, verdicts: judgeEach(rule, verdicts, evidence, member) };
}

function* judgeEach(
  rule: Rule,
  verdicts: Iterable<Verdict>,
  evidence: Evidence,
  member: ScopeMember,
): Iterable<JudgedVerdict> {
  for (const verdict of verdicts) yield judge(rule, verdict, evidence, member);
}

/** Evaluates one rule on one cluster or system, or says which sources it lacks there. */
export function evaluateRule(
  rule: Rule,
  member: ScopeMember,
  evidence: Evidence,
  policy: Policy,
  suspectsOnly = true,
): RuleOutcome {
  const { because, verdicts } = judgeMember(rule, member, evidence, policy, suspectsOnly);
  if (because.length > 0) return { state: 'skipped', rule, member, because };
  const candidates: Candidate[] = [];
  let examined = 0;
  for (const { verdict, checks, holds } of verdicts) {
    examined += 1;
    if (holds) candidates.push({ rule, member, verdict, checks });
  }
  return { state: 'ran', rule, member, examined, candidates };
}

/** Evaluates every rule wherever it applies. */
export function evaluate(
  rules: readonly Rule[],
  evidence: Evidence,
  policy: Policy,
): readonly RuleOutcome[] {
  return rules.flatMap((rule) =>
    membersFor(rule, evidence).map((member) => evaluateRule(rule, member, evidence, policy)),
  );
}

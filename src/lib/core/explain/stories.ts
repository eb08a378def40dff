import { type ScopeMember } from '../correlate/correlate.ts';
import { detailOf, type Check } from '../model/check.ts';
import { type Policy } from '../model/policy.ts';
import { type Report, type SkippedRule } from '../model/report.ts';
import { refKey, type ResourceRef, type ResourceType } from '../model/resource-ref.ts';
import { type DatasetPlace, type Rule, type Verdict } from '../model/rule.ts';
import { findingId } from '../report/compose-finding.ts';
import { judgeMember, membersFor, type JudgedVerdict } from '../rules/evaluate.ts';
import { objectionText } from '../render/text/doubt.ts';
import { type Home, type RuleStory, type StoryCheck } from './explanation.ts';
import { type Scene } from './scene.ts';

interface Judged extends JudgedVerdict {
  readonly rule: Rule;
  readonly member: ScopeMember;
}

/** Whose verdicts are wanted. */
export interface Cast {
  /** Keys of the objects of the chain, without those beside it. */
  readonly subjects: ReadonlySet<string>;
  /** Their types, and those of the holes among them. */
  readonly types: ReadonlySet<ResourceType>;
  /** Keys of what was asked for: what is said of it comes first. */
  readonly asked: ReadonlySet<string>;
  readonly places: readonly DatasetPlace[];
  readonly homes: readonly Home[];
}

/** What stands for a place in Kubernetes or on the NAS, and so is judged by it. */
function isOn({ place, subject }: Verdict, { places }: Cast): boolean {
  if (place === null || subject.type === 'ZfsSnapshot') return false;
  return places.some(({ system, path }) => system === place.system && path === place.path);
}

/** Lets every rule judge everyone, and keeps what it says of the wanted. */
export function judgeAll(
  rules: readonly Rule[],
  wanted: (verdict: Verdict) => boolean,
  scene: Scene,
  policy: Policy,
): Judged[] {
  const { evidence } = scene;
  return rules.flatMap((rule) =>
    membersFor(rule, evidence).flatMap((member) => {
      const { verdicts } = judgeMember(rule, member, evidence, policy, false);
      const kept: Judged[] = [];
      for (const judged of verdicts) {
        if (wanted(judged.verdict)) kept.push({ ...judged, rule, member });
      }
      return kept;
    }),
  );
}

function storyChecks(checks: readonly Check[]): StoryCheck[] {
  return checks.map((check) => ({
    check: check.id,
    weight: check.weight,
    result: check.result,
    detail: detailOf(check),
  }));
}

/** The first thing that stands against a finding: what is known before what is not. */
function reasonOf(checks: readonly StoryCheck[]): string {
  const against = checks.filter(
    ({ weight, result }) => weight === 'finding' && result !== 'passed',
  );
  const first = against.find(({ result }) => result === 'failed') ?? against[0];
  if (first === undefined) return 'the second look did not confirm it';
  return objectionText(first);
}

function storyOf(
  { rule, verdict, checks: judged }: Judged,
  report: Report,
  scene: Scene,
): RuleStory {
  const id = findingId({ rule, verdict }, scene.evidence);
  const { subject } = verdict;
  const checks = storyChecks(judged);
  const common = { rule: rule.id, title: rule.title, subject, checks };
  const finding = report.findings.find((each) => each.id === id);
  if (finding !== undefined) return { ...common, state: 'reported', finding, reason: null };
  const suppressed = report.suppressed.find((each) => each.finding.id === id);
  if (suppressed === undefined) return { ...common, state: 'silent', reason: reasonOf(checks) };
  const { origin, reason } = suppressed;
  const why = `${reason} (${origin})`;
  return { ...common, state: 'suppressed', finding: suppressed.finding, reason: why };
}

/** Whether a rule that was skipped would have looked at the chain. */
function concerns(skipped: SkippedRule, rule: Rule, cast: Cast): boolean {
  const { cluster, system } = skipped;
  const here = cast.homes.some(
    ({ side, name }) => name === (side === 'cluster' ? cluster : system),
  );
  return here && rule.subjects.some((type) => cast.types.has(type));
}

function skippedStory(skipped: SkippedRule, rule: Rule): RuleStory {
  const { cluster, system, because } = skipped;
  const side = cluster === null ? 'system' : 'cluster';
  const home: Home = { side, name: cluster ?? system ?? '' };
  return { rule: rule.id, title: rule.title, state: 'skipped', home, because };
}

const ORDER = { reported: 0, suppressed: 1, skipped: 2, silent: 3 } as const;

/** What every rule that looked at a chain made of it: what it reports first, then what could not be judged. */
export function tellStories(
  rules: readonly Rule[],
  cast: Cast,
  report: Report,
  scene: Scene,
  policy: Policy,
): readonly RuleStory[] {
  const wanted = (verdict: Verdict): boolean =>
    cast.subjects.has(refKey(verdict.subject)) || isOn(verdict, cast);
  const judged = judgeAll(rules, wanted, scene, policy);
  const stories = judged.map((each) => storyOf(each, report, scene));
  const skipped = report.skipped.flatMap((each) => {
    const rule = rules.find(({ id }) => id === each.rule);
    return rule !== undefined && concerns(each, rule, cast) ? skippedStory(each, rule) : [];
  });
  const rankOf = (story: RuleStory): number =>
    story.state !== 'skipped' && cast.asked.has(refKey(story.subject)) ? 0 : 1;
  return [...stories, ...skipped].sort(
    (a, b) => ORDER[a.state] - ORDER[b.state] || rankOf(a) - rankOf(b),
  );
}

/**
 * Whom rules mean by a finding id, reported or not, by the whole id.
 *
 * @param start the id, or how it begins
 */
export function subjectsOfFinding(
  start: string,
  rules: readonly Rule[],
  report: Report,
  scene: Scene,
  policy: Policy,
): ReadonlyMap<string, ResourceRef> {
  const known = [...report.findings, ...report.suppressed.map(({ finding }) => finding)];
  const reported = known.filter(({ id }) => id.startsWith(start));
  if (reported.length > 0) return new Map(reported.map(({ id, subject }) => [id, subject]));
  const subjects = new Map<string, ResourceRef>();
  for (const rule of rules) {
    const idOf = (verdict: Verdict): string => findingId({ rule, verdict }, scene.evidence);
    const isMeant = (verdict: Verdict): boolean => idOf(verdict).startsWith(start);
    for (const { verdict } of judgeAll([rule], isMeant, scene, policy)) {
      subjects.set(idOf(verdict), verdict.subject);
    }
  }
  return subjects;
}

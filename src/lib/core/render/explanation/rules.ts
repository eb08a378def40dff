import {
  type Home,
  type ReportedStory,
  type RuleStory,
  type SilentStory,
  type SkippedStory,
  type StoryCheck,
  type SuppressedStory,
} from '../../explain/explanation.ts';
import { type SourceStatus } from '../../model/report.ts';
import { refKey, type ResourceRef } from '../../model/resource-ref.ts';
import { wrapWords } from '../text/columns.ts';
import { objectionText } from '../text/doubt.ts';
import { joined } from '../text/format.ts';
import { shortObjectName, sourceLabel } from '../text/labels.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';

function indented(indent: string, text: string, width: number, hang = ''): string[] {
  return wrapWords(printable(text), width - indent.length, hang).map((line) => indent + line);
}

const MARKS = { passed: '+', failed: '-', unknown: '?' } as const;

function checkLines(checks: readonly StoryCheck[], width: number, palette: Palette): string[] {
  return checks.flatMap(({ check, result, detail }) =>
    indented('      ', `${MARKS[result]} ${check}: ${detail}`, width, '  ').map(palette.dim),
  );
}

/** Why it is not certain, and so what would make it so; in no list of what speaks for it. */
function isDoubt({ weight, result }: StoryCheck): boolean {
  return weight === 'confidence' && result !== 'passed';
}

function doubtLines(checks: readonly StoryCheck[], width: number, palette: Palette): string[] {
  return checks
    .filter(isDoubt)
    .flatMap((check) => indented('    ', `only likely: ${objectionText(check)}`, width, '  '))
    .map(palette.warning);
}

function followLine({ state, finding }: ReportedStory | SuppressedStory): string {
  if (state === 'suppressed') return 'Somebody wants it left alone; where they no longer do:';
  const { action, safe } = finding.remedy;
  if (action === 'none') return 'What to do:';
  return safe
    ? 'Safe to follow:'
    : 'Not safe to follow blindly; somebody may still want what is there:';
}

function reportedLines(
  story: ReportedStory | SuppressedStory,
  width: number,
  palette: Palette,
): string[] {
  const { finding, rule, subject } = story;
  const { severity, confidence, id, reason, remedy } = finding;
  const title = `${rule} on ${shortObjectName(subject)}: ${severity}, ${confidence}, id ${id}`;
  const suppressed =
    story.reason === null ? [] : indented('    ', `suppressed: ${story.reason}`, width);
  const steps = remedy.steps.flatMap((step, at) =>
    indented('    ', `${String(at + 1)}. ${step}`, width, '   '),
  );
  return [
    ...indented('  ', title, width, '    ').map(palette.severity[severity]),
    ...indented('    ', reason, width),
    ...suppressed.map(palette.warning),
    ...doubtLines(story.checks, width, palette),
    ...checkLines(
      story.checks.filter((check) => !isDoubt(check)),
      width,
      palette,
    ),
    ...indented('    ', followLine(story), width),
    ...steps,
    ...commandLines(story),
  ];
}

/** What this tool does about it, on a line of its own that is never broken: a command in two lines is two commands. */
function commandLines({ state, finding }: ReportedStory | SuppressedStory): string[] {
  const { command } = finding.remedy;
  if (state === 'suppressed' || command === null) return [];
  return ['    With this tool, which first says what it would do:', `      ${printable(command)}`];
}

/** Silent verdicts that say the same of the same rule, such as of a hundred snapshots. */
function groupSilent(stories: readonly SilentStory[]): ReadonlyMap<string, readonly SilentStory[]> {
  return Map.groupBy(stories, ({ rule, reason }) => `${rule}: ${reason}`);
}

/** Which object is meant, as shortly as the tree above allows: where it has only one of a type, by its type. */
function subjectText(
  subjects: readonly ResourceRef[],
  asked: ReadonlySet<string>,
  alone: ReadonlySet<string>,
): string {
  const [first] = subjects;
  if (first === undefined || asked.has(refKey(first))) return '';
  const name = shortObjectName(first);
  const [type = ''] = name.split('/', 1);
  if (subjects.length > 1) return ` (${String(subjects.length)} of type ${type})`;
  return ` (${alone.has(first.type) ? type : name})`;
}

/** Types of which only one object was judged. */
function aloneIn(stories: readonly SilentStory[]): ReadonlySet<string> {
  const byType = Map.groupBy(stories, ({ subject }) => subject.type);
  const single = [...byType].filter(
    ([, each]) => new Set(each.map(({ subject }) => refKey(subject))).size === 1,
  );
  return new Set(single.map(([type]) => type));
}

/** What the rule looks for is not the case, and nothing else of the object was worked out. */
function isSound({ checks }: SilentStory): boolean {
  return checks.length === 1 && checks[0]?.result === 'failed';
}

/**
 * Silent verdicts that are worth a line each, and the rules that have nothing else to say here. A rule that reports another object
 * of the chain says of each why it does not report it.
 */
function sift(stories: readonly RuleStory[]): {
  readonly told: readonly SilentStory[];
  readonly sound: readonly string[];
} {
  const silent = stories.filter((story) => story.state === 'silent');
  const speaking = new Set(
    stories
      .filter((story) => story.state !== 'skipped' && !(story.state === 'silent' && isSound(story)))
      .map(({ rule }) => rule),
  );
  const told = silent.filter((story) => speaking.has(story.rule));
  const rest = silent.filter((story) => !speaking.has(story.rule));
  return { told, sound: [...new Set(rest.map(({ rule }) => rule))] };
}

function silentLines(
  stories: readonly RuleStory[],
  asked: ReadonlySet<string>,
  width: number,
): string[] {
  const { told, sound } = sift(stories);
  return [
    ...toldLines(told, asked, width),
    ...(sound.length === 0
      ? []
      : indented('  ', `nothing of what these look for: ${joined(sound)}`, width, '    ')),
  ];
}

function toldLines(
  stories: readonly SilentStory[],
  asked: ReadonlySet<string>,
  width: number,
): string[] {
  const alone = aloneIn(stories);
  return [...groupSilent(stories)].flatMap(([text, group]) => {
    const who = subjectText(
      group.map(({ subject }) => subject),
      asked,
      alone,
    );
    return indented('  ', `${text}${who}`, width, '    ');
  });
}

function describeSource({ name, cluster, system, coverage }: SourceStatus): string {
  const where = cluster === null ? `system ${system ?? ''}` : `cluster ${cluster}`;
  const why = coverage.state === 'complete' ? '' : `: ${coverage.reason}`;
  return `${sourceLabel(name)} of ${where} ${coverage.state.replace('_', ' ')}${why}`;
}

function homeText({ side, name }: Home): string {
  return `${side} ${name}`;
}

/** One system that is down keeps thirty rules from being judged, all for the same want. */
function skippedLines(stories: readonly SkippedStory[], width: number): string[] {
  const byWant = Map.groupBy(
    stories,
    ({ home, because }) => `(${homeText(home)}): ${because.map(describeSource).join('; ')}`,
  );
  return [...byWant].flatMap(([want, group]) =>
    indented('  ', `${joined(group.map(({ rule }) => rule))} ${want}`, width, '    '),
  );
}

function block(title: string, lines: readonly string[], palette: Palette): string[] {
  return lines.length === 0 ? [] : [palette.heading(title), ...lines];
}

/** What every rule that looked at a chain made of it, as blocks of lines: what was found, and what was not. */
export interface RuleBlocks {
  readonly found: string[][];
  readonly open: string[][];
}

/** @param wanted what was typed: it may be how the id of a finding begins, and then that one is told first */
export function ruleBlocks(
  stories: readonly RuleStory[],
  asked: ReadonlySet<string>,
  wanted: string,
  width: number,
  palette: Palette,
): RuleBlocks {
  const rank = ({ finding }: ReportedStory | SuppressedStory): number =>
    finding.id.startsWith(wanted) ? 0 : 1;
  const reported = stories.filter((story) => story.state === 'reported');
  const suppressed = stories.filter((story) => story.state === 'suppressed');
  const skipped = stories.filter((story) => story.state === 'skipped');
  const lines = (each: readonly (ReportedStory | SuppressedStory)[]): string[] =>
    each
      .toSorted((a, b) => rank(a) - rank(b))
      .flatMap((story) => reportedLines(story, width, palette));
  return {
    found: [
      block('REPORTED', lines(reported), palette),
      block('SUPPRESSED', lines(suppressed), palette),
    ],
    open: [
      block('NOT JUDGED, for want of', skippedLines(skipped, width), palette),
      block('NOT REPORTED, because', silentLines(stories, asked, width), palette),
    ],
  };
}

import { type Category, type Severity } from '../../model/finding.ts';
import { type Rule } from '../../model/rule.ts';
import { joined } from '../text/format.ts';
import { rulePage } from '../rule-page.ts';

/** What is said of a rule, beside its results. */
export interface RuleText {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Null of a rule that nobody knows. */
  readonly category: Category | null;
  /** Of checks. */
  readonly component: string | null;
  /** Types of what it looks at, and where they live. */
  readonly about: string | null;
}

const SIDES = { cluster: 'Kubernetes', system: 'TrueNAS' } as const;

export function ruleTextOf(rule: Rule): RuleText {
  return {
    id: rule.id,
    title: rule.title,
    severity: rule.severity,
    category: rule.category,
    component: rule.component ?? null,
    about: `${joined(rule.subjects)} objects of ${SIDES[rule.scope]}`,
  };
}

type Level = 'error' | 'warning' | 'note';

/** SARIF has no level between "note" and silence for what is a result. */
export const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** How viewers that know more than levels name the same. */
const PROBLEM_SEVERITIES = {
  error: 'error',
  warning: 'warning',
  note: 'recommendation',
} as const satisfies Record<Level, string>;

/** `dataset-unclaimed` as `DatasetUnclaimed`, which is how SARIF wants names of rules. */
function pascalCase(id: string): string {
  return id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What viewers show beside a result, which says itself what was seen and what to do about it. */
function helpOf({ title, severity, category, component }: RuleText, page: string): string {
  const facts = [
    `Severity: ${severity}, unless a result says otherwise.`,
    ...(component === null ? [] : [`Component: ${component}.`]),
    ...(category === null ? [] : [`Category: ${category}.`]),
  ];
  return [
    `${title}.`,
    facts.join(' '),
    'What to do about a result is in its message.',
    `What it means, why it happens and how to mend it: ${page}, which comes with truenas-monitor.`,
  ].join('\n\n');
}

/** A rule as `tool.driver.rules` lists it. Its page has no address to link to, only a place in the package. */
export function descriptorOf(rule: RuleText): object {
  const { id, title, category, component, about } = rule;
  const level = LEVELS[rule.severity];
  const page = rulePage(id);
  const tags = [category, component].filter((tag) => tag !== null);
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: title },
    fullDescription: {
      text: about === null ? `${title}.` : `${title}. Looks at ${about}.`,
    },
    help: { text: helpOf(rule, page), markdown: helpOf(rule, `\`${page}\``) },
    defaultConfiguration: { level },
    properties: {
      ...(tags.length > 0 && { tags }),
      severity: rule.severity,
      'problem.severity': PROBLEM_SEVERITIES[level],
    },
  };
}

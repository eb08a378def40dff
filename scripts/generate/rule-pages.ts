import { type Rule } from '../../src/lib/core/model/rule.ts';
import { snakeCase } from '../../src/lib/core/render/wire/names.ts';
import { CHECKS } from '../../src/lib/core/rules/check-registry.ts';
import { RULES as STORAGE_RULES } from '../../src/lib/core/rules/registry.ts';
import { marked, replaceMarked } from './marked.ts';
import { sourceSection } from './source-meanings.ts';

const RULES: readonly Rule[] = [...STORAGE_RULES, ...CHECKS];

const SIDES = { cluster: 'Kubernetes', system: 'TrueNAS' } as const;

/** A check of connections is asked in the name of one side, and speaks of both; one of files, of the machine they lie on. */
function sideOf({ subjects, scope }: Rule): string {
  if (subjects.includes('ConfigFile')) return 'this machine';
  return subjects.includes('Cluster') && subjects.includes('System') ? 'both' : SIDES[scope];
}

function code(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => `\`${name}\``).join(', ');
}

/** Whether the source of a check speaks of more severities than its own: then the page says which object is how severe. */
function isGraded(rule: Rule, source: string | undefined): boolean {
  if (rule.component === undefined || source === undefined) return false;
  return source
    .split('\n')
    .filter((line) => !/^(?:import .*| {2}severity: '[a-z]+',|\s*(?:\/\/|\/?\*).*)$/.test(line))
    .some((line) => /\bseverity\b/.test(line));
}

function header(rule: Rule, source: string | undefined): string {
  const rows = [
    ['category', rule.category],
    ['severity', `${rule.severity}${isGraded(rule, source) ? ', or as the page says' : ''}`],
    ['side', sideOf(rule)],
    [rule.component === undefined ? 'reports' : 'checks', code(rule.subjects)],
    ...(rule.component === undefined ? [] : [['component', rule.component]]),
    [
      '[decided by](README.md#sources)',
      `${code(rule.requires.map(snakeCase))}: unless every one was read whole, the rule is skipped`,
    ],
    [
      'consults',
      `${code(rule.consults.map(snakeCase))}${rule.consults.length === 0 ? '' : ': not read whole, a finding is at most likely'}`,
    ],
    ...(rule.aliases === undefined ? [] : [['formerly', code(rule.aliases)]]),
  ];
  return [
    `# ${rule.id}`,
    '',
    `${rule.title}.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name = '', value = '']) => `| ${name} | ${value} |`),
  ].join('\n');
}

/** A rule's page with its header brought up to date; what people wrote below it stays. */
function page(rule: Rule, current: string | undefined, source: string | undefined): string {
  const content = header(rule, source);
  if (current === undefined) return `${marked('header', content)}\n`;
  return replaceMarked(current, 'header', content) ?? `${marked('header', content)}\n\n${current}`;
}

function index(): string {
  const rows = [...RULES]
    .sort((a, b) => (a.category + a.id < b.category + b.id ? -1 : 1))
    .map(
      (rule) =>
        `| [${rule.id}](${rule.id}.md) | ${rule.category} | ${rule.severity} | ${sideOf(rule)} | ${rule.title} |`,
    );
  return [
    '# Rules',
    '',
    'Written by `npm run generate` from the registry. Each page says what makes a finding certain and what is never reported.',
    '',
    'In the commands of the pages `tank/k8s` stands for the parent of a driver and `tank/detached` for that of its detached snapshots. What is in capitals comes from the finding: `LEAF` is the last element of the path of a dataset.',
    'Commands that begin with `zfs`, `zpool` or `midclt` run in a shell of TrueNAS, the others where `kubectl` works.',
    '',
    '| rule | category | severity | side | reports |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...sourceSection(),
  ].join('\n');
}

/** The index of the rules and the page of each, by path. */
export async function ruleFiles(
  read: (file: string) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const files = new Map([['docs/rules/README.md', index()]]);
  for (const rule of RULES) {
    const file = `docs/rules/${rule.id}.md`;
    const source = await read(`src/lib/core/rules/${rule.category}/${rule.id}.ts`);
    files.set(file, page(rule, await read(file), source));
  }
  return files;
}

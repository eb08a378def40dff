import {
  ANALYSIS_FORMATS,
  CLEANUP_FORMATS,
  CLEANUP_HISTORY_FORMATS,
  EXPLANATION_FORMATS,
  type Format,
  FORMATS,
  HISTORY_FORMATS,
} from '../../core/render/formats.ts';
import { SECTION_IDS } from '../../core/model/document.ts';
import { DOCUMENT_FORMATS } from '../../core/render/document/formats.ts';
import { TYPE_NAMES } from '../../core/model/resource-ref.ts';
import {
  type Candidate,
  type Completion,
  DIRECTIVE,
  DIRECTORIES,
  FILES,
  NOTHING,
  offering,
} from './candidates.ts';
import { type KnownCommand, type ValueSources } from './complete.ts';
import { SHELLS } from './shells.ts';

/** What can be known without asking a server: files on this machine, and what the last scan kept. */
export interface LocalKnowledge {
  contexts(): Promise<readonly string[]>;
  namespaces(): Promise<readonly string[]>;
  pools(): Promise<readonly string[]>;
  storageClasses(): Promise<readonly string[]>;
  /** Names of objects as `-o name` writes them, of the type that is typed; types alone before one is. */
  objects(typed: string): Promise<readonly string[]>;
  /** Ids of clean-up on this machine, the newest first. */
  plans(): Promise<readonly string[]>;
  runs(): Promise<readonly string[]>;
}

const SPANS: Readonly<Record<string, readonly string[]>> = {
  'older-than': ['24h', '7d', '30d', '90d'],
  'max-age': ['1m', '10m', '1h'],
  days: ['30', '90', '180', '400'],
  since: ['24h', '7d', '30d', '90d'],
  interval: ['10s', '30s', '5m'],
  timeout: ['10s', '30s', '2m'],
  'demo-now': ['+1d', '+8d', '+31d'],
};

const FILE_FLAGS: ReadonlySet<string> = new Set(['config', 'kubeconfig', 'output-file', 'compare']);

function plain(values: readonly string[]): Completion {
  return offering(values.map((value) => ({ value })));
}

function formatsOf(formats: readonly Format[], typed: string): Completion {
  const candidates: readonly Candidate[] = formats.map(({ name, description }) => ({
    value: name === 'jsonpath' ? 'jsonpath=' : name,
    description,
  }));
  // A template follows, and no space.
  const begun = typed.length > 1 && 'jsonpath='.startsWith(typed);
  return offering(candidates, DIRECTIVE.noFiles + (begun ? DIRECTIVE.noSpace : 0));
}

/** The commands that make checks, and judge by no other rules. */
function checking(command: string): 'validate' | 'health' | undefined {
  return command === 'validate' || command === 'health' ? command : undefined;
}

async function rules(command: string): Promise<Completion> {
  const checks = checking(command);
  const rules =
    checks === undefined
      ? (await import('../../core/rules/registry.ts')).RULES
      : (await import('../../core/rules/check-registry.ts')).checksOf(checks);
  return offering(rules.map(({ id, title }) => ({ value: id, description: title })));
}

async function components(command: string): Promise<Completion> {
  const checks = checking(command);
  if (checks === undefined) return NOTHING;
  const { componentsOf } = await import('../../core/rules/check-registry.ts');
  return plain(componentsOf(checks));
}

async function snapshots(typed: string, local: LocalKnowledge): Promise<readonly string[]> {
  const type = 'zfssnapshot/';
  const names = await local.objects(`${type}${typed}`);
  return names.map((name) => name.slice(type.length));
}

/** Outputs of the commands that have others than most. */
const OUTPUTS: Readonly<Partial<Record<string, readonly Format[]>>> = {
  explain: EXPLANATION_FORMATS,
  analyze: ANALYSIS_FORMATS,
  'history:status': HISTORY_FORMATS,
  report: DOCUMENT_FORMATS,
  cleanup: CLEANUP_FORMATS,
  'cleanup:plan': CLEANUP_FORMATS,
  'cleanup:approve': CLEANUP_FORMATS,
  'cleanup:apply': CLEANUP_FORMATS,
  'cleanup:rollback': CLEANUP_FORMATS,
  'cleanup:history': CLEANUP_HISTORY_FORMATS,
};

/** Values of the flags that have some, by name. */
const VALUES: Readonly<
  Record<
    string,
    (asked: { command: string; typed: string; local: LocalKnowledge }) => Promise<Completion>
  >
> = {
  output: ({ command, typed }) => Promise.resolve(formatsOf(OUTPUTS[command] ?? FORMATS, typed)),
  sections: () => Promise.resolve(plain(SECTION_IDS)),
  rule: async ({ command }) => await rules(command),
  component: async ({ command }) => await components(command),
  type: () => Promise.resolve(plain(TYPE_NAMES)),
  context: async ({ local }) => plain(await local.contexts()),
  namespace: async ({ local }) => plain(await local.namespaces()),
  pool: async ({ local }) => plain(await local.pools()),
  'include-snapshots': async ({ typed, local }) => plain(await snapshots(typed, local)),
  'storage-class': async ({ local }) => plain(await local.storageClasses()),
};

async function flagValues(
  name: string,
  command: string,
  typed: string,
  local: LocalKnowledge,
): Promise<Completion> {
  if (FILE_FLAGS.has(name)) return FILES;
  if (name === 'demo-state') return DIRECTORIES;
  if (!Object.hasOwn(VALUES, name)) return plain(SPANS[name] ?? []);
  return (await VALUES[name]?.({ command, typed, local })) ?? NOTHING;
}

/** The first word of `explain` is a type with a slash, or an object; behind a type alone comes a name. */
async function explained(
  before: readonly string[],
  typed: string,
  local: LocalKnowledge,
): Promise<Completion> {
  const [type] = before;
  if (type !== undefined) {
    const names = before.length === 1 ? await local.objects(`${type}/${typed}`) : [];
    return plain(names.map((name) => name.slice(type.length + 1)));
  }
  if (typed.includes('/')) return plain(await local.objects(typed));
  return offering(
    TYPE_NAMES.map((name) => ({ value: `${name}/` })),
    DIRECTIVE.noFiles + DIRECTIVE.noSpace,
  );
}

/** What the commands of clean-up are about, by its id; a plan may be a file as well. */
async function cleanedUp(command: string, local: LocalKnowledge): Promise<Completion | undefined> {
  switch (command) {
    case 'cleanup:approve':
    case 'cleanup:apply':
      return offering(
        (await local.plans()).map((value) => ({ value })),
        DIRECTIVE.files,
      );
    case 'cleanup:rollback':
      return plain(await local.runs());
    case 'cleanup:history':
      return plain([...(await local.runs()), ...(await local.plans())]);
    default:
      return undefined;
  }
}

/** Values of our own flags and arguments. */
export function valueSources(
  commands: readonly Pick<KnownCommand, 'id' | 'hidden'>[],
  local: LocalKnowledge,
): ValueSources {
  const names = commands.filter(({ hidden }) => !hidden).map(({ id }) => id.split(':', 1)[0] ?? id);
  return {
    flag: async (name, command, typed) => await flagValues(name, command, typed, local),
    argument: async (command, before, typed) => {
      if (command === 'explain') return await explained(before, typed, local);
      if (before.length > 0) return NOTHING;
      if (command === 'help') return plain([...new Set(names)]);
      if (command === 'autocomplete') return plain(SHELLS);
      if (command === 'history:import') return FILES;
      return (await cleanedUp(command, local)) ?? NOTHING;
    },
  };
}

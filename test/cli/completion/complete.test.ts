import { describe, expect, test } from 'vitest';
import { DIRECTIVE, serialise } from '../../../src/lib/cli/completion/candidates.ts';
import { complete, type Program } from '../../../src/lib/cli/completion/complete.ts';
import { type LocalKnowledge, valueSources } from '../../../src/lib/cli/completion/values.ts';

type Flag = Program['commands'][number]['flags'][string];

const option = (name: string, over: Partial<Flag> = {}): Flag =>
  ({ name, type: 'option', summary: `what ${name} is`, ...over }) as Flag;
const boolean = (name: string): Flag => ({
  name,
  type: 'boolean',
  allowNo: false,
  summary: `what ${name} is`,
});

const byName = (...flags: readonly Flag[]) =>
  Object.fromEntries(flags.map((each) => [each.name, each]));

const program: Program = {
  commands: [
    {
      id: 'orphans',
      summary: 'list storage\nand more',
      description: '',
      hidden: false,
      flags: byName(
        option('output', { char: 'o' }),
        option('rule', { multiple: true }),
        option('type', { multiple: true }),
        option('namespace', { char: 'n', multiple: true }),
        option('context', { multiple: true }),
        option('config'),
        option('demo-state'),
        option('older-than'),
        option('url'),
        option('fail-on', { options: ['high', 'none'] }),
        option('secret-of-ours', { hidden: true }),
        boolean('quiet'),
      ),
    },
    {
      id: 'explain',
      summary: 'one object',
      description: '',
      hidden: false,
      flags: byName(option('output', { char: 'o' })),
    },
    {
      id: 'validate',
      summary: 'check it',
      description: '',
      hidden: true,
      flags: byName(option('rule', { multiple: true }), option('component', { multiple: true })),
    },
    {
      id: 'analyze',
      summary: 'where space goes',
      description: '',
      hidden: true,
      flags: byName(
        option('output', { char: 'o' }),
        option('pool', { multiple: true }),
        option('storage-class', { multiple: true }),
        option('days'),
      ),
    },
    { id: 'config:view', summary: 'show it', description: '', hidden: false, flags: {} },
    { id: 'config:check', summary: 'check it', description: '', hidden: false, flags: {} },
    { id: 'help', description: 'Display help for <%= config.bin %>.', hidden: false, flags: {} },
    { id: 'complete', summary: 'for scripts', description: '', hidden: true, flags: {} },
  ],
  topics: [{ name: 'config', description: 'the configuration' }],
};

const local: LocalKnowledge = {
  contexts: () => Promise.resolve(['prod', 'staging']),
  namespaces: () => Promise.resolve(['media', 'shop']),
  pools: () => Promise.resolve(['flash', 'tank']),
  storageClasses: () => Promise.resolve(['nas-iscsi', 'nas-nfs']),
  objects: (typed) =>
    Promise.resolve(
      ['pv/pvc-1', 'pv/pvc-2', 'zfssnapshot/tank/a@daily'].filter((each) => each.startsWith(typed)),
    ),
  plans: () => Promise.resolve(['6f0c1d2e3a4b5c6d']),
  runs: () => Promise.resolve(['20261122t120000z-6f0c1d2e']),
};

async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { candidates } = await complete(words, program, valueSources(program.commands, local));
  return candidates.map(({ value }) => value);
}

async function directive(...words: readonly string[]): Promise<number> {
  return (await complete(words, program, valueSources(program.commands, local))).directive;
}

describe('commands', () => {
  test('are offered where none is typed, topics once, hidden ones never', async () => {
    expect(await offered('')).toEqual(['orphans', 'explain', 'config', 'help']);
    expect(await offered('or')).toEqual(['orphans']);
    expect(await offered('config', '')).toEqual(['view', 'check']);
    expect(await offered('config', 'v')).toEqual(['view']);
  });

  test('that do not exist lead nowhere', async () => {
    expect(await offered('nonsense', '')).toEqual([]);
    expect(await offered('--demo', 'or')).toEqual([]);
  });

  test('come with the first line of what they are for, in the words of the program', async () => {
    const { candidates } = await complete([''], program, valueSources(program.commands, local));
    expect(candidates.map(({ description }) => description)).toEqual([
      'list storage',
      'one object',
      'the configuration',
      'Display help for truenas-monitor.',
    ]);
  });

  test('can be asked about with help', async () => {
    expect(await offered('help', '')).toEqual(['orphans', 'explain', 'config', 'help']);
    expect(await offered('--')).toEqual(['--help', '--version']);
    expect(await offered('config', '-')).toEqual(['--help']);
  });
});

describe('clean-up', () => {
  const cleanup = (id: string, over: Partial<Flag> = {}): Program['commands'][number] => ({
    id,
    summary: `what ${id} does`,
    description: '',
    hidden: false,
    flags: byName(option('output', { char: 'o' }), option('include-snapshots', over)),
  });
  const cleaning: Program = {
    commands: ['cleanup:apply', 'cleanup', 'cleanup:rollback', 'cleanup:history'].map((id) =>
      cleanup(id),
    ),
    topics: [{ name: 'cleanup', description: 'give space back' }],
  };
  const valuesOf = async (...words: readonly string[]) =>
    await complete(words, cleaning, valueSources(cleaning.commands, local));
  const names = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await valuesOf(...words)).candidates.map(({ value }) => value);

  test('is a command, and leads to those below it', async () => {
    expect((await valuesOf('')).candidates).toEqual([
      { value: 'cleanup', description: 'what cleanup does' },
    ]);
    expect(await names('cleanup', '')).toEqual(['apply', 'rollback', 'history']);
    expect(await names('cleanup', 'a')).toEqual(['apply']);
    expect(await names('cleanup', '--out')).toEqual(['--output']);
    expect(await names('cleanup', '-o', 'json', '')).toEqual([]);
  });

  test('knows the plans and runs of this machine, and that a plan may be a file', async () => {
    expect(await names('cleanup', 'apply', '')).toEqual(['6f0c1d2e3a4b5c6d']);
    expect((await valuesOf('cleanup', 'apply', 'plan')).directive).toBe(DIRECTIVE.files);
    expect(await names('cleanup', 'rollback', '')).toEqual(['20261122t120000z-6f0c1d2e']);
    expect(await names('cleanup', 'history', '')).toHaveLength(2);
  });

  test('offers its own formats, and the snapshots of the kept scan', async () => {
    expect(await names('cleanup', 'apply', '-o', '')).toEqual([
      'table',
      'wide',
      'json',
      'yaml',
      'name',
    ]);
    expect(await names('cleanup', '--include-snapshots', 'tank')).toEqual(['tank/a@daily']);
  });
});

describe('flags', () => {
  test('are offered behind a dash, hidden ones never', async () => {
    expect(await offered('orphans', '--o')).toEqual(['--output', '--older-than']);
    expect(await offered('orphans', '--secret')).toEqual([]);
    expect(await offered('orphans', '--he')).toEqual(['--help']);
  });

  test('that were used are offered again only where they may be repeated', async () => {
    expect(await offered('orphans', '--quiet', '-o', 'json', '--qu')).toEqual([]);
    expect(await offered('orphans', '-o', 'json', '--out')).toEqual([]);
    expect(await offered('orphans', '--rule', 'x', '--ru')).toEqual(['--rule']);
  });

  test('are not offered behind a double dash', async () => {
    expect(await offered('orphans', '--', '--o')).toEqual([]);
  });
});

describe('values', () => {
  test('follow a flag, whether it is written out, short, or with an equals sign', async () => {
    expect(await offered('orphans', '--fail-on', 'h')).toEqual(['high']);
    expect(await offered('orphans', '--fail-on=')).toEqual(['--fail-on=high', '--fail-on=none']);
    expect(await offered('orphans', '-n', '')).toEqual(['media', 'shop']);
    expect(await offered('orphans', '--quiet=')).toEqual([]);
  });

  test('of a list are offered behind each comma', async () => {
    expect(await offered('orphans', '--namespace', 'media,s')).toEqual(['media,shop']);
    expect(await offered('orphans', '--rule', 'pv-failed,pvc-l')).toEqual(['pv-failed,pvc-lost']);
  });

  test('are rules, types, formats, contexts and spans', async () => {
    expect(await offered('orphans', '--rule', 'pvc-')).toEqual([
      'pvc-lost',
      'pvc-pending',
      'pvc-unused',
    ]);
    expect(await offered('orphans', '--type', 'nfs')).toEqual(['nfsshare']);
    expect(await offered('orphans', '-o', 'y')).toEqual(['yaml']);
    expect(await offered('explain', '-o', 't')).toEqual(['tree']);
    expect(await offered('orphans', '--context', '')).toEqual(['prod', 'staging']);
    expect(await offered('orphans', '--older-than', '3')).toEqual(['30d']);
    expect(await offered('orphans', '--url', '')).toEqual([]);
  });

  test('of a command that checks are its own checks, and what they belong to', async () => {
    expect(await offered('validate', '--rule', 'default-st')).toEqual(['default-storage-class']);
    expect(await offered('validate', '--rule', 'pvc-l')).toEqual([]);
    expect(await offered('validate', '--component', 'storage-class,sto')).toEqual([
      'storage-class,storage-class',
    ]);
    expect(await offered('orphans', '--component', '')).toEqual([]);
  });

  test('of an analysis are its formats, and pools and classes that were seen', async () => {
    expect(await offered('analyze', '-o', 'j')).toEqual(['json', 'jsonpath=']);
    expect(await offered('analyze', '--pool', '')).toEqual(['flash', 'tank']);
    expect(await offered('analyze', '--storage-class', 'nas-n')).toEqual(['nas-nfs']);
    expect(await offered('analyze', '--days', '9')).toEqual(['90']);
  });

  test('that are files and folders are left to the shell', async () => {
    expect(await directive('orphans', '--config', '')).toBe(DIRECTIVE.files);
    expect(await directive('orphans', '--demo-state', '')).toBe(DIRECTIVE.directories);
    expect(await directive('orphans', '--fail-on', '')).toBe(DIRECTIVE.noFiles);
  });

  test('that go on are followed by no space', async () => {
    expect(await directive('orphans', '-o', 'jsonp')).toBe(DIRECTIVE.noFiles + DIRECTIVE.noSpace);
    expect(await directive('orphans', '-o', 'js')).toBe(DIRECTIVE.noFiles + DIRECTIVE.noSpace);
    expect(await directive('orphans', '-o', 'y')).toBe(DIRECTIVE.noFiles);
  });
});

describe('what is to be explained', () => {
  test('begins with a type, and goes on with the names that are known of it', async () => {
    expect(await offered('explain', 'pv')).toEqual(['pv/', 'pvc/']);
    expect(await directive('explain', 'pv')).toBe(DIRECTIVE.noFiles + DIRECTIVE.noSpace);
    expect(await offered('explain', 'pv/')).toEqual(['pv/pvc-1', 'pv/pvc-2']);
    expect(await offered('explain', 'pv', 'pvc-2')).toEqual(['pvc-2']);
    expect(await offered('explain', 'pv', 'pvc-2', '')).toEqual([]);
  });
});

test('the answer is one line a candidate, and last what the shell does beside', () => {
  const candidates = [{ value: 'a', description: 'one\nline\tand more' }, { value: 'b' }];
  expect(serialise({ candidates, directive: 4 })).toBe('a\tone line and more\nb\n:4\n');
});

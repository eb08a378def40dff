import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Rule } from '../src/lib/core/model/rule.ts';
import { RESOURCE_TYPES } from '../src/lib/core/model/resource-ref.ts';
import { CHECKS } from '../src/lib/core/rules/check-registry.ts';
import { RULES as STORAGE_RULES } from '../src/lib/core/rules/registry.ts';

const root = path.join(import.meta.dirname, '..');
const FOLDERS = ['orphans', 'drift', 'validation', 'health'] as const;
const RULES: readonly Rule[] = [...STORAGE_RULES, ...CHECKS];

/** Names in a folder without an ending, sorted. */
function namesIn(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

const ids = RULES.map(({ id }) => id).sort();
const everywhere = (folder: string, ending: string): string[] =>
  FOLDERS.flatMap((each) => namesIn(`${folder}/${each}`, ending)).sort();

describe('rule ids', () => {
  test('are kebab-case', () => {
    expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  });

  test('are the names of the rules’ files', () => {
    expect(everywhere('src/lib/core/rules', '.ts')).toEqual(ids);
  });

  test('are the names of the rules’ tests', () => {
    expect(everywhere('test/core/rules', '.test.ts')).toEqual(ids);
  });

  test('are the names of the rules’ pages', () => {
    expect(namesIn('docs/rules', '.md').filter((name) => name !== 'README')).toEqual(ids);
  });

  test('are unique, former ones included', () => {
    const all = RULES.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(all.filter((id, at) => all.indexOf(id) !== at)).toEqual([]);
  });

  test('lie in the folder of their category', () => {
    const folders = {
      orphan: 'orphans',
      drift: 'drift',
      validation: 'validation',
      health: 'health',
    };
    for (const { id, category } of RULES) {
      expect(namesIn(`src/lib/core/rules/${folders[category]}`, '.ts')).toContain(id);
    }
  });
});

test('every type of object is what some rule reports', () => {
  const reported = new Set(RULES.flatMap(({ subjects }) => subjects));
  expect(RESOURCE_TYPES.filter((type) => !reported.has(type))).toEqual([]);
});

test('titles are unique, and start with a capital and end without a full stop', () => {
  const titles = RULES.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.filter((title) => !/^(?:[A-Z]|iSCSI).*[^.]$/.test(title))).toEqual([]);
});

test.each(
  FOLDERS.flatMap((folder) =>
    namesIn(`src/lib/core/rules/${folder}`, '.ts').map((id) => [folder, id] as const),
  ),
)(
  '%s/%s.ts exports one rule, which is the registered one, and nothing else',
  async (folder, id) => {
    const file = path.join(root, 'src/lib/core/rules', folder, `${id}.ts`);
    const module: unknown = await import(file);
    const exported = Object.values(module as Record<string, unknown>);
    expect(exported).toEqual([RULES.find((rule) => rule.id === id)]);
  },
);

test.each(ids)('the page of %s keeps the order of every page', (id) => {
  const text = readFileSync(path.join(root, 'docs/rules', `${id}.md`), 'utf8');
  expect(text.match(/^## .*$/gm)).toEqual(
    CHECKS.some((check) => check.id === id)
      ? ['## What it checks', '## Why it matters', '## How to look yourself', '## What to do']
      : [
          '## What it means',
          '## Why it happens',
          '## What makes it certain',
          '## How to confirm it yourself',
          '## What to do',
          '## When it is wrong',
        ],
  );
});

import { expect, test } from 'vitest';
import { UsageError } from '../../../src/lib/core/model/errors.ts';
import { RULES, selectRules } from '../../../src/lib/core/rules/registry.ts';

const all = { categories: null, globs: null, types: null } as const;
const select = (over: Partial<Parameters<typeof selectRules>[0]>): string[] =>
  selectRules({ ...all, ...over }).map(({ id }) => id);

test('all rules are taken where nothing is asked for', () => {
  expect(RULES.length).toBeGreaterThan(30);
  expect(select({})).toEqual(RULES.map(({ id }) => id));
});

test('a category takes its own rules, and no other', () => {
  expect(selectRules({ ...all, categories: ['drift'] }).map(({ category }) => category)).toEqual(
    RULES.flatMap(({ category }) => (category === 'drift' ? category : [])),
  );
  expect(select({ categories: ['drift', 'orphan'] })).toEqual(select({}));
  expect(select({ categories: [] })).toEqual([]);
});

test('ids and globs take what any of them names, in the order of the registry', () => {
  expect(select({ globs: ['pvc-l*', 'pv-failed', 'pv?-lost'] })).toEqual(['pv-failed', 'pvc-lost']);
});

test('a type takes the rules that may report it, beside other types too', () => {
  expect(select({ types: ['NfsShare'] })).toContain('nfs-share-dangling');
  expect(select({ types: ['NfsShare'] })).not.toContain('pv-failed');
  const mixed = RULES.find(({ subjects }) => subjects.length > 1);
  for (const type of mixed?.subjects ?? []) {
    expect(select({ types: [type] })).toContain(mixed?.id);
  }
  expect(mixed).toBeDefined();
});

test('every condition has to hold at once', () => {
  expect(select({ categories: ['drift'], globs: ['pv-*'] })).toEqual([]);
  expect(select({ categories: ['orphan'], types: ['NfsShare'], globs: ['pv-*'] })).toEqual([]);
  expect(select({ categories: ['orphan'], types: ['NfsShare'], globs: ['pv-*', 'nfs-*'] })).toEqual(
    ['nfs-share-dangling'],
  );
});

const LIST = 'docs/rules/README.md lists every rule; a pattern such as dataset-* takes several.';

test('a glob that names no rule is refused, and says where they are listed', () => {
  const refusal = (...globs: string[]): unknown => {
    try {
      return select({ globs });
    } catch (error) {
      return error;
    }
  };
  expect(refusal('pv-*', 'pvs')).toBeInstanceOf(UsageError);
  expect(refusal('pv-*', 'pvs')).toMatchObject({
    code: 'USAGE',
    message: 'no rule is called "pvs"',
    remediation: [LIST],
  });
  expect(refusal('pv-release')).toMatchObject({
    remediation: ['Did you mean pv-released?', LIST],
  });
  expect(refusal('pv-failed')).toEqual(['pv-failed']);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '../../../src/lib/adapters/config/schema.ts';
import { configTemplate } from '../../../src/lib/adapters/config/template.ts';

/* What `serve` can be told is in the schema, in the template of `config init` and in the table of its page: the three are one set. */

const SECTIONS = ['server', 'metrics', 'monitor', 'cache'];

interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
}

/** Every key that takes a value, by its path. */
function keysOf(schema: Schema, path: readonly string[] = []): [string, Schema][] {
  const { anyOf, properties } = schema;
  if (properties === undefined && anyOf?.some((each) => each.properties !== undefined) === true)
    return anyOf.flatMap((each) => (each.properties === undefined ? [] : keysOf(each, path)));
  if (properties === undefined) return [[path.join('.'), schema]];
  return Object.entries(properties).flatMap(([name, each]) => keysOf(each, [...path, name]));
}

const known = keysOf(configJsonSchema()).filter(([key]) => SECTIONS.includes(sectionOf(key)));

function sectionOf(key: string): string {
  return key.split('.', 1)[0] ?? '';
}

/** The template with everything in it that could be said, instead of shown in comments. */
function wholeTemplate(): unknown {
  const aKey = /^(\s*)# (?=\s*(?:# |- |[a-z_]+:))/gm;
  const text = configTemplate({ url: null, username: null, context: null });
  // Twice: what is left out of an example is a comment within a comment.
  return parse(text.replaceAll(aKey, '$1').replaceAll(aKey, '$1'));
}

function has(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
  return has((value as Readonly<Record<string, unknown>>)[name], rest);
}

/** Keys of the table with the default it names; a key without a path lies beside the one before it. */
function documented(): Map<string, string> {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/serve.md'), 'utf8');
  const table = /\n\| key \| default[^\n]*\n[^\n]*\n((?:\|[^\n]*\n)+)/.exec(page)?.[1] ?? '';
  return new Map(
    table
      .trim()
      .split('\n')
      .flatMap((row) => {
        const [, names = '', defaults = ''] = row.split('|');
        const [first = '', ...others] = inBackticks(names);
        const beside = first.slice(0, first.lastIndexOf('.') + 1);
        const keys = [first, ...others.map((name) => `${beside}${name}`)];
        const values = inBackticks(defaults);
        return keys.map((key, at): [string, string] => [key, values[at] ?? '']);
      }),
  );
}

function inBackticks(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

describe('the keys that serve goes by', () => {
  it('are all shown by config init, in a way that is valid with nothing left out', () => {
    const template = wholeTemplate();
    const missing = known.map(([key]) => key).filter((key) => !has(template, key.split('.')));
    expect(known.length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
    const validate = new Ajv2020().compile(configJsonSchema());
    expect(validate(template) || validate.errors).toBe(true);
  });

  it('are the ones in the table of their page', () => {
    expect([...documented().keys()].toSorted()).toEqual(known.map(([key]) => key).toSorted());
  });

  it('have the defaults that the table names', () => {
    const table = documented();
    const different = known
      .filter(([, { default: value }]) => typeof value !== 'object' && value !== undefined)
      .filter(([key, { default: value }]) => table.get(key) !== String(value))
      .map(([key, { default: value }]) => `${key}: ${String(value)}, not ${table.get(key) ?? ''}`);
    expect(different).toEqual([]);
  });
});

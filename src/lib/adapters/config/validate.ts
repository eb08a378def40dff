import { z } from 'zod';
import { findNearest } from '../../core/model/did-you-mean.ts';
import { type ConfigPath, formatPath, type Origin } from './config.ts';
import { REMEDIES } from './fields.ts';
import { type Problem, type Unplaced } from './problem.ts';
import { configSchema, type FileForm, PLANNED_KEYS } from './schema.ts';

type Issue = z.core.$ZodIssue;

export type Validation =
  | { readonly ok: true; readonly form: FileForm }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Holds values against the schema and says of each that does not fit where it is and what to write. */
export function validate(values: unknown, originOf: (path: ConfigPath) => Origin): Validation {
  const result = configSchema.safeParse(values, { reportInput: true });
  if (result.success) return { ok: true, form: result.data };
  const problems = result.error.issues.flatMap((issue) =>
    explain(issue).map((problem) => ({ ...problem, origin: originOf(problem.path) })),
  );
  return { ok: false, problems };
}

function explain(issue: Issue): Unplaced[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_value') return [oneOf(path, issue.values.map(String))];
  if (issue.code === 'invalid_union' && issue.input === undefined) return [missing(path)];
  const isWorded = REMEDIES[issue.message] !== undefined;
  if (issue.code === 'invalid_union' && !isWorded) return [oneOf(path, ['true', 'false'])];
  if (issue.code === 'invalid_type') return [wrongType(path, issue)];
  return [{ path, message: issue.message, remedy: remedyFor(issue.message) }];
}

/** A name we would have chosen; anything else might be a value that slipped into the place of a key. */
const KEY_LIKE = /^[A-Za-z_][\w.-]{0,39}$/;

function unknownKey(parent: ConfigPath, key: string): Unplaced {
  if (!KEY_LIKE.test(key)) {
    return {
      path: parent,
      message: 'has a key that is no name',
      remedy: 'check the indentation and the colons around it',
    };
  }
  const path = [...parent, key];
  if (PLANNED_KEYS.has(formatPath(path).replaceAll(/\[\d+\]/g, '[]'))) {
    return { path, message: 'is not supported yet', remedy: 'remove the key until it is' };
  }
  const meant = findNearest(key, keysAt(parent));
  const remedy =
    meant === undefined
      ? `use one of ${keysAt(parent).join(', ')}`
      : `did you mean ${formatPath([...parent, meant])}? Rename it or remove it`;
  return { path, message: 'is not a known key', remedy };
}

/** The keys the schema knows at a path; of an entry of a list those that any entry may have. */
function keysAt(path: ConfigPath): string[] {
  let section = withoutWrappers(configSchema);
  for (const part of path) {
    if (typeof part === 'number') continue;
    if (!(section instanceof z.ZodObject)) return [];
    section = withoutWrappers(section.shape[part]);
  }
  return section instanceof z.ZodObject ? Object.keys(section.shape) : [];
}

/** What a value has to be, whatever it is where it is absent, and whether there may be several. */
function withoutWrappers(schema: unknown): unknown {
  if (schema instanceof z.ZodArray) return withoutWrappers(schema.element);
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable;
  return isWrapped ? withoutWrappers(schema.unwrap()) : schema;
}

function oneOf(path: ConfigPath, values: readonly string[]): Unplaced {
  return {
    path,
    message: `is not one of ${values.join(', ')}`,
    remedy: `write one of ${values.join(', ')}`,
  };
}

const SECTION_REMEDIES: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  array: ['is not a list', 'write each entry on a line of its own after "- ", or [] for none'],
  object: ['is not a section', 'write its keys on the lines below it, indented by two spaces'],
};

function wrongType(path: ConfigPath, issue: Issue & { code: 'invalid_type' }): Unplaced {
  const section = SECTION_REMEDIES[issue.expected];
  if (section !== undefined) return { path, message: section[0], remedy: section[1] };
  // Only what has no default can be absent here.
  if ((issue.input ?? null) === null) {
    return missing(path);
  }
  return { path, message: issue.message, remedy: remedyFor(issue.message) };
}

function missing(path: ConfigPath): Unplaced {
  return { path, message: 'is missing', remedy: 'add it: this entry cannot do without it' };
}

function remedyFor(message: string): string {
  return REMEDIES[message] ?? 'see what "truenas-monitor config init" writes';
}

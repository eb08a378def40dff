import { type KubernetesObject } from '../scenario/world.ts';
import { valueAt } from './json.ts';
import { type Resource } from './resources.ts';
import { badRequest } from './status.ts';

export type Matches = (object: KubernetesObject) => boolean;

/** Both selectors of a request as one predicate; undefined when it has none. */
export function selectorOf(resource: Resource, query: URLSearchParams): Matches | undefined {
  const tests = [
    ...labelTests(query.get('labelSelector') ?? ''),
    ...fieldTests(resource, query.get('fieldSelector') ?? ''),
  ];
  if (tests.length === 0) return undefined;
  return (object) => tests.every((test) => test(object));
}

type LabelTest = (value: string | undefined) => boolean;

const SET_TERM = /^([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY_TERM = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const EXISTENCE_TERM = /^(!?)\s*([\w./-]+)$/;

function labelTests(selector: string): Matches[] {
  return splitTerms(selector).map((term) => {
    const [label, test] = labelTest(term);
    return ({ metadata }) => test(metadata.labels?.[label]);
  });
}

function labelTest(term: string): [label: string, test: LabelTest] {
  const [, setLabel, operator, list] = SET_TERM.exec(term) ?? [];
  if (setLabel !== undefined && list !== undefined) {
    const values = new Set(list.split(',').map((value) => value.trim()));
    return operator === 'in'
      ? [setLabel, (value) => value !== undefined && values.has(value)]
      : [setLabel, (value) => value === undefined || !values.has(value)];
  }
  const [, label, sign, wanted] = EQUALITY_TERM.exec(term) ?? [];
  if (label !== undefined) {
    return [label, (value) => (sign === '!=' ? value !== wanted : value === wanted)];
  }
  const [, negation, existing] = EXISTENCE_TERM.exec(term) ?? [];
  if (existing !== undefined) {
    return [existing, (value) => (value === undefined) === (negation === '!')];
  }
  throw badRequest(`unable to parse requirement: ${term}`);
}

/** At the commas that are not within a `(a, b)`. */
function splitTerms(selector: string): string[] {
  return selector
    .split(/,(?![^()]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

function fieldTests(resource: Resource, selector: string): Matches[] {
  return splitTerms(selector).map((term) => {
    const [, field, sign, wanted] = /^([\w.]+)(==|=|!=)(.*)$/.exec(term) ?? [];
    if (field === undefined || sign === undefined) {
      throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    }
    if (!isSelectable(resource, field)) {
      throw badRequest(`field label not supported: ${field}`);
    }
    return (object) => {
      const value = valueAt(object, field);
      return (sign === '!=') !== (fieldText(value) === wanted);
    };
  });
}

function isSelectable(resource: Resource, field: string): boolean {
  if (field === 'metadata.name') return true;
  return (field === 'metadata.namespace' && resource.namespaced) || resource.fields.includes(field);
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

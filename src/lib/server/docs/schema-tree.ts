import { html } from '../../core/render/document/html/markup.ts';
import { type JsonSchema } from './openapi-parts.ts';

/*
 * A JSON Schema as nested lists for people. What has a name of its own is a link, so that nothing is shown twice and nothing is
 * followed for ever.
 */

const REFERENCE = '#/components/schemas/';

function asSchema(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

function schemasIn(value: unknown): readonly JsonSchema[] {
  if (!Array.isArray(value)) return [];
  return value.map(asSchema).filter((each) => each !== undefined);
}

function alternatives({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  return [...schemasIn(anyOf), ...schemasIn(oneOf)];
}

function isNull({ type }: JsonSchema): boolean {
  return type === 'null';
}

/** What kind of value it is, in a few words. */
export function kindOf(schema: JsonSchema): string {
  const { $ref, type, items, format } = schema;
  if (typeof $ref === 'string') {
    const name = html($ref.slice(REFERENCE.length));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = alternatives(schema);
  if (choices.length > 0) return [...new Set(choices.map(kindOf))].join(' or ');
  const inner = asSchema(items);
  if (inner !== undefined) return `list of ${kindOf(inner)}`;
  const kind = Array.isArray(type) ? type.map(String).join(' or ') : wordOf(type);
  return html(typeof format === 'string' ? `${kind} (${format})` : kind);
}

function wordOf(type: unknown): string {
  return typeof type === 'string' ? type : 'anything';
}

const MOST_VALUES = 40;

function valuesOf(schema: JsonSchema): string {
  const { const: only, enum: some } = schema;
  const values: readonly unknown[] = Array.isArray(some) ? some : only === undefined ? [] : [only];
  if (values.length === 0) return '';
  const shown = values.slice(0, MOST_VALUES).map((value) => `<code>${html(String(value))}</code>`);
  return `<span class="values">${shown.join(' ')}${values.length > MOST_VALUES ? ' …' : ''}</span>`;
}

/** Kind, values and description of something, in one line. */
export function summaryOf(schema: JsonSchema): string {
  const { description } = schema;
  const inner = alternatives(schema).find((each) => !isNull(each)) ?? schema;
  const text =
    typeof description === 'string' ? ` <span class="about">${html(description)}</span>` : '';
  return `<span class="kind">${kindOf(schema)}</span> ${valuesOf(inner)}${text}`;
}

/** The members of an object, those of its members below them; nothing for what has none. */
export function membersOf(schema: JsonSchema): string {
  const holders = holdersOf(schema);
  const lists = holders.map(({ properties, required }) => {
    const needed = new Set(Array.isArray(required) ? required.map(String) : []);
    const members = Object.entries(asSchema(properties) ?? {}).flatMap(([name, value]) => {
      const member = asSchema(value);
      return member === undefined ? [] : [memberItem(name, member, needed.has(name))];
    });
    return members.length === 0 ? '' : `<ul class="members">${members.join('')}</ul>`;
  });
  return lists.join('');
}

/** The objects that something is, may be, or is a list of. */
function holdersOf(schema: JsonSchema): readonly JsonSchema[] {
  if (schema['properties'] !== undefined) return [schema];
  const inner = asSchema(schema['items']);
  return [...alternatives(schema), ...(inner === undefined ? [] : [inner])].flatMap(holdersOf);
}

function memberItem(name: string, schema: JsonSchema, always: boolean): string {
  const line = `<code class="name">${html(name)}</code>${always ? '' : ' <span class="optional">may be absent</span>'} ${summaryOf(schema)}`;
  const below = membersOf(schema);
  return below === ''
    ? `<li>${line}</li>`
    : `<li><details><summary>${line}</summary>${below}</details></li>`;
}

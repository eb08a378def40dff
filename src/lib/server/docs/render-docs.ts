import { createHash } from 'node:crypto';
import { html } from '../../core/render/document/html/markup.ts';
import {
  type Described,
  type JsonSchema,
  type OpenApi,
  operationsOf,
  type Parameter,
  readOpenApi,
} from './openapi-parts.ts';
import { membersOf, summaryOf } from './schema-tree.ts';
import { DOCS_STYLE } from './style.ts';

/*
 * The OpenAPI document as one page of plain HTML. It has no script, asks for nothing, and prints; what browsers offer is enough to
 * search in it.
 */

/** Nothing may be loaded, and nothing may run: the page is all there is. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(DOCS_STYLE).digest('base64')}'`,
  // The icon, which is empty and part of the page: without one, browsers ask for a file.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function renderDocs(openapi: unknown): string {
  const document = readOpenApi(openapi);
  const { info, tags } = document;
  const sections = tags
    .map((tag) => ({ ...tag, operations: operationsOf(document, tag.name) }))
    .filter(({ operations }) => operations.length > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(info.title)} API</title>
<link rel="icon" href="data:,">
<style>${DOCS_STYLE}</style>
</head>
<body>
<nav aria-label="Contents">
<p class="title"><a href="#top">${html(info.title)}</a> <small>${html(info.version)}</small></p>
${sections.map(({ name, operations }) => contentsOf(name, operations)).join('\n')}
<p><a href="#schemas">Schemas</a></p>
<p><a href="/openapi.json">openapi.json</a></p>
</nav>
<main id="top">
<h1>${html(info.title)} API</h1>
${paragraphs(info.description)}
${sections
  .map(
    ({ name, description, operations }) =>
      `<section id="tag-${html(name)}"><h2>${html(name)}</h2>${paragraphs(description)}${operations.map(operationArticle).join('\n')}</section>`,
  )
  .join('\n')}
${schemaSection(document)}
</main>
</body>
</html>
`;
}

/** Text in the little Markdown that descriptions have: paragraphs, and code between backticks. */
function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((each) => each.trim() !== '')
    .map((each) => `<p>${inline(each)}</p>`)
    .join('\n');
}

function inline(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `<code>${html(part)}</code>` : html(part)))
    .join('');
}

function contentsOf(tag: string, operations: readonly Described[]): string {
  const items = operations.map(
    ({ method, path, operation }) =>
      `<li><a href="#${html(operation.operationId)}">${methodTag(method)} ${html(path)}</a></li>`,
  );
  return `<h2><a href="#tag-${html(tag)}">${html(tag)}</a></h2><ul>${items.join('')}</ul>`;
}

function methodTag(method: string): string {
  return `<span class="method ${html(method)}">${html(method.toUpperCase())}</span>`;
}

function operationArticle({ method, path, operation }: Described): string {
  const { operationId, summary = '', description = '', parameters, requestBody } = operation;
  return `<article id="${html(operationId)}">
<h3>${methodTag(method)} <code>${html(path)}</code></h3>
<p class="summary">${inline(summary)}</p>
${paragraphs(description)}
${parameterTable(parameters)}
${Object.values(requestBody?.content ?? {})
  .map(({ schema }) => bodyOf('Body', schema))
  .join('')}
<h4>Answers</h4>
${Object.entries(operation.responses)
  .map(([status, answer]) => answerItem(status, answer))
  .join('\n')}
</article>`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: where, description = '', schema = {}, required }) => {
    const standard = schema['default'];
    const unless =
      standard === undefined
        ? ''
        : ` <span class="optional">else ${html(JSON.stringify(standard))}</span>`;
    const must = required === true && where !== 'path' ? ' <strong>required</strong>' : '';
    return `<tr><th scope="row"><code>${html(name)}</code></th><td>${html(where)}${must}</td><td>${summaryOf({ ...schema, description: '' })}${unless}</td><td>${inline(description)}</td></tr>`;
  });
  return `<h4>Parameters</h4><div class="scroll"><table><thead><tr><th scope="col">name</th><th scope="col">in</th><th scope="col">value</th><th scope="col">meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function bodyOf(title: string, schema: JsonSchema | undefined): string {
  if (schema === undefined) return '';
  return `<details><summary>${html(title)}: ${summaryOf(schema)}</summary>${membersOf(schema)}</details>`;
}

function answerItem(
  status: string,
  { description, content = {} }: Described['operation']['responses'][string],
): string {
  const bodies = Object.entries(content).map(([type, { schema }]) => bodyOf(type, schema));
  return `<div class="answer"><p><strong>${html(status)}</strong> ${inline(description)}</p>${bodies.join('')}</div>`;
}

function schemaSection({ components: { schemas } }: OpenApi): string {
  const items = Object.entries(schemas).map(
    ([name, schema]) =>
      `<article id="schema-${html(name)}"><h3>${html(name)}</h3><p>${summaryOf(schema)}</p>${membersOf(schema)}</article>`,
  );
  return `<section id="schemas"><h2>Schemas</h2>${items.join('\n')}</section>`;
}

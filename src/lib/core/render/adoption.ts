import { type Adoption } from '../cleanup/adopt/adoption.ts';
import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import { toJson } from './json.ts';
import { printable } from './text/safe.ts';
import { toYaml } from './yaml.ts';

/** Manifests for kubectl: YAML with comments that say what is derived from what, or a List as JSON, which holds no comments. */
export const ADOPTION_FORMATS = ['yaml', 'json'] as const;
export type AdoptionFormat = (typeof ADOPTION_FORMATS)[number];

/** Reads what follows `-o`. Throws a `UsageError` for what is no format of manifests. */
export function parseAdoptionFormat(text: string): AdoptionFormat {
  const format = ADOPTION_FORMATS.find((name) => name === text);
  if (format !== undefined) return format;
  const meant = findNearest(text, [...ADOPTION_FORMATS]);
  throw new UsageError(`unknown output format ${JSON.stringify(text)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean -o ${meant}?`]),
      `Use one of ${ADOPTION_FORMATS.join(', ')}.`,
    ],
  });
}

/** A comment cannot be left: whatever breaks a line is spelled out. */
function comment(text: string): string {
  return `# ${printable(text)}\n`;
}

function headOf({ dataset, system, cluster, derived, cautions }: Adoption): string {
  const lines = [
    `Brings dataset ${dataset} of ${system} back into cluster ${cluster}. Nothing is applied: look at it, and give it to`,
    `kubectl apply -f - in that cluster.`,
    ...cautions.map((text) => `CAUTION: ${text}`),
    'Derived from:',
    ...derived.map(({ field, from }) => `  ${field}: ${from}`),
  ];
  return lines.map(comment).join('');
}

function toDocuments(adoption: Adoption): string {
  const documents = adoption.manifests.map((manifest) => toYaml(manifest));
  return `---\n${headOf(adoption)}${documents.join('---\n')}`;
}

/** The manifests in one format, ready for `kubectl apply -f -`. */
export function renderAdoptions(adoptions: readonly Adoption[], format: AdoptionFormat): string {
  return format === 'yaml'
    ? adoptions.map(toDocuments).join('')
    : toJson({
        apiVersion: 'v1',
        kind: 'List',
        items: adoptions.flatMap(({ manifests }) => manifests),
      });
}

/** One requirement of a Kubernetes label selector. */
export type LabelRequirement =
  | { readonly key: string; readonly operator: 'in' | 'notin'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'exists' | 'missing' };

/** Requirements that must all hold. */
export type LabelSelector = readonly LabelRequirement[];

const KEY = /^[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?$/;

/** Splits at commas that are not inside parentheses. */
function splitRequirements(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

/**
 * Reads a label selector as kubectl writes it: `app=db,tier!=cache,env in (a, b),!legacy`.
 * Returns undefined where the text is not one.
 */
export function parseSelector(text: string): LabelSelector | undefined {
  const requirements: LabelRequirement[] = [];
  for (const part of splitRequirements(text)) {
    const requirement = parseRequirement(part);
    if (requirement === undefined || !KEY.test(requirement.key)) return undefined;
    requirements.push(requirement);
  }
  return requirements;
}

function parseRequirement(part: string): LabelRequirement | undefined {
  return parseSet(part) ?? parseEquality(part) ?? parsePresence(part);
}

function parseSet(part: string): LabelRequirement | undefined {
  const match = /^(?<key>\S+)\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\)$/.exec(part)?.groups;
  if (match === undefined) return undefined;
  const { key = '', operator, values = '' } = match;
  return {
    key,
    operator: operator === 'in' ? 'in' : 'notin',
    values: values.split(',').map((value) => value.trim()),
  };
}

function parseEquality(part: string): LabelRequirement | undefined {
  const match = /^(?<key>[^\s=!]+)\s*(?<operator>!=|==?)\s*(?<value>[^\s=!]*)$/.exec(part)?.groups;
  if (match === undefined) return undefined;
  const { key = '', operator, value = '' } = match;
  return { key, operator: operator === '!=' ? 'notin' : 'in', values: [value] };
}

function parsePresence(part: string): LabelRequirement | undefined {
  if (part === '') return undefined;
  return part.startsWith('!')
    ? { key: part.slice(1).trim(), operator: 'missing' }
    : { key: part, operator: 'exists' };
}

/** Whether an object with these labels is selected; `notin` also selects objects without the label, as in Kubernetes. */
export function matchesSelector(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return selector.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.operator) {
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'notin':
        return value === undefined || !requirement.values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'missing':
        return value === undefined;
    }
  });
}

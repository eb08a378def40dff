import { type CleanupPlan, PLAN_VERSION, planSchema } from './plan-schema.ts';

/** A plan as a file of its own, for whoever reviews it or carries it to another machine. */
export function planFileText(plan: CleanupPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

export type PlanFile =
  | { readonly state: 'plan'; readonly plan: CleanupPlan }
  /** Why it is none, as the end of a sentence about the file. */
  | { readonly state: 'refused'; readonly reason: string };

/** Reads a plan file. Whether it was edited since it was made is for `isIntact` to say. */
export function parsePlanFile(text: string): PlanFile {
  if (text.trim() === '') return refused('is empty');
  const document = parseJson(text);
  if (document === undefined) {
    return refused(isCutShort(text) ? 'was cut short' : 'is no plan: it is no JSON');
  }
  const other = otherKind(document);
  if (other !== undefined) return refused(other);
  const { data, error } = planSchema.safeParse(document);
  if (data !== undefined) return { state: 'plan', plan: data };
  const [issue] = error.issues;
  const where = issue === undefined ? '' : ` at ${['$', ...issue.path].map(String).join('.')}`;
  return refused(`is no plan as this version writes them: it differs${where}`);
}

function refused(reason: string): PlanFile {
  return { state: 'refused', reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function otherKind(document: unknown): string | undefined {
  const isPlan =
    typeof document === 'object' &&
    document !== null &&
    'kind' in document &&
    document.kind === 'CleanupPlan';
  if (!isPlan) return 'is no plan of clean-up';
  const version = 'schema_version' in document ? document.schema_version : undefined;
  return typeof version === 'number' && version > PLAN_VERSION
    ? 'was written by a newer version of this program'
    : undefined;
}

const STRING = /"(?:[^"\\]|\\.)*"/gsu;

/** Whether a text begins as an object and ends before what it opened is closed. */
function isCutShort(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  const rest = text.replaceAll(STRING, '');
  if (rest.includes('"')) return true;
  const count = (mark: string): number => rest.split(mark).length - 1;
  return count('{') > count('}') || count('[') > count(']');
}

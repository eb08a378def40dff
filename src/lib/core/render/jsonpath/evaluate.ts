import { escapeInJson, printable } from '../text/safe.ts';
import {
  type Filter,
  type Operand,
  type Operator,
  type Path,
  type Step,
  type Template,
} from './template.ts';

/** The text a template makes of a document. What is not there is nothing, as with kubectl. */
export function evaluateTemplate(template: Template, document: unknown): string {
  return evaluateNodes(template, document, document);
}

function evaluateNodes(template: Template, current: unknown, root: unknown): string {
  let text = '';
  for (const node of template) {
    switch (node.kind) {
      case 'text':
        text += node.text;
        break;
      case 'path':
        text += evaluatePath(node.path, current, root).map(formatValue).join(' ');
        break;
      case 'range':
        for (const value of evaluatePath(node.path, current, root)) {
          text += evaluateNodes(node.body, value, root);
        }
    }
  }
  return text;
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? printable(value) : escapeInJson(JSON.stringify(value));
}

function evaluatePath(path: Path, current: unknown, root: unknown): readonly unknown[] {
  let values: readonly unknown[] = [path.from === 'root' ? root : current];
  for (const step of path.steps) {
    values = values.flatMap((value) => applyStep(step, value, root));
  }
  return values;
}

function applyStep(step: Step, value: unknown, root: unknown): readonly unknown[] {
  switch (step.kind) {
    case 'fields':
      return pickFields(value, step.names);
    case 'indexes':
      return Array.isArray(value) ? pickIndexes(value, step.indexes) : [];
    case 'slice':
      return Array.isArray(value) ? pickSlice(value, step) : [];
    case 'wildcard':
      return childrenOf(value);
    case 'descendants':
      return descendantsOf(value);
    case 'filter':
      return childrenOf(value).filter((child) => matches(step.filter, child, root));
  }
}

function pickFields(value: unknown, names: readonly string[]): unknown[] {
  if (!isRecord(value)) return [];
  return names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]);
}

function pickSlice(values: readonly unknown[], slice: Step & { kind: 'slice' }): unknown[] {
  return values
    .slice(slice.start ?? 0, slice.end ?? values.length)
    .filter((_, index) => index % slice.step === 0);
}

function pickIndexes(values: readonly unknown[], indexes: readonly number[]): unknown[] {
  return indexes
    .map((index) => (index < 0 ? values.length + index : index))
    .filter((index) => index >= 0 && index < values.length)
    .map((index) => values[index]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

/** The value itself and everything in it, outer before inner. */
function descendantsOf(value: unknown): readonly unknown[] {
  return [value, ...childrenOf(value).flatMap(descendantsOf)];
}

function matches(filter: Filter, current: unknown, root: unknown): boolean {
  if (filter.kind === 'exists') return operandValues(filter.operand, current, root).length > 0;
  const [left] = operandValues(filter.left, current, root);
  const [right] = operandValues(filter.right, current, root);
  return compare(filter.operator, left, right);
}

function operandValues(operand: Operand, current: unknown, root: unknown): readonly unknown[] {
  return operand.kind === 'literal' ? [operand.value] : evaluatePath(operand.path, current, root);
}

function compare(operator: Operator, left: unknown, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const order = orderOf(left, right);
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Undefined where the two have no order: only numbers and texts of the same kind do. */
function orderOf(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

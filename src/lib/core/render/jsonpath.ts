import { type Report } from '../model/report.ts';
import { evaluateTemplate } from './jsonpath/evaluate.ts';
import { type Template } from './jsonpath/template.ts';
import { toWire } from './wire/orphan-report.ts';

export function renderJsonpath(report: Report, template: Template): string {
  return toJsonpath(toWire(report), template);
}

/** Parts of a wire form by a template in kubectl's dialect of JSONPath. */
export function toJsonpath(wire: unknown, template: Template): string {
  const text = evaluateTemplate(template, wire);
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

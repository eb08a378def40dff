import { type Report } from '../model/report.ts';
import { evaluateTemplate } from './jsonpath/evaluate.ts';
import { type Template } from './jsonpath/template.ts';
import { toWire } from './wire/orphan-report.ts';

/** Parts of the JSON form by a template in kubectl's dialect of JSONPath. */
export function renderJsonpath(report: Report, template: Template): string {
  const text = evaluateTemplate(template, toWire(report));
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

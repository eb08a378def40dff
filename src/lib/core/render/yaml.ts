import { Document, isScalar, visit } from 'yaml';
import { type Report } from '../model/report.ts';
import { escapeInJson, hasUnprintable } from './text/safe.ts';
import { toWire } from './wire/orphan-report.ts';

/** Any wire form as YAML that is safe to show on a terminal, and that YAML 1.1 readers read alike. */
export function toYaml(wire: unknown): string {
  const document = new Document(wire, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string' && hasUnprintable(node.value)) {
        // YAML has no halves of surrogate pairs, escaped or not.
        node.value = node.value.toWellFormed();
        node.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return escapeInJson(
    document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity }),
  );
}

export function renderYaml(report: Report): string {
  return toYaml(toWire(report));
}

import { Document, isScalar, visit } from 'yaml';
import { type Report } from '../model/report.ts';
import { plainYaml } from './text/plain-yaml.ts';
import { escapeInJson, hasUnprintable } from './text/safe.ts';
import { toWire } from './wire/orphan-report.ts';

/** Any wire form as YAML that is safe to show on a terminal, and that YAML 1.1 readers read alike. */
export function toYaml(wire: unknown): string {
  const known = new Map<unknown, string>();
  const scalar = (value: unknown): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const written = byLibrary(value).slice(0, -1);
    if (known.size < REMEMBERED) known.set(value, written);
    return written;
  };
  return escapeInJson(plainYaml(wire, scalar) ?? byLibrary(wire));
}

/** Reasons and details say the same of many objects. */
const REMEMBERED = 10_000;

/** The same by the library alone, which knows all of YAML and takes its time. */
export function byLibrary(wire: unknown): string {
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
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
}

export function renderYaml(report: Report): string {
  return toYaml(toWire(report));
}

import { type Explanation } from '../explain/explanation.ts';
import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import { renderTree, type TreeOptions } from './explanation/tree.ts';
import { EXPLANATION_FORMATS, type ExplanationFormat } from './formats.ts';
import { toJson } from './json.ts';
import { explanationToWire } from './wire/explanation.ts';
import { toYaml } from './yaml.ts';

/** Reads what follows `-o`. Throws a `UsageError` for what is no format of an explanation. */
export function parseExplanationFormat(text: string): ExplanationFormat {
  const format = EXPLANATION_FORMATS.find(({ name }) => name === text);
  if (format !== undefined) return format.name;
  const names = EXPLANATION_FORMATS.map(({ name }) => name);
  const meant = findNearest(text, names);
  throw new UsageError(`unknown output format ${JSON.stringify(text)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean -o ${meant}?`]),
      `Use one of ${names.join(', ')}.`,
    ],
  });
}

/** The explanation in one format, ready to be written as it is. */
export function renderExplanation(
  explanation: Explanation,
  format: ExplanationFormat,
  options: TreeOptions,
): string {
  switch (format) {
    case 'tree':
      return renderTree(explanation, options);
    case 'json':
      return toJson(explanationToWire(explanation));
    case 'yaml':
      return toYaml(explanationToWire(explanation));
  }
}

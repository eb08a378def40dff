import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allElements, parseXml, type XmlElement } from './xml.ts';

/** What the schema of Jenkins says, and a document it can be held against. */
export const JUNIT_XSD = path.join(import.meta.dirname, '../fixtures/schemas/junit-10.xsd');

interface Declared {
  readonly attributes: ReadonlySet<string>;
  readonly required: readonly string[];
  readonly children: ReadonlySet<string>;
}

function declarations(): ReadonlyMap<string, Declared> {
  const schema = parseXml(readFileSync(JUNIT_XSD, 'utf8'));
  const elements = schema.children.filter(({ name }) => name === 'xs:element');
  return new Map(
    elements.map((element) => {
      const inside = allElements(element).slice(1);
      const attributes = inside.filter(({ name }) => name === 'xs:attribute');
      const nameOf = ({ attributes }: XmlElement): string => attributes['name'] ?? '';
      return [
        nameOf(element),
        {
          attributes: new Set(attributes.map(nameOf)),
          required: attributes
            .filter(({ attributes }) => attributes['use'] === 'required')
            .map(nameOf),
          children: new Set(inside.flatMap(({ attributes }) => attributes['ref'] ?? [])),
        },
      ];
    }),
  );
}

/** What of a document the schema does not allow: elements, where they are, and attributes. Types of values are left to xmllint. */
export function junitFaults(document: XmlElement): string[] {
  const declared = declarations();
  return allElements(document).flatMap(({ name, attributes, children }) => {
    const known = declared.get(name);
    if (known === undefined) return [`<${name}> is unknown`];
    return [
      ...Object.keys(attributes)
        .filter((attribute) => !known.attributes.has(attribute))
        .map((attribute) => `<${name} ${attribute}> is unknown`),
      ...known.required
        .filter((attribute) => !Object.hasOwn(attributes, attribute))
        .map((attribute) => `<${name}> lacks ${attribute}`),
      ...children
        .filter((child) => !known.children.has(child.name))
        .map((child) => `<${child.name}> is not allowed in <${name}>`),
    ];
  });
}

/** Whether xmllint is on this machine. */
export function hasXmllint(): boolean {
  return spawnSync('xmllint', ['--version']).status === 0;
}

/** What xmllint has against a document; empty where it is valid. */
export function xmllintFaults(document: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', JUNIT_XSD, '-'], {
    input: document,
    encoding: 'utf8',
  });
  return status === 0 ? '' : stderr;
}

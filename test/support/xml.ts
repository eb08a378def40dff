/** An element as a strict reader of XML 1.0 sees it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const TOKEN =
  /<\?[^]*?\?>|<!--[^]*?-->|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+="[^<"]*")*)\s*(\/?)>|([^<]+)/y;
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decode(text: string): string {
  return text.replaceAll(/&([^;]*;)?/g, (whole, name: string | undefined) => {
    const known = ENTITIES[name?.slice(0, -1) ?? ''];
    if (known === undefined) throw new Error(`not well-formed: ${whole}`);
    return known;
  });
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** Reads a document, and throws for what is not well-formed. */
export function parseXml(document: string): XmlElement {
  const forbidden = FORBIDDEN.exec(document);
  if (forbidden !== null)
    throw new Error(`not a character of XML: ${JSON.stringify(forbidden[0])}`);
  const open: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(document);
    if (token === null) throw new Error(`not well-formed: ${document.slice(at, at + 60)}`);
    readToken(token, open);
  }
  const [root] = open;
  const [element, ...others] = root?.children ?? [];
  if (open.length !== 1 || element === undefined || others.length > 0)
    throw new Error('not one root');
  if (root?.text.trim() !== '') throw new Error('text beside the root');
  return element;
}

function readToken(token: RegExpExecArray, open: Open[]): void {
  const [, closing, opening, attributes = '', empty, text] = token;
  const current = open.at(-1);
  if (current === undefined) throw new Error('closed too often');
  if (text !== undefined) current.text += decode(text);
  if (opening !== undefined) {
    const element = {
      name: opening,
      attributes: readAttributes(attributes),
      children: [],
      text: '',
    };
    current.children.push(element);
    if (empty === '') open.push(element);
  }
  if (closing !== undefined) {
    if (current.name !== closing) throw new Error(`</${closing}> closes <${current.name}>`);
    open.pop();
  }
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(attributes, name)) throw new Error(`${name} twice`);
    attributes[name] = decode(value);
  }
  return attributes;
}

/** Every element of a tree, from the root down. */
export function allElements(root: XmlElement): XmlElement[] {
  return [root, ...root.children.flatMap(allElements)];
}

import { LineCounter, parseAllDocuments, type Document } from 'yaml';

/** A document of a file, or what is wrong with it, without a word of what is written there. */
export type FileDocument = { readonly value: unknown } | { readonly fault: string };

/** Reads the documents of a file, each by itself. Parsers quote what they stumble over: none of their messages leaves this file. */
export function readDocuments(text: string): readonly FileDocument[] {
  return partsOf(text).flatMap(readPart);
}

interface Part {
  readonly text: string;
  /** Lines of the file before it. */
  readonly before: number;
}

/** An empty line, a comment or a directive. */
const SAYS_NOTHING = /^(?:---)?\s*(?:[#%].*)?$/;

/** Nothing can begin a line with the mark but a document: a quote that is not closed ends there, whatever a parser makes of it. */
function partsOf(text: string): readonly Part[] {
  let before = 0;
  return text
    .split(/^(?=---(?:\s|$))/m)
    .map((part) => {
      const start = before;
      before += part.split('\n').length - 1;
      return { text: part, before: start };
    })
    .filter((part) => !part.text.split(/\r?\n/).every((line) => SAYS_NOTHING.test(line)));
}

function readPart(part: Part): readonly FileDocument[] {
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(part.text, {
      logLevel: 'error',
      prettyErrors: false,
      lineCounter,
    });
    const placeOf = (offset: number): string => {
      const { line, col } = lineCounter.linePos(offset);
      return `line ${String(part.before + line)}, column ${String(col)}`;
    };
    return Array.isArray(documents) ? documents.map((each) => valueOf(each, placeOf)) : [];
  } catch {
    return [{ fault: UNREADABLE }];
  }
}

const UNREADABLE = 'is not YAML that can be read';

function valueOf(document: Document.Parsed, placeOf: (offset: number) => string): FileDocument {
  const [error] = document.errors;
  if (error !== undefined) return { fault: `is not YAML at ${placeOf(error.pos[0])}` };
  try {
    return { value: document.toJS() };
  } catch (cause) {
    return { fault: faultOf(cause) };
  }
}

/** A small text with aliases of aliases becomes as large as it likes. */
function faultOf(cause: unknown): string {
  if (!(cause instanceof ReferenceError)) return UNREADABLE;
  return cause.message.startsWith('Excessive alias count')
    ? 'has too many aliases'
    : 'refers to an anchor that is not there';
}

import { UsageError } from '../../model/errors.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** A list of a document, and a field of what is in it, for advice on how to write a template. */
export type Example = 'findings[*].name' | 'results[*].check' | 'pools[*].name';

/** A place in the text of a template, moving forward. */
export class Cursor {
  readonly #text: string;
  readonly #example: Example;
  #position = 0;

  constructor(text: string, example: Example) {
    this.#text = text;
    this.#example = example;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Whether this comes next. */
  sees(expected: string): boolean {
    return this.#text.startsWith(expected, this.#position);
  }

  /** Moves past this where it comes next. */
  skip(expected: string): boolean {
    if (!this.sees(expected)) return false;
    this.#position += expected.length;
    return true;
  }

  expect(expected: string): void {
    if (!this.skip(expected)) throw this.error(`expected ${JSON.stringify(expected)}`);
  }

  skipSpaces(): void {
    this.match(/\s*/y);
  }

  /** Moves past a match of a sticky pattern right here; undefined where there is none. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position = pattern.lastIndex;
    return match;
  }

  /** A string in single or double quotes; undefined where none starts here. */
  quoted(): string | undefined {
    const quote = ['"', "'"].find((each) => this.sees(each));
    if (quote === undefined) return undefined;
    const match = this.match(quote === '"' ? /"((?:[^"\\]|\\.)*)"/sy : /'((?:[^'\\]|\\.)*)'/sy);
    if (match === undefined) throw this.error('this quote is never closed');
    return (match[1] ?? '').replace(
      /\\(.)/gs,
      (_, character: string) => ESCAPES[character] ?? character,
    );
  }

  /** What comes next is no path. */
  noPath(): UsageError {
    return this.error(`expected a path such as .${this.#example}`);
  }

  error(problem: string): UsageError {
    const where = this.isAtEnd
      ? 'at its end'
      : `at ${JSON.stringify(this.#text.slice(this.#position, this.#position + 20))}`;
    const [list = '', field = ''] = this.#example.split(/(?<=\])/);
    return new UsageError(`invalid jsonpath template, ${where}: ${problem}`, {
      remediation: [
        `Write it as kubectl takes it: -o jsonpath='{range .${list}}{${field}}{"\\n"}{end}'.`,
      ],
      details: { position: this.#position },
    });
  }
}

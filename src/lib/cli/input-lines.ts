import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { UsageError } from '../core/model/errors.ts';

/** No line of ours is nearly as long: what has none this far is no file of lines. */
const LONGEST = 1_048_576;

export interface InputLines {
  readonly lines: AsyncIterable<string>;
  /** What they come from, for people. */
  readonly name: string;
}

/**
 * Lines of a file, read as they are asked for.
 *
 * @param file `-` for stdin
 */
export async function openLines(file: string, signal: AbortSignal): Promise<InputLines> {
  if (file === '-') return { lines: linesOf(process.stdin, 'stdin', signal), name: 'stdin' };
  try {
    if ((await stat(file)).isDirectory()) throw new Error('it is a directory');
  } catch (cause) {
    throw cannotRead(file, cause);
  }
  return { lines: linesOf(createReadStream(file), file, signal), name: file };
}

async function* linesOf(
  stream: Readable,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  addAbortSignal(signal, stream);
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of chunksOf(stream, name)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) throw cannotRead(name, new Error('it is no text of lines'));
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** What fails here is the reading; what fails where it is used is not. */
async function* chunksOf(stream: Readable, name: string): AsyncGenerator<string> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<string>;
  for (;;) {
    const next = await chunks.next().catch((cause: unknown) => {
      throw cannotRead(name, cause);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

function cannotRead(name: string, cause: unknown): UsageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UsageError(`${name} cannot be read: ${reason}`, {
    cause,
    remediation: ['Nothing was imported. Name a file that this user may read, or - for stdin.'],
  });
}

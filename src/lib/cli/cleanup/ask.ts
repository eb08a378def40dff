import { createInterface } from 'node:readline/promises';
import { InterruptedError } from '../../core/model/errors.ts';

/** Asks somebody at the terminal. Anything but yes is no, the end of the input too; Ctrl-C throws. */
export async function asksYes(question: string, signal: AbortSignal): Promise<boolean> {
  const { stdin: input, stdout: output } = process;
  const lines = createInterface({ input, output });
  const end = new AbortController();
  // In raw mode Ctrl-C is a key like any other, and without a listener nobody would hear of it.
  lines.once('SIGINT', () => {
    end.abort(new InterruptedError('interrupted at the keyboard', { remediation: [] }));
  });
  lines.once('close', () => {
    end.abort();
  });
  try {
    const answer = await lines.question(`${question} [y/N] `, {
      signal: AbortSignal.any([signal, end.signal]),
    });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch (error) {
    signal.throwIfAborted();
    if (!end.signal.aborted) throw error;
    if (end.signal.reason instanceof InterruptedError) throw end.signal.reason;
    return false;
  } finally {
    lines.close();
  }
}

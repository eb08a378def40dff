import { render } from 'ink';
import { type ReactElement } from 'react';

export interface ScreenOptions {
  readonly signal: AbortSignal;
  /** The terminal. */
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Where nobody but ink listens, ink ends the process by the signal itself, and the command could not end in order. */
function ignore(): void {
  // The command has heard it, and stops the screen.
}

/**
 * Shows something on a screen of its own until it leaves by itself, or `signal` is aborted, and then throws its reason. The screen
 * before comes back whichever way it ends.
 */
export async function showFullScreen(
  content: ReactElement,
  { signal, stdin, stdout }: ScreenOptions,
): Promise<void> {
  const app = render(content, {
    alternateScreen: true,
    exitOnCtrlC: false,
    interactive: true,
    patchConsole: false,
    stdin,
    stdout,
  });
  const stop = (): void => {
    app.unmount();
  };
  signal.addEventListener('abort', stop, { once: true });
  for (const name of SIGNALS) process.on(name, ignore);
  try {
    if (signal.aborted) stop();
    await app.waitUntilExit();
  } finally {
    signal.removeEventListener('abort', stop);
    for (const name of SIGNALS) process.removeListener(name, ignore);
  }
  signal.throwIfAborted();
}

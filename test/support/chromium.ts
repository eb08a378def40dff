import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Readable, type Writable } from 'node:stream';

export const hasChromium = (() => {
  try {
    execFileSync('chromium', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** What one page did while it was open. */
export interface Page {
  /** Messages on its console, of whatever kind, and uncaught errors. */
  readonly complaints: readonly string[];
  /** Addresses it asked for, its own among them. */
  readonly requests: readonly string[];
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
}

/** A browser without a window that is spoken to over a pipe, and can reach nothing but files and servers on loopback. */
export class Chromium implements AsyncDisposable {
  readonly #profile = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-chromium-'));
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<(message: Message) => void>();
  #next = 1;

  constructor() {
    this.#child = spawn(
      'chromium',
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
        `--user-data-dir=${this.#profile}`,
        '--remote-debugging-pipe',
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    let buffered = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const parts = (buffered + text).split('\0');
      buffered = parts.pop() ?? '';
      for (const part of parts) this.#receive(JSON.parse(part) as Message);
    });
  }

  #receive(message: Message): void {
    if (message.id === undefined) for (const listen of this.#listeners) listen(message);
    else this.#waiting.get(message.id)?.(message);
  }

  async #send(
    method: string,
    params: object,
    sessionId?: string,
  ): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    (this.#child.stdio[3] as Writable).write(
      `${JSON.stringify({ id, method, params, sessionId })}\0`,
    );
    const { result, error } = await answer;
    this.#waiting.delete(id);
    if (result === undefined) throw new Error(`${method}: ${error?.message ?? 'no answer'}`);
    return result;
  }

  /** Opens a page, and waits until it is loaded. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    const session = String(sessionId);
    const complaints: string[] = [];
    const requests: string[] = [];
    const send = (method: string, params: object = {}) => this.#send(method, params, session);
    const loaded = new Promise<void>((resolve) => {
      this.#listeners.add(({ method, params, sessionId: from }) => {
        if (from !== session) return;
        if (method === 'Page.loadEventFired') resolve();
        if (method === 'Network.requestWillBeSent') {
          requests.push((params as { request: { url: string } }).request.url);
        }
        if (
          /^(?:Log\.entryAdded|Runtime\.exceptionThrown|Runtime\.consoleAPICalled)$/.test(
            method ?? '',
          )
        ) {
          complaints.push(JSON.stringify(params));
        }
      });
    });
    for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await send(`${domain}.enable`);
    await send('Page.navigate', { url });
    await loaded;
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true });
      return (result as { value?: unknown }).value;
    };
    return { complaints, requests, send, evaluate };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    await this.#send('Browser.close', {}).catch(() => this.#child.kill());
    await closed;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

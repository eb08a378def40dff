import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { Monitor } from '../../src/lib/app/serve/monitor.ts';
import { DEFAULT_SERVE, type ServerSettings } from '../../src/lib/core/serve/settings.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type CleanupDesk } from '../../src/lib/ports/cleanup-desk.ts';
import { type LogLevel } from '../../src/lib/ports/logger.ts';
import { type Authenticator } from '../../src/lib/server/auth/access.ts';
import { type ListeningOptions } from '../../src/lib/server/bare-server.ts';
import { buildServer } from '../../src/lib/server/server.ts';
import { type ScanEngine } from '../../src/lib/ports/scan-engine.ts';
import { aServerContext, NO_ANSWER, NO_CLEANUP } from './server-context.ts';

export interface Serving extends ListeningOptions {
  readonly authenticator?: Authenticator;
  readonly settings?: Partial<ServerSettings>;
  readonly cleanup?: CleanupDesk;
  /** `0.0.0.0` for a server that is not for this machine alone; it is asked over loopback all the same. */
  readonly host?: string;
}

export interface Served {
  readonly server: FastifyInstance;
  readonly port: number;
  readonly url: string;
  readonly logged: { level: LogLevel; message: string }[];
  readonly ask: (path: string, options?: AskOptions) => Promise<ServedAnswer>;
  /** A connection on which anything can be said. */
  readonly open: () => Promise<Socket>;
}

export interface AskOptions {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What an answer may hold, all as if it were there: an assertion on a missing part fails by itself. */
export interface ServedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly request_id: string;
      readonly timestamp: string;
      readonly remediation: readonly string[];
      readonly details: unknown;
    };
    readonly caller: {
      readonly name: string | null;
      readonly role: string;
      readonly namespaces: readonly string[] | null;
      readonly actor: unknown;
    };
  };
}

/** Lets everybody do everything. */
export const EVERYBODY: Authenticator = {
  admit: async () =>
    await Promise.resolve({
      state: 'admitted',
      caller: { name: 'somebody', groups: [], role: 'admin', namespaces: null, actor: null },
    }),
};

/** Starts a server with the real routes, and with `/test/...`, which say who asked. It never scans. */
export async function serving(options: Serving = {}): Promise<Served> {
  const { authenticator = EVERYBODY, settings = {}, host = '127.0.0.1', ...rest } = options;
  const { cleanup = NO_CLEANUP, ...listening } = rest;
  const logged: Served['logged'] = [];
  const logger = {
    log: (level: LogLevel, message: string) => {
      // That each request is told of is tested elsewhere; here it matters what is told beyond that.
      if (message !== 'answered' && !message.startsWith('a request ended')) {
        logged.push({ level, message });
      }
    },
  };
  const clock = { now: () => new Date() };
  const engine: ScanEngine = {
    scan: async () => await new Promise(() => undefined),
    answer: async () => await Promise.resolve(NO_ANSWER),
    listen: () => () => undefined,
    close: async () => {
      await Promise.resolve();
    },
  };
  const monitor = new Monitor(
    {
      engine,
      clock,
      pause: async () => {
        await Promise.resolve();
      },
      logger,
      chance: () => 0.5,
      newId: () => 'a-scan',
    },
    { interval: millis(60_000), keptFor: millis(0) },
  );
  const server = await buildServer(
    {
      ...aServerContext({ monitor, engine, clock, logger }),
      settings: { ...DEFAULT_SERVE, server: { ...DEFAULT_SERVE.server, ...settings } },
      authenticator,
      cleanup,
    },
    listening,
  );
  for (const role of ['viewer', 'operator', 'approver', 'admin'] as const) {
    server.route({
      method: ['GET', 'POST'],
      url: `/test/${role}`,
      config: { access: { role }, sight: 'filtered' },
      handler: callerOf,
    });
  }
  server.get('/test/everything', { config: { access: { role: 'viewer' } } }, callerOf);
  server.get('/test/silent', callerOf);
  await server.listen({ host, port: 0 });
  onTestFinished(async () => {
    server.server.closeAllConnections();
    await server.close();
  });
  const { port } = server.server.address() as AddressInfo; // it listens on a port, not on a pipe
  const scheme = options.certificate === undefined ? 'http' : 'https';
  const url = `${scheme}://127.0.0.1:${String(port)}`;
  return {
    server,
    port,
    url,
    logged,
    ask: async (path, { method = 'GET', token, headers = {}, body } = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      const decoded = (isJson && text !== '' ? JSON.parse(text) : {}) as ServedAnswer['body'];
      return { status: response.status, headers: response.headers, text, body: decoded };
    },
    open: async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      onTestFinished(() => {
        socket.destroy();
      });
      await once(socket, 'connect');
      return socket;
    },
  };
}

function callerOf({ caller }: { readonly caller: unknown }): unknown {
  const known = caller as { namespaces: ReadonlySet<string> | null };
  return {
    caller: {
      ...known,
      namespaces: known.namespaces === null ? null : [...known.namespaces].sort(),
    },
  };
}

/** Everything that comes until the other end closes. */
export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  if (!socket.closed) await once(socket, 'close');
  return text;
}

/** Sends one request in its own words, and gives the whole answer. */
export async function say(served: Served, request: string): Promise<string> {
  const socket = await served.open();
  const answer = readAll(socket);
  socket.write(request);
  return await answer;
}

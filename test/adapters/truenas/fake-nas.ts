import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { type RetryTiming } from '../../../src/lib/adapters/http/retry.ts';
import { openNas, type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type LogLevel } from '../../../src/lib/ports/logger.ts';
import { type NasReader } from '../../../src/lib/ports/nas.ts';

/** Secret of every test here: no message may ever hold it. */
export const SECRET = '1-s3cr3tOfTheKeyThatNobodyMaySee';

/** Answers a method, or throws a {@link RpcFault}; `HANG` never answers. */
export type Method = (params: readonly unknown[], socket: WebSocket) => unknown;

export const HANG = Symbol('never answers');

export class RpcFault extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('fault');
    this.error = error;
  }
}

export const fault = (errno: number, errname: string, reason = `[${errname}] no`): RpcFault =>
  new RpcFault({
    code: -32001,
    message: 'Method call error',
    data: { error: errno, errname, reason, extra: null },
  });

export interface FakeNas {
  readonly url: string;
  /** Methods and routes, in the order they were asked for. */
  readonly calls: string[];
  readonly connections: () => number;
}

export interface FakeOptions {
  readonly versions?: readonly string[];
  readonly methods?: Readonly<Record<string, Method>>;
  /** Answers plain HTTP; true where it did. */
  readonly http?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** No WebSocket is opened. */
  readonly refuseUpgrade?: boolean;
  /** Asked at each upgrade whether a gateway refuses it. */
  readonly refuseFirst?: () => boolean;
}

const DEFAULTS: Readonly<Record<string, Method>> = {
  'core.set_options': () => ({}),
  'auth.login_ex': () => ({ response_type: 'SUCCESS' }),
  'auth.login_with_api_key': () => true,
  'system.version_short': () => '25.10.1',
  'system.host_id': () => 'f00d',
  'system.info': () => ({ datetime: { $date: 1_760_000_000_000 } }),
};

/** A server that does exactly what one test says: for answers that no TrueNAS of the lab would give. */
export async function startFake(options: FakeOptions = {}): Promise<FakeNas> {
  const methods = { ...DEFAULTS, ...options.methods };
  const calls: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    calls.push(`GET ${request.url ?? ''}`);
    if (options.http?.(request, response) === true) return;
    if (request.url === '/api/versions') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(options.versions ?? ['v25.04.0', 'v25.10.0']));
      return;
    }
    response.statusCode = 400;
    response.end('No WebSocket UPGRADE hdr: None');
  });
  if (options.refuseUpgrade !== true) {
    const { refuseFirst = () => false } = options;
    const sockets = new WebSocketServer({
      server,
      verifyClient: (_info, done) => {
        done(!refuseFirst(), 502);
      },
    });
    sockets.on('connection', (socket) => {
      connections += 1;
      socket.on('message', (data: Buffer) => {
        void answer(socket, data.toString());
      });
    });
  }

  async function answer(socket: WebSocket, text: string): Promise<void> {
    const frame = JSON.parse(text) as { id: number; method: string; params: unknown[] };
    calls.push(frame.method);
    const reply = (rest: object) => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: frame.id, ...rest }));
    };
    try {
      const method = methods[frame.method];
      if (method === undefined)
        throw new RpcFault({ code: -32601, message: 'Method does not exist' });
      const result = await method(frame.params, socket);
      if (result !== HANG) reply({ result });
    } catch (error) {
      if (!(error instanceof RpcFault)) throw error;
      reply({ error: error.error });
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls, connections: () => connections };
}

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
}

/** Tries again without waiting. */
export const AT_ONCE: RetryTiming = { random: () => 0, sleep: () => Promise.resolve() };

/** A reader of a server on loopback, closed when the test ends. */
export async function open(
  url: string,
  options: Partial<NasOptions> = {},
  log: LogLine[] = [],
  timing: RetryTiming = AT_ONCE,
): Promise<NasReader> {
  const reader = await openNas(
    {
      name: 'nas1',
      url,
      username: 'monitor',
      apiKey: SECRET,
      password: null,
      timeout: millis(10_000),
      tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
      transport: 'auto',
      logger: {
        log: (level, message) => {
          log.push({ level, message });
        },
      },
      ...options,
    },
    timing,
  );
  onTestFinished(() => reader.close());
  return reader;
}

/** The signal of a caller that never gives up. */
export const patient = (): AbortSignal => new AbortController().signal;

import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type LabSystem } from '../scenario/world.ts';
import { type RecordedCall, type Wire } from './connection.ts';
import { openMethods } from './dispatcher.ts';
import { EventBus } from './events.ts';
import { type TrueNasFaults } from './faults.ts';
import { JobStore } from './jobs.ts';
import { serveJsonRpc } from './json-rpc.ts';
import { serveLegacy } from './legacy-websocket.ts';
import { type Lab } from './method.ts';
import { RateLimiter } from './rate-limit.ts';
import { serveRest } from './rest.ts';
import { VERSIONS } from './versions.ts';
import { ViewCache } from './view.ts';

export interface TrueNasLabOptions {
  readonly now: () => Date;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly faults?: TrueNasFaults;
  /** Where one listened that was closed; any free port where nothing is said. */
  readonly port?: number;
}

/** A TrueNAS system on loopback. */
export interface TrueNasLab {
  readonly url: string;
  /** Live: what is changed here is in the next answer. */
  readonly system: LabSystem;
  readonly faults: TrueNasFaults;
  /** Every call so far, over whichever transport. */
  readonly calls: RecordedCall[];
  /** Says that objects of a large world (over 2,000 datasets and snapshots) were changed in place. */
  touch(): void;
  close(): Promise<void>;
}

function createLab(system: LabSystem, options: TrueNasLabOptions): Lab {
  const events = new EventBus();
  const { tls } = options;
  const lab: Lab = {
    system,
    table: VERSIONS[system.version],
    faults: options.faults ?? {},
    views: new ViewCache(system),
    events,
    jobs: new JobStore(events),
    limiter: new RateLimiter(),
    certificate: tls === undefined ? null : new X509Certificate(tls.cert),
    now: () => new Date(options.now().getTime() + (system.clockSkewSeconds ?? 0) * 1000),
    openTo: (user) => openMethods(lab, user),
  };
  return lab;
}

const HTML = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>';

function sendHtml(response: ServerResponse, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(HTML);
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function sendNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('404: Not Found');
}

function serveVersions({ faults, table }: Lab, response: ServerResponse): void {
  const { versionsStatus } = faults;
  if (versionsStatus === 'timeout') return;
  if (versionsStatus === 'html') sendHtml(response);
  else if (versionsStatus !== undefined) sendHtml(response, versionsStatus);
  else if (table.apiVersions === null) sendNotFound(response);
  else sendJson(response, table.apiVersions);
}

function serveHttp(
  lab: Lab,
  request: IncomingMessage,
  response: ServerResponse,
  calls: RecordedCall[],
): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (lab.faults.html === true) sendHtml(response);
  else if (path === '/api/versions') serveVersions(lab, response);
  else if (lab.table.rest && path.startsWith('/api/v2.0/')) {
    serveRest(lab, request, response, calls).catch(() => {
      // The client went away while its request was being read.
      response.destroy();
    });
  } else sendNotFound(response);
}

type Protocol = (lab: Lab, wire: Wire) => void;

/** The protocol spoken at a path, if a WebSocket is served there at all. */
function protocolAt(lab: Lab, path: string): Protocol | undefined {
  if (lab.faults.html === true) return undefined;
  if (path === '/websocket') return serveLegacy;
  const [, version] = /^\/api\/(current|v[\d.]+)$/u.exec(path) ?? [];
  if (version === undefined || !lab.table.jsonRpc) return undefined;
  const known = version === 'current' || lab.table.apiVersions?.includes(version) === true;
  return known ? serveJsonRpc : undefined;
}

function refuseUpgrade(lab: Lab, stream: Duplex): void {
  const [status, type, body] =
    lab.faults.html === true
      ? ['200 OK', 'text/html', HTML]
      : ['404 Not Found', 'text/plain', '404: Not Found'];
  const headers = `content-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close`;
  stream.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}

function listen(server: Server, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}

/** Starts a simulated TrueNAS that answers from `system`, which stays live. */
export async function startTrueNasLab(
  system: LabSystem,
  options: TrueNasLabOptions,
): Promise<TrueNasLab> {
  const lab = createLab(system, options);
  const calls: RecordedCall[] = [];
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    serveHttp(lab, request, response, calls);
  };
  const server =
    options.tls === undefined
      ? createServer(onRequest)
      : createTlsServer({ ...options.tls, ALPNProtocols: ['http/1.1'] }, onRequest);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const streams = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    streams.add(socket);
    socket.once('close', () => streams.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A client may break off at any moment.
    stream.on('error', () => undefined);
    const protocol = protocolAt(lab, (request.url ?? '/').split('?', 1)[0] ?? '/');
    if (protocol === undefined) {
      refuseUpgrade(lab, stream);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const remoteAddress = request.socket.remoteAddress ?? '';
      protocol(lab, { socket, stream, remoteAddress, calls });
    });
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    system,
    faults: lab.faults,
    calls,
    touch: () => {
      lab.views.touch();
    },
    close: () =>
      new Promise((resolve) => {
        for (const stream of streams) stream.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

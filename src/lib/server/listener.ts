import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type Socket } from 'node:net';
import { type SecureContextOptions } from 'node:tls';
import { type Certificate, type CertificateSource } from '../ports/certificate-source.ts';
import { KEEP_ALIVE, type ServerLimits } from './limits.ts';

/**
 * What listens: over TLS where there is a certificate, which is changed for a new one while it runs. Connections that are open keep the
 * one they were made with.
 */
export function makeListener(
  handler: RequestListener,
  limits: ServerLimits,
  certificate: CertificateSource | null,
): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: limits.checkEvery,
    keepAliveTimeout: KEEP_ALIVE,
  };
  const server =
    certificate === null
      ? createHttpServer(options, handler)
      : createTlsServer(options, handler, limits, certificate);
  server.setTimeout(limits.idleTimeout);
  server.maxConnections = limits.connections;
  capEachAddress(server, limits.connectionsPerAddress);
  return server;
}

function createTlsServer(
  options: object,
  handler: RequestListener,
  { handshakeTimeout }: ServerLimits,
  source: CertificateSource,
): Server {
  const server = createHttpsServer(
    { ...options, handshakeTimeout, ALPNProtocols: ['http/1.1'], ...secured(source.current) },
    handler,
  );
  const stop = source.onChange((certificate) => {
    server.setSecureContext(secured(certificate));
  });
  server.once('close', stop);
  return server;
}

/** The newest version that both sides know is used; what is older than 1.2 is none. */
function secured({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', honorCipherOrder: true };
}

/** Nobody takes up all connections there are. */
function capEachAddress(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}

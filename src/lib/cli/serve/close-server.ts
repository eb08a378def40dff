import { type Socket } from 'node:net';
import { type FastifyInstance } from 'fastify';

/** How long requests in flight may take once the process is to end. */
const GRACE = 5_000;

/** How often connections are looked for on which nothing is asked any more, in milliseconds. */
const SWEEP = 100;

/**
 * Knows every connection of a server, so that none can keep the process: neither one that sends its request a byte a minute, nor one
 * that was upgraded and belongs to the HTTP server no more.
 *
 * @returns what closes the server: nothing new is accepted, what is in flight is answered, and what takes too long is cut off
 */
export function closable(server: FastifyInstance, grace = GRACE): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, grace);
    // Who is answered meanwhile may keep the connection open for a next request, which nobody would answer.
    const sweep = setInterval(() => {
      server.server.closeIdleConnections();
    }, SWEEP);
    await server.close();
    clearInterval(sweep);
    clearTimeout(timer);
  };
}

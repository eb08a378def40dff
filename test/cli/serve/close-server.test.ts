import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closable } from '../../../src/lib/cli/serve/close-server.ts';

const GRACE = 400;
/** For whoever reads on, however busy the machine is. */
const LONG_ENOUGH = 15_000;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const PIECES = 640;

interface Site {
  readonly server: FastifyInstance;
  readonly open: () => Promise<Socket>;
  readonly close: () => Promise<void>;
}

/** A server with an answer of 40 MB, made as it is read, and one that takes a while. */
async function aSite(grace = GRACE): Promise<Site> {
  const server = fastify({ logger: false });
  server.get('/large', (_request, reply) => {
    function* pieces(): Generator<Buffer> {
      for (let count = 0; count < PIECES; count += 1) yield PIECE;
    }
    return reply.send(Readable.from(pieces(), { objectMode: true, highWaterMark: 2 }));
  });
  server.get('/slow', async () => {
    await wait(150);
    return 'at last';
  });
  const close = closable(server, grace);
  await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(close);
  const { port } = server.server.address() as AddressInfo; // it listens on a port
  return {
    server,
    close,
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

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
}

async function everything(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
  return text;
}

async function took(deed: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await deed();
  return performance.now() - began;
}

describe('a server that is closed', () => {
  it('answers what is in flight, large or slow, to whoever reads it', async () => {
    const { open, close } = await aSite(LONG_ENOUGH);
    const [large, slow] = [await open(), await open()];
    large.pause();
    large.write(get('/large'));
    slow.write(get('/slow'));
    await wait(50);
    const answers = [everything(large), everything(slow)];
    // Both would keep their connections open for more.
    expect(await took(close)).toBeLessThan(LONG_ENOUGH);
    const [most, last] = await Promise.all(answers);
    expect(most?.match(/x{1000}/g)?.length).toBeGreaterThanOrEqual(PIECES * 64);
    expect(most?.endsWith('\r\n0\r\n\r\n')).toBe(true);
    expect(last).toContain('at last');
  });

  it('cuts off who does not read in time', async () => {
    const { server, open, close } = await aSite();
    const socket = await open();
    socket.pause();
    socket.write(get('/large'));
    await wait(100);
    const span = await took(close);
    expect(span).toBeGreaterThan(GRACE - 50);
    expect(span).toBeLessThan(GRACE + 1_500);
    expect(server.server.listening).toBe(false);
    const text = await everything(socket);
    expect(text.endsWith('\r\n0\r\n\r\n')).toBe(false);
  });

  it('cuts off who never ends a request', async () => {
    const { open, close } = await aSite();
    const socket = await open();
    socket.write('GET /slow HTTP/1.1\r\nHost: 127');
    await wait(50);
    expect(await took(close)).toBeLessThan(GRACE + 1_500);
    await everything(socket);
  });

  it('waits for nobody who only keeps a connection, and lets in nobody else', async () => {
    const { open, close } = await aSite();
    const idle = await open();
    idle.write(get('/slow'));
    await once(idle, 'data');
    expect(await took(close)).toBeLessThan(GRACE);
    await everything(idle);
    await expect(open()).rejects.toThrow();
  });

  it('may be closed again', async () => {
    const { close } = await aSite();
    await Promise.all([close(), close()]);
    await close();
  });
});

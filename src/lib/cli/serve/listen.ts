import { type FastifyInstance } from 'fastify';
import { ListenError } from '../../core/model/errors.ts';
import { type ListenAddress } from '../../core/serve/settings.ts';

/** What to do about each way an address cannot be had. */
const REASONS: Readonly<Record<string, (address: ListenAddress) => readonly [string, string]>> = {
  EADDRINUSE: ({ port }) => [
    'something listens there already',
    `Stop it, or serve elsewhere: --listen 127.0.0.1:${String(port + 1)}, or server.listen in the configuration.`,
  ],
  EACCES: ({ port }) => [
    'this user may not listen there',
    port < 1024
      ? 'Ports below 1024 take a right of their own: choose a higher one with --listen or server.listen.'
      : 'Choose another with --listen or server.listen.',
  ],
  EADDRNOTAVAIL: () => [
    'this machine has no such address',
    'Name one of its own, or 0.0.0.0 for all of them, with --listen or server.listen.',
  ],
  ENOTFOUND: () => ['no address belongs to that name', 'Name an address of this machine.'],
};

/** Begins to listen; throws a `ListenError` where that cannot be. Returns the address as a URL. */
export async function listen(server: FastifyInstance, address: ListenAddress): Promise<string> {
  try {
    return await server.listen({ host: address.host, port: address.port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const [why, remedy] = REASONS[code]?.(address) ?? [
      cause instanceof Error ? cause.message : String(cause),
      'Choose another address with --listen or server.listen.',
    ];
    const { host, port } = address;
    const shown = host.includes(':') ? `[${host}]` : host;
    throw new ListenError(`cannot listen at ${shown}:${String(port)}: ${why}`, {
      cause,
      remediation: [remedy],
      details: { host, port },
    });
  }
}

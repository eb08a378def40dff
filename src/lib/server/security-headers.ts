import helmet from '@fastify/helmet';
import { type FastifyInstance } from 'fastify';

/** Half a year, as long as nobody says otherwise. */
const STRICT_TRANSPORT_SECONDS = 15_552_000;

/**
 * What browsers are told of every answer, errors too. Answers are data: nothing in them is to be run, framed, guessed at or used by
 * other pages. A page has a policy of its own, as the option `helmet` of its route.
 *
 * @param secure whether it is served over TLS
 */
export async function addSecurityHeaders(server: FastifyInstance, secure: boolean): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    strictTransportSecurity: secure
      ? { maxAge: STRICT_TRANSPORT_SECONDS, includeSubDomains: false }
      : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

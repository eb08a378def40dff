import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type HttpError, refuse } from '../http-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `filtered` where the route cuts its answer down to the namespaces its caller may see. Any other is for those who may see
     * all of them, whoever forgot to say so.
     */
    readonly sight?: 'filtered';
  }
}

/** Keeps callers that are limited to namespaces from what is about everything. */
export function limitScope(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { access, sight } = request.routeOptions.config;
    if (
      access === 'open' ||
      sight === 'filtered' ||
      request.is404 ||
      allowedNamespaces(request) === null
    ) {
      done();
      return;
    }
    done(tooMuch());
  });
}

function tooMuch(): HttpError {
  return refuse(403, {
    code: 'FORBIDDEN',
    message: 'this is about the whole estate, and you may see some namespaces of it',
    remediation: [
      'Ask for /api/v1/orphans or /api/v1/resources/pvcs, which show what lies in your namespaces.',
      'Or have somebody give you the right to see all of them.',
    ],
  });
}

/** The namespaces whoever asks may see; null for all, and for what lies in none. */
export function allowedNamespaces({
  caller,
}: Pick<FastifyRequest, 'caller'>): ReadonlySet<string> | null {
  return caller?.namespaces ?? null;
}

/** Refuses namespaces that are asked for by name and may not be seen: an empty answer would look like a clean bill. */
export function refuseForeign(
  asked: readonly string[] | null,
  allowed: ReadonlySet<string> | null,
): void {
  if (allowed === null || asked === null) return;
  const foreign = asked.filter((name) => !allowed.has(name));
  if (foreign.length === 0) return;
  throw refuse(403, {
    code: 'FORBIDDEN_NAMESPACE',
    message: `you may not see ${foreign.length === 1 ? 'a namespace' : 'some namespaces'} that you asked for`,
    details: { parameter: 'namespace', namespaces: foreign.join(', ').slice(0, 500) },
    remediation: ['Leave out namespace to see all that you may.'],
  });
}

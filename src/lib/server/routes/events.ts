import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { eventTicketSchema } from '../../core/serve/event-schema.ts';
import { type Caller, type Needed, type Verdict } from '../auth/access.ts';
import { isOriginAllowed } from '../auth/origin.ts';
import { credentialsOf } from '../auth/require-access.ts';
import { type ServerContext } from '../context.ts';
import { resumePoint } from '../events/event-client.ts';
import { EVENT_PROTOCOL, EVENTS_PATH, TICKET_PREFIX } from '../events/event-protocol.ts';
import { type Events } from '../events/open-events.ts';
import { refuse } from '../http-error.ts';
import { named } from '../named-schema.ts';
import { routeSchema } from '../route-schema.ts';

const VIEWER: Needed = { role: 'viewer' };
/** A caller that cannot be asked for within this time is not known. */
const ADMIT_TIMEOUT = 10_000;

const ticket = named('EventTicket', eventTicketSchema);

const resumeQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('sequence number of the last event that is known already'),
  process: z.string().max(100).optional().describe('the process that event was of'),
});

/** Events as they happen. */
export function eventRoutes(server: FastifyInstance, context: ServerContext, events: Events): void {
  const { stream, clients } = events;
  const typed = server.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: EVENTS_PATH,
    config: { access: VIEWER, sight: 'filtered' },
    exposeHeadRoute: false,
    schema: routeSchema({
      operationId: 'listenToEvents',
      tag: 'events',
      summary: 'events as they happen, over a WebSocket',
      description:
        'The form of the messages is schemas/event.schema.json. How things are comes first, unless `after` and `process` say what is known already and it can be told what happened since.',
      querystring: resumeQuery,
      answers: { 101: { description: 'the connection is a WebSocket from now on', schema: null } },
      refusals: { 426: 'it was asked for without a WebSocket' },
    }),
    onRequest: (request, _reply, done) => {
      refuseForeignPage(request, context);
      done();
    },
    preHandler: (request, _reply, done) => {
      const refusal = request.ws ? clients.refusal(callerOf(request)) : undefined;
      if (refusal !== undefined) throw refusal;
      done();
    },
    handler: () => {
      throw refuse(426, {
        code: 'UPGRADE_REQUIRED',
        message: 'events are told over a WebSocket alone',
        remediation: ['Connect with a WebSocket client to this address.'],
        // With no word of closing it Node would keep a connection open that the client wants closed.
        headers: { connection: 'upgrade, close', upgrade: 'websocket' },
      });
    },
    wsHandler: (socket, request) => {
      const { after, process } = request.query;
      clients.join(callerOf(request), {
        socket,
        after: after === undefined ? null : resumePoint(stream, after, process),
        admit: admitterOf(request, context),
      });
    },
  });
  ticketRoute(server, events);
}

/** Where pages get what lets them open the stream. */
function ticketRoute(server: FastifyInstance, { tickets }: Events): void {
  server.withTypeProvider<ZodTypeProvider>().post(
    `${EVENTS_PATH}/tickets`,
    {
      config: { access: VIEWER, sight: 'filtered' },
      schema: routeSchema({
        operationId: 'getEventTicket',
        tag: 'events',
        summary: 'a ticket to open the stream of events with',
        description: 'For pages: they cannot send a token when they open a WebSocket.',
        body: z.strictObject({}).nullish(),
        answers: { 201: { description: 'good once, and for a moment', schema: ticket } },
        refusals: { 415: 'the body is not JSON, or is compressed' },
      }),
    },
    async (request, reply) => {
      const { authorization } = request.headers;
      if (authorization === undefined) {
        throw refuse(400, {
          code: 'NO_TOKEN',
          message: 'a ticket stands for a token, and none was sent',
          remediation: [
            'Send the token as Authorization: Bearer …, or open the stream without a ticket.',
          ],
        });
      }
      const sold = tickets.sell(authorization);
      if (sold === undefined) {
        throw refuse(503, {
          code: 'TOO_MANY_TICKETS',
          class: 'transient',
          message: 'too many tickets were got and not used yet',
          remediation: ['Ask again in a moment.'],
          headers: { 'retry-after': '5' },
        });
      }
      const { ticket: sign, until } = sold;
      void reply.code(201).header('cache-control', 'no-store');
      return await Promise.resolve({
        ticket: sign,
        expires_at: until.toISOString(),
        protocols: [EVENT_PROTOCOL, `${TICKET_PREFIX}${sign}`],
      });
    },
  );
}

/** A browser lets every page open a WebSocket to anywhere, with what it knows of the user; so whose page it is is asked here. */
function refuseForeignPage(request: FastifyRequest, { settings }: ServerContext): void {
  const { origin, host } = request.headers;
  const secure = request.protocol === 'https';
  if (isOriginAllowed({ origin, host, secure }, settings.server.origins)) return;
  throw refuse(403, {
    code: 'ORIGIN_REFUSED',
    message: 'a page of another origin may not listen to events',
    remediation: ['Add its origin to server.origins, if it should.'],
  });
}

function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new Error('events are told to nobody who is not known');
  return caller;
}

/** Asks again who somebody is, by what they showed when they came. */
function admitterOf(
  request: FastifyRequest,
  { authenticator, logger }: ServerContext,
): () => Promise<Verdict> {
  const credentials = credentialsOf(request);
  const { id } = request;
  return async () => {
    try {
      return await authenticator.admit(credentials, VIEWER, AbortSignal.timeout(ADMIT_TIMEOUT));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.log('error', `a caller could not be asked for: ${reason}`, { request: id });
      return { state: 'unavailable', reason: 'callers cannot be asked for' };
    }
  };
}

import websocket from '@fastify/websocket';
import { type FastifyInstance } from 'fastify';
import { type IncomingHttpHeaders } from 'node:http';
import { type ServerContext } from '../context.ts';
import { refuse } from '../http-error.ts';
import { type DropReason } from './event-client.ts';
import { EventClients } from './event-clients.ts';
import { type EventLimits } from './event-limits.ts';
import { EventStream } from './event-stream.ts';
import { EVENT_PROTOCOL, isEventsRequest, TICKET_PREFIX } from './event-protocol.ts';
import { Tickets } from './tickets.ts';

/** What the routes of events are made with. */
export interface Events {
  readonly stream: EventStream;
  readonly clients: EventClients;
  readonly tickets: Tickets;
  readonly limits: EventLimits;
}

export interface EventOptions {
  readonly limits: EventLimits;
  /** Told of every client that had to be parted from, and why. */
  readonly onDropped: (reason: DropReason) => void;
}

/**
 * Makes a server ready for WebSockets. It has to come before callers are asked who they are: a ticket is changed into the header it
 * stands for first, so that everything after it is as for anybody else.
 */
export async function openEvents(
  server: FastifyInstance,
  context: ServerContext,
  { limits, onDropped }: EventOptions,
): Promise<Events> {
  const { clock, logger, settings } = context;
  const stream = new EventStream(context, limits.remembered);
  const clients = new EventClients(stream, {
    limits,
    max: settings.server.maxEventClients,
    onDropped,
  });
  const tickets = new Tickets(clock, limits.ticketFor, limits.tickets);
  await server.register(websocket, {
    options: {
      maxPayload: limits.maxPayload,
      perMessageDeflate: false,
      // Whoever sends pings and reads nothing would have the answers pile up.
      autoPong: false,
      handleProtocols: (offered) => (offered.has(EVENT_PROTOCOL) ? EVENT_PROTOCOL : false),
    },
    errorHandler: (error, socket, request) => {
      logger.log('debug', `a connection for events failed: ${error.message}`, {
        request: request.id,
      });
      // What breaks the protocol was answered with a code by then, and the client parts by itself.
      if (socket.readyState === socket.OPEN) socket.terminate();
    },
    preClose: async () => {
      await clients.close();
      stream.close();
    },
  });
  server.addHook('onRequest', (request, _reply, done) => {
    if (isEventsRequest(request.url)) exchangeTicket(request.raw.headers, tickets);
    done();
  });
  return { stream, clients, tickets, limits };
}

function exchangeTicket(headers: IncomingHttpHeaders, tickets: Tickets): void {
  const offered = headers['sec-websocket-protocol'];
  if (typeof offered !== 'string') return;
  const names = offered.split(',').map((name) => name.trim());
  const ticket = names.find((name) => name.startsWith(TICKET_PREFIX));
  if (ticket === undefined) return;
  const authorization = tickets.redeem(ticket.slice(TICKET_PREFIX.length));
  if (authorization === undefined) {
    throw refuse(401, {
      code: 'TICKET_UNKNOWN',
      message: 'the ticket is not good, or not any more: each is good once, and for a moment',
      remediation: ['Get another with POST /api/v1/events/tickets.'],
      headers: { 'www-authenticate': 'Bearer realm="truenas-monitor"' },
    });
  }
  headers.authorization = authorization;
}

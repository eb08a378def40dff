/** Where events are. */
export const EVENTS_PATH = '/api/v1/events';

/** The subprotocol: a later one that old clients would not understand has another number. */
export const EVENT_PROTOCOL = 'truenas-monitor.events.v1';

/** In front of a ticket, among the subprotocols a client offers. */
export const TICKET_PREFIX = 'ticket.';

/** Whether a request is for the stream of events, and not for anything below it. */
export function isEventsRequest(url: string): boolean {
  const end = url.indexOf('?');
  return (end === -1 ? url : url.slice(0, end)).replace(/\/$/, '') === EVENTS_PATH;
}

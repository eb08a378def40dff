import { type Millis, millis } from '../../core/model/units.ts';

/** What keeps the stream of events from being anybody's burden. */
export interface EventLimits {
  /** Events that are remembered for those who were away. */
  readonly remembered: number;
  /** Nothing more is written to a connection that has so many bytes left to take. */
  readonly unsent: number;
  /** Whoever takes nothing for so long is dropped. */
  readonly patience: Millis;
  readonly pingEvery: Millis;
  /** How often it is asked whether a caller would still be let in. */
  readonly admitEvery: Millis;
  /** How often all of this is looked at. */
  readonly tick: Millis;
  /** How long somebody who is told to go may take for it. */
  readonly parting: Millis;
  /** Of a message from a client. */
  readonly maxPayload: number;
  /** Messages a client may send at once; it is granted one more with every tick. */
  readonly messages: number;
  /** The part of all connections that one named caller may have. */
  readonly share: number;
  readonly ticketFor: Millis;
  /** Tickets that are good at the same time. */
  readonly tickets: number;
}

export const EVENT_LIMITS: EventLimits = {
  remembered: 10_000,
  unsent: 256 * 1024,
  patience: millis(30_000),
  pingEvery: millis(30_000),
  admitEvery: millis(60_000),
  tick: millis(1_000),
  parting: millis(2_000),
  maxPayload: 1_024,
  messages: 20,
  share: 0.25,
  ticketFor: millis(30_000),
  tickets: 1_000,
};

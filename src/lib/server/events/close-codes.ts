/** Why the server ends a connection, as RFC 6455 and its registry number it. */
export const CLOSE = {
  /** It is ending itself. */
  goingAway: 1001,
  binary: 1003,
  malformed: 1007,
  /** The other end may not, or does what it may not. */
  refused: 1008,
  internal: 1011,
  /** Not now: it may connect again. */
  tryAgain: 1013,
} as const;

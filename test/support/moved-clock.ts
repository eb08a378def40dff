/*
 * Loaded into a process before its program, it lets the clock run ahead by TEST_CLOCK_AHEAD_MS: what a user would see who waits.
 */

const ahead = Number(process.env['TEST_CLOCK_AHEAD_MS'] ?? '0');
const Wall = Date;

class MovedDate extends Wall {
  constructor(...parts: readonly [] | readonly [value: string | number | Date]) {
    super(parts.length === 0 ? Wall.now() + ahead : parts[0]);
  }

  static override now(): number {
    return Wall.now() + ahead;
  }
}

if (ahead !== 0) globalThis.Date = MovedDate as DateConstructor;

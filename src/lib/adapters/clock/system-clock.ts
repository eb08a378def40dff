import { type Clock } from '../../ports/clock.ts';

/** The clock of this machine: the one place that reads it. */
export const systemClock: Clock = { now: () => new Date() };

/** The local clock. */
export interface Clock {
  now(): Date;
}

/** How far a scan has come, for a line on a terminal. */
export interface Progress {
  /** @param label what is being read or judged, lower case */
  step(label: string, done: number, total: number): void;
  finish(): void;
}

/** What every name of this program begins with. */
export const PREFIX = 'truenas_monitor_';

/** From a cached answer to a scan of a fleet, in seconds. */
export const SCAN_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** From an answer out of memory to one that is given up, in seconds. */
export const CALL_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

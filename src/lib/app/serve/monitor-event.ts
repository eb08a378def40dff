import { type ScanRun } from '../../core/serve/monitor-state.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type EngineEvent } from '../../ports/scan-engine.ts';

/** What a monitor tells those who listen. */
export type MonitorEvent =
  | { readonly kind: 'scan-started'; readonly run: ScanRun }
  | {
      readonly kind: 'scan-finished';
      readonly run: ScanRun;
      readonly scan: ServedScan;
      /** The one before it; null for the first. */
      readonly previous: ServedScan | null;
    }
  | { readonly kind: 'scan-failed'; readonly run: ScanRun }
  | { readonly kind: 'engine'; readonly event: EngineEvent };

import { type ExplanationFormat } from '../core/render/formats.ts';
import { type Millis } from '../core/model/units.ts';
import { type Failure } from '../core/serve/failure.ts';
import { type ServedScan } from '../core/serve/served-scan.ts';

/** Something that happened where scans are made. */
export type EngineEvent =
  /** One of the two sides says that something changed. */
  | { readonly kind: 'changed'; readonly source: string; readonly what: string }
  /** How far the scan has come. */
  | {
      readonly kind: 'phase';
      readonly phase: string;
      readonly done: number;
      readonly total: number;
    }
  /** A request to a cluster or system was answered, or was not. */
  | {
      readonly kind: 'call';
      readonly api: 'kubernetes' | 'truenas';
      readonly member: string;
      readonly outcome: 'ok' | 'error';
      readonly duration: Millis;
    }
  /** How a cluster or system is reached. */
  | {
      readonly kind: 'circuit';
      readonly member: string;
      readonly state: 'closed' | 'open' | 'half-open';
    }
  /** The configuration was read again; with a failure, the one before it stays in force. */
  | { readonly kind: 'configuration'; readonly failure: Failure | null }
  /** A kept scan was asked for. */
  | { readonly kind: 'kept'; readonly outcome: 'hit' | 'miss' }
  /** It ended unasked, and is being started again. */
  | { readonly kind: 'lost'; readonly reason: string };

/** What a scan may be asked for. */
export interface EngineScanRequest {
  /** A kept scan up to this age is good enough; zero for a fresh one. */
  readonly maxAge: Millis;
  /** Goes with every message about it. */
  readonly correlationId: string;
  /** Nothing is read: without a kept scan there is none. */
  readonly keptOnly: boolean;
}

/** How a scan ended. What went wrong with it is told, and never thrown. */
export type EngineScanResult =
  | { readonly state: 'done'; readonly scan: ServedScan }
  | { readonly state: 'failed'; readonly error: Failure };

/** Something that takes too long to be worked out beside requests, and that nobody asks for often. */
export type EngineQuestion =
  | { readonly kind: 'report'; readonly format: ReportFormat; readonly correlationId: string }
  | {
      readonly kind: 'explain';
      /** As `explain` takes it: a finding id, or an object such as `pvc/NAMESPACE/NAME`. */
      readonly object: string;
      readonly format: ExplanationFormat;
      readonly correlationId: string;
    };

/** Formats of a whole report that have to be made of it. */
export const REPORT_FORMATS = ['html', 'pdf', 'markdown', 'yaml', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export type EngineAnswer =
  | { readonly state: 'done'; readonly body: Uint8Array<ArrayBuffer> }
  | { readonly state: 'failed'; readonly error: Failure };

/** Where scans are made: beside whoever answers requests, so that neither waits for the other. One at a time. */
export interface ScanEngine {
  scan(request: EngineScanRequest): Promise<EngineScanResult>;
  /** Worked out of the scan that was kept last. Nothing is read for it, and what it says justifies no change. */
  answer(question: EngineQuestion): Promise<EngineAnswer>;
  /** @returns what ends it */
  listen(listener: (event: EngineEvent) => void): () => void;
  /** Ends what is under way, and lets go of all connections. */
  close(): Promise<void>;
}

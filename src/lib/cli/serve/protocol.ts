import { type CleanupHistory } from '../../core/cleanup/cleanup-history.ts';
import { type PlanScope } from '../../core/cleanup/plan-scope.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { type RunView } from '../../core/cleanup/run-view.ts';
import { type Failure } from '../../core/serve/failure.ts';
import {
  type AskedBy,
  type DeskAnswer,
  type MadePlan,
  type PlanApplication,
  type PlanVerdict,
} from '../../ports/cleanup-desk.ts';
import { type LogLevel } from '../../ports/logger.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineQuestion,
  type EngineScanRequest,
  type EngineScanResult,
} from '../../ports/scan-engine.ts';
import { type ConnectionRequest } from '../scan-flags.ts';

/*
 * What is said between the thread that answers and the one that scans. All of it is data that can be copied.
 */

/** What the scanning thread is started with. */
export interface EngineStart {
  readonly connection: ConnectionRequest;
  readonly version: string;
  readonly logLevel: LogLevel;
  /** How many clusters and systems are read at the same time. */
  readonly maxConcurrent: number;
  /** Volumes that get series of their own at most; 0 for none. */
  readonly volumeSeries: number;
}

export type ToEngine =
  | { readonly kind: 'scan'; readonly call: number; readonly request: EngineScanRequest }
  | { readonly kind: 'log-level'; readonly level: LogLevel }
  /** Something that is to be worked out of the scan that was kept. */
  | { readonly kind: 'answer'; readonly call: number; readonly question: EngineQuestion }
  | { readonly kind: 'desk'; readonly call: number; readonly request: DeskRequest }
  /** Configuration and secrets are read again. */
  | { readonly kind: 'reload' }
  | { readonly kind: 'close' };

export type FromEngine =
  /** Both sides are open; nothing was read yet. */
  | { readonly kind: 'opened'; readonly clusters: readonly DemoCluster[] }
  /** It cannot begin at all, and ends. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'scanned'; readonly call: number; readonly result: EngineScanResult }
  | { readonly kind: 'answered'; readonly call: number; readonly answer: EngineAnswer }
  | { readonly kind: 'desk'; readonly call: number; readonly reply: DeskReply }
  | { readonly kind: 'event'; readonly event: EngineEvent }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    };

/** What clean-up is asked for. */
export type DeskRequest =
  | { readonly of: 'history' }
  | { readonly of: 'plan'; readonly scope: PlanScope; readonly asked: AskedBy }
  | { readonly of: 'judge'; readonly verdict: PlanVerdict; readonly asked: AskedBy }
  | { readonly of: 'apply'; readonly application: PlanApplication; readonly asked: AskedBy };

export type DeskReply =
  | { readonly of: 'history'; readonly answer: DeskAnswer<CleanupHistory> }
  | { readonly of: 'plan'; readonly answer: DeskAnswer<MadePlan> }
  | { readonly of: 'judge'; readonly answer: DeskAnswer<PlanView> }
  | { readonly of: 'apply'; readonly answer: DeskAnswer<RunView> };

/** A cluster that only this process knows of, for those who ask it who a caller is. */
export interface DemoCluster {
  readonly name: string;
  readonly kubeconfig: string;
}

/** How a thread talks to the one that started it. */
export interface EnginePort {
  post(message: FromEngine, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: ToEngine) => void): void;
}

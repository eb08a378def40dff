// What the clients of serve-load.ts are told, and tell: two processes speak of it.

/** What is asked for. `bare` is a server that does nothing else: what it takes is the machine's and the client's. */
export const KINDS = ['orphans', 'known', 'all', 'metrics', 'bare'] as const;
export type Kind = (typeof KINDS)[number];

export interface LoadPlan {
  readonly api: string;
  readonly metrics: string;
  readonly bare: string;
  readonly clients: number;
  readonly seconds: number;
  /** Each client asks once in so many milliseconds; null for at once again. */
  readonly every: number | null;
}

export interface KindResult {
  readonly requests: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
  /** Of a body, as it is sent. */
  readonly bytes: number;
}

export interface LoadResult {
  readonly kinds: Readonly<Record<Kind, KindResult>>;
  /** Of the same, put together: whoever asks does not care of which kind others are. */
  readonly findings: KindResult;
  readonly perSecond: number;
  /** The first errors, for people. */
  readonly troubles: readonly string[];
}

/** Connections are made and code becomes warm: not counted, in milliseconds. */
export const WARM_UP = 3_000;

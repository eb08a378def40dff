/** An error a fault makes a method answer. */
export type InjectedError =
  | { readonly kind: 'call'; readonly errno: number; readonly message: string }
  | {
      readonly kind: 'validation';
      readonly attribute: string | null;
      readonly errno: number;
      readonly message: string;
    }
  | { readonly kind: 'jsonrpc'; readonly code: number; readonly message: string };

export interface MethodFault {
  /** Method name; `*` at the end stands for any rest. */
  readonly method: string;
  /** How often it strikes; it counts down. */
  times: number;
  readonly error: InjectedError;
}

/**
 * What may go wrong. Every member may be set, changed or removed while the server runs; an absent one does
 * nothing. Method names may end in `*`.
 */
export interface TrueNasFaults {
  /** Delay of each answer. */
  latencyMs?: number | ((method: string) => number) | undefined;
  /** After this many more calls, the connection breaks; once. `midReply`: with half of the reply sent. */
  dropConnection?: { afterCalls: number; readonly midReply?: boolean } | undefined;
  /** Errors instead of answers. */
  errors?: MethodFault[] | undefined;
  /** Methods no role suffices for: EACCES, over REST 403. */
  deniedMethods?: string[] | undefined;
  /** Lists that are answered empty without an error, as for a key that may not see the objects. */
  emptyLists?: string[] | undefined;
  /** Every method that needs no login is refused as if called too often. */
  rateLimited?: boolean | undefined;
  /** How long the refusal of the rate limiter takes; by default 1 to 10 seconds at random. */
  rateLimitDelayMs?: number | undefined;
  /** Methods that act, but never answer. */
  lostAnswers?: string[] | undefined;
  /** Methods whose request is lost with the connection, before anything is done. */
  lostRequests?: string[] | undefined;
  /** Methods that act, whereupon the connection breaks. */
  dropAfterActing?: string[] | undefined;
  /** Deletions answer as if they had happened. */
  deletesLie?: boolean | undefined;
  /** `GET /api/versions` answers this status, a page of HTML, or nothing at all. */
  versionsStatus?: number | 'html' | 'timeout' | undefined;
  /** Datasets ZFS cannot destroy because something has them open. */
  busyDatasets?: string[] | undefined;
  /** So many times, the session is found expired before a call: 207 until the next login. */
  expireSession?: number | undefined;
  /** A page of HTML for every HTTP request, and no WebSocket. */
  html?: boolean | undefined;
  /** Treats every origin as plain text from afar: a key that logs in is revoked. */
  insecureTransport?: boolean | undefined;
  /** Runs before each call, so that the world can change between two. */
  onCall?: ((method: string, params: readonly unknown[]) => void | Promise<void>) | undefined;
}

/** Whether a method name is one of the patterns. */
export function matchesMethod(patterns: readonly string[] | undefined, method: string): boolean {
  return (patterns ?? []).some((pattern) =>
    pattern.endsWith('*') ? method.startsWith(pattern.slice(0, -1)) : pattern === method,
  );
}

/** Takes the next error that is due for a method. */
export function takeError(faults: TrueNasFaults, method: string): InjectedError | undefined {
  const fault = faults.errors?.find(
    (candidate) => candidate.times > 0 && matchesMethod([candidate.method], method),
  );
  if (fault === undefined) return undefined;
  fault.times -= 1;
  return fault.error;
}

/** Counts one call down; true where the connection breaks on it. */
export function takeDrop(faults: TrueNasFaults): 'no' | 'before' | 'midReply' {
  const drop = faults.dropConnection;
  if (drop === undefined) return 'no';
  if (drop.afterCalls > 0) {
    drop.afterCalls -= 1;
    return 'no';
  }
  faults.dropConnection = undefined;
  return drop.midReply === true ? 'midReply' : 'before';
}

export function latencyOf(faults: TrueNasFaults, method: string): number {
  const latency = faults.latencyMs ?? 0;
  return typeof latency === 'number' ? latency : latency(method);
}

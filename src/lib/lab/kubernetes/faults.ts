/** What a failing page or list does instead of answering: an HTTP status, a cut connection, or a proxy's page. */
export type FaultOutcome = number | 'drop' | 'html';

/**
 * What goes wrong. The object belongs to the caller: set and unset members while the server runs.
 * Every `times` is counted down as the fault strikes; without it the fault stays.
 */
export interface KubernetesFaults {
  /** Every answer waits this long. */
  latencyMs?: number | undefined;
  /** Page `page` (the first is 1) of the lists of `resource` fails. */
  failPage?:
    | { resource: string; page: number; status: FaultOutcome; times?: number | undefined }
    | undefined;
  /** So many continue tokens are answered with 410 `Expired`, however fresh they are. */
  expireTokens?: number | undefined;
  /** So many watches are answered with one ERROR event 410, however fresh their version is. */
  expireWatches?: number | undefined;
  /** By plural name, or `*` for every resource: the status answered, with `Retry-After` where it is given. */
  status?:
    | Record<
        string,
        {
          status: number;
          times?: number | undefined;
          retryAfterSeconds?: number | undefined;
        }
      >
    | undefined;
  /** The connection is cut after so many bytes of the body of an answer about `resource`. */
  dropAfterBytes?: { resource: string; bytes: number; times?: number | undefined } | undefined;
  /** Requests of this kind are dropped before anything is done. */
  loseRequest?: Loss | undefined;
  /** Requests of this kind are done, and the connection is dropped instead of answering. */
  loseAnswer?: Loss | undefined;
  /** Nobody acts on what was changed: finalizers stay, and so does what has them. */
  controllersStopped?: boolean | undefined;
  /** Every token is refused with 401, as a revoked one would be. */
  unauthorized?: boolean | undefined;
  /** New connections are reset, and open ones with their next request: nobody listens here any more. */
  stopAccepting?: boolean | undefined;
  /** Runs as each request arrives, whatever it is for, and before anything is done. */
  onArrival?: (() => void | Promise<void>) | undefined;
  /** Runs after a request was served, and before anybody hears of it. */
  onAnswer?: (() => void | Promise<void>) | undefined;
  /** Every path answers an HTML page with 200, as a web server on a wrong port does. */
  html?: boolean | undefined;
  /** Runs before each request for objects is carried out, so that the world can change between two. */
  onRequest?: ((request: Asked) => void) | undefined;
}

/** A request for objects, as far as its line tells. */
export interface Asked {
  readonly method: string;
  /** Plural name. */
  readonly resource: string;
  /** Empty for a list. */
  readonly name: string;
  readonly query: URLSearchParams;
}

/** Which messages are lost. */
export interface Loss {
  method: string;
  /** Plural name. */
  resource: string;
  /** So many go well before. */
  skip?: number | undefined;
  times?: number | undefined;
}

/** True where this message is lost, which is counted. */
export function isLost(
  loss: Loss | undefined,
  method: string | undefined,
  plural: string,
): boolean {
  if (loss?.method !== method || loss?.resource !== plural) return false;
  if ((loss.skip ?? 0) <= 0) return strikes(loss);
  loss.skip = (loss.skip ?? 0) - 1;
  return false;
}

/** True while the fault has strikes left, and takes one. */
export function strikes(fault: { times?: number | undefined }): boolean {
  if (fault.times === undefined) return true;
  if (fault.times <= 0) return false;
  fault.times -= 1;
  return true;
}

/** The same for the faults that are a mere count. */
export function countDown(
  faults: KubernetesFaults,
  name: 'expireTokens' | 'expireWatches',
): boolean {
  const left = faults[name] ?? 0;
  if (left <= 0) return false;
  faults[name] = left - 1;
  return true;
}

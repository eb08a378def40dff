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
  /** Every token is refused with 401, as a revoked one would be. */
  unauthorized?: boolean | undefined;
  /** New connections are reset, and open ones with their next request: nobody listens here any more. */
  stopAccepting?: boolean | undefined;
  /** Every path answers an HTML page with 200, as a web server on a wrong port does. */
  html?: boolean | undefined;
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

import { BothSidesError, InterruptedError, MonitorError } from '../core/model/errors.ts';

/** What the reading of one side heeds. */
export interface SideSignals {
  /** The end of the whole scan. Who a side is gets asked until then: whoever mends one side wants to know of both. */
  readonly whole: AbortSignal;
  /** That, or that the other side cannot be had, so that lists are of no more use. */
  readonly ofUse: AbortSignal;
}

/** Ties two sides together: where one cannot be had, the other need not be read to the end. */
export function sharedFate(whole: AbortSignal): {
  readonly signals: SideSignals;
  readonly orStop: <T>(side: Promise<T>) => Promise<T>;
} {
  const stop = new AbortController();
  return {
    signals: { whole, ofUse: AbortSignal.any([whole, stop.signal]) },
    orStop: async (side) => {
      try {
        return await side;
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    },
  };
}

/** Reads lists for as long as they are of use; what was stopped fails with what stopped it. */
export async function whileOfUse<T>(
  { ofUse }: SideSignals,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await read(ofUse);
  } catch (error) {
    ofUse.throwIfAborted();
    throw error;
  }
}

function reasonOf(result: PromiseSettledResult<unknown>): unknown[] {
  return result.status === 'rejected' ? [result.reason] : [];
}

function isOurs(failure: unknown): failure is MonitorError {
  return failure instanceof MonitorError && !(failure instanceof InterruptedError);
}

/** What both sides hold. Where both failed, each for a reason of its own, the error names both. */
export async function bothSides<A, B>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<readonly [A, B]> {
  const failures = new Set((await Promise.allSettled([first, second])).flatMap(reasonOf));
  const ours = [...failures].filter(isOurs);
  if (ours.length === 2) throw new BothSidesError(ours);
  // A failure nobody expected, or an interruption, says more than one we know.
  const odd = [...failures].find((failure) => !isOurs(failure));
  if (odd instanceof Error) throw odd;
  return await Promise.all([first, second]);
}

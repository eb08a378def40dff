/** How much of a source a scan saw. Only `complete` lets absence be read from it. */
export type Coverage =
  | { readonly state: 'complete' }
  | { readonly state: 'partial' | 'failed' | 'not_applicable'; readonly reason: string };

export const COMPLETE: Coverage = { state: 'complete' };

export function partial(reason: string): Coverage {
  return { state: 'partial', reason };
}

export function failed(reason: string): Coverage {
  return { state: 'failed', reason };
}

/** The source cannot exist there: snapshot CRDs not installed, no NVMe-oF on this TrueNAS. */
export function notApplicable(reason: string): Coverage {
  return { state: 'not_applicable', reason };
}

const RANK = { complete: 0, not_applicable: 1, partial: 2, failed: 3 } as const;

/**
 * The coverage of several sources read as one: the worst state, with its reason.
 * None at all is complete, so that a rule without sources always runs.
 */
export function combineCoverage(coverages: Iterable<Coverage>): Coverage {
  let worst: Coverage = COMPLETE;
  for (const coverage of coverages) {
    if (RANK[coverage.state] > RANK[worst.state]) worst = coverage;
  }
  return worst;
}

/** One list of a scan: what was read, and how much of it that is. */
export interface Listing<T> {
  readonly coverage: Coverage;
  readonly items: readonly T[];
  /** Names of objects that were there and could not be understood: set aside, and the coverage is partial for them. */
  readonly unreadable?: readonly string[];
}

export function listed<T>(items: readonly T[], coverage: Coverage = COMPLETE): Listing<T> {
  return { coverage, items };
}

/** Nothing was read, and why. */
export function unlisted<T>(coverage: Coverage): Listing<T> {
  return { coverage, items: [] };
}

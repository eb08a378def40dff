/*
 * Whoever knows who a caller is. None of them throws for what is wrong with a token or with whoever is asked: that is an answer, and
 * only a caller who is known gets in. An abort of the signal alone throws.
 */

/** Somebody whom a cluster vouches for. */
export interface ClusterUser {
  readonly name: string;
  readonly uid: string | null;
  readonly groups: readonly string[];
  /** Such as the scopes a token of OpenShift is limited to. A review that left them out would grant more than the token does. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly cluster: string;
  /** Which cluster that is, whatever it is called; null where it may not be read. */
  readonly clusterUid: string | null;
}

/** Why somebody is not known. */
export type NotKnown =
  /** For the caller: it never repeats what was sent. */
  | { readonly state: 'unknown'; readonly reason: string }
  /** Whoever would know cannot be asked. For the log: it names servers, which are nobody's business. */
  | {
      readonly state: 'unavailable';
      readonly reason: string;
      readonly remediation: readonly string[];
    };

export type Unavailable = Extract<NotKnown, { state: 'unavailable' }>;

export type TokenReview = { readonly state: 'known'; readonly user: ClusterUser } | NotKnown;

/** Asks a cluster whose token that is. */
export interface TokenReviewer {
  review(token: string, signal: AbortSignal): Promise<TokenReview>;
}

/** A right, in the words of RBAC. */
export type AccessQuestion =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      /** Null for all of them, and for what belongs to none. */
      readonly namespace: string | null;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export type AccessReview =
  { readonly state: 'allowed' } | { readonly state: 'denied' } | Unavailable;

/** Asks a cluster what somebody may do. */
export interface AccessReviewer {
  mayDo(user: ClusterUser, question: AccessQuestion, signal: AbortSignal): Promise<AccessReview>;
}

/** What a token says, its signature, issuer, audience and dates all proven. */
export interface TokenClaims {
  readonly subject: string;
  readonly issuer: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export type TokenVerdict = { readonly state: 'known'; readonly token: TokenClaims } | NotKnown;

/** Proves a token by the keys of whoever issues them. */
export interface TokenVerifier {
  verify(token: string, signal: AbortSignal): Promise<TokenVerdict>;
}

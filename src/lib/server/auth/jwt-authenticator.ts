import { type JwtSettings, ROLES, type Role } from '../../core/serve/settings.ts';
import {
  type TokenClaims,
  type TokenVerifier,
  type Unavailable,
} from '../../ports/authentication.ts';
import {
  type Authenticator,
  type Caller,
  type Credentials,
  type Needed,
  type Verdict,
} from './access.ts';
import { bearerOf } from './bearer.ts';

export interface JwtAuthenticatorOptions {
  readonly verifier: TokenVerifier;
  readonly settings: Pick<JwtSettings, 'rolesClaim' | 'namespacesClaim' | 'roles'>;
  /** Told of what keeps callers from being known. */
  readonly onUnavailable: (unavailable: Unavailable) => void;
}

/** What a claim of namespaces says for all of them. */
const ALL = '*';

/** Knows callers as an identity provider does: what they may do is in the token. */
export class JwtAuthenticator implements Authenticator {
  readonly #options: JwtAuthenticatorOptions;

  constructor(options: JwtAuthenticatorOptions) {
    this.#options = options;
  }

  async admit(
    { authorization }: Pick<Credentials, 'authorization'>,
    needed: Needed,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const bearer = bearerOf(authorization);
    if (bearer.state === 'unknown') return bearer;
    const verdict = await this.#options.verifier.verify(bearer.token, signal);
    if (verdict.state === 'unavailable') {
      this.#options.onUnavailable(verdict);
      return { state: 'unavailable', reason: 'no token can be checked at the moment' };
    }
    return verdict.state === 'unknown' ? verdict : this.#authorize(verdict.token, needed);
  }

  #authorize({ subject, issuer, claims }: TokenClaims, needed: Needed): Verdict {
    const { settings } = this.#options;
    const role = highest(textsAt(claims, settings.rolesClaim), settings.roles);
    if (role === null) {
      return { state: 'forbidden', reason: 'the token names no role that is known here' };
    }
    if (ROLES.indexOf(role) < ROLES.indexOf(needed.role)) {
      return {
        state: 'forbidden',
        reason: `the role ${needed.role} is needed, and the token names ${role}`,
      };
    }
    const namespaces = namespacesOf(claims, settings.namespacesClaim);
    if (namespaces?.size === 0) {
      return {
        state: 'forbidden',
        reason: 'the token is limited to namespaces, and names none',
      };
    }
    return {
      state: 'admitted',
      caller: {
        name: subject,
        groups: [],
        role,
        namespaces,
        actor: { kind: 'token', name: subject, issuer },
      },
    };
  }
}

function highest(words: readonly string[], meanings: JwtSettings['roles']): Role | null {
  const roles = words.map((word) => roleOf(word, meanings)).filter((role) => role !== null);
  return ROLES.findLast((role) => roles.includes(role)) ?? null;
}

/** What the configuration says a word means; the names of the roles mean themselves unless it says otherwise. */
function roleOf(word: string, meanings: JwtSettings['roles']): Role | null {
  if (Object.hasOwn(meanings, word)) return meanings[word] ?? null;
  return ROLES.find((role) => role === word) ?? null;
}

/** A token without the claim is not one for everything: whoever issues it may have forgotten it. */
function namespacesOf(claims: TokenClaims['claims'], claim: string | null): Caller['namespaces'] {
  if (claim === null) return null;
  const names = textsAt(claims, claim);
  return names.includes(ALL) ? null : new Set(names);
}

/** The texts of a claim: a list of them, or one with blanks between, as `scope` is. */
function textsAt(claims: TokenClaims['claims'], path: string): readonly string[] {
  const value = claimAt(claims, path);
  if (typeof value === 'string') return value.split(/\s+/).filter((each) => each !== '');
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** By its whole name first: some have dots in them, such as `https://example.com/roles`. */
function claimAt(claims: TokenClaims['claims'], path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let current: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) {
      return undefined;
    }
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}

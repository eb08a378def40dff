import { errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { type JwtSettings } from '../../core/serve/settings.ts';
import { type Clock } from '../../ports/clock.ts';
import { type TokenVerdict, type TokenVerifier } from '../../ports/authentication.ts';
import { IssuerKeys, type KeyTimes, KEY_TIMES } from './issuer-keys.ts';
import { keysAt, keysIn, KeysUnavailableError } from './key-documents.ts';

/** What has to be right of a token. */
export type JwtRules = Pick<
  JwtSettings,
  'issuer' | 'audience' | 'jwksUrl' | 'jwksFile' | 'algorithms' | 'clockTolerance'
>;

/** What a token may say it is; one that was made for something else, such as to log out, lets nobody in. */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];

/** Keys that several tokens without a name could be by, of which each is tried. */
const MOST_KEYS = 10;

/** Proves tokens by the keys of their issuer. */
export function jwtVerifier(
  rules: JwtRules,
  clock: Clock,
  times: KeyTimes = KEY_TIMES,
): TokenVerifier {
  const { issuer, jwksUrl, jwksFile } = rules;
  if (issuer === null || (jwksUrl === null && jwksFile === null)) {
    // The configuration was checked: a verifier that trusts anybody's tokens must not come to be.
    throw new Error('no issuer is configured, or no keys of it');
  }
  const keys = new IssuerKeys(
    jwksUrl === null ? keysIn(jwksFile ?? '') : keysAt(jwksUrl),
    clock,
    times,
  );
  return {
    verify: async (token) => {
      try {
        const { payload, protectedHeader } = await proven(token, keys.find, {
          issuer,
          audience: rules.audience,
          algorithms: [...rules.algorithms],
          clockTolerance: rules.clockTolerance / 1000,
          currentDate: clock.now(),
          requiredClaims: ['exp', 'sub'],
        });
        if (!TYPES.includes(protectedHeader.typ?.toLowerCase())) return WRONG_TYPE;
        if (typeof payload.sub !== 'string' || payload.sub === '') return INVALID;
        return { state: 'known', token: { subject: payload.sub, issuer, claims: payload } };
      } catch (error) {
        return verdictOn(error);
      }
    },
  };
}

async function proven(
  token: string,
  find: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<Awaited<ReturnType<typeof jwtVerify>>> {
  try {
    return await jwtVerify(token, find, options);
  } catch (error) {
    // The token does not say by which key it is: one after the other.
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      tried += 1;
      if (tried > MOST_KEYS) break;
      try {
        return await jwtVerify(token, key, options);
      } catch (reason) {
        if (!(reason instanceof errors.JWSSignatureVerificationFailed)) throw reason;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

const INVALID = { state: 'unknown', reason: 'the token is not valid' } as const;
const WRONG_TYPE = { state: 'unknown', reason: 'the token was made for something else' } as const;

/** The reason as far as it helps whoever has the token, and none who made one up. */
function verdictOn(error: unknown): TokenVerdict {
  if (error instanceof KeysUnavailableError) {
    return {
      state: 'unavailable',
      reason: error.message,
      remediation: ['Check server.auth.jwt.jwks_url or jwks_file, and whether they can be read.'],
    };
  }
  if (error instanceof errors.JWTExpired) {
    return { state: 'unknown', reason: 'the token has expired' };
  }
  if (error instanceof errors.JWTClaimValidationFailed) return claimVerdict(error.claim);
  // A key that is too short, or not what it says it is, makes jose throw errors that are not its own.
  if (error instanceof errors.JOSEError || error instanceof TypeError) return INVALID;
  if (error instanceof DOMException) return INVALID;
  throw error;
}

function claimVerdict(claim: string): TokenVerdict {
  switch (claim) {
    case 'aud':
      return { state: 'unknown', reason: 'the token was made for another audience' };
    case 'iss':
      return { state: 'unknown', reason: 'the token is by another issuer' };
    case 'nbf':
      return { state: 'unknown', reason: 'the token is not valid yet' };
    default:
      return { state: 'unknown', reason: `the claim ${claim} of the token is missing or wrong` };
  }
}

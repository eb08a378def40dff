/** Tokens are longer than they should be at times, but not as long as this. */
const LONGEST = 12 * 1024;
const TOKEN = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

export type Bearer =
  | { readonly state: 'given'; readonly token: string }
  | { readonly state: 'unknown'; readonly reason: string };

/** The token of a request. Nothing that cannot be one gets any further. */
export function bearerOf(authorization: string | undefined): Bearer {
  if (authorization === undefined) {
    return { state: 'unknown', reason: 'a token is needed: Authorization: Bearer TOKEN' };
  }
  const token = authorization.length > LONGEST ? undefined : TOKEN.exec(authorization)?.[1];
  return token === undefined
    ? { state: 'unknown', reason: 'the Authorization header holds no bearer token' }
    : { state: 'given', token };
}

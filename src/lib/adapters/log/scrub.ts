import { MASK } from './redactor.ts';

/*
 * Secrets by their shape, for those that nobody registered: a password typed into an address, a token that came with a request.
 */

/** `https://user:password@host`. */
const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#@"']+@/gi;
/** What follows the name of a scheme in a header `Authorization`. */
const AUTHORIZATION = /\b(Bearer|Basic|Digest|Token|Negotiate)(\s+)[\w.~+/=-]{6,}/gi;
/** Parameters of an address that are known to carry one. */
const PARAMETERS =
  /([?&](?:access_token|api_?key|apikey|auth|key|password|secret|sig|signature|token)=)[^&\s"'#]+/gi;

/** Takes out of a text what looks like a secret. */
export function scrub(text: string): string {
  return text
    .replace(USER_INFO, `$1${MASK}@`)
    .replace(AUTHORIZATION, `$1$2${MASK}`)
    .replace(PARAMETERS, `$1${MASK}`);
}

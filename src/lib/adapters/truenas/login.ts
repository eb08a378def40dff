import { TrueNasAuthError, TrueNasUnreachableError } from '../../core/model/errors.ts';
import { NasCallError } from './call-error.ts';
import { isRow } from './decode-values.ts';
import { type Link } from './link.ts';
import { type RpcSocket } from './rpc-socket.ts';
import { askElsewhere, credentialRemedies, NEW_KEY } from './whose-words.ts';

const CHECK = 'Check truenas.username and truenas.api_key.';

/** What is wrong with a login, by the `response_type` of `auth.login_ex`, and what to do. */
const REFUSALS: Readonly<Record<string, { readonly what: string; readonly remedy: string[] }>> = {
  AUTH_ERR: {
    what: 'refused the credentials: key or password is wrong or revoked, or belongs to another user',
    remedy: [CHECK, NEW_KEY],
  },
  EXPIRED: {
    what: 'refused the credentials: the key has expired or was revoked',
    remedy: [NEW_KEY, 'TrueNAS revokes a key that was ever sent over plain http.'],
  },
  OTP_REQUIRED: {
    what: 'asks for a one-time password, which a program cannot give',
    remedy: ['Use an API key of this user instead of the password.'],
  },
  DENIED: {
    what: 'denied the login: this user may not use the API',
    remedy: ['Give the user a privilege with the role READONLY_ADMIN.'],
  },
};

/**
 * Logs a connection in. A refusal is never tried again: TrueNAS counts attempts and locks out who repeats them.
 *
 * On 26 SCRAM is offered too; over verified TLS the plain mechanism says no more to anybody, and it is one for all versions.
 */
export async function logIn(link: Link, socket: RpcSocket, signal: AbortSignal): Promise<void> {
  try {
    const answer = await attempt(link, socket, signal);
    if (answer !== true && responseType(answer) !== 'SUCCESS') throw refusal(link, answer);
  } catch (error) {
    if (!(error instanceof NasCallError)) throw error;
    if (error.failure === 'busy') throw rateLimited(link, error);
    if (error.failure === 'unknown-method' && isKeyAlone(link)) throw needsUserName(link);
    throw await explainFailure(link, socket, error, signal);
  }
}

async function attempt(link: Link, socket: RpcSocket, signal: AbortSignal): Promise<unknown> {
  const { username, apiKey, password } = link.credentials;
  if (isKeyAlone(link)) {
    return await socket.call('auth.login_with_api_key', [apiKey], signal);
  }
  const secret =
    apiKey === null
      ? { mechanism: 'PASSWORD_PLAIN', username, password }
      : { mechanism: 'API_KEY_PLAIN', username, api_key: apiKey };
  return await socket.call('auth.login_ex', [secret], signal);
}

function isKeyAlone({ credentials: { apiKey, username } }: Link): boolean {
  return apiKey !== null && username === null;
}

function needsUserName(link: Link): TrueNasAuthError {
  return new TrueNasAuthError(`${link.endpoint.label} takes no key without the name of its user`, {
    remediation: credentialRemedies(link, ['Set truenas.username to the user the key belongs to.']),
  });
}

function responseType(answer: unknown): string {
  if (answer === false) return 'AUTH_ERR';
  const type = isRow(answer) ? answer['response_type'] : undefined;
  return typeof type === 'string' ? type : 'no answer';
}

function refusal(link: Link, answer: unknown): TrueNasAuthError {
  const { label } = link.endpoint;
  const type = responseType(answer);
  if (type === 'REDIRECT') {
    return new TrueNasAuthError(
      `${label} is the standby node of a pair and sends logins elsewhere`,
      {
        remediation: [askElsewhere(link, redirectTargets(answer))],
      },
    );
  }
  const known = REFUSALS[type];
  return new TrueNasAuthError(`${label} ${known?.what ?? `answered the login with ${type}`}`, {
    remediation: credentialRemedies(link, known?.remedy ?? [CHECK]),
  });
}

function textsIn(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly unknown[]).filter((item) => typeof item === 'string');
}

function redirectTargets(answer: unknown): string {
  const urls = isRow(answer) ? textsIn(answer['urls']) : [];
  return urls.length === 0 ? 'the active node' : urls.join(' or ');
}

function rateLimited(link: Link, cause: NasCallError): TrueNasUnreachableError {
  return new TrueNasUnreachableError(
    `${link.endpoint.label} takes no more logins from this address for now`,
    {
      cause,
      remediation: ['Wait a minute: TrueNAS allows 20 logins a minute from one address.'],
    },
  );
}

/** The login method itself failed; which mechanisms the system offers may tell why. */
async function explainFailure(
  link: Link,
  socket: RpcSocket,
  error: NasCallError,
  signal: AbortSignal,
): Promise<TrueNasAuthError> {
  const choices = await mechanismsOf(socket, signal);
  const wanted = link.credentials.apiKey === null ? 'PASSWORD_PLAIN' : 'API_KEY_PLAIN';
  const offersIt = choices === undefined || choices.includes(wanted);
  return new TrueNasAuthError(
    offersIt
      ? `${link.endpoint.label} failed the login: ${withoutSecrets(link, error.message)}`
      : `${link.endpoint.label} does not offer the login mechanism ${wanted}`,
    {
      // Without the cause: a server may repeat what it was sent.
      remediation: offersIt
        ? credentialRemedies(link, [CHECK])
        : ['Lower the authentication level under System > Advanced Settings > Access in TrueNAS.'],
    },
  );
}

function withoutSecrets({ credentials }: Link, text: string): string {
  return [credentials.apiKey, credentials.password]
    .filter((secret) => secret !== null && secret !== '')
    .reduce<string>((left, secret) => left.replaceAll(secret ?? '', '********'), text);
}

async function mechanismsOf(
  socket: RpcSocket,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    const choices = await socket.call('auth.mechanism_choices', [], signal);
    return Array.isArray(choices) ? textsIn(choices) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

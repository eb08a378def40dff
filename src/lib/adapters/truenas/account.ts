import { type NasAccount, type NasApiKey } from '../../core/model/truenas-surroundings.ts';
import { KEY_QUERY } from './called-methods.ts';
import { DecodeError, flagOf, instantOf, isRow, rowsOf, textOf } from './decode-values.ts';
import { type ReadList, unlessDenied } from './dialect.ts';
import { type Credentials } from './link.ts';
import { rolesOf } from './privilege.ts';
import { type RpcClient } from './rpc-client.ts';

/** What our own credentials say of who we are. */
export interface Login {
  /** Null for a key alone, which knows whose it is. */
  readonly username: string | null;
  /** Id of the API key; null for a password. */
  readonly keyId: number | null;
}

/** An API key has the form `<id>-<secret>`. */
export function loginOf({ username, apiKey }: Credentials): Login {
  const id = /^(\d{1,15})-/.exec(apiKey ?? '')?.[1];
  return { username, keyId: id === undefined ? null : Number(id) };
}

/** Who we are, by the word of TrueNAS. */
export function rpcAccount(client: RpcClient, login: Login, system: string): ReadList<NasAccount> {
  return async (signal) => {
    const [me, key] = await Promise.all([
      client.call('auth.me', [], signal),
      login.keyId === null ? null : keyOf(client, login.keyId, signal),
    ]);
    if (!isRow(me)) throw new DecodeError('the account is no object');
    const username = textOf(me, 'pw_name');
    return {
      items: [{ system, username, roles: rolesOf(me['privilege']), key }],
      misfits: [],
    };
  };
}

/** Of the key nothing is read that proves anything: what it is hashed to is not asked for. */
async function keyOf(
  client: RpcClient,
  id: number,
  signal: AbortSignal,
): Promise<NasApiKey | null> {
  const fields = { select: ['id', 'name', 'expires_at', 'revoked'] };
  const answer = await unlessDenied(client.call(KEY_QUERY, [[['id', '=', id]], fields], signal));
  if (answer === null) return null;
  const row = [...rowsOf(answer)].find((each) => isRow(each) && each['id'] === id);
  if (!isRow(row)) return null;
  const expiresAt = instantOf(row['expires_at']);
  // What cannot be read is not "never".
  if (expiresAt === null && (row['expires_at'] ?? null) !== null) return null;
  return { name: textOf(row, 'name'), expiresAt, revoked: flagOf(row, 'revoked', false) };
}

/** REST tells nobody who they are: what is known is what was configured. */
export function restAccount(login: Login, system: string): ReadList<NasAccount> {
  const username = login.username ?? (login.keyId === null ? 'unknown' : `API key ${login.keyId}`);
  return () =>
    Promise.resolve({ items: [{ system, username, roles: null, key: null }], misfits: [] });
}

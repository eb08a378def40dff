import { globMatcher } from '../../core/model/glob.ts';
import { type Login } from './account.ts';
import { type Call, type Rights, type Route } from './call.ts';
import { isRow, type Row } from './decode-values.ts';
import { unlessDenied } from './dialect.ts';
import { type RestClient } from './rest-client.ts';

/**
 * What our key may call over REST. Until 24.10 a key has a list of verbs and paths, which TrueNAS shows; later it has a user,
 * who must be a full administrator for REST to let him read at all.
 */
export async function restRights(
  client: RestClient,
  { keyId, username }: Login,
  calls: readonly Call[],
  signal: AbortSignal,
): Promise<Rights> {
  const key =
    keyId === null ? null : await unlessDenied(client.get(`/api_key/id/${keyId}`, signal));
  const list = isRow(key) ? key['allowlist'] : undefined;
  const who = keyId === null ? (username ?? 'the user') : `API key ${keyId}`;
  if (!Array.isArray(list)) return { username: who, mayCall: () => null };
  const entries = (list as readonly unknown[]).filter(isRow);
  const routes = new Map(calls.map(({ method, route }) => [method, route]));
  return {
    username: who,
    mayCall: (method) => {
      const route = routes.get(method);
      return route === undefined ? null : entries.some((entry) => covers(entry, route));
    },
  };
}

/** A list names paths as they are routed, with the id left open. */
function covers({ method, resource }: Row, { verb, path }: Route): boolean {
  if ((method !== '*' && method !== verb) || typeof resource !== 'string') return false;
  const matches = globMatcher(resource);
  return matches(path) || matches(path.replace(/\/id\/[^/]+/, '/id/{id_}'));
}

import { type NasMethod } from '../../core/model/truenas-surroundings.ts';
import { type Rights } from './call.ts';
import { type Decoded } from './decode-rows.ts';
import { isRow, optionalText } from './decode-values.ts';
import { type ReadList, unlessDenied } from './dialect.ts';
import { grantsOf } from './privilege.ts';
import { type RpcClient } from './rpc-client.ts';

/** Which methods our user may call, of those that a scan needs. */
export function allowedMethods(
  client: RpcClient,
  names: readonly string[],
  system: string,
): ReadList<NasMethod> {
  return async (signal) => {
    const rights = await rightsOf(client, new Set(names), signal);
    return told(names, system, (name) => rights.mayCall(name));
  };
}

/**
 * What our user may call. `auth.me` tells in one answer; where its list is empty, `core.get_methods` is asked, which names
 * what is open to the session, with the shape of each method, service by service.
 */
export async function rightsOf(
  client: RpcClient,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Rights> {
  const me = await unlessDenied(client.call('auth.me', [], signal));
  const username = (isRow(me) ? optionalText(me, 'pw_name') : null) ?? 'the user';
  const grants = grantsOf(isRow(me) ? me['privilege'] : undefined);
  if (grants !== undefined) return { username, mayCall: grants };
  const open = await openMethods(client, [...names], signal);
  return { username, mayCall: (name) => open.get(serviceOf(name))?.has(name) ?? null };
}

/** Over REST nobody tells what a key may do before it tries. */
export function untoldMethods(names: readonly string[], system: string): ReadList<NasMethod> {
  return () => Promise.resolve(told(names, system, () => null));
}

function told(
  names: readonly string[],
  system: string,
  mayCall: (name: string) => boolean | null,
): Decoded<NasMethod> {
  return { items: names.map((name) => ({ system, name, allowed: mayCall(name) })), misfits: [] };
}

function serviceOf(method: string): string {
  return method.slice(0, method.lastIndexOf('.'));
}

/** By service; one that is not told is left out. */
async function openMethods(
  client: RpcClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const services = [...new Set(names.map(serviceOf))];
  const answers = await Promise.all(
    services.map(async (service) => {
      const answer = await unlessDenied(client.call('core.get_methods', [service], signal));
      return [service, answer] as const;
    }),
  );
  return new Map(
    answers.flatMap(([service, answer]) =>
      isRow(answer) ? [[service, new Set(Object.keys(answer))] as const] : [],
    ),
  );
}

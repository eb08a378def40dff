import { isIPv4, isIPv6 } from 'node:net';
import { type Authenticator, type Caller, type Credentials } from './access.ts';

/** Somebody on this machine of whom nobody asked who they are. */
const SOMEBODY_HERE: Caller = {
  name: null,
  groups: [],
  role: 'viewer',
  namespaces: null,
  actor: null,
};

/**
 * Lets whoever is on this machine read, and leaves everybody else to `others`. A page in a browser here is somewhere else: it gets here
 * by a name of its own that leads to this machine, so only names count that are known to be ours. So is whoever comes through a proxy
 * that says so.
 *
 * @param hosts names the server may be addressed by, beside those of loopback
 */
export function loopbackReading(hosts: readonly string[], others: Authenticator): Authenticator {
  const names = new Set(hosts.map(withoutDot));
  return {
    admit: async (credentials, needed, signal) => {
      const reads = needed.role === 'viewer' && isReading(credentials.method);
      if (!reads || !credentials.local || !isFromHere(credentials)) {
        return await others.admit(credentials, needed, signal);
      }
      if (isOurs(credentials.host, names)) return { state: 'admitted', caller: SOMEBODY_HERE };
      if (credentials.authorization !== undefined) {
        return await others.admit(credentials, needed, signal);
      }
      return {
        state: 'unknown',
        reason:
          'without a token the server answers to the names of loopback alone, and to those in server.hosts',
      };
    },
  };
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function isFromHere({ remoteAddress, forwarded }: Credentials): boolean {
  return !forwarded && isLoopbackAddress(remoteAddress);
}

/** An address of this machine alone; `::ffff:127.0.0.1` is one too. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return (isIPv4(plain) && plain.startsWith('127.')) || (isIPv6(plain) && plain === '::1');
}

/** Whether a `Host` header names this machine, whatever the port. */
function isOurs(host: string | undefined, names: ReadonlySet<string>): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host ?? '') ?? [];
  if (bracketed !== undefined) return isLoopbackAddress(bracketed);
  if (plain === undefined) return false;
  const name = withoutDot(plain);
  return name === 'localhost' || isLoopbackAddress(name) || names.has(name);
}

function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

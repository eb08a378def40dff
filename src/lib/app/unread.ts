import { type Connection } from '../core/model/connection.ts';
import { failed, unlisted, type Listing } from '../core/model/coverage.ts';
import { type MonitorError, TlsError } from '../core/model/errors.ts';
import {
  type ClusterInventory,
  type ClusterSource,
  type SystemInventory,
  type SystemSource,
} from '../core/model/inventory.ts';
import { inOneLine } from '../core/model/repetition.ts';

/*
 * What stands in an inventory for a cluster or system that could not be read.
 */

export type Lists<S extends string> = Partial<Record<S, Listing<unknown>>>;

function unreadLists<S extends string>(wanted: readonly S[], reason: string): Lists<S> {
  return Object.fromEntries(wanted.map((source) => [source, unlisted(failed(reason))])) as Lists<S>;
}

export function unreadCluster(
  connection: Connection,
  wanted: readonly ClusterSource[],
  reason: string,
): ClusterInventory {
  return {
    identity: {
      name: connection.name,
      uid: null,
      createdAt: null,
      version: null,
      platform: 'kubernetes',
      clock: null,
    },
    lists: unreadLists(wanted, reason) as ClusterInventory['lists'],
    connection,
  };
}

export function unreadSystem(
  connection: Connection,
  wanted: readonly SystemSource[],
  reason: string,
): SystemInventory {
  return {
    identity: {
      name: connection.name,
      host: connection.host,
      hostId: null,
      version: 'unknown',
      transport: 'jsonrpc',
      clock: null,
    },
    lists: unreadLists(wanted, reason) as SystemInventory['lists'],
    connection,
  };
}

/** How a member was reached that could not be read. */
export function failedConnection(
  reader: { connection(): Connection },
  error: MonitorError,
): Connection {
  const { code, message, remediation } = error;
  const failure = {
    code,
    // TLS errors say it all themselves; their causes end in advice for people who program Node.
    message: error instanceof TlsError ? message : inOneLine(error),
    remediation,
  };
  return { ...reader.connection(), failure };
}

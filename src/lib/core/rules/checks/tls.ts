import { type Connection, type TlsFacts } from '../../model/connection.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refToConnected } from '../../model/surroundings.ts';
import { type Inspection } from '../define-check.ts';

type Judgement = Omit<Inspection, 'subject'>;

/**
 * Judges the TLS of every connection that is meant to have it. One without is the matter of `tls-in-use` alone, and of one that
 * did not come about nothing is known.
 */
export function* inspectTls(
  connections: readonly Connection[],
  judge: (tls: TlsFacts, connection: Connection) => Judgement,
): Iterable<Inspection> {
  for (const connection of connections) {
    if (!connection.secure) continue;
    const subject: ResourceRef = refToConnected(connection);
    const { tls, host } = connection;
    yield tls === null
      ? { subject, sound: undefined, seen: `${host}: no TLS connection came about` }
      : { subject, ...judge(tls, connection) };
  }
}

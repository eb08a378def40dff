import { MonitorError } from '../../core/model/errors.ts';
import { type Connection } from './connection.ts';
import {
  findPlaces,
  nameOf,
  readPlaces,
  type AnsweredPlace,
  type SecretOrigins,
} from './driver-places.ts';
import { decodeDriverConnection, type DriverConnection } from './driver-http-connection.ts';

/** How one driver logs in to its TrueNAS, and which Secret says so. */
export interface FoundConnection {
  /** `namespace/name` */
  readonly secret: string;
  readonly connection: DriverConnection;
}

/** Something that led to no TrueNAS, and what may be done about it. */
export interface DeadEnd {
  /** One line for people, which names the cluster. */
  readonly reason: string;
  readonly remediation: readonly string[];
  /** A driver may use a TrueNAS here of which nothing was learned. */
  readonly mayHide: boolean;
}

export interface DriverConnections {
  readonly found: readonly FoundConnection[];
  readonly deadEnds: readonly DeadEnd[];
}

const NAME_IT =
  'Name its Secret in the configuration: drivers: [{driver: org.democratic-csi.nfs, secret: namespace/name}].';

/**
 * Reads how the democratic-csi drivers of a cluster log in to TrueNAS, from the Secrets `readDriverSecrets` reads too.
 * Only an abort throws.
 */
export async function readDriverConnections(
  connection: Connection,
  origins: SecretOrigins,
  signal: AbortSignal,
): Promise<DriverConnections> {
  const { name } = connection.cluster;
  const at = (deadEnd: DeadEnd): DeadEnd => ({
    ...deadEnd,
    reason: `cluster ${name}: ${deadEnd.reason}`,
  });
  try {
    const { found, deadEnds } = await readAll(connection, origins, signal);
    return { found, deadEnds: deadEnds.map(at) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MonitorError)) throw error;
    // The scan itself meets the same error, and tells of it.
    const { message: reason, remediation } = error;
    return { found: [], deadEnds: [{ reason, remediation, mayHide: false }] };
  }
}

async function readAll(
  connection: Connection,
  origins: SecretOrigins,
  signal: AbortSignal,
): Promise<DriverConnections> {
  const { places, denied } = await findPlaces(connection, origins, signal);
  const found: FoundConnection[] = [];
  const deadEnds: DeadEnd[] = [];
  if (denied.length > 0) {
    deadEnds.push({
      reason: `may not list pods in ${denied.join(', ')}, which say where their driver is configured`,
      remediation: [`Allow pods to be listed, as docs/kubernetes-access.md shows.`, NAME_IT],
      mayHide: places.length === 0,
    });
  } else if (places.length === 0) {
    deadEnds.push({
      reason: 'no pod of a democratic-csi driver was found',
      remediation: [
        `If a driver runs there: ${NAME_IT.charAt(0).toLowerCase()}${NAME_IT.slice(1)}`,
      ],
      mayHide: false,
    });
  }
  for await (const answered of readPlaces(connection, places, signal)) {
    const outcome = outcomeOf(answered);
    if ('connection' in outcome) found.push(outcome);
    else deadEnds.push(outcome);
  }
  return { found, deadEnds };
}

function outcomeOf({ place, answer }: AnsweredPlace): FoundConnection | DeadEnd {
  const secret = nameOf(place.secret);
  if (answer.kind === 'refused') {
    return {
      reason: `${answer.refusal} secret ${secret}`,
      remediation:
        answer.refusal === 'may not read'
          ? [`Allow secret ${secret} to be read, as docs/kubernetes-access.md shows.`]
          : [`Look up the name of the Secret: kubectl -n ${place.secret.namespace} get secrets.`],
      mayHide: true,
    };
  }
  const decoded =
    answer.kind === 'text' ? decodeDriverConnection(answer.text, place.environment) : answer;
  if (decoded.kind === 'connection') return { secret, connection: decoded.connection };
  return {
    reason: `secret ${secret} ${decoded.fault}`,
    remediation: [],
    mayHide: decoded.kind === 'unreadable',
  };
}

import {
  COMPLETE,
  failed,
  listed,
  notApplicable,
  partial,
  unlisted,
  type Coverage,
  type Listing,
} from '../../core/model/coverage.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type DriverSecret } from '../../core/model/kubernetes.ts';
import { type Connection } from './connection.ts';
import { decodeDriverConfig } from './driver-config-file.ts';
import {
  findPlaces,
  nameOf,
  readPlaces,
  type AnsweredPlace,
  type SecretOrigins,
} from './driver-places.ts';

/**
 * Reads the configuration of every democratic-csi driver that can be found, from the Secret its pods mount. Each Secret is
 * asked for by name: Secrets are never listed. Whoever may not read them still has a whole scan, with
 * parents inferred from volumes. Only an abort throws.
 */
export async function readDriverSecrets(
  connection: Connection,
  origins: SecretOrigins,
  signal: AbortSignal,
): Promise<Listing<DriverSecret>> {
  try {
    return await readAll(connection, origins, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MonitorError)) throw error;
    return unlisted(failed(`${error.message} while it read the secrets of drivers`));
  }
}

async function readAll(
  connection: Connection,
  origins: SecretOrigins,
  signal: AbortSignal,
): Promise<Listing<DriverSecret>> {
  const { places, denied } = await findPlaces(connection, origins, signal);
  const outcomes: Outcome[] = [];
  for await (const answered of readPlaces(connection, places, signal)) {
    outcomes.push(outcomeOf(answered, connection));
  }
  const items = outcomes.flatMap(({ item }) => item ?? []);
  const unreadable = [...new Set(outcomes.flatMap(({ unreadable: name }) => name ?? []))];
  const unfound =
    denied.length === 0 ? [] : [`may not list pods in ${denied.join(', ')}, so ${WITHOUT}`];
  const reasons = [...unfound, ...new Set(outcomes.flatMap(({ reason }) => reason ?? []))];
  const coverage = coverageOf(connection, reasons, unreadable.length > 0);
  return unreadable.length === 0
    ? listed(items, coverage)
    : { ...listed(items, coverage), unreadable };
}

const WITHOUT = 'parents of drivers there are inferred from volumes, unless drivers: declares them';

function coverageOf(
  { cluster }: Connection,
  reasons: readonly string[],
  isBroken: boolean,
): Coverage {
  if (reasons.length === 0) return COMPLETE;
  const reason = `cluster ${cluster.name}: ${reasons.join('; ')}`;
  return isBroken ? partial(reason) : notApplicable(reason);
}

/** Exactly one of the three, but for a driver that has nothing to do with a NAS. */
interface Outcome {
  readonly item?: DriverSecret;
  readonly reason?: string;
  /** Name of what could not be understood; `reason` says why. */
  readonly unreadable?: string;
}

const WITHOUT_IT =
  'the parents of its driver are inferred from volumes, unless drivers: declares them';

function outcomeOf({ place, answer }: AnsweredPlace, { cluster }: Connection): Outcome {
  const label = `secret ${nameOf(place.secret)}`;
  if (answer.kind === 'refused') {
    return { reason: `${answer.refusal} ${label}, so ${WITHOUT_IT}` };
  }
  const decoded =
    answer.kind === 'text' ? decodeDriverConfig(answer.text, place.environment) : answer;
  if (decoded.kind === 'unreadable') {
    return { unreadable: label, reason: `${label} ${decoded.fault}` };
  }
  if (decoded.kind === 'elsewhere') return {};
  const { driver, secret } = place;
  return { item: { cluster: cluster.name, ...secret, driver, ...decoded.settings } };
}

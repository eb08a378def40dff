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
import { type DeclaredSecret, type SecretName } from '../../core/model/driver-config.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type DriverSecret } from '../../core/model/kubernetes.ts';
import { type Connection } from './connection.ts';
import { decodeDriverConfig } from './driver-config-file.ts';
import { CONFIG_KEY, driverPlaces, type DriverPlace } from './driver-pods.ts';
import { recordAt, textAt, type JsonRecord } from './json.ts';
import { readPages } from './paged-list.ts';

export interface SecretOrigins {
  readonly declared: readonly DeclaredSecret[];
  /** Namespaces in which drivers are known to run. */
  readonly namespaces: readonly string[];
}

/** The chart puts this label on every pod of a driver. */
const DRIVER_LABEL = { labelSelector: 'app.kubernetes.io/csi-role' };

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
  { declared, namespaces }: SecretOrigins,
  signal: AbortSignal,
): Promise<Listing<DriverSecret>> {
  const found = await findPlaces(connection, namespaces, signal);
  const places = distinct([...found.places, ...declared.map(placeOf)]);
  const outcomes: Outcome[] = [];
  for (const group of Map.groupBy(places, ({ secret }) => nameOf(secret)).values()) {
    outcomes.push(...(await readSecret(connection, group, signal)));
  }
  const items = outcomes.flatMap(({ item }) => item ?? []);
  const unreadable = [...new Set(outcomes.flatMap(({ unreadable: name }) => name ?? []))];
  const reasons = [...found.reasons, ...new Set(outcomes.flatMap(({ reason }) => reason ?? []))];
  const coverage = coverageOf(connection, reasons, unreadable.length > 0);
  return unreadable.length === 0
    ? listed(items, coverage)
    : { ...listed(items, coverage), unreadable };
}

function coverageOf(
  { cluster }: Connection,
  reasons: readonly string[],
  isBroken: boolean,
): Coverage {
  if (reasons.length === 0) return COMPLETE;
  const reason = `cluster ${cluster.name}: ${reasons.join('; ')}`;
  return isBroken ? partial(reason) : notApplicable(reason);
}

function nameOf({ namespace, name }: SecretName): string {
  return `${namespace}/${name}`;
}

function placeOf({ driver, secret }: DeclaredSecret): DriverPlace {
  return { secret, key: CONFIG_KEY, driver, environment: new Map() };
}

/** What a pod says comes first: it knows the key and the variables too. */
function distinct(places: readonly DriverPlace[]): readonly DriverPlace[] {
  const byIdentity = new Map<string, DriverPlace>();
  for (const place of places) {
    const identity = JSON.stringify([nameOf(place.secret), place.driver]);
    if (!byIdentity.has(identity)) byIdentity.set(identity, place);
  }
  return [...byIdentity.values()];
}

interface FoundPlaces {
  readonly places: readonly DriverPlace[];
  readonly reasons: readonly string[];
}

/** Looks at labelled pods anywhere, and at every pod where drivers are known to run. */
async function findPlaces(
  connection: Connection,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<FoundPlaces> {
  const lists = [
    { path: '/api/v1/pods', query: DRIVER_LABEL, where: 'all namespaces' },
    ...namespaces.map((namespace) => ({
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
      query: undefined,
      where: namespace,
    })),
  ];
  const places: DriverPlace[] = [];
  const denied: string[] = [];
  for (const { path, query, where } of lists) {
    const result = await readPages(connection, { path, query }, driverPlaces, signal);
    if (result.kind === 'read') places.push(...result.items.flat());
    else denied.push(`${where} (${result.answer.status})`);
  }
  return {
    places,
    reasons:
      denied.length === 0 ? [] : [`may not list pods in ${denied.join(', ')}, so ${WITHOUT}`],
  };
}

const WITHOUT = 'parents of drivers there are inferred from volumes, unless drivers: declares them';

/** Exactly one of the three, but for a driver that has nothing to do with a NAS. */
interface Outcome {
  readonly item?: DriverSecret;
  readonly reason?: string;
  /** Name of what could not be understood; `reason` says why. */
  readonly unreadable?: string;
}

/** @param places drivers that are configured with the same Secret */
async function readSecret(
  connection: Connection,
  places: readonly DriverPlace[],
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const [first] = places;
  if (first === undefined) return [];
  const { namespace, name } = first.secret;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  const { status, body } = await connection.get(path, signal);
  const label = `secret ${nameOf(first.secret)}`;
  const refusal = REFUSALS.get(status);
  if (refusal !== undefined) return [{ reason: `${refusal} ${label}, so ${WITHOUT_IT}` }];
  if (status !== 200 || body === null) {
    return [{ unreadable: label, reason: `${label} could not be read (${status})` }];
  }
  return places.map((place) => decodeSecret(recordAt(body, 'data'), place, connection));
}

const WITHOUT_IT =
  'the parents of its driver are inferred from volumes, unless drivers: declares them';

/** What is no fault of the scan: others may have the right, or the driver is being changed. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [403, 'may not read'],
  [404, 'there is no'],
]);

function decodeSecret(data: JsonRecord, place: DriverPlace, { cluster }: Connection): Outcome {
  const { namespace, name } = place.secret;
  const label = `secret ${nameOf(place.secret)}`;
  const encoded = textAt(data, place.key) ?? textAt(data, CONFIG_KEY);
  if (encoded === null) {
    return { unreadable: label, reason: `${label} has no key ${place.key}` };
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const decoded = decodeDriverConfig(text, place.environment);
  if (decoded.kind === 'unreadable') {
    return { unreadable: label, reason: `${label} ${decoded.fault}` };
  }
  if (decoded.kind === 'elsewhere') return {};
  const { driver } = place;
  return { item: { cluster: cluster.name, namespace, name, driver, ...decoded.settings } };
}

import { type DeclaredSecret, type SecretName } from '../../core/model/driver-config.ts';
import { type Connection } from './connection.ts';
import { CONFIG_KEY, driverPlaces, type DriverPlace } from './driver-pods.ts';
import { recordAt, textAt, type JsonRecord } from './json.ts';
import { readPages } from './paged-list.ts';

/** Where to look for the configurations of drivers. */
export interface SecretOrigins {
  readonly declared: readonly DeclaredSecret[];
  /** Namespaces in which drivers are known to run. */
  readonly namespaces: readonly string[];
}

export interface FoundPlaces {
  readonly places: readonly DriverPlace[];
  /** Where pods may not be listed, each with the status of the answer. */
  readonly denied: readonly string[];
}

/** The chart puts this label on every pod of a driver. */
const DRIVER_LABEL = { labelSelector: 'app.kubernetes.io/csi-role' };

/** Looks at labelled pods anywhere, at every pod where drivers are known to run, and adds what is declared. */
export async function findPlaces(
  connection: Connection,
  { declared, namespaces }: SecretOrigins,
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
  return { places: distinct([...places, ...declared.map(placeOf)]), denied };
}

export function nameOf({ namespace, name }: SecretName): string {
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

/** What a Secret says at one place, or why it says nothing. */
export type PlaceAnswer =
  | { readonly kind: 'text'; readonly text: string }
  /** No fault of the scan: others may have the right, or the driver is being changed. */
  | { readonly kind: 'refused'; readonly refusal: 'may not read' | 'there is no' }
  | { readonly kind: 'unreadable'; readonly fault: string };

export interface AnsweredPlace {
  readonly place: DriverPlace;
  readonly answer: PlaceAnswer;
}

/** Reads what each place holds. A Secret is asked for by name and once, however many drivers are configured with it. */
export async function* readPlaces(
  connection: Connection,
  places: readonly DriverPlace[],
  signal: AbortSignal,
): AsyncGenerator<AnsweredPlace> {
  for (const group of Map.groupBy(places, ({ secret }) => nameOf(secret)).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const secret = await readSecret(connection, first.secret, signal);
    for (const place of group) yield { place, answer: answerAt(place, secret) };
  }
}

type SecretAnswer =
  Exclude<PlaceAnswer, { kind: 'text' }> | { readonly kind: 'data'; readonly data: JsonRecord };

async function readSecret(
  connection: Connection,
  { namespace, name }: SecretName,
  signal: AbortSignal,
): Promise<SecretAnswer> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  const { status, body } = await connection.get(path, signal);
  if (status === 403) return { kind: 'refused', refusal: 'may not read' };
  if (status === 404) return { kind: 'refused', refusal: 'there is no' };
  if (status === 200 && body !== null) return { kind: 'data', data: recordAt(body, 'data') };
  return { kind: 'unreadable', fault: `could not be read (${status})` };
}

function answerAt({ key }: DriverPlace, secret: SecretAnswer): PlaceAnswer {
  if (secret.kind !== 'data') return secret;
  const encoded = textAt(secret.data, key) ?? textAt(secret.data, CONFIG_KEY);
  if (encoded === null) return { kind: 'unreadable', fault: `has no key ${key}` };
  return { kind: 'text', text: Buffer.from(encoded, 'base64').toString('utf8') };
}

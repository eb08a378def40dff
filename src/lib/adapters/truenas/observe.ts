import { type NasChange, type NasObjectKind } from '../../core/cleanup/change.ts';
import { type Identity, type NasTarget, type Observed } from '../../core/cleanup/expectation.ts';
import { identityOf } from '../../core/cleanup/identity.ts';
import { isHiddenPath, poolName } from '../../core/correlate/paths.ts';
import { unlessAbsent } from './call-error.ts';
import { type Seen } from './decode-rows.ts';
import { DecodeError, isRow, optionalText, type Row } from './decode-values.ts';
import { type Dialect } from './dialect.ts';
import { datasetOf } from './paths.ts';
import { NAS_KINDS, REFERENCES } from './nas-kinds.ts';

/**
 * Every object that a target names, as TrueNAS tells it now. None is its own word that there is none; whatever else stands in the way of
 * seeing one is thrown.
 */
export async function observe(
  dialect: Dialect,
  system: string,
  { kind, where }: NasTarget,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  if (kind === 'dataset' || kind === 'snapshot') {
    const id = where['id'];
    if (typeof id !== 'string') throw new DecodeError(`a ${kind} is known by its path`);
    const seen = await observePath(dialect, kind, id, signal);
    return seen === undefined || !matches(seen.identity, where) ? [] : [seen];
  }
  const wanted = await withIds(dialect, system, kind, where, signal);
  if (wanted === undefined) return [];
  const id = wanted['id'];
  return typeof id === 'number'
    ? await observeById(dialect, system, { kind, id, where: wanted }, signal)
    : await observeByMatch(dialect, system, { kind, where: wanted }, signal);
}

function matches(identity: Identity, where: Identity): boolean {
  return Object.entries(where).every(([key, value]) => identity[key] === value);
}

async function observePath(
  dialect: Dialect,
  kind: 'dataset' | 'snapshot',
  id: string,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  const seen =
    kind === 'dataset'
      ? observedAs(await unlessAbsent(dialect.datasets.see(id, signal)), identityOf.dataset)
      : observedAs(await unlessAbsent(dialect.snapshots.see(id, signal)), identityOf.snapshot);
  if (seen === undefined) await proveAbsent(dialect, id, signal);
  return seen;
}

function observedAs<T>(
  seen: Seen<T> | undefined,
  identify: (object: T) => Identity,
): Observed | undefined {
  return seen && { identity: identify(seen.object), raw: seen.row };
}

/** What is hidden, or lies on a pool that has gone away, is told of in the same words as what has been destroyed. */
async function proveAbsent({ services }: Dialect, id: string, signal: AbortSignal): Promise<void> {
  if (isHiddenPath(datasetOf(id))) throw new DecodeError(`it does not show ${id}`);
  const pool = poolName(datasetOf(id));
  for (const row of await services.all('pool', undefined, signal)) {
    if (!isRow(row) || row['name'] !== pool) continue;
    const status = optionalText(row, 'status');
    if (status === 'ONLINE' || status === 'DEGRADED') return;
  }
  throw new DecodeError(`it does not show ${id}, and its pool cannot be read now`);
}

interface Wanted {
  readonly kind: NasObjectKind;
  readonly where: Identity;
}

async function observeById(
  { services }: Dialect,
  system: string,
  { kind, id, where }: Wanted & { readonly id: number },
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const { service, extra, identify } = NAS_KINDS[kind];
  const row = await unlessAbsent(services.one(service, id, extra, signal));
  if (row === undefined) return [];
  if (!isRow(row)) throw new DecodeError(`${service} ${id} is no object`);
  const identity = identify(row, system);
  if (identity['id'] !== id) throw new DecodeError(`${service} ${id} was answered with another`);
  return matches(identity, where) ? [{ identity, raw: row }] : [];
}

async function observeByMatch(
  { services }: Dialect,
  system: string,
  { kind, where }: Wanted,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const { service, extra, identify } = NAS_KINDS[kind];
  const found: Observed[] = [];
  for (const row of await services.all(service, extra, signal)) {
    if (!isRow(row)) throw new DecodeError(`an entry of ${service} is no object`);
    if (isClearlyAnother(row, where)) continue;
    const identity = identify(row, system);
    if (matches(identity, where)) found.push({ identity, raw: row });
  }
  return found;
}

/** A row that is not understood may be any object, unless it says outright that it is another. */
function isClearlyAnother(row: Row, where: Identity): boolean {
  return ['path', 'name', 'device_path'].some((key) => {
    const [told, wanted] = [row[key], where[key]];
    return typeof wanted === 'string' && typeof told === 'string' && told !== '' && told !== wanted;
  });
}

/** The same with ids for the names of what an object refers to; undefined where there is no such object to refer to. */
async function withIds(
  dialect: Dialect,
  system: string,
  kind: NasObjectKind,
  where: Identity,
  signal: AbortSignal,
): Promise<Identity | undefined> {
  const wanted: Record<string, Identity[string]> = { ...where };
  for (const [key, { kind: of, seenAs }] of Object.entries(REFERENCES[kind] ?? {})) {
    const named = `${key}_name`;
    const name = where[named];
    if (typeof name !== 'string') continue;
    const id = await idOfNamed(dialect, system, of, name, signal);
    if (id === undefined) return undefined;
    Reflect.deleteProperty(wanted, named);
    wanted[seenAs] = id;
  }
  return wanted;
}

/** The id of what joins two objects; undefined where nothing does. */
export async function idOfJoin(
  dialect: Dialect,
  system: string,
  { kind, subsystem, member }: Extract<NasChange, { type: 'delete-join' }>,
  signal: AbortSignal,
): Promise<number | undefined> {
  const memberKey = kind === 'nvmet-port-subsystem' ? 'port_id' : 'host_id';
  const where = { subsystem_id: subsystem, [memberKey]: member };
  const [found, ...others] = await observeByMatch(dialect, system, { kind, where }, signal);
  if (others.length > 0) throw new DecodeError(`${kind} is there twice`);
  const id = found?.identity['id'];
  return typeof id === 'number' ? id : undefined;
}

/** The id of the object of that name; undefined where there is none. */
export async function idOfNamed(
  dialect: Dialect,
  system: string,
  kind: NasObjectKind,
  name: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = await observeByMatch(dialect, system, { kind, where: { name } }, signal);
  const id = found[0]?.identity['id'];
  return typeof id === 'number' ? id : undefined;
}

import { type X509Certificate } from 'node:crypto';
import { type LabSystem } from '../scenario/world.ts';
import { invalid } from './errors.ts';
import { type EventBus } from './events.ts';
import { type TrueNasFaults } from './faults.ts';
import { type JobStore } from './jobs.ts';
import { type Fields, isFields } from './json.ts';
import { type Query, parseOptions } from './query-options.ts';
import { type RateLimiter } from './rate-limit.ts';
import { type Session, type SessionUser } from './session.ts';
import { type VersionTable } from './version-table.ts';
import { type View, type ViewCache } from './view.ts';

/** One simulated system, as its methods see it. */
export interface Lab {
  readonly system: LabSystem;
  readonly table: VersionTable;
  readonly faults: TrueNasFaults;
  readonly views: ViewCache;
  readonly events: EventBus;
  readonly jobs: JobStore;
  readonly limiter: RateLimiter;
  /** The server's certificate, to which SCRAM may bind a channel; null without TLS. */
  readonly certificate: X509Certificate | null;
  /** The system's own clock. */
  now(): Date;
  /** Names of the methods that are open to a user; null for nobody. */
  openTo(user: SessionUser | null): readonly string[];
}

export interface Call {
  readonly lab: Lab;
  readonly view: View;
  readonly session: Session;
  readonly params: readonly unknown[];
  /** Id of the message that asked; null over REST. */
  readonly messageId: unknown;
}

/** Who may call: everyone, every session, or a session with one of these roles. */
export type Audience = 'anyone' | 'session' | readonly string[];

export interface Method {
  readonly audience: Audience;
  /** Names of the parameters, as REST bodies key them. */
  readonly parameters: readonly string[];
  /** `query`: filters and options; REST reads them from the query string. */
  readonly kind: 'query' | 'read' | 'write' | 'job';
  run(call: Call): unknown;
}

export type MethodTable = Readonly<Record<string, Method>>;

export function readQuery({ lab, params }: Call): Query {
  const filters = params[0] ?? [];
  if (!Array.isArray(filters)) throw invalid('filters', 'Input should be a valid list');
  return { filters, options: parseOptions(params[1], lab.table.queryOptions) };
}

export function textParam(call: Call, index: number, name: string): string {
  const value = call.params[index];
  if (typeof value !== 'string') throw invalid(name, 'Input should be a valid string');
  return value;
}

export function idParam(call: Call): number {
  const [value] = call.params;
  if (typeof value !== 'number') throw invalid('id', 'Input should be a valid integer');
  return value;
}

/** An optional object parameter. @param known its keys; others are refused; null accepts any */
export function fieldsParam(
  call: Call,
  index: number,
  name: string,
  known: readonly string[] | null = null,
): Fields {
  const value = call.params[index] ?? {};
  if (!isFields(value)) throw invalid(name, 'Input should be a valid dictionary');
  const stranger = Object.keys(value).find((key) => known !== null && !known.includes(key));
  if (stranger !== undefined)
    throw invalid(`${name}.${stranger}`, 'Extra inputs are not permitted');
  return value;
}

export function flagOf(fields: Fields, name: string, otherwise = false): boolean {
  const value = fields[name];
  return typeof value === 'boolean' ? value : otherwise;
}

export function textsOf(fields: Fields, name: string): readonly string[] | null {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}

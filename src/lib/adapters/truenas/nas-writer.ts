import { type NasChange } from '../../core/cleanup/change.ts';
import { type Identity, type NasTarget, type Observed } from '../../core/cleanup/expectation.ts';
import { type NasWriter, type Sent } from '../../ports/change-writer.ts';
import { type Call, type Delivery } from './call.ts';
import { NasCallError } from './call-error.ts';
import { callFor, whyImpossible } from './change-calls.ts';
import { DecodeError, isRow } from './decode-values.ts';
import { type Dialect } from './dialect.ts';
import { forPeople, reasonFor } from './explain.ts';
import { type NasConnection } from './nas-connection.ts';
import { NAS_KINDS, REFERENCES } from './nas-kinds.ts';
import { idOfJoin, idOfNamed, observe } from './observe.ts';
import { roleFor } from './roles.ts';

/** Changes one TrueNAS system, over the connection of its reader. */
export class TrueNasWriter implements NasWriter {
  readonly name: string;
  readonly #connection: NasConnection;

  constructor(connection: NasConnection) {
    this.name = connection.link.endpoint.name;
    this.#connection = connection;
  }

  async observe(target: NasTarget, signal: AbortSignal): Promise<readonly Observed[]> {
    return await this.#explained(signal, (dialect) => observe(dialect, this.name, target, signal));
  }

  async send(change: NasChange, signal: AbortSignal): Promise<Sent> {
    let dialect: Dialect;
    let call: Call | string;
    try {
      dialect = await this.#connection.dialect(signal);
      call = await this.#prepare(dialect, change, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { state: 'not-sent', reason: this.#reasonFor(error) };
    }
    if (typeof call === 'string') return { state: 'not-sent', reason: call };
    return this.#sentOf(change, await dialect.send(call, signal));
  }

  async lacking(changes: readonly NasChange[], signal: AbortSignal): Promise<readonly string[]> {
    return await this.#explained(signal, async (dialect) => {
      const impossible = new Set<string>();
      const calls = new Map<string, Call>();
      for (const change of changes) {
        const why = whyImpossible(dialect.family, change);
        if (why !== undefined) impossible.add(why);
        else {
          const call = callFor(dialect.family, change);
          calls.set(call.method, call);
        }
      }
      return [...impossible, ...(await this.#missingRights(dialect, [...calls.values()], signal))];
    });
  }

  async #missingRights(
    dialect: Dialect,
    calls: readonly Call[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (calls.length === 0) return [];
    const rights = await dialect.rights(calls, signal);
    const lines: string[] = [];
    for (const { method, route } of calls) {
      const may = rights.mayCall(method);
      if (may === null) {
        const { logger } = this.#connection.link;
        logger.log('debug', 'nobody tells whether this may be called', {
          system: this.name,
          method,
        });
      } else if (!may) {
        lines.push(
          dialect.transport === 'rest'
            ? `${rights.username} may not ${route.verb} ${route.path}`
            : `${method} needs the role ${roleFor(method)}, which ${rights.username} does not have`,
        );
      }
    }
    return lines;
  }

  /** The call for a change, with ids in place of names; why there is none, in words. */
  async #prepare(dialect: Dialect, change: NasChange, signal: AbortSignal): Promise<Call | string> {
    const { family } = dialect;
    const why = whyImpossible(family, change);
    if (why !== undefined) return why;
    if (change.type === 'delete-join') {
      const id = await idOfJoin(dialect, this.name, change, signal);
      if (id === undefined) return 'they are not joined any more';
      return callFor(family, { type: 'delete-object', kind: change.kind, id });
    }
    if (change.type !== 'create-object') return callFor(family, change);
    const fields = { ...change.fields };
    const references = REFERENCES[change.kind] ?? {};
    for (const [key, name] of Object.entries(change.refers_to)) {
      const reference = references[key];
      if (reference === undefined) return `a ${change.kind} does not refer to a ${key}`;
      const id = await idOfNamed(dialect, this.name, reference.kind, name, signal);
      if (id === undefined) return `there is no ${reference.noun} ${name}`;
      fields[reference.writtenAs] = id;
    }
    return callFor(family, { ...change, fields });
  }

  #sentOf(change: NasChange, delivery: Delivery): Sent {
    switch (delivery.state) {
      case 'answered':
        return { state: 'answered', created: createdBy(change, delivery.result, this.name) };
      case 'refused':
        return {
          state: 'refused',
          reason: refusalOf(delivery.error) ?? this.#reasonFor(delivery.error),
        };
      case 'not-sent':
      case 'no-answer':
        return { state: delivery.state, reason: this.#reasonFor(delivery.error) };
    }
  }

  #reasonFor(error: unknown): string {
    return reasonFor(this.#connection.link, error);
  }

  /** Whatever is expected to fail is thrown as an error for people. */
  async #explained<T>(signal: AbortSignal, ask: (dialect: Dialect) => Promise<T>): Promise<T> {
    try {
      return await ask(await this.#connection.dialect(signal));
    } catch (error) {
      signal.throwIfAborted();
      throw forPeople(this.#connection.link, error);
    }
  }
}

/** What TrueNAS itself says, in its own words. */
function refusalOf(error: unknown): string | undefined {
  return error instanceof NasCallError ? error.message : undefined;
}

/** What was made; null where nothing was to be made, or the answer does not tell. */
function createdBy(change: NasChange, result: unknown, system: string): Identity | null {
  if (change.type !== 'create-object' || !isRow(result)) return null;
  try {
    return NAS_KINDS[change.kind].identify(result, system);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

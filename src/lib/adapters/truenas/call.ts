import { type Millis } from '../../core/model/units.ts';

/** One call that changes something, as each transport spells it. */
export interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly route: Route;
  /** How long the answer may take; null for as long as any. */
  readonly timeout: Millis | null;
}

export interface Route {
  readonly verb: 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v2.0`. */
  readonly path: string;
  /** Undefined for none. */
  readonly body: unknown;
}

/** What became of a call that was sent once at most. */
export type Delivery =
  | { readonly state: 'answered'; readonly result: unknown }
  | { readonly state: 'refused' | 'not-sent' | 'no-answer'; readonly error: unknown };

/** What a user may call. */
export interface Rights {
  readonly username: string;
  /** Null where nobody tells. */
  mayCall(method: string): boolean | null;
}

/** The path of a service over REST. */
export function routeOf(service: string): string {
  return `/${service.replaceAll('.', '/')}`;
}

import { type OnSystem } from './truenas.ts';

/*
 * What is around storage on TrueNAS, with the fields this project uses, in one shape for every version.
 */

export interface IscsiPortal extends OnSystem {
  readonly id: number;
  /** What the web interface numbers it with. */
  readonly tag: number | null;
  /** Addresses it listens on; `0.0.0.0` and `::` for all. */
  readonly listen: readonly string[];
}

/** CHAP credentials, of which nothing secret is read. */
export interface IscsiAuth extends OnSystem {
  readonly id: number;
  readonly tag: number;
}

/** A service of TrueNAS: `nfs`, `cifs`, `iscsitarget`, `nvmet`, `ssh`, … */
export interface NasService extends OnSystem {
  readonly name: string;
  readonly running: boolean;
  /** Whether it starts with the system. */
  readonly atBoot: boolean;
}

export interface NasAlert extends OnSystem {
  readonly id: string;
  /** `INFO`, `NOTICE`, `WARNING`, `ERROR`, `CRITICAL`, `ALERT`, `EMERGENCY`. */
  readonly level: string;
  /** What kind of alert, such as `ScrubPaused`. */
  readonly kind: string;
  readonly text: string;
  readonly at: Date | null;
  readonly dismissed: boolean;
}

/** An address at which the system answers. */
export interface NasAddress extends OnSystem {
  readonly address: string;
}

/** Who this tool is to TrueNAS. */
export interface NasAccount extends OnSystem {
  readonly username: string;
  /** `READONLY_ADMIN`, `FULL_ADMIN`, …; null where this version does not tell. */
  readonly roles: readonly string[] | null;
  /** The key it logged in with; null for a password, or where it may not be read. */
  readonly key: NasApiKey | null;
}

export interface NasApiKey {
  readonly name: string;
  /** Null for never. */
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
}

/** A method that this tool calls, and whether its user may. */
export interface NasMethod extends OnSystem {
  readonly name: string;
  /** Null where TrueNAS does not tell. */
  readonly allowed: boolean | null;
}

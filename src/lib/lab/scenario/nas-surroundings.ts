/*
 * What is around storage on a TrueNAS system: who may ask, and through what it is reached.
 */

export interface LabApiKey {
  id: number;
  /** The part after `<id>-`. */
  secret: string;
  username: string;
  roles: string[];
  /** `truenas-monitor` and its id unless said. */
  name?: string;
  revoked?: boolean;
  /** Never unless said. */
  expiresAt?: string;
}

/** An account that logs in with its password. */
export interface LabUser {
  username: string;
  password: string;
  roles: string[];
}

/** How a service differs from one that runs and starts with the system. */
export interface LabService {
  running?: boolean;
  atBoot?: boolean;
}

/** An alert beside those of full pools, which the world implies. */
export interface LabAlert {
  id: string;
  level: 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL' | 'ALERT' | 'EMERGENCY';
  /** What kind of alert, such as `ScrubPaused`. */
  klass: string;
  /** May hold HTML, as the web interface shows it. */
  text: string;
  /** The world's now unless said. */
  at?: string;
  dismissed?: boolean;
}

export interface LabIscsiPortal {
  id: number;
  /** Its id unless said. */
  tag?: number;
  /** Addresses it listens on. */
  listen: string[];
}

/** CHAP credentials; those with one tag are one group. */
export interface LabIscsiAuth {
  id: number;
  tag: number;
  user?: string;
}

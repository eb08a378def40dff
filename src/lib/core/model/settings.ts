import { type Millis } from './units.ts';

/** What is to be checked of the configuration itself. */
export interface Settings {
  /** The configuration file; null where there is none. */
  readonly file: ConfigFile | null;
  /** Keys whose secret stands in the file as it is, such as `truenas.api_key`; null where the file could not be read. */
  readonly plainSecrets: readonly string[] | null;
  /** Some of the file is nothing this tool knows: secrets may stand there as well. */
  readonly hasUnknown: boolean;
  /** Files the configuration takes secrets from. */
  readonly secretFiles: readonly ConfigFile[];
  /** What is wrong with the file; empty wherever it was used for a scan, which no faulty one is. */
  readonly faults: readonly FileFault[];
  /** Files of drivers that were looked at. */
  readonly driverFiles: readonly CheckedFile[];
}

export interface FileFault {
  /** What is wrong, and where. */
  readonly message: string;
  /** An imperative sentence. */
  readonly remedy: string;
}

/** A file that was looked at alone, and what is wrong with it. */
export interface CheckedFile {
  readonly path: string;
  readonly faults: readonly string[];
}

/** Of a scan that nobody asked about its configuration. */
export const NO_SETTINGS: Settings = {
  file: null,
  plainSecrets: [],
  hasUnknown: false,
  secretFiles: [],
  faults: [],
  driverFiles: [],
};

export interface ConfigFile {
  readonly path: string;
  /** Permission bits, such as 0o600; null where the platform has none. */
  readonly mode: number | null;
}

/** Limits of the `thresholds:` section, and what belongs to them. */
export interface Thresholds {
  /** Used part of a pool, 0 to 1. */
  readonly poolWarning: number;
  readonly poolCritical: number;
  /** Used part of a volume's quota, 0 to 1. */
  readonly volumeWarning: number;
  readonly volumeCritical: number;
  /** Promised against present space of a pool. */
  readonly maxOvercommit: number;
  /** How long snapshots are to be kept; null where that is not said. */
  readonly snapshotRetention: Millis | null;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  poolWarning: 0.8,
  poolCritical: 0.9,
  volumeWarning: 0.85,
  volumeCritical: 0.95,
  maxOvercommit: 2,
  snapshotRetention: null,
};

/** What one client may take up, so that others are served. Spans are milliseconds. */
export interface ServerLimits {
  /** Of a body. */
  readonly bodyBytes: number;
  /** Of all headers and the address together. */
  readonly headerBytes: number;
  /** For sending the headers, however slowly. */
  readonly headersTimeout: number;
  /** For sending a whole request. */
  readonly requestTimeout: number;
  /** How often it is looked who takes longer. */
  readonly checkEvery: number;
  /** Without a word either way. */
  readonly idleTimeout: number;
  readonly handshakeTimeout: number;
  readonly connections: number;
  /** From one address; a proxy in front has one for all. */
  readonly connectionsPerAddress: number;
}

export const LIMITS: ServerLimits = {
  bodyBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  checkEvery: 2_000,
  idleTimeout: 60_000,
  handshakeTimeout: 10_000,
  connections: 2_048,
  connectionsPerAddress: 512,
};

/** Connections are kept longer than proxies keep theirs, which would else meet one that just closes. */
export const KEEP_ALIVE = 65_000;

/** What a request says of the page that makes it. */
export interface PageRequest {
  /** Header `Origin`. */
  readonly origin: string | undefined;
  /** Header `Host`. */
  readonly host: string | undefined;
  /** Whether it came over TLS, as the page has to have. */
  readonly secure: boolean;
}

/**
 * Whether a page may open a stream: one of the server's own, or one the configuration names. No browser checks that for a WebSocket. A
 * request that names no origin is no page's, and has to show who it is like any other.
 *
 * @param origins of other pages that may
 */
export function isOriginAllowed(
  { origin, host, secure }: PageRequest,
  origins: readonly string[],
): boolean {
  if (origin === undefined) return true;
  const page = originOf(origin);
  // A page without an origin, such as one in a sandbox, says "null".
  if (page === undefined) return false;
  if (host !== undefined && page === originOf(`${secure ? 'https' : 'http'}://${host}`))
    return true;
  return origins.some((each) => originOf(each) === page);
}

/** Scheme, host and port in one spelling. */
function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin } = new URL(text);
  return origin === 'null' ? undefined : origin;
}

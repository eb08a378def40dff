/**
 * Whether a host is this very machine. Only literal loopback addresses and `localhost` are: what another name resolves to may
 * change between this look and the connection.
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

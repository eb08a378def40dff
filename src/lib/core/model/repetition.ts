/** What Node puts before a code and an address. */
const CALLS: readonly string[] = ['connect', 'getaddrinfo', 'read', 'write'];

/** Whether a cause says nothing that was not said: `connect ECONNREFUSED host:port`, where both were named already. */
export function isRepetition(text: string, said: string): boolean {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .every((word) => CALLS.includes(word) || said.includes(word));
}

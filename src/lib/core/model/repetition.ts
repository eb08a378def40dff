/** What Node puts before a code and an address. */
const CALLS: readonly string[] = ['connect', 'getaddrinfo', 'read', 'write'];

/** Whether a cause says nothing that was not said: `connect ECONNREFUSED host:port`, where both were named already. */
export function isRepetition(text: string, said: string): boolean {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .every((word) => CALLS.includes(word) || said.includes(word));
}

/** What failed, and in brackets why, where that is not said by then. */
export function inOneLine({ message, cause }: Error): string {
  const said = cause instanceof Error ? cause.message.split('\n', 1)[0] : undefined;
  return said === undefined || isRepetition(said, message) ? message : `${message} (${said})`;
}

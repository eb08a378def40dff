import { hostname, userInfo } from 'node:os';
import { type Operator } from '../../ports/cleanup-store.ts';

/** Who works here as this machine knows them: good against accidents, not against its owner. */
export const osOperator: Operator = {
  identify: () => Promise.resolve({ kind: 'os', name: userName(), host: hostname() }),
};

/** Where a container runs under a number, nobody is behind it. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

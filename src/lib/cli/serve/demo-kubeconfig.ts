import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger } from '../../ports/logger.ts';
import { type OwnCluster } from '../wiring.ts';

/**
 * Leaves the way to the demo's cluster where it can be found: its token is what lets anybody do more than read. It is good for as long as
 * the demo runs, and for nothing else.
 */
export async function leaveKubeconfig(
  directory: string,
  [cluster]: readonly OwnCluster[],
  logger: Logger,
): Promise<void> {
  if (cluster === undefined) return;
  const file = join(directory, 'kubeconfig');
  await mkdir(directory, { recursive: true });
  await writeFile(file, cluster.kubeconfig, { mode: 0o600 });
  logger.log('info', 'the token in this kubeconfig may do everything in the demo', { file });
}

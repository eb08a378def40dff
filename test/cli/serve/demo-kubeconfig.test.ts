import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { leaveKubeconfig } from '../../../src/lib/cli/serve/demo-kubeconfig.ts';

it('leaves the way to the first cluster where its owner alone can read it, and no token in the log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'demo-'));
  onTestFinished(async () => {
    await rm(directory, { recursive: true });
  });
  const logged: unknown[] = [];
  const logger = { log: (...said: unknown[]) => logged.push(said) };
  const clusters = [{ name: 'prod', kubeconfig: 'token: abcdef' }];
  const nested = join(directory, 'state');
  await leaveKubeconfig(nested, clusters, logger);
  const file = join(nested, 'kubeconfig');
  expect(await readFile(file, 'utf8')).toBe('token: abcdef');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(logged)).not.toContain('abcdef');
});

import { join } from 'node:path';
import { writePrivateFile } from '../adapters/store/private-file.ts';
import { demoDirectory, keptWorld } from './demo-world.ts';
import { type DemoRequest } from './scan-flags.ts';

/**
 * Writes the configuration a user of the demo world would have, and says where: what reads a configuration can then
 * be tried on it. Its servers exist only while a command runs, so their addresses are names.
 */
export async function demoConfigFile(request: DemoRequest): Promise<string> {
  const { world } = await keptWorld(request);
  const [cluster, ...clusters] = world.clusters.map(({ name }) => ({ name, context: name }));
  const [system, ...systems] = world.systems.map(({ name, apiKeys: [key] }) => ({
    name,
    url: `https://${name}.example`,
    username: key?.username ?? null,
    api_key: key === undefined ? null : `${key.id}-${key.secret}`,
  }));
  const path = join(demoDirectory(request), 'config.yaml');
  const content = {
    kubernetes: cluster,
    clusters,
    truenas: system,
    systems,
    drivers: world.drivers,
  };
  // JSON is YAML.
  await writePrivateFile(path, [`${JSON.stringify(content, null, 2)}\n`]);
  return path;
}

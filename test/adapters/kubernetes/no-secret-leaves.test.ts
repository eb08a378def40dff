import { expect, test } from 'vitest';
import { CLUSTER_SOURCES } from '../../../src/lib/core/model/inventory.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { NEVER, openLab } from './support.ts';

/** What the worlds of the lab write where real ones keep keys and passwords. */
const PLANTED = /planted-(?:key|password)/;

function textsIn(value: unknown): string {
  return JSON.stringify(value);
}

test('nothing that is read of a cluster holds a secret of its drivers, nor does any log line', async () => {
  const [cluster] = demo.build('25.10').clusters;
  if (cluster === undefined) throw new Error('a world without a cluster');
  const configs = (cluster.objects['secrets'] ?? []).map(({ data }) =>
    Object.values(data as Record<string, string>)
      .map((text) => Buffer.from(text, 'base64').toString('utf8'))
      .join('\n'),
  );
  expect(configs.length).toBeGreaterThan(0);
  for (const config of configs) expect(config).toMatch(PLANTED);

  const { reader, logged } = await openLab(cluster);
  const listings = [];
  for (const source of CLUSTER_SOURCES) listings.push(await reader.list(source, NEVER));
  const secrets = await reader.list('driverSecrets', NEVER);
  expect(secrets.items).toHaveLength(configs.length);
  expect(textsIn([listings, secrets, logged])).not.toMatch(PLANTED);
});

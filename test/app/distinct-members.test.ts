import { expect, it } from 'vitest';
import { ConfigError, type MonitorError } from '../../src/lib/core/model/errors.ts';
import { addSound, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { runWorld } from '../support/scan-scenario.ts';

function world(): World {
  const site = newSite('25.10');
  addSound(site.nfs, 2);
  return site.stage.world;
}

/** The world with a second entry of one side, which leads to the very same. */
async function refusal(side: 'clusters' | 'systems', name: string): Promise<MonitorError> {
  const one = world();
  const [cluster] = one.clusters;
  const [system] = one.systems;
  if (cluster === undefined || system === undefined) throw new Error('both sides are there');
  const twice: World =
    side === 'clusters'
      ? { ...one, clusters: [cluster, { ...cluster, name }] }
      : { ...one, systems: [system, { ...system, name }] };
  await using running = await runWorld(twice);
  const error: unknown = await running.scan().catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('it was not refused');
  return error;
}

it('refuses one cluster under two names, and says which to remove', async () => {
  const { message, remediation } = await refusal('clusters', 'again');
  expect(message).toMatch(/^prod and again are the same cluster \(.+\)$/);
  expect(remediation).toEqual([
    'Remove again from clusters: in the configuration, or its --context, and keep prod.',
  ]);
});

it('refuses one TrueNAS under two names, and says which to remove', async () => {
  const { message, remediation } = await refusal('systems', 'again');
  expect(message).toMatch(/^nas1 and again are the same TrueNAS system \(.+\)$/);
  expect(remediation).toEqual(['Remove again from systems: in the configuration, and keep nas1.']);
});

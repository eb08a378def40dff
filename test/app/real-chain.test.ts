import { describe, expect, it } from 'vitest';
import { exitCodeFor } from '../../src/lib/cli/exit-codes.ts';
import { realChain } from '../../src/lib/lab/scenario/real-chain.ts';
import { readRecording } from '../support/recording.ts';
import { runWorld } from '../support/scan-scenario.ts';

const RELEASED = 'pvc-3a06635b-061e-47fd-ab23-c301e0e83a1e';

describe('the fleet that was recorded from the real driver', () => {
  const scenario = realChain(readRecording());

  it.each([
    ['24.10', 'auto', 'rest'],
    ['25.04', 'auto', 'jsonrpc'],
    ['25.04', 'rest', 'rest'],
    ['25.10', 'auto', 'jsonrpc'],
    ['25.10', 'rest', 'rest'],
    ['26', 'auto', 'jsonrpc'],
  ] as const)(
    'holds one released volume and nothing else wrong, over TrueNAS %s with transport %s',
    async (version, asked, spoken) => {
      const world = scenario.build(version);
      // Over REST anything less than a full administrator is denied.
      for (const key of world.systems.flatMap(({ apiKeys }) => apiKeys)) {
        if (spoken === 'rest') key.roles = ['FULL_ADMIN'];
      }
      await using running = await runWorld(world);
      const report = await running.scan({}, { transport: asked });
      expect(report.systems.map(({ transport }) => transport)).toEqual([spoken]);
      expect(
        report.findings.map(({ rule, subject, confidence }) => [rule, subject.name, confidence]),
      ).toEqual([['pv-released', RELEASED, 'certain']]);
      expect(report.complete).toBe(false);
      expect(exitCodeFor(report, { severity: null, confidence: 'likely' })).toBe(3);
      expect(report.suppressed).toEqual([]);
    },
  );

  it('names what was not recorded as the only thing that could not be read', async () => {
    await using running = await runWorld(scenario.build('25.10'));
    const report = await running.scan();
    const unread = report.sources.filter(({ coverage }) => coverage.state === 'failed');
    expect(unread.map(({ name }) => name).sort()).toEqual([
      'cronJobs',
      'csiDrivers',
      'daemonSets',
      'deployments',
      'jobs',
      'nodes',
      'pods',
      'replicaSets',
      'replicationControllers',
      'statefulSets',
      'volumeAttachments',
    ]);
    for (const { name, coverage } of unread) {
      expect(coverage).toMatchObject({
        reason: expect.stringContaining(`may not list ${name.toLowerCase()}`) as string,
      });
    }
  });
});

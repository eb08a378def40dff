import { describe, expect, it } from 'vitest';
import { openSides } from '../../src/lib/cli/wiring.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';

describe('opening both sides', () => {
  it('closes what was opened where one part cannot be', async () => {
    const closed: string[] = [];
    const close = (): Promise<void> => {
      closed.push('cluster');
      return Promise.resolve();
    };
    const cluster = { name: 'prod', close } as ClusterReader; // nothing else is touched
    const failing: Promise<NasReader> = Promise.reject(new Error('no credentials'));
    await expect(openSides([Promise.resolve(cluster)], [failing])).rejects.toThrow(
      'no credentials',
    );
    expect(closed).toEqual(['cluster']);
  });
});

import { describe, expect, it } from 'vitest';
import {
  flagsToRepeat,
  type RawPlanFlags,
  readCleanupFlags,
  readPlanFlags,
} from '../../../src/lib/cli/cleanup/asked.ts';
import { readConnection } from '../../../src/lib/cli/scan-flags.ts';
import { UsageError } from '../../../src/lib/core/model/errors.ts';

function flags(over: Partial<RawPlanFlags> = {}): RawPlanFlags {
  return {
    ...{
      demo: false,
      'demo-reset': false,
      'no-color': false,
      'all-namespaces': false,
      json: false,
    },
    ...over,
  } as RawPlanFlags; // what is absent is undefined, as oclif has it
}

describe('the flags of a plan', () => {
  it('put the plan itself into a file that no format is named for, and show it besides', () => {
    expect(readPlanFlags(flags({ 'output-file': 'plan.json' }))).toMatchObject({
      ...{ format: 'table', outputFile: null, planFile: 'plan.json', isForPeople: false },
    });
    expect(readPlanFlags(flags({ 'output-file': 'plan.txt', output: 'table' }))).toMatchObject({
      ...{ format: 'table', outputFile: 'plan.txt', planFile: null, isForPeople: false },
    });
    expect(readPlanFlags(flags({ 'output-file': '-' }))).toMatchObject({
      ...{ format: 'table', outputFile: '-', planFile: null },
    });
  });

  it('leave room for a screen only where nothing says how the plan is to be shown', () => {
    expect(readPlanFlags(flags()).isForPeople).toBe(true);
    expect(readPlanFlags(flags({ output: 'table' })).isForPeople).toBe(false);
  });

  it('never accept what an earlier scan kept', () => {
    expect(readPlanFlags(flags()).connection.maxAge).toBe(0);
  });

  it('take findings and snapshots by their whole names', () => {
    const { request } = readPlanFlags(
      flags({
        finding: ['6f0c1d2e3a4b5c6d'],
        'include-snapshots': ['tank/k8s/a@b', 'tank@c'],
        rule: ['dataset-*'],
        namespace: ['shop'],
      }),
    );
    expect(request).toMatchObject({
      rules: ['dataset-*'],
      findings: ['6f0c1d2e3a4b5c6d'],
      includeSnapshots: ['tank/k8s/a@b', 'tank@c'],
      filter: { namespaces: ['shop'] },
    });
  });

  it.each<[string, Partial<RawPlanFlags>]>([
    ['--finding does not take "6f0c1d2e"', { finding: ['6f0c1d2e'] }],
    ['--finding does not take ""', { finding: [''] }],
    ['--include-snapshots does not take "tank/a"', { 'include-snapshots': ['tank/a'] }],
    ['--include-snapshots does not take "@x"', { 'include-snapshots': ['@x'] }],
    ['--include-snapshots does not take "tank/a@"', { 'include-snapshots': ['tank/a@'] }],
    ['--include-snapshots does not take "tank/a@b@c"', { 'include-snapshots': ['tank/a@b@c'] }],
    ['no rule is left to plan by', { rule: ['pv-released'], type: ['nfsshare'] }],
    ['no rule is called "pv-relased"', { rule: ['pv-relased'] }],
    ['--output does not take "csv"', { output: 'csv' }],
  ])('are refused: %s', (message, over) => {
    let thrown: unknown;
    try {
      readPlanFlags(flags(over));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as UsageError).message).toContain(message);
  });
});

describe('the flags the next command needs again', () => {
  it('are those that say which servers are meant, as a shell takes them', () => {
    const connection = readConnection(
      flags({ config: 'my config.yaml', context: ['a', 'b'], url: 'https://nas1.example' }),
    );
    expect(flagsToRepeat(connection).join(' ')).toBe(
      "--config 'my config.yaml' --context a --context b --url https://nas1.example",
    );
  });

  it('are none where the configuration says it all, and none that would change the demo again', () => {
    expect(flagsToRepeat(readConnection(flags()))).toEqual([]);
    const { connection } = readCleanupFlags({
      ...flags({ demo: true, 'demo-reset': true, 'demo-now': '+8d', 'demo-state': '/tmp/d' }),
      output: 'table',
    });
    expect(flagsToRepeat(connection)).toEqual(['--demo', '--demo-state', '/tmp/d']);
  });
});

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoadedConfig, loadConfig } from '../../../src/lib/adapters/config/load.ts';
import { viewConfig } from '../../../src/lib/adapters/config/view.ts';
import { ConfigError } from '../../../src/lib/core/model/errors.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'truenas-monitor-cleanup-')));
  file = join(directory, 'config.yaml');
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const RULES = ['dataset-unclaimed', 'pv-released'];

async function load(text: string, environment: NodeJS.ProcessEnv = {}): Promise<LoadedConfig> {
  await writeFile(file, text, { mode: 0o600 });
  return await loadConfig({ file, environment, ruleNames: RULES });
}

async function refusal(text: string): Promise<{ message: string; remedies: readonly string[] }> {
  const error: unknown = await load(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error('it was accepted');
  return { message: error.message.replace(`${file}: `, ''), remedies: error.remediation };
}

describe('cleanup in the configuration', () => {
  it('comes out in the words of core, and how long quarantine lasts as what rules judge by', async () => {
    const { config } = await load(`
cleanup:
  protect: [{path: tank/keep/**}, {namespace: archive, name: "db-*"}]
  quarantine_for: 14d
  quarantine_parent: tank/quarantine
  max_items: 3
  max_bytes: 500Gi
  max_percent: 0.5
  plan_ttl: 30m
  approvals: "2"
  auto_approve: [{rule: dataset-*, min_age: 30d, max_bytes: 10Gi}]
`);
    expect(config.policy.quarantineFor).toBe(14 * 86_400_000);
    expect(config.cleanup).toEqual({
      protect: [
        { path: 'tank/keep/**', namespace: null, name: null },
        { path: null, namespace: 'archive', name: 'db-*' },
      ],
      quarantineParent: 'tank/quarantine',
      maxItems: 3,
      maxBytes: 500 * 1024 ** 3,
      maxPercent: 0.5,
      planTtl: 1_800_000,
      approvals: 2,
      autoApprove: [{ rule: 'dataset-*', minAge: 30 * 86_400_000, maxBytes: 10 * 1024 ** 3 }],
    });
  });

  it('takes values from variables, and shows them with where they come from', async () => {
    const loaded = await load('cleanup: {max_items: "${MOST}"}', { MOST: '7' });
    expect(loaded.config.cleanup.maxItems).toBe(7);
    expect(viewConfig(loaded, {})).toMatch(/max_items: "7" # line 1/);
    expect(viewConfig(loaded, {})).toMatch(/quarantine_for: 7d # default/);
  });

  it.each([
    ['quarantine_for: 0s', 'quarantine_for is shorter than an hour', 'write 1h or more'],
    ['quarantine_for: 59m', 'quarantine_for is shorter than an hour', 'write 1h or more'],
    ['quarantine_for: week', 'quarantine_for is not a duration', 'such as 30s, 5m'],
    ['quarantine_parent: /tank/q', 'quarantine_parent is not the path of a dataset', 'as ZFS does'],
    ['max_items: 0', 'max_items is not a count', 'a whole number from 1 on'],
    ['max_items: 1.5', 'max_items is not a count', 'a whole number from 1 on'],
    ['max_bytes: much', 'max_bytes is not a size', '10Gi'],
    ['max_bytes: -1', 'max_bytes is not a size', '10Gi'],
    ['max_percent: 0', 'max_percent is not a share', 'above 0 and up to 100'],
    ['max_percent: 101', 'max_percent is not a share', 'above 0 and up to 100'],
    ['plan_ttl: 0s', 'plan_ttl is no time at all', 'such as 1h'],
    ['approvals: 0', 'approvals is not a count', 'a whole number from 1 on'],
    ['protect: [{}]', 'protect[0] does not say what to protect', 'add a path, namespace or name'],
    [
      'protect: [{pth: tank/a}]',
      'protect[0].pth is not a known key',
      'did you mean cleanup.protect[0].path?',
    ],
    [
      'auto_approve: [{rule: dataset-unclaimd, min_age: 1d, max_bytes: 1Gi}]',
      'auto_approve[0].rule names no rule',
      'did you mean dataset-unclaimed?',
    ],
    [
      'auto_approve: [{rule: pv-released, min_age: 1d}]',
      'auto_approve[0].max_bytes is missing',
      'cannot do without it',
    ],
    ['max_item: 3', 'max_item is not a known key', 'did you mean cleanup.max_items?'],
  ])('refuses %s', async (text, message, remedy) => {
    const refused = await refusal(`cleanup: {${text}}`);
    expect(refused.message).toBe(`line 1: cleanup.${message}`);
    expect(refused.remedies[0]).toContain(remedy);
  });

  it.each(['tank/k8s', 'tank/k8s/old'])(
    'refuses to move what is put aside to %s, where a driver makes volumes',
    async (parent) => {
      const { message } = await refusal(
        `drivers: [{driver: d, parent: tank/k8s}]\ncleanup: {quarantine_parent: ${parent}}`,
      );
      expect(message).toBe('line 2: cleanup.quarantine_parent is where a driver makes its volumes');
    },
  );

  it('lets it be moved to beside where a driver makes volumes', async () => {
    const { config } = await load(
      'drivers: [{driver: d, parent: tank/k8s}]\ncleanup: {quarantine_parent: tank/k8s-old}',
    );
    expect(config.cleanup.quarantineParent).toBe('tank/k8s-old');
  });
});

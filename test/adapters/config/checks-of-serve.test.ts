import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_OVERRIDES } from '../../../src/lib/adapters/config/layers.ts';
import { loadConfig } from '../../../src/lib/adapters/config/load.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'truenas-monitor-config-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function pathOf(path: string): Promise<string> {
  const file = join(directory, 'config.yaml');
  await writeFile(file, `metrics:\n  path: ${path}\n`, { mode: 0o600 });
  const { config } = await loadConfig({
    file,
    environment: {},
    overrides: NO_OVERRIDES,
    ruleNames: [],
    currentContext: () => Promise.resolve(null),
  });
  return config.serve.metrics.path;
}

describe('metrics.path', () => {
  it.each(['/metrics', '/prom', '/healthy', '/apis/metrics'])('may be %s', async (path) => {
    expect(await pathOf(path)).toBe(path);
  });

  it.each(['/health', '/ready/', '/version', '/openapi.json', '/docs', '/api/v1/orphans'])(
    'may not be %s, where something else is served',
    async (path) => {
      await expect(pathOf(path)).rejects.toThrow(
        `metrics.path is ${path}, where something else is served`,
      );
    },
  );
});

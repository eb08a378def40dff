import { describe, expect, it } from 'vitest';
import { type RawServeFlags } from '../../../src/lib/cli/serve/flags-of-serve.ts';
import { readOverrides, withOverrides } from '../../../src/lib/cli/serve/overrides.ts';
import { DEFAULT_SERVE } from '../../../src/lib/core/serve/settings.ts';

const overridden = (flags: Omit<RawServeFlags, 'quiet'>) =>
  withOverrides(DEFAULT_SERVE, readOverrides({ quiet: false, ...flags }));

describe('flags of serve', () => {
  it('leave what they do not name as it is configured', () => {
    expect(overridden({})).toEqual(DEFAULT_SERVE);
  });

  it('win over the configuration', () => {
    const { server, metrics } = overridden({
      listen: '[::1]:0',
      'metrics-listen': '0.0.0.0:9999',
    });
    expect(server.listen).toEqual({ host: '::1', port: 0 });
    expect(metrics.listen).toEqual({ host: '0.0.0.0', port: 9999 });
  });

  it('can leave metrics without an address of their own', () => {
    expect(overridden({ 'metrics-listen': 'off' }).metrics.listen).toBeNull();
  });

  it('say how often to scan', () => {
    expect(overridden({ interval: '10m' }).scanning.interval).toBe(600_000);
    expect(() => overridden({ interval: '5s' })).toThrow('--interval does not take "5s"');
  });

  it.each(['8080', 'localhost', 'a:b', '127.0.0.1:70000', ''])('refuse %j', (value) => {
    expect(() => overridden({ 'metrics-listen': value })).toThrow(
      `--metrics-listen ${value} is no address to listen at`,
    );
  });
});

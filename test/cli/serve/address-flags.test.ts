import { describe, expect, it } from 'vitest';
import { withAddresses } from '../../../src/lib/cli/serve/address-flags.ts';
import { DEFAULT_SERVE } from '../../../src/lib/core/serve/settings.ts';

describe('flags of addresses', () => {
  it('leave what they do not name as it is configured', () => {
    expect(withAddresses(DEFAULT_SERVE, {})).toEqual(DEFAULT_SERVE);
  });

  it('win over the configuration', () => {
    const { server, metrics } = withAddresses(DEFAULT_SERVE, {
      listen: '[::1]:0',
      'metrics-listen': '0.0.0.0:9999',
    });
    expect(server.listen).toEqual({ host: '::1', port: 0 });
    expect(metrics.listen).toEqual({ host: '0.0.0.0', port: 9999 });
  });

  it('can leave metrics without an address of their own', () => {
    expect(withAddresses(DEFAULT_SERVE, { 'metrics-listen': 'off' }).metrics.listen).toBeNull();
  });

  it.each(['8080', 'localhost', 'a:b', '127.0.0.1:70000', ''])('refuse %j', (value) => {
    expect(() => withAddresses(DEFAULT_SERVE, { 'metrics-listen': value })).toThrow(
      `--metrics-listen ${value} is no address to listen at`,
    );
  });
});

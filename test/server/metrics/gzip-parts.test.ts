import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { endGzip, startGzip } from '../../../src/lib/server/metrics/gzip-parts.ts';

describe('a gzip in two parts', () => {
  it.each([
    ['', ''],
    ['a', ''],
    ['', 'b'],
    ['truenas_monitor_x 1\n'.repeat(5000), 'truenas_monitor_y 2\n'.repeat(3000)],
  ])('is one for whoever unpacks it (%#)', async (first, second) => {
    const start = await startGzip(Buffer.from(first));
    const packed = await endGzip(start, Buffer.from(second));
    expect(gunzipSync(packed).toString()).toBe(first + second);
  });

  it('can be ended more than once', async () => {
    const start = await startGzip(Buffer.from('scan\n'));
    for (const rest of ['one\n', 'two\n']) {
      expect(gunzipSync(await endGzip(start, Buffer.from(rest))).toString()).toBe(`scan\n${rest}`);
    }
  });
});

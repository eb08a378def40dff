import { type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type RetryTiming } from '../../../src/lib/adapters/http/retry.ts';
import { AT_ONCE, open, patient, startFake } from './fake-nas.ts';

const SHARES = [{ id: 1, path: '/mnt/tank/a' }];

/** A REST system behind a gateway that answers with these before it lets anything through. */
function behindGateway(troubles: readonly number[], headers: Record<string, string> = {}) {
  const left = [...troubles];
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const isShares = request.url === '/api/v2.0/sharing/nfs';
    const trouble = isShares ? left.shift() : undefined;
    if (trouble !== undefined) {
      response.writeHead(trouble, { 'content-type': 'text/html', ...headers });
      response.end('<html>Bad Gateway</html>');
      return true;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isShares ? SHARES : 'TrueNAS-SCALE-24.10.2'));
    return true;
  };
}

function recording(): { readonly timing: RetryTiming; readonly waits: number[] } {
  const waits: number[] = [];
  const sleep: RetryTiming['sleep'] = (span) => {
    waits.push(span);
    return Promise.resolve();
  };
  return { timing: { random: () => 0.5, sleep }, waits };
}

describe('a gateway in trouble', () => {
  it.each([502, 503, 504])('with %i is asked again, later each time', async (status) => {
    const { timing, waits } = recording();
    const nas = await startFake({ http: behindGateway([status, status]) });
    const reader = await open(nas.url, { transport: 'rest' }, [], timing);
    const { coverage, items } = await reader.list('nfsShares', patient());
    expect(coverage.state).toBe('complete');
    expect(items).toHaveLength(1);
    expect(waits).toEqual([125, 250]);
  });

  it('is given up on after three times, and named', async () => {
    const nas = await startFake({ http: behindGateway([502, 502, 502, 502]) });
    const reader = await open(nas.url, { transport: 'rest' });
    expect((await reader.list('nfsShares', patient())).coverage).toEqual({
      state: 'failed',
      reason:
        'nas1 (127.0.0.1) cannot be reached: /api/v2.0/sharing/nfs was answered with HTTP 502',
    });
    expect(nas.calls.filter((call) => call.endsWith('/sharing/nfs'))).toHaveLength(3);
  });

  it('is left alone for as long as it asks', async () => {
    const { timing, waits } = recording();
    const nas = await startFake({ http: behindGateway([503], { 'retry-after': '2' }) });
    const reader = await open(nas.url, { transport: 'rest' }, [], timing);
    expect((await reader.list('nfsShares', patient())).coverage.state).toBe('complete');
    expect(waits).toEqual([2000]);
  });

  it('that asks for more than a moment is not asked again', async () => {
    const nas = await startFake({ http: behindGateway([503], { 'retry-after': '600' }) });
    const reader = await open(nas.url, { transport: 'rest' });
    expect((await reader.list('nfsShares', patient())).coverage.state).toBe('failed');
  });

  it('is not waited for by who gave up', async () => {
    const controller = new AbortController();
    const timing: RetryTiming = {
      ...AT_ONCE,
      sleep: (_span, signal) => {
        controller.abort(new Error('enough'));
        signal.throwIfAborted();
        return Promise.resolve();
      },
    };
    const nas = await startFake({ http: behindGateway([502]) });
    const reader = await open(nas.url, { transport: 'rest' }, [], timing);
    await expect(reader.list('nfsShares', controller.signal)).rejects.toThrow('enough');
  });

  it('does not hide an error of TrueNAS itself, which is not asked for again', async () => {
    const nas = await startFake({ http: behindGateway([500]) });
    const reader = await open(nas.url, { transport: 'rest' });
    expect((await reader.list('nfsShares', patient())).coverage.state).toBe('failed');
    expect(nas.calls.filter((call) => call.endsWith('/sharing/nfs'))).toHaveLength(1);
  });

  it('refuses a WebSocket only for now', async () => {
    let refusals = 2;
    const nas = await startFake({
      methods: { 'sharing.nfs.query': () => SHARES },
      refuseFirst: () => {
        refusals -= 1;
        return refusals >= 0;
      },
    });
    const { coverage } = await (await open(nas.url)).list('nfsShares', patient());
    expect(coverage).toEqual({ state: 'complete' });
    expect(nas.connections()).toBe(1);
  });

  it('that never opens one is given up on after three times', async () => {
    let refusals = 0;
    const nas = await startFake({
      refuseFirst: () => {
        refusals += 1;
        return true;
      },
    });
    const reader = await open(nas.url);
    const lists = await Promise.all([
      reader.list('nfsShares', patient()),
      reader.list('smbShares', patient()),
    ]);
    for (const { coverage } of lists) {
      expect(coverage).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('does not open a WebSocket') as unknown,
      });
    }
    expect(refusals).toBe(3);
  });
});

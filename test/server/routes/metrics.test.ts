import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SERVE } from '../../../src/lib/core/serve/settings.ts';
import { type ServerContext } from '../../../src/lib/server/context.ts';
import { buildMetricsServer } from '../../../src/lib/server/metrics/metrics-server.ts';
import { readExposition, samplesOf } from '../../support/exposition.ts';
import { serveScans } from '../../support/served.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function withMetrics(over: Partial<typeof DEFAULT_SERVE.metrics>): Partial<ServerContext> {
  return { settings: { ...DEFAULT_SERVE, metrics: { ...DEFAULT_SERVE.metrics, ...over } } };
}

const nobody: Partial<ServerContext> = {
  authenticator: { admit: () => Promise.resolve({ state: 'unknown', reason: 'no token' }) },
};

describe('GET /metrics', () => {
  it('answers in exactly the form that Prometheus 3 insists on', async () => {
    await using served = await serveScans();
    const answer = await served.server.inject('/metrics');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe(CONTENT_TYPE);
    const families = readExposition(answer.body);
    expect(families.get('truenas_monitor_orphaned_pvs_total')?.samples.size).toBe(1);
    expect(families.get('process_resident_memory_bytes')?.samples.size).toBe(1);
    expect(families.get('nodejs_eventloop_lag_seconds')?.samples.size).toBe(1);
  });

  it('has no family twice, and an explanation of each', async () => {
    await using served = await serveScans();
    const { body } = await served.server.inject('/metrics');
    const bare = [...readExposition(body)].filter(([, { help }]) => help.length < 10);
    // Node's own are what they are.
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it('says the same compressed, for whoever takes that', async () => {
    await using served = await serveScans();
    const ask = async (coding: string) =>
      await served.server.inject({ url: '/metrics', headers: { 'accept-encoding': coding } });
    const answer = await ask('deflate, gzip;q=0.8');
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.headers['content-type']).toBe(CONTENT_TYPE);
    const families = readExposition(gunzipSync(answer.rawPayload).toString());
    const plain = readExposition((await ask('gzip;q=0, br')).body);
    expect([...families.keys()]).toEqual([...plain.keys()]);
    expect(families.get('truenas_monitor_findings')).toEqual(plain.get('truenas_monitor_findings'));
  });

  it('answers before the first scan, and says that there is no result', async () => {
    await using served = await serveScans({ results: [] });
    const { statusCode, body } = await served.server.inject('/metrics');
    expect(statusCode).toBe(200);
    expect(samplesOf(body, 'truenas_monitor_result_available')).toEqual({
      truenas_monitor_result_available: 0,
    });
    for (const unknown of ['result_stale', 'result_age_seconds', 'last_scan_timestamp']) {
      expect(samplesOf(body, `truenas_monitor_${unknown}`), unknown).toEqual({});
    }
    expect(body).not.toContain('truenas_monitor_findings{');
  });

  it('lets nobody in whom nobody knows', async () => {
    await using served = await serveScans({ context: nobody });
    expect((await served.server.inject('/metrics')).statusCode).toBe(401);
  });

  it('lets everybody in where the configuration says so, and to nothing else', async () => {
    await using served = await serveScans({
      context: { ...nobody, ...withMetrics({ auth: 'none' }) },
    });
    expect((await served.server.inject('/metrics')).statusCode).toBe(200);
    expect((await served.server.inject('/api/v1/orphans')).statusCode).toBe(401);
  });

  it('is where the configuration puts it', async () => {
    await using served = await serveScans({ context: withMetrics({ path: '/prom' }) });
    expect((await served.server.inject('/prom')).statusCode).toBe(200);
    expect((await served.server.inject('/metrics')).statusCode).toBe(404);
  });

  it('is not there where metrics are off', async () => {
    await using served = await serveScans({ context: withMetrics({ enabled: false }) });
    expect((await served.server.inject('/metrics')).statusCode).toBe(404);
  });
});

describe('a port of its own', () => {
  it('has metrics, of both servers, and nothing else', async () => {
    await using served = await serveScans();
    const own = await buildMetricsServer(served.context, served.server.metrics);
    try {
      await served.server.inject('/api/v1/orphans');
      await own.inject('/metrics');
      const { body, headers } = await own.inject('/metrics');
      expect(headers['content-type']).toBe(CONTENT_TYPE);
      expect(samplesOf(body, 'truenas_monitor_http_requests_total')).toEqual({
        'truenas_monitor_http_requests_total{method="GET",route="/api/v1/orphans",status="200"}': 1,
        'truenas_monitor_http_requests_total{method="GET",route="/metrics",status="200"}': 1,
      });
      expect((await own.inject('/api/v1/orphans')).statusCode).toBe(404);
    } finally {
      await own.close();
    }
  });

  it('asks for the same as the other', async () => {
    await using served = await serveScans({ context: nobody });
    const own = await buildMetricsServer(served.context, served.server.metrics);
    expect((await own.inject('/metrics')).statusCode).toBe(401);
    await own.close();
  });
});

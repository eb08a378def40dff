import { describe, expect, it } from 'vitest';
import { serveScans } from '../../support/served.ts';

describe('GET /api/v1/orphans', () => {
  it('answers with what the last scan found', async () => {
    await using served = await serveScans();
    const answer = await served.server.inject('/api/v1/orphans');
    expect(answer.statusCode).toBe(200);
    expect(answer.json<{ findings: unknown[] }>().findings).not.toHaveLength(0);
  });
});

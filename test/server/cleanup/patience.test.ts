import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { LIMITS } from '../../../src/lib/server/limits.ts';
import { ANN } from '../../support/cleanup-journals.ts';
import { PlayedDesk } from '../../support/played-desk.ts';
import { serving } from '../../support/serving.ts';

/** A server whose connections may be silent for a moment, over a desk that takes longer. */
async function slowDesk() {
  const desk = new PlayedDesk();
  const served = await serving({
    limits: { ...LIMITS, idleTimeout: 100 },
    cleanup: desk,
    authenticator: {
      admit: () =>
        Promise.resolve({
          state: 'admitted',
          caller: { name: 'ann', groups: [], role: 'admin', namespaces: null, actor: ANN },
        }),
    },
  });
  const over = new AbortController();
  onTestFinished(() => {
    over.abort();
  });
  desk.takes = wait(600, undefined, { signal: over.signal }).catch(() => undefined);
  return { desk, ...served };
}

const HEADERS = { 'content-type': 'application/json' };

it('waits for a plan for longer than a connection may be silent', async () => {
  const { ask } = await slowDesk();
  const { status } = await ask('/api/v1/cleanup/plans', {
    ...{ method: 'POST', headers: HEADERS, body: '{}' },
  });
  expect(status).toBe(201);
});

it('waits no longer than for others where nothing is read anew', async () => {
  const { ask } = await slowDesk();
  await expect(ask('/api/v1/cleanup/plans')).rejects.toThrow();
});

import { describe, expect, it } from 'vitest';
import { bothSides, sharedFate, whileOfUse } from '../../src/lib/app/both-sides.ts';
import {
  BothSidesError,
  ClusterUnreachableError,
  InterruptedError,
  TrueNasAuthError,
  TrueNasUnreachableError,
} from '../../src/lib/core/model/errors.ts';

const clusterDown = new ClusterUnreachableError('prod cannot be reached', {
  cause: new Error('connect ECONNREFUSED'),
  remediation: ['Check the network.'],
  details: { cluster: 'prod' },
});
const nasDown = new TrueNasUnreachableError('nas1 cannot be reached', {
  remediation: ['Check the network.', 'Check the address.'],
  details: { system: 'nas1' },
});

describe('two sides', () => {
  it('are had where both answer', async () => {
    await expect(bothSides(Promise.resolve(1), Promise.resolve('a'))).resolves.toEqual([1, 'a']);
  });

  it('fail with the one that fails', async () => {
    await expect(bothSides(Promise.reject(clusterDown), Promise.resolve(1))).rejects.toBe(
      clusterDown,
    );
    await expect(bothSides(Promise.resolve(1), Promise.reject(nasDown))).rejects.toBe(nasDown);
  });

  it('that both fail are both named, with every remedy once', async () => {
    const failure: unknown = await bothSides(
      Promise.reject(clusterDown),
      Promise.reject(nasDown),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BothSidesError);
    expect(failure).toMatchObject({
      code: 'NOTHING_REACHABLE',
      class: 'transient',
      message:
        'neither side can be read: prod cannot be reached (connect ECONNREFUSED); nas1 cannot be reached',
      remediation: ['Check the network.', 'Check the address.'],
      details: { cluster: 'prod', system: 'nas1' },
    });
  });

  it('are nothing to try again where one needs its user', async () => {
    const refused = new TrueNasAuthError('nas1 refused the key', { remediation: [] });
    await expect(
      bothSides(Promise.reject(clusterDown), Promise.reject(refused)),
    ).rejects.toMatchObject({ class: 'configuration' });
  });

  it('fail with an interruption or a bug rather than with what came of it', async () => {
    const interrupted = new InterruptedError('interrupted', { remediation: [] });
    const bug = new TypeError('a bug');
    for (const odd of [interrupted, bug]) {
      await expect(bothSides(Promise.reject(nasDown), Promise.reject(odd))).rejects.toBe(odd);
    }
  });
});

describe('a side', () => {
  it('is stopped by the failure of the other, and is no failure of its own', async () => {
    const { signals, orStop } = sharedFate(new AbortController().signal);
    const reading = whileOfUse(signals, async (signal) => {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      throw new Error('the list was cut off');
    });
    const sides = bothSides(orStop(Promise.reject(clusterDown)), orStop(reading));
    await expect(sides).rejects.toBe(clusterDown);
    expect(signals.whole.aborted).toBe(false);
  });

  it('fails as it does where nobody stopped it', async () => {
    const { signals } = sharedFate(new AbortController().signal);
    await expect(whileOfUse(signals, () => Promise.reject(nasDown))).rejects.toBe(nasDown);
    await expect(whileOfUse(signals, () => Promise.resolve(1))).resolves.toBe(1);
  });
});

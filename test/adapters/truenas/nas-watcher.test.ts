import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type OpenedNas } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { startTrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { openChangingLab } from './changing-lab.ts';
import { aSystem } from './lab-system.ts';

const NEVER = new AbortController().signal;
const PATIENCE = { timeout: 10_000, interval: 10 };

function watched({ watcher }: Pick<OpenedNas, 'watcher'>): {
  readonly told: string[];
  readonly ready: () => boolean;
  readonly end: () => Promise<void>;
} {
  const told: string[] = [];
  let isReady = false;
  const ending = new AbortController();
  const done = watcher.watch(
    {
      changed: (what) => told.push(what),
      ready: () => {
        isReady = true;
      },
    },
    ending.signal,
  );
  const end = async (): Promise<void> => {
    ending.abort();
    await done;
  };
  onTestFinished(end);
  return { told, ready: () => isReady, end };
}

async function readAll({ reader }: OpenedNas): Promise<void> {
  await reader.identify(NEVER);
  for (const source of ['datasets', 'zfsSnapshots', 'pools', 'runningJobs', 'nfsShares'] as const) {
    expect((await reader.list(source, NEVER)).coverage).toEqual({ state: 'complete' });
  }
}

const FOLLOWED = 'what is there is followed from now on';

describe.each(['25.04', '25.10', '26'] as const)('what is followed on %s', (version) => {
  test('is told, over the one session that is read over', async () => {
    const nas = await openChangingLab(aSystem(version));
    const { told, ready } = watched(nas);
    await vi.waitUntil(ready, PATIENCE);
    await readAll(nas);
    await remove(nas);
    await vi.waitFor(() => {
      expect(told).toEqual([FOLLOWED, 'sharing.nfs 2 was removed']);
    }, PATIENCE);
    expect(nas.countOf('core.set_options')).toBe(1);
  });

  test('is not changed by being read', async () => {
    const nas = await openChangingLab(aSystem(version));
    const { told, ready } = watched(nas);
    await vi.waitUntil(ready, PATIENCE);
    for (let scan = 0; scan < 3; scan += 1) await readAll(nas);
    expect(told).toEqual([FOLLOWED]);
  });
});

async function remove({ writer }: Pick<OpenedNas, 'writer'>): Promise<void> {
  const sent = await writer.send({ type: 'delete-object', kind: 'nfs-share', id: 2 }, NEVER);
  expect(sent.state).toBe('answered');
}

test('says that something may have changed where the connection was lost and is back', async () => {
  const nas = await openChangingLab(aSystem('25.10'));
  const { told, ready } = watched(nas);
  await vi.waitUntil(ready, PATIENCE);
  nas.lab.faults.dropConnection = { afterCalls: 0 };
  await nas.reader.list('pools', NEVER);
  await vi.waitFor(() => {
    expect(told).toEqual([FOLLOWED, FOLLOWED]);
  }, PATIENCE);
});

test('a system over REST has nothing to follow, which holds nobody up', async () => {
  const nas = await openChangingLab(aSystem('24.10'));
  const { told, ready, end } = watched({ watcher: nas.watcher });
  await end();
  expect(ready()).toBe(true);
  expect(told).toEqual([]);
});

test('a list that may not be followed does not keep the others from being', async () => {
  const nas = await openChangingLab(aSystem('25.10'), {
    errors: [
      {
        method: 'core.subscribe',
        times: 3,
        error: { kind: 'call', errno: 13, message: 'Not authorized' },
      },
    ],
  });
  const { told, ready } = watched(nas);
  await vi.waitUntil(ready, PATIENCE);
  await remove(nas);
  await vi.waitFor(() => {
    expect(told).toContain('sharing.nfs 2 was removed');
  }, PATIENCE);
});

describe('a reader that is read again', () => {
  test('does not ask once more where it was refused, until it is renewed', async () => {
    const nas = await openChangingLab(aSystem('25.10'), { deniedMethods: ['auth.login*'] });
    await expect(nas.reader.identify(NEVER)).rejects.toThrow();
    nas.lab.faults.deniedMethods = [];
    await expect(nas.reader.identify(NEVER)).rejects.toThrow();
    nas.renew();
    await expect(nas.reader.identify(NEVER)).resolves.toMatchObject({ name: 'nas1' });
  });

  test('keeps its session through renewals where that works', async () => {
    const nas = await openChangingLab(aSystem('25.10'));
    for (let scan = 0; scan < 5; scan += 1) {
      nas.renew();
      await readAll(nas);
    }
    expect(nas.countOf('core.set_options')).toBe(1);
  });

  test('logs in again where the session has lapsed', async () => {
    const nas = await openChangingLab(aSystem('25.10'));
    await readAll(nas);
    nas.lab.faults.expireSession = 1;
    nas.renew();
    await readAll(nas);
    expect(nas.countOf('core.set_options')).toBe(1);
  });

  test('finds a system that comes back as another version', async () => {
    const system = aSystem('25.04');
    const nas = await openChangingLab(system);
    expect((await nas.reader.identify(NEVER)).version).toBe('25.04.2.6');
    const { port } = new URL(nas.lab.url);
    await nas.lab.close();
    await expect(nas.reader.identify(NEVER)).rejects.toThrow();
    const upgraded = await startTrueNasLab(aSystem('25.10'), {
      now: () => new Date('2026-11-22T01:02:03.000Z'),
      port: Number(port),
    });
    onTestFinished(() => upgraded.close());
    nas.renew();
    expect((await nas.reader.identify(NEVER)).version).toBe('25.10.1');
    expect((await nas.reader.list('nvmetSubsystems', NEVER)).coverage.state).toBe('complete');
  });
});

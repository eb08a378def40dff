import { cp } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { directoryId } from '../../../../src/lib/adapters/store/cleanup/directory-id.ts';
import { localLock } from '../../../../src/lib/adapters/store/cleanup/local-lock.ts';
import { systemClock } from '../../../../src/lib/adapters/clock/system-clock.ts';
import { Sandbox } from '../../../support/run-command.ts';

it('is that of one directory for good, and of no copy of it', async () => {
  await using sandbox = await Sandbox.create();
  const here = sandbox.path('here');
  await using lock = await localLock(here, systemClock).acquire(
    'run-1',
    AbortSignal.timeout(5_000),
  );
  await lock.stillHeld(AbortSignal.timeout(5_000));
  const id = await directoryId(here);
  expect(id).toMatch(/^[\da-f]{8}$/);
  expect(await directoryId(here)).toBe(id);
  await cp(here, sandbox.path('there'), { recursive: true });
  expect(await directoryId(sandbox.path('there'))).not.toBe(id);
});

import { expect, test } from 'vitest';
import { inConfiguredWords } from '../../src/lib/cli/configured-words.ts';
import {
  TrueNasAuthError,
  TrueNasUnreachableError,
  type MonitorError,
} from '../../src/lib/core/model/errors.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';
import { aConnection } from '../support/surrounding-builders.ts';

/** A system that cannot be had, for this reason. */
function failing(error: Error): NasReader {
  return {
    name: 'nas2',
    identify: () => Promise.reject(error),
    list: () => Promise.reject(error),
    lookUpDatasets: () => Promise.reject(error),
    lookUpSnapshots: () => Promise.reject(error),
    connection: () => aConnection({ name: 'nas2' }),
    close: () => Promise.resolve(),
  };
}

async function said(error: MonitorError, key: string, credential: string | null) {
  const reader = inConfiguredWords(failing(error), { key, credential });
  return await reader
    .identify(new AbortController().signal)
    .catch((reason: unknown) => reason as MonitorError);
}

const remediation = ['Check truenas.username and truenas.api_key.', 'Ask truenas.example.'];

test('names the keys of the system, and where its credential came from', async () => {
  const refused = new TrueNasAuthError('nas2 refused the key', { remediation });
  const error = await said(refused, 'systems[0]', 'line 7 of /etc/x.yaml');
  expect(error).toBeInstanceOf(TrueNasAuthError);
  expect(error).toMatchObject({
    code: 'TRUENAS_UNAUTHORIZED',
    class: 'configuration',
    message: 'nas2 refused the key',
    remediation: [
      'Check systems[0].username and systems[0].api_key.',
      'Ask truenas.example.',
      'Look at line 7 of /etc/x.yaml, from which the credential came.',
    ],
  });
  // What it said before is left as it was.
  expect(refused.remediation).toBe(remediation);
});

test('speaks of the credential only where it was refused', async () => {
  const down = new TrueNasUnreachableError('nas2 cannot be reached', { remediation });
  expect(await said(down, 'truenas', '$TRUENAS_API_KEY')).toMatchObject({ remediation });
});

test('leaves a bug alone', async () => {
  const bug = new TypeError('a bug');
  const reader = inConfiguredWords(failing(bug), { key: 'truenas', credential: null });
  await expect(reader.identify(new AbortController().signal)).rejects.toBe(bug);
});

import { expect, it } from 'vitest';
import { type Actor } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { operatorOf } from '../../../src/lib/server/auth/operator-of.ts';

const NEVER = new AbortController().signal;
const CALLER = { name: 'anna', groups: [], role: 'approver', namespaces: null } as const;

it('is whoever calls, as it is vouched for', async () => {
  const actor: Actor = { kind: 'token', name: 'anna', issuer: 'https://issuer.example' };
  expect(await operatorOf({ ...CALLER, actor }).identify(NEVER)).toStrictEqual(actor);
});

it.each([
  ['somebody on this machine', null],
  ['a name of a cluster that nobody can tell from others', { ...CALLER, actor: null }],
  ['a caller without a word of it', CALLER],
])('is nobody for %s', async (_, caller) => {
  await expect(operatorOf(caller).identify(NEVER)).rejects.toMatchObject({
    status: 403,
    failure: { code: 'NO_IDENTITY' },
  });
});

import { hostname, userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { osOperator } from '../../../src/lib/adapters/machine/os-operator.ts';

it('whoever works here is the user of this machine', async () => {
  expect(await osOperator.identify(new AbortController().signal)).toEqual({
    kind: 'os',
    name: userInfo().username,
    host: hostname(),
  });
});

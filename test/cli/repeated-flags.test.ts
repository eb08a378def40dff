import { expect, test } from 'vitest';
import { repeatedFlags } from '../../src/lib/cli/cleanup/asked.ts';
import { withFlags } from '../../src/lib/cli/repeated-flags.ts';
import { UsageError } from '../../src/lib/core/model/errors.ts';

const demo = { size: null, stateDirectory: '/tmp/a b', reset: false, clock: null };
const none = { config: null, kubeconfig: null, contexts: [], url: null, demo: null };

const refusal = (...remediation: readonly string[]): UsageError =>
  new UsageError('no', { remediation });

test('what to do about an error in a demo is done in that demo', () => {
  const error = refusal(
    'Make a new plan with truenas-monitor cleanup plan.',
    'Run truenas-monitor cleanup apply 0123 --execute again: it looks at them first.',
    'Name one as cleanup history lists it.',
  );
  const flags = "--demo --demo-state '/tmp/a b'";
  expect(withFlags(error, repeatedFlags({ ...none, demo })).remediation).toEqual([
    `Make a new plan with truenas-monitor cleanup plan ${flags}.`,
    `Run truenas-monitor cleanup apply ${flags} 0123 --execute again: it looks at them first.`,
    `Name one as cleanup history ${flags} lists it.`,
  ]);
});

test('a command that connects to nothing gets no flag of a server', () => {
  const error = refusal('See cleanup history.', 'Run cleanup plan.');
  const servers = { ...none, config: 'c.yaml', contexts: ['prod'], url: 'https://nas1' };
  expect(withFlags(error, repeatedFlags(servers)).remediation).toEqual([
    'See cleanup history --config c.yaml.',
    'Run cleanup plan --config c.yaml --context prod --url https://nas1.',
  ]);
});

test('an error without such a command stays as it is', () => {
  const error = refusal('Raise the limit in cleanup: of the configuration.');
  expect(withFlags(error, repeatedFlags({ ...none, demo })).remediation).toEqual(error.remediation);
  expect(withFlags(error, repeatedFlags(none))).toBe(error);
});

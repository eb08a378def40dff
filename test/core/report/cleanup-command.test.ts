import { expect, test } from 'vitest';
import { commandFor, shellWord } from '../../../src/lib/core/report/cleanup-command.ts';

const found = {
  id: '0123456789abcdef',
  confidence: 'certain',
  place: { system: 'nas1', path: "tank/my volumes/it's" },
  isManaged: false,
} as const;

test('a name that a shell would take apart is quoted', () => {
  expect(shellWord('tank/k8s/pvc-1')).toBe('tank/k8s/pvc-1');
  expect(shellWord('tank/a b')).toBe("'tank/a b'");
  expect(commandFor(found, { action: 'adopt-dataset', command: null })).toBe(
    String.raw`truenas-monitor cleanup adopt 'tank/my volumes/it'\''s'`,
  );
});

test('what clean-up does not do keeps what its rule says', () => {
  const command = 'kubectl get pv';
  expect(commandFor(found, { action: 'investigate', command })).toBe(command);
  expect(commandFor({ ...found, place: null }, { action: 'adopt-dataset', command })).toBe(command);
});

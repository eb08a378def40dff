import { expect, test } from 'vitest';
import {
  compareFindings,
  fingerprint,
  isAtLeast,
  SEVERITIES,
  type Finding,
} from '../../../src/lib/core/model/finding.ts';
import { pvReleased } from '../../../src/lib/core/rules/orphans/pv-released.ts';
import { anInventory, aPv } from '../../support/builders.ts';
import { findingsOf } from '../../support/rule-tester.ts';

const [sample] = findingsOf(
  pvReleased,
  anInventory({ persistentVolumes: [aPv({ phase: 'Released' })] }),
);
function aFinding(over: Partial<Finding>): Finding {
  if (sample === undefined) throw new Error('the sample world has a finding');
  return { ...sample, ...over };
}

test('a fingerprint is 16 hex digits of rule, home and subject, and never changes', () => {
  expect(fingerprint('pv-released', 'uid', 'PersistentVolume//a')).toMatch(/^[0-9a-f]{16}$/);
  const ids = [
    fingerprint('a', 'b', 'c'),
    fingerprint('a', 'b', 'd'),
    fingerprint('a', 'd', 'c'),
    fingerprint('d', 'b', 'c'),
    fingerprint('ab', '', 'c'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  // Written down in histories and ignore lists of users: sha256 of "a\nb\nc".
  expect(ids[0]).toBe('ea7fb08b7a2dc461');
});

test('a severity is at least as bad as itself and everything milder', () => {
  expect(SEVERITIES.filter((severity) => isAtLeast(severity, 'medium'))).toEqual([
    'critical',
    'high',
    'medium',
  ]);
});

test('findings are sorted worst first, then surest, then by rule, namespace, name and id', () => {
  const subject = aFinding({}).subject;
  const order = [
    aFinding({ severity: 'critical', confidence: 'likely' }),
    aFinding({ severity: 'low', rule: 'a', id: '1' }),
    aFinding({ severity: 'low', rule: 'a', id: '2' }),
    aFinding({ severity: 'low', rule: 'a', subject: { ...subject, name: 'z' } }),
    aFinding({ severity: 'low', rule: 'a', subject: { ...subject, namespace: 'n', name: 'a' } }),
    aFinding({ severity: 'low', rule: 'b' }),
    aFinding({ severity: 'low', rule: 'a', confidence: 'likely' }),
    aFinding({ severity: 'info' }),
  ];
  expect(order.toReversed().sort(compareFindings)).toEqual(order);
  expect(order.map((finding) => compareFindings(finding, finding))).toEqual(order.map(() => 0));
});

import { expect, test } from 'vitest';
import { assurance, condition, note } from '../../../../src/lib/core/model/check.ts';
import { type Remedy } from '../../../../src/lib/core/model/remedy.ts';
import {
  doubtSteps,
  isClusterMissing,
  mindOfDoubts,
  otherHandsSteps,
} from '../../../../src/lib/core/rules/checks/doubts.ts';

const remedy: Remedy = {
  action: 'quarantine-dataset',
  safe: true,
  steps: ['Disable the share.', 'Delete it.'],
  command: null,
};

test('a remedy stays as it is where every assurance holds, whatever notes and conditions say', () => {
  const checks = [
    assurance('no-clone', true, 'none'),
    condition('older-than-threshold', true, 'old'),
    note('no-nfs-client', undefined, 'cannot be read'),
  ];
  expect(mindOfDoubts(remedy, checks)).toBe(remedy);
});

test('what was seen comes first, then what could not be, and the rest waits for both', () => {
  const checks = [
    assurance('no-task', undefined, 'could not be read: denied'),
    assurance('no-clone', false, 'cloned into tank/x'),
    assurance('not-known-here', false, 'something odd'),
  ];
  expect(mindOfDoubts(remedy, checks)).toEqual({
    action: 'investigate',
    safe: false,
    steps: [
      'Look at its clones: it is cloned into tank/x, and has to outlive them.',
      'Look into what speaks against it: something odd (not-known-here).',
      'Find out by hand what this scan could not: whether a task works on it (could not be read: denied).',
      'Only when that is settled: disable the share.',
      'Delete it.',
    ],
    command: null,
  });
});

test('a stranger that is known takes the place of nobody being known', () => {
  const steps = doubtSteps([
    assurance('owner-registered', false, 'nothing says so: add exclusive: true'),
    assurance('no-foreign-owner', false, 'instance_id x belongs to no registered driver'),
  ]);
  expect(steps).toHaveLength(1);
  expect(steps[0]).toContain('instance_id x belongs to no registered driver');
});

test('a cluster that is missing is one step, whatever tells of it', () => {
  const checks = [
    assurance('younger-than-cluster', false, 'older'),
    assurance('few-unclaimed-at-once', false, '9 of 9'),
    assurance('not-lost-by-restore', false, 'younger than all it knows'),
    assurance('few-missing-at-once', false, '4 of 9'),
  ];
  expect(isClusterMissing(checks)).toBe(true);
  expect(doubtSteps(checks)).toHaveLength(1);
  expect(isClusterMissing([assurance('younger-than-cluster', undefined, 'not known')])).toBe(false);
});

test('only what has a volume in other hands matters to whoever brings it back', () => {
  const checks = [
    assurance('no-clone', false, 'cloned into tank/x'),
    assurance('no-iscsi-session', false, 'iqn.node1'),
    assurance('no-nvme-session', undefined, 'could not be read'),
  ];
  expect(otherHandsSteps(checks)).toEqual([
    'Find out which host is logged in and what it has mounted: iqn.node1. Its disk is gone the moment the target is.',
  ]);
});

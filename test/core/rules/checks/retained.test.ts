import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { failed, listed } from '../../../../src/lib/core/model/coverage.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { noClassKeeps } from '../../../../src/lib/core/rules/checks/retained.ts';
import { anInventory, aSnapshotClass, PARENT } from '../../../support/builders.ts';

/** What is said of these classes for snapshots, or for detached copies, below the parent of the small world. */
function said(
  detached: boolean,
  classes: readonly Parameters<typeof aSnapshotClass>[0][],
  coverage?: ReturnType<typeof failed>,
): string[] {
  const parent = correlate(anInventory(), DEFAULT_POLICY).derived.parents.find('nas1', PARENT);
  if (parent === undefined) throw new Error('the small world has a parent');
  const check = noClassKeeps(detached, parent, listed(classes.map(aSnapshotClass), coverage));
  return [check.result, detailOf(check)];
}

const none = ['passed', 'none'];
const kept = ['failed', 'VolumeSnapshotClass nas-nfs'];

test('a class that deletes what is deleted keeps nothing', () => {
  expect(said(false, [{}, { labels: { 'app.kubernetes.io/name': 'x' } }])).toEqual(none);
});

test('a class that retains, or that backups use, may keep what Kubernetes no longer shows', () => {
  expect(said(false, [{ deletionPolicy: 'Retain' }])).toEqual(kept);
  const labels = { app: 'x', 'velero.io/csi-volumesnapshot-class': 'true' };
  expect(said(false, [{ labels }])).toEqual(kept);
});

test('a class of another driver keeps nothing here', () => {
  expect(said(false, [{ deletionPolicy: 'Retain', driver: 'ebs.csi.aws.com' }])).toEqual(none);
});

test('a class for detached copies keeps copies, and one for snapshots keeps snapshots', () => {
  const copies = [{ deletionPolicy: 'Retain', detached: true }] as const;
  expect([said(true, copies), said(false, copies)]).toEqual([kept, none]);
  const snapshots = [{ deletionPolicy: 'Retain', detached: false }] as const;
  expect([said(true, snapshots), said(false, snapshots)]).toEqual([none, kept]);
});

test('classes that could not be read may keep some', () => {
  expect(said(false, [], failed('no'))).toEqual(['unknown', 'could not be read: no']);
});

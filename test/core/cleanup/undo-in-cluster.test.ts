import { describe, expect, test } from 'vitest';
import { type Change, type ResourceKind } from '../../../src/lib/core/cleanup/change.ts';
import { type Identity } from '../../../src/lib/core/cleanup/expectation.ts';
import { type Saved } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import { undoOf, type Undo } from '../../../src/lib/core/cleanup/undo.ts';
import { aStep, aStepView } from '../../support/cleanup-view-builders.ts';

const NAME = 'snapcontent-1';

function saved(kind: ResourceKind, identity: Identity, raw: Saved['raw'] = {}): Saved {
  return {
    target: { side: 'kubernetes', kind, where: { name: NAME, namespace: null } },
    identity,
    raw,
  };
}

function done(change: Change, kept: readonly Saved[] = [], over: Partial<StepView> = {}): StepView {
  return aStepView(aStep({ change }), { state: 'done', saved: kept, ...over });
}

const deletionOf = (kind: ResourceKind): Change => ({
  type: 'delete-resource',
  kind,
  namespace: null,
  name: NAME,
});
const retained: Change = {
  type: 'set-policy',
  kind: 'volumesnapshotcontent',
  name: NAME,
  policy: 'Retain',
};

const lostOf = (undo: Undo) => ('lost' in undo ? undo.lost : `undone by: ${undo.step.title}`);
const changeOf = (undo: Undo) => ('lost' in undo ? undo.lost : undo.step.change);

describe('a policy', () => {
  const view = done(retained, [saved('volumesnapshotcontent', { policy: 'Delete' })]);

  test('is set back to what it was', () => {
    expect(changeOf(undoOf(view, [view]))).toEqual({ ...retained, policy: 'Delete' });
  });

  test('stays where the item was to be deleted: its driver would delete what is behind it', () => {
    const deletion = done(deletionOf('volumesnapshotcontent'), [], { state: null });
    expect(lostOf(undoOf(view, [view, deletion]))).toMatch(/stays Retain: with Delete its driver/);
  });

  test('stays where nobody noted what it was', () => {
    const blank = done(retained);
    expect(lostOf(undoOf(blank, [blank]))).toMatch(/does not hold the policy it had/);
  });
});

describe('what was deleted in a cluster', () => {
  const spec = { volumeSnapshotRef: { name: 'weekly', uid: 'old', resourceVersion: '7' } };
  const content = (raw: Saved['raw']) =>
    done(deletionOf('volumesnapshotcontent'), [saved('volumesnapshotcontent', { uid: 'u' }, raw)]);
  const snapshot = (over: Partial<StepView> = {}) =>
    done(deletionOf('volumesnapshot'), [saved('volumesnapshot', {})], over);
  const manifestOf = (undo: Undo) => {
    const change = changeOf(undo);
    return typeof change === 'object' && change.type === 'create-resource'
      ? change.manifest
      : change;
  };

  test('is made again of its manifest, where there is none of its name', () => {
    const view = content({ spec });
    const undo = undoOf(view, [view]);
    expect(manifestOf(undo)).toEqual({ spec });
    expect('step' in undo && undo.step.before).toMatchObject([{ identity: null }]);
    // It has another uid from then on.
    expect('step' in undo && undo.step.after).toMatchObject([{ identity: {} }]);
  });

  test.each<readonly [string, Partial<StepView>]>([
    ['was deleted', {}],
    ['may have been deleted', { state: null, pending: true }],
  ])('is bound by name alone to a VolumeSnapshot that %s with it', (_, over) => {
    const view = content({ spec });
    expect(manifestOf(undoOf(view, [snapshot(over), view]))).toEqual({
      spec: { volumeSnapshotRef: { name: 'weekly' } },
    });
  });

  test('keeps the uid of a VolumeSnapshot that was left', () => {
    const view = content({ spec });
    expect(manifestOf(undoOf(view, [snapshot({ state: 'skipped' }), view]))).toEqual({ spec });
  });

  test.each([{}, { spec: { driver: 'x' } }])('is made as it was where it names none: %o', (raw) => {
    const view = content(raw);
    expect(manifestOf(undoOf(view, [snapshot(), view]))).toEqual(raw);
  });

  test('is lost where its manifest was not saved', () => {
    const view = done(deletionOf('persistentvolume'));
    expect(lostOf(undoOf(view, [view]))).toMatch(/does not hold its manifest/);
  });
});

test('what a rollback made in a cluster is deleted by hand', () => {
  const view = done({
    type: 'create-resource',
    kind: 'persistentvolume',
    namespace: null,
    name: NAME,
    manifest: {},
  });
  expect(lostOf(undoOf(view, [view]))).toMatch(/is deleted by hand/);
});

test('what exported a dataset is of no use once the dataset was destroyed', () => {
  const share = done({ type: 'delete-object', kind: 'nfs-share', id: 1 });
  const destroyed = done({ type: 'destroy-dataset', dataset: 'tank/k8s/pvc-1' });
  expect(lostOf(undoOf(share, [share, destroyed]))).toBe('its dataset was destroyed');
});

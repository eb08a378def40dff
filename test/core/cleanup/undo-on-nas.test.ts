import { describe, expect, test } from 'vitest';
import { type Change, type NasObjectKind } from '../../../src/lib/core/cleanup/change.ts';
import { type Identity } from '../../../src/lib/core/cleanup/expectation.ts';
import { type Saved } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { type PlanStep } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import { undoOf } from '../../../src/lib/core/cleanup/undo.ts';
import { aStep, aStepView, aSubject } from '../../support/cleanup-view-builders.ts';

const NAME = 'csi-pvc-1';
const DATASET = 'tank/k8s/pvc-1';

function nas(kind: NasObjectKind | 'dataset', id: number | string = 1) {
  return { side: 'truenas' as const, kind, where: { id } };
}

function saved(kind: NasObjectKind | 'dataset', identity: Identity, raw: Saved['raw'] = {}): Saved {
  return { target: nas(kind), identity, raw };
}

/** A step that is done, and what the journal holds of it. */
function done(
  change: Change,
  over: Partial<StepView> = {},
  step: Partial<PlanStep> = {},
): StepView {
  const subject = aSubject({ type: 'Dataset', name: NAME });
  return aStepView(aStep({ change, subject, before: [], after: [], ...step }), {
    state: 'done',
    ...over,
  });
}

function undone(view: StepView): PlanStep {
  const undo = undoOf(view, [view]);
  if ('lost' in undo) throw new Error(undo.lost);
  return undo.step;
}

function lostBecause(view: StepView): string {
  const undo = undoOf(view, [view]);
  return 'lost' in undo ? undo.lost : `undone by: ${undo.step.title}`;
}

const deletion = (kind: NasObjectKind): Change => ({ type: 'delete-object', kind, id: 1 });
const subsystem = saved('nvmet-subsystem', { id: 5, name: NAME, subsystem_id: 5 });

describe('what was deleted is made again', () => {
  test.each([
    ['nfs-share', { id: 1, path: '/mnt/tank/k8s/pvc-1' }, { path: '/mnt/tank/k8s/pvc-1' }],
    ['smb-share', { id: 1, name: NAME }, { name: NAME }],
    ['iscsi-target', { id: 1, name: NAME }, { name: NAME }],
    ['nvmet-subsystem', { id: 1, name: NAME }, { name: NAME }],
  ] as const)('of kind %s, where none is found by its own name', (kind, identity, where) => {
    const raw = { comment: 'as it was' };
    const step = undone(done(deletion(kind), { saved: [saved(kind, identity, raw)] }));
    const target = { side: 'truenas', kind, where };
    expect(step).toMatchObject({
      change: { type: 'create-object', kind, fields: raw, refers_to: {} },
      before: [{ target, identity: null }],
      after: [{ target, identity: where }],
    });
  });

  test('a mapping refers to target and extent by their names, whose ids may be others', () => {
    const mapping = saved('iscsi-mapping', { id: 1, target: 7, extent: 8, lun: 0 }, { lunid: 0 });
    const sides = [
      saved('iscsi-target', { id: 7, name: NAME }),
      saved('iscsi-extent', { id: 8, name: `${NAME}-disk` }),
    ];
    const step = undone(done(deletion('iscsi-mapping'), { saved: [mapping, ...sides] }));
    const where = { target_name: NAME, extent_name: `${NAME}-disk` };
    const target = { side: 'truenas', kind: 'iscsi-mapping', where };
    expect(step.change).toEqual({
      type: 'create-object',
      kind: 'iscsi-mapping',
      fields: { lunid: 0 },
      refers_to: { target: NAME, extent: `${NAME}-disk` },
    });
    expect(step.before).toEqual([{ target, identity: null }]);
    expect(step.after).toEqual([{ target, identity: { lun: 0 } }]);
  });

  test('a namespace refers to its subsystem by name', () => {
    const path = `zvol/${DATASET}`;
    const namespace = saved('nvmet-namespace', { id: 1, device_path: path, subsystem_id: 5 });
    const step = undone(done(deletion('nvmet-namespace'), { saved: [namespace, subsystem] }));
    expect(step.change).toMatchObject({ refers_to: { subsystem: NAME } });
    expect(step.before.map(({ target }) => target.where)).toEqual([{ device_path: path }]);
  });

  test.each([
    ['nvmet-port-subsystem', 'port_id'],
    ['nvmet-host-subsystem', 'host_id'],
  ] as const)('a %s keeps the id of the other side, which nobody deleted', (kind, key) => {
    const change: Change = { type: 'delete-join', kind, subsystem: 5, member: 3 };
    const join = saved(kind, { id: 1, subsystem_id: 5, [key]: 3 }, { whole: { row: true } });
    const step = undone(done(change, { saved: [join, subsystem] }));
    expect(step.change).toEqual({
      type: 'create-object',
      kind,
      fields: { [key]: 3 },
      refers_to: { subsystem: NAME },
    });
    expect(step.before.map(({ target }) => target.where)).toEqual([
      { subsystem_name: NAME, [key]: 3 },
    ]);
    expect(step.after.map(({ identity }) => identity)).toEqual([{ [key]: 3 }]);
  });

  test('only on the dataset that it led to, or where there was none and is none now', () => {
    const lasting = { id: DATASET, kind: 'volume', guid: '4711' };
    const known = { ...lasting, mark: 'put aside' };
    const before = [
      { target: nas('dataset', DATASET), identity: known },
      { target: nas('dataset', 'tank/gone'), identity: null },
      { target: nas('iscsi-target'), identity: { id: 1 } },
    ];
    const share = saved('nfs-share', { id: 1, path: `/mnt/${DATASET}` });
    const step = undone(done(deletion('nfs-share'), { saved: [share] }, { before }));
    expect(step.before.slice(1)).toEqual([
      { target: nas('dataset', DATASET), identity: lasting },
      { target: nas('dataset', 'tank/gone'), identity: null },
    ]);
  });
});

describe('is not undone', () => {
  const mapping = saved('iscsi-mapping', { id: 1, lun: 0 });
  const target = saved('iscsi-target', { id: 7, name: NAME });

  test.each<readonly [string, Change, readonly Saved[], RegExp]>([
    ['a deletion of what was not saved', deletion('nfs-share'), [target], /hold what it was/],
    [
      'a mapping whose extent was not saved',
      deletion('iscsi-mapping'),
      [mapping, target],
      /what it belonged to/,
    ],
    [
      'a mapping whose target was saved without its name',
      deletion('iscsi-mapping'),
      [mapping, saved('iscsi-target', { id: 7 }), saved('iscsi-extent', { id: 8, name: NAME })],
      /what it belonged to/,
    ],
    [
      'a namespace whose subsystem was not saved',
      deletion('nvmet-namespace'),
      [saved('nvmet-namespace', { id: 1 })],
      /what it belonged to/,
    ],
    [
      'a join whose other side was not saved',
      { type: 'delete-join', kind: 'nvmet-host-subsystem', subsystem: 5, member: 3 },
      [saved('nvmet-host-subsystem', { id: 1, subsystem_id: 5, port_id: 3 }), subsystem],
      /by what to find it/,
    ],
    [
      'a share whose path was not saved',
      deletion('nfs-share'),
      [saved('nfs-share', { id: 1 })],
      /by what to find it/,
    ],
    [
      'groups that were not saved',
      { type: 'set-groups', kind: 'iscsi-target', id: 7, groups: [] },
      [],
      /the groups it had/,
    ],
    [
      'groups that were saved as something else',
      { type: 'set-groups', kind: 'iscsi-target', id: 7, groups: [] },
      [saved('iscsi-target', { id: 7 }, { groups: 'all' })],
      /the groups it had/,
    ],
  ])('%s', (_, change, kept, reason) => {
    expect(lostBecause(done(change, { saved: kept }))).toMatch(reason);
  });

  const made: Change = {
    type: 'create-object',
    kind: 'nfs-share',
    fields: {},
    refers_to: {},
  };

  test.each<readonly [string, StepView['observed']]>([
    ['nothing was seen', []],
    ['none was seen', [{ target: nas('nfs-share'), identity: null }]],
    ['its id was not seen', [{ target: nas('nfs-share'), identity: { path: '/mnt/tank' } }]],
  ])('a thing that was made, where %s of it', (_, observed) => {
    expect(lostBecause(done(made, { observed }))).toMatch(/does not say what was made/);
  });

  test.each<readonly [Change, string]>([
    [{ type: 'destroy-dataset', dataset: DATASET }, DATASET],
    [{ type: 'delete-snapshot', snapshot: `${DATASET}@daily` }, `${DATASET}@daily`],
  ])('what is destroyed', (change, name) => {
    expect(lostBecause(done(change))).toBe(`nothing brings ${name} back`);
  });
});

describe('is turned around', () => {
  test('a thing that was made is deleted by the id it got, if it is still that one', () => {
    const change: Change = {
      type: 'create-object',
      kind: 'nfs-share',
      fields: {},
      refers_to: {},
    };
    const identity = { id: 61, path: `/mnt/${DATASET}` };
    const observed = [{ target: nas('nfs-share'), identity }];
    expect(undone(done(change, { observed }))).toMatchObject({
      title: `Delete NFS share ${NAME} again`,
      change: { type: 'delete-object', kind: 'nfs-share', id: 61 },
      before: [{ target: nas('nfs-share', 61), identity }],
      after: [{ target: nas('nfs-share', 61), identity: null }],
    });
  });

  test('a move', () => {
    const change: Change = { type: 'move-dataset', from: DATASET, to: 'tank/aside' };
    const before = [
      { target: nas('dataset', DATASET), identity: { guid: '1', used_by_dataset: 9 } },
      { target: nas('dataset', 'tank/aside'), identity: null },
    ];
    const after = [
      { target: nas('dataset', DATASET), identity: null },
      { target: nas('dataset', 'tank/aside'), identity: { guid: '1', used_by_dataset: 9 } },
    ];
    expect(undone(done(change, {}, { before, after }))).toMatchObject({
      title: `Move tank/aside back to ${DATASET}`,
      change: { type: 'move-dataset', from: 'tank/aside', to: DATASET },
      before: [
        { target: nas('dataset', DATASET), identity: null },
        { target: nas('dataset', 'tank/aside'), identity: { guid: '1' } },
      ],
      after: [
        { target: nas('dataset', DATASET), identity: { guid: '1' } },
        { target: nas('dataset', 'tank/aside'), identity: null },
      ],
    });
  });

  test.each([
    ['the one it had before', 'of an earlier plan', 'of an earlier plan'],
    ['none where it had none', null, null],
  ])('a mark, to %s', (_, had, back) => {
    const change: Change = { type: 'set-mark', dataset: DATASET, mark: 'of this plan' };
    const step = undone(done(change, { saved: [saved('dataset', { mark: had })] }));
    expect(step.change).toEqual({ type: 'set-mark', dataset: DATASET, mark: back });
  });

  test('groups, to those of before', () => {
    const groups = [{ portal: 1, initiator: null }];
    const change: Change = { type: 'set-groups', kind: 'iscsi-target', id: 7, groups: [] };
    const view = done(change, { saved: [saved('iscsi-target', { id: 7 }, { groups })] });
    expect(undone(view).change).toEqual({ ...change, groups });
  });

  test.each([
    [true, 'Disable', []],
    [false, 'Enable', [{ target: nas('dataset', DATASET), identity: { guid: '1', mark: 'm' } }]],
  ])(
    'a switch: what is given back must lead to the same dataset, with the same mark (%s)',
    (enabled, verb, behind) => {
      const change: Change = { type: 'set-enabled', kind: 'smb-share', id: 1, enabled };
      const seen = { id: 1, enabled };
      const before = [
        { target: nas('smb-share'), identity: { ...seen, enabled: !enabled } },
        {
          target: nas('dataset', DATASET),
          identity: { guid: '1', mark: 'm', used_by_dataset: 4 },
        },
      ];
      const after = [{ target: nas('smb-share'), identity: seen }];
      const step = undone(done(change, {}, { before, after }));
      expect(step.title).toBe(`${verb} SMB share ${NAME} again`);
      expect(step.change).toEqual({ ...change, enabled: !enabled });
      expect(step.before).toEqual([{ target: nas('smb-share'), identity: seen }, ...behind]);
    },
  );
});

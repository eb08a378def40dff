import { describe, expect, it } from 'vitest';
import {
  conditionAt,
  decodeError,
  decodeMeta,
  decodeNamespacedMeta,
  decodeReference,
  holds,
  sizeAt,
} from '../../../src/lib/adapters/kubernetes/decode-meta.ts';

const METADATA = { name: 'a', uid: 'u-1' };

describe('decodeMeta', () => {
  it('keeps what is used of an object and nothing else', () => {
    const metadata = {
      ...METADATA,
      namespace: 'databases',
      resourceVersion: '42',
      creationTimestamp: '2026-10-01T08:00:00Z',
      deletionTimestamp: '2026-10-02T08:00:00Z',
      labels: { app: 'db', empty: '' },
      annotations: { 'pv.kubernetes.io/provisioned-by': 'x', 'made.up/annotation': 'y' },
      finalizers: ['kubernetes.io/pv-protection'],
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: 'web-0', uid: 'u-2', controller: true },
        { kind: 'Pod' },
        { name: 'web-1' },
        'rubbish',
      ],
      managedFields: [{ manager: 'kubectl' }],
    };
    expect(decodeMeta({ metadata }, 'prod')).toEqual({
      cluster: 'prod',
      name: 'a',
      namespace: 'databases',
      uid: 'u-1',
      resourceVersion: '42',
      createdAt: new Date('2026-10-01T08:00:00Z'),
      deletedAt: new Date('2026-10-02T08:00:00Z'),
      labels: { app: 'db', empty: '' },
      annotations: { 'pv.kubernetes.io/provisioned-by': 'x' },
      finalizers: ['kubernetes.io/pv-protection'],
      owners: [{ kind: 'Pod', name: 'web-0' }],
    });
  });

  it('takes what is missing or makes no sense as absent', () => {
    const metadata = {
      ...METADATA,
      creationTimestamp: 'yesterday',
      labels: { app: 7 },
      annotations: ['x'],
      finalizers: 'x',
      ownerReferences: {},
    };
    expect(decodeMeta({ metadata }, 'prod')).toMatchObject({
      namespace: null,
      resourceVersion: '',
      createdAt: null,
      deletedAt: null,
      labels: {},
      annotations: {},
      finalizers: [],
      owners: [],
    });
  });

  it('keeps labels whose names mean something to JavaScript as plain labels', () => {
    const metadata: unknown = JSON.parse(
      '{"name":"a","uid":"u","labels":{"__proto__":"x","constructor":"y"}}',
    );
    const labels = decodeMeta({ metadata }, 'prod')?.labels ?? {};
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([[{}], [{ metadata: 'x' }], [{ metadata: { name: 'a' } }], [{ metadata: { uid: 'u' } }]])(
    'does not know which object %j is',
    (item) => {
      expect(decodeMeta(item, 'prod')).toBeUndefined();
    },
  );

  it('needs a namespace where the kind has one', () => {
    expect(decodeNamespacedMeta({ metadata: METADATA }, 'prod')).toBeUndefined();
    expect(decodeNamespacedMeta({}, 'prod')).toBeUndefined();
    const metadata = { ...METADATA, namespace: 'n' };
    expect(decodeNamespacedMeta({ metadata }, 'prod')).toMatchObject({ namespace: 'n' });
  });
});

describe('the allow-list of annotations', () => {
  it.each([
    'truenas-monitor.io/ignore',
    'truenas-monitor.io/ignore-reason',
    'truenas-monitor.io/ignore-until',
    'argocd.argoproj.io/tracking-id',
    'meta.helm.sh/release-name',
    'meta.helm.sh/release-namespace',
    'velero.io/csi-volumesnapshot-handle',
  ])('lets %s pass', (key) => {
    const metadata = { ...METADATA, annotations: { [key]: 'x' } };
    expect(decodeMeta({ metadata }, 'prod')?.annotations).toEqual({ [key]: 'x' });
  });
});

describe('decodeError', () => {
  it('reads what went wrong, and since when', () => {
    expect(decodeError({ message: 'busy', time: '2026-11-01T00:00:00Z' })).toEqual({
      message: 'busy',
      since: new Date('2026-11-01T00:00:00Z'),
    });
  });

  it('is an error even where it says nothing', () => {
    expect(decodeError({})).toEqual({ message: 'no message', since: null });
  });

  it.each([[undefined], [null], ['x']])('finds none in %j', (value) => {
    expect(decodeError(value)).toBeNull();
  });
});

describe('conditions', () => {
  const status = { conditions: ['rubbish', { type: 'Ready', status: 'True' }] };

  it('are found by their type', () => {
    expect(conditionAt(status, 'Ready')).toEqual({ type: 'Ready', status: 'True' });
    expect(conditionAt(status, 'Other')).toEqual({});
    expect(conditionAt({}, 'Ready')).toEqual({});
  });

  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', null],
    [undefined, null],
  ])('with status %s hold: %s', (text, expected) => {
    expect(holds({ status: text })).toBe(expected);
  });
});

describe('decodeReference', () => {
  it('reads a reference with and without a uid', () => {
    expect(decodeReference({ namespace: 'n', name: 'a', uid: 'u' })).toEqual({
      namespace: 'n',
      name: 'a',
      uid: 'u',
    });
    expect(decodeReference({ namespace: 'n', name: 'a' })).toMatchObject({ uid: null });
  });

  it.each([[undefined], ['x'], [{ name: 'a' }], [{ namespace: 'n' }]])(
    'finds none in %j',
    (value) => {
      expect(decodeReference(value)).toBeNull();
    },
  );
});

describe('sizeAt', () => {
  it.each([
    ['10Gi', { bytes: 10_737_418_240, approximate: false }],
    [98_304, { bytes: 98_304, approximate: false }],
    [1.5, { bytes: 2, approximate: true }],
    [1e30, { bytes: Number.MAX_SAFE_INTEGER, approximate: true }],
    ['a lot', null],
    [-1, null],
    [Number.NaN, null],
    [undefined, null],
    [{}, null],
  ])('reads %j as %j', (value, expected) => {
    expect(sizeAt({ size: value }, 'size')).toEqual(expected);
  });
});

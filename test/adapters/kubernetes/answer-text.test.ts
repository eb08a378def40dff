import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../../src/lib/adapters/kubernetes/answer-text.ts';

const entry = (keys: object) => ({ manager: 'csi', fieldsType: 'FieldsV1', fieldsV1: keys });

/** A list of two items with everything a real one has around its managed fields. */
function listWith(managedFields: unknown): { items: { metadata: Record<string, unknown> }[] } {
  const item = (name: string) => ({
    metadata: { name, managedFields, finalizers: ['kubernetes.io/pv-protection'] },
    spec: { accessModes: ['ReadWriteOnce'], parts: [{ a: 1 }, { b: [{}] }] },
  });
  return { items: [item('one'), item('two')] };
}

describe('an answer of the API server', () => {
  it('is read without its managed fields, and with all the rest', () => {
    const text = JSON.stringify(listWith([entry({ 'f:spec': {} }), entry({ 'f:status': {} })]));
    expect(parseAnswer(text)).toEqual(listWith([]));
  });

  it('is read whole where the keys of managed fields look like the end of the list', () => {
    const list = listWith([entry({ 'k:{"at":[{"a":1}]}': {}, 'v:"}],"': {} })]);
    expect(parseAnswer(JSON.stringify(list))).toEqual(list);
  });

  it('keeps its managed fields where they are not written as the API server does', () => {
    const list = listWith([entry({ 'f:spec': {} })]);
    expect(parseAnswer(JSON.stringify(list, null, 2))).toEqual(list);
  });

  it.each([[[]], [null], ['text'], [[1]], [['}]']], [{ a: [{}] }]])(
    'is the same where its managed fields are %j',
    (managedFields) => {
      const list = listWith(managedFields);
      expect(parseAnswer(JSON.stringify(list))).toEqual(list);
    },
  );

  it('keeps text that quotes managed fields', () => {
    const quoted = JSON.stringify(listWith([entry({ 'f:spec': {} })]));
    const list = { items: [{ metadata: { annotations: { 'last-applied': quoted } } }] };
    expect(parseAnswer(JSON.stringify(list))).toEqual(list);
  });

  it('keeps a key that only ends like managed fields', () => {
    const list = { 'not "managedFields': [{ a: 1 }], rest: 1 };
    const text = JSON.stringify(list);
    expect(text).toContain('"managedFields":[{');
    expect(parseAnswer(text)).toEqual(list);
  });

  it.each(['', '[]', 'null', '<html>', '{"items":[{"managedFields":[{"a":1}'])(
    'is nothing where it is %j',
    (text) => {
      expect(parseAnswer(text)).toBeNull();
    },
  );
});

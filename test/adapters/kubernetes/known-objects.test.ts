import { describe, expect, it } from 'vitest';
import { withKnown } from '../../../src/lib/adapters/kubernetes/known-objects.ts';
import { LIST_SPECS } from '../../../src/lib/adapters/kubernetes/sources.ts';
import { heldOnTo } from '../../support/garbage.ts';
import { aCluster, NEVER, openLab, volumes } from './support.ts';

const spec = LIST_SPECS.storageClasses;

const classOf = (metadata: object) => ({
  metadata: { name: 'fast', uid: 'uid-1', resourceVersion: '7', ...metadata },
  provisioner: 'org.democratic-csi.nfs',
});

function decodedTwice(first: object, second: object) {
  const known = spec.decode(classOf(first), 'prod');
  if (known === undefined) throw new Error('the class cannot be read');
  return [known, withKnown(spec, [known]).decode(classOf(second), 'prod')] as const;
}

describe('an object that was read before', () => {
  it('is the very same object where it has not changed', () => {
    const [known, again] = decodedTwice({}, {});
    expect(again).toBe(known);
  });

  it('is decoded anew where its resourceVersion has changed', () => {
    const [, again] = decodedTwice({}, { resourceVersion: '8', labels: { changed: 'yes' } });
    expect(again).toMatchObject({ resourceVersion: '8', labels: { changed: 'yes' } });
  });

  it('is decoded anew where another one has taken its name', () => {
    const [, again] = decodedTwice({}, { uid: 'uid-2' });
    expect(again?.uid).toBe('uid-2');
  });

  it.each([{ resourceVersion: undefined }, { resourceVersion: '' }])(
    'is decoded anew where no version tells that it is the same: %o',
    (metadata) => {
      const [known, again] = decodedTwice(metadata, metadata);
      expect(again).toEqual(known);
      expect(again).not.toBe(known);
    },
  );

  it('cannot be read where it could not be read before', () => {
    expect(withKnown(spec, []).decode({ metadata: {} }, 'prod')).toBeUndefined();
    const [known] = decodedTwice({}, {});
    expect(withKnown(spec, [known]).decode({}, 'prod')).toBeUndefined();
  });
});

describe('a cluster that is read again and again', () => {
  it('takes unchanged objects as they are while those who read them first still use them', async () => {
    const { reader } = await openLab(aCluster({ objects: { persistentvolumes: volumes(3) } }));
    const first = await reader.list('persistentVolumes', NEVER);
    const [again] = (await reader.list('persistentVolumes', NEVER)).items;
    expect(again).toBeDefined();
    expect(again).toBe(first.items[0]);
  });

  it('holds on to no list that nobody else uses any more', async () => {
    const { reader } = await openLab(aCluster({ objects: { persistentvolumes: volumes(3) } }));
    const read = async () => new WeakRef((await reader.list('persistentVolumes', NEVER)).items);
    const lists = new Map([['persistentVolumes', await read()]]);
    expect(await heldOnTo(lists)).toEqual([]);
  });
});

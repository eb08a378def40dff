import { describe, expect, it } from 'vitest';
import {
  decodeCsiNode,
  decodeLease,
} from '../../../src/lib/adapters/kubernetes/decode-surroundings.ts';

const metadata = { name: 'a', uid: 'u', creationTimestamp: '2026-11-01T00:00:00Z' };

describe('decodeCsiNode', () => {
  it('reads which drivers the kubelet has registered', () => {
    const spec = {
      drivers: [
        { name: 'org.democratic-csi.nfs', nodeID: 'worker-1', topologyKeys: null },
        { name: 'tns.csi.io', nodeID: 'worker-1' },
        'rubbish',
      ],
    };
    expect(decodeCsiNode({ metadata, spec }, 'prod')).toMatchObject({
      cluster: 'prod',
      name: 'a',
      drivers: ['org.democratic-csi.nfs', 'tns.csi.io'],
    });
  });

  it.each([{ drivers: null }, {}])('of %j has none', (spec) => {
    expect(decodeCsiNode({ metadata, spec }, 'prod')).toMatchObject({ drivers: [] });
  });

  it('cannot read one without a name', () => {
    expect(decodeCsiNode({}, 'prod')).toBeUndefined();
  });
});

describe('decodeLease', () => {
  const inNamespace = { ...metadata, namespace: 'democratic-csi' };

  it('reads who leads, and since when it was not heard of', () => {
    const spec = {
      holderIdentity: 'nas-nfs-democratic-csi-controller-0',
      leaseDurationSeconds: 15,
      acquireTime: '2026-11-01T00:00:00.000000Z',
      renewTime: '2026-11-22T11:59:57.123456Z',
    };
    expect(decodeLease({ metadata: inNamespace, spec }, 'prod')).toMatchObject({
      namespace: 'democratic-csi',
      holder: 'nas-nfs-democratic-csi-controller-0',
      renewedAt: new Date('2026-11-22T11:59:57.123Z'),
      duration: 15_000,
    });
  });

  it('reads one that was given up', () => {
    const spec = { holderIdentity: '', renewTime: null };
    expect(decodeLease({ metadata: inNamespace, spec }, 'prod')).toMatchObject({
      holder: null,
      renewedAt: null,
      duration: null,
    });
  });

  it('cannot read one without a namespace', () => {
    expect(decodeLease({ metadata }, 'prod')).toBeUndefined();
  });
});

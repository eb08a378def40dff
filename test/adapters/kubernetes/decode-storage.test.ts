import { describe, expect, it } from 'vitest';
import {
  decodeCsiDriver,
  decodeNode,
  decodeVolumeAttachment,
  decodeVolumeEvent,
  newestEvents,
} from '../../../src/lib/adapters/kubernetes/decode-storage.ts';
import { type VolumeEvent } from '../../../src/lib/core/model/kubernetes.ts';

const metadata = { name: 'a', uid: 'u', creationTimestamp: '2026-11-01T00:00:00Z' };

describe('decodeCsiDriver', () => {
  it.each([
    [{ attachRequired: false }, false],
    [{ attachRequired: true }, true],
    [{}, true],
  ])('reads from %j whether volumes are attached: %s', (spec, attachRequired) => {
    expect(decodeCsiDriver({ metadata, spec }, 'prod')).toMatchObject({ attachRequired });
  });

  it('cannot read one without a name', () => {
    expect(decodeCsiDriver({}, 'prod')).toBeUndefined();
  });
});

describe('decodeNode', () => {
  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', null],
  ])('with Ready %s is ready: %s', (status, ready) => {
    const item = { metadata, status: { conditions: [{ type: 'Ready', status }] } };
    expect(decodeNode(item, 'prod')).toMatchObject({ ready });
  });

  it('without conditions may be anything', () => {
    expect(decodeNode({ metadata }, 'prod')).toMatchObject({ name: 'a', ready: null });
    expect(decodeNode({}, 'prod')).toBeUndefined();
  });
});

describe('where pods may be placed', () => {
  const taint = (effect: string) => ({ taints: [{ key: 'k', effect }] });

  it.each([
    [{}, true],
    [{ unschedulable: false }, true],
    [{ unschedulable: true }, false],
    [taint('PreferNoSchedule'), true],
    [taint('NoSchedule'), false],
    [taint('NoExecute'), false],
    [{ taints: null }, true],
  ])('reads from %j whether a node takes them: %s', (spec, schedulable) => {
    expect(decodeNode({ metadata, spec }, 'prod')).toMatchObject({ schedulable });
  });

  it('reads the addresses of a node, each once, and its version', () => {
    const status = {
      addresses: [
        { type: 'InternalIP', address: '10.0.0.7' },
        { type: 'InternalIP', address: 'fd00::7' },
        { type: 'ExternalIP', address: '10.0.0.7' },
        { type: 'Hostname', address: 'worker-1' },
        'rubbish',
      ],
      nodeInfo: { kubeletVersion: 'v1.35.2' },
    };
    expect(decodeNode({ metadata, status }, 'prod')).toMatchObject({
      addresses: ['10.0.0.7', 'fd00::7'],
      kubeletVersion: 'v1.35.2',
    });
    expect(decodeNode({ metadata }, 'prod')).toMatchObject({ addresses: [], kubeletVersion: null });
  });
});

describe('decodeVolumeAttachment', () => {
  const spec = { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'pv' } };

  it('reads where a volume is attached, and what went wrong', () => {
    const status = {
      attached: true,
      attachError: { message: 'slow', time: '2026-11-02T00:00:00Z' },
      detachError: { message: 'busy' },
    };
    expect(decodeVolumeAttachment({ metadata, spec, status }, 'prod')).toMatchObject({
      attacher: 'd',
      node: 'n',
      volumeName: 'pv',
      attached: true,
      attachError: { message: 'slow', since: new Date('2026-11-02T00:00:00Z') },
      detachError: { message: 'busy', since: null },
    });
  });

  it('reads one that has only just been made', () => {
    expect(decodeVolumeAttachment({ metadata, spec }, 'prod')).toMatchObject({
      attached: false,
      attachError: null,
      detachError: null,
    });
  });

  it('reads that of a volume that is written into a pod', () => {
    const inline = { ...spec, source: { inlineVolumeSpec: { csi: {} } } };
    expect(decodeVolumeAttachment({ metadata, spec: inline }, 'prod')).toMatchObject({
      volumeName: null,
    });
  });

  it.each([
    [{ spec }],
    [{ metadata }],
    [{ metadata, spec: { ...spec, attacher: '' } }],
    [{ metadata, spec: { ...spec, nodeName: null } }],
    [{ metadata, spec: { ...spec, source: {} } }],
  ])('cannot read %j', (item) => {
    expect(decodeVolumeAttachment(item, 'prod')).toBeUndefined();
  });
});

describe('decodeVolumeEvent', () => {
  const about = { kind: 'PersistentVolume', name: 'pv', uid: 'pv-uid' };
  const event = { metadata, involvedObject: about, reason: 'VolumeFailedDelete', message: 'busy' };

  it('reads what was said of which volume', () => {
    const item = { ...event, lastTimestamp: '2026-11-03T00:00:00Z' };
    expect(decodeVolumeEvent(item, 'prod')).toMatchObject({
      volumeName: 'pv',
      volumeUid: 'pv-uid',
      reason: 'VolumeFailedDelete',
      message: 'busy',
      lastSeen: new Date('2026-11-03T00:00:00Z'),
    });
  });

  it('takes the last time a repeated event was seen, wherever its reporter wrote it', () => {
    const item = {
      ...event,
      eventTime: '2026-11-03T00:00:00.000001Z',
      lastTimestamp: null,
      series: { count: 3, lastObservedTime: '2026-11-05T00:00:00.000001Z' },
    };
    expect(decodeVolumeEvent(item, 'prod')?.lastSeen).toEqual(new Date('2026-11-05T00:00:00Z'));
  });

  it('is as old as its object where nothing else is said', () => {
    const item = { metadata, involvedObject: { kind: 'PersistentVolume', name: 'pv' } };
    expect(decodeVolumeEvent(item, 'prod')).toMatchObject({
      volumeUid: null,
      reason: 'Unknown',
      message: '',
      lastSeen: new Date('2026-11-01T00:00:00Z'),
    });
  });

  it.each([
    [{ ...event, metadata: {} }],
    [{ ...event, involvedObject: { kind: 'PersistentVolume' } }],
    [{ ...event, involvedObject: { kind: 'Pod', name: 'a' } }],
  ])('cannot read %j', (item) => {
    expect(decodeVolumeEvent(item, 'prod')).toBeUndefined();
  });

  function anEvent(name: string, changes: object): VolumeEvent {
    const item = { ...event, metadata: { name, uid: name }, ...changes };
    const decoded = decodeVolumeEvent(item, 'prod');
    if (decoded === undefined) throw new Error('an event that cannot be read');
    return decoded;
  }

  it('counts once for each volume and reason: the last one', () => {
    const events = [
      anEvent('new', { lastTimestamp: '2026-11-05T00:00:00Z' }),
      anEvent('old', { lastTimestamp: '2026-11-04T00:00:00Z' }),
      anEvent('undated', {}),
      anEvent('other-reason', { reason: 'Other' }),
      anEvent('other-volume', { involvedObject: { ...about, name: 'pv-2' } }),
      anEvent('same-name-later', { involvedObject: { ...about, uid: 'pv-uid-2' } }),
    ];
    expect(newestEvents(events).map(({ name }) => name)).toEqual([
      'new',
      'other-reason',
      'other-volume',
      'same-name-later',
    ]);
    expect(newestEvents(events.slice(0, 1))).toHaveLength(1);
  });
});

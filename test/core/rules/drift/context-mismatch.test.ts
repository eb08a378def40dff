import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { contextMismatch } from '../../../../src/lib/core/rules/drift/context-mismatch.ts';
import { judgeMember } from '../../../../src/lib/core/rules/evaluate.ts';
import {
  aDataset,
  anInventory,
  anIscsiPv,
  aPool,
  aPv,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const share = `/mnt/${PARENT}/${HANDLE}`;

/** A volume whose dataset remembers this text. */
function remembering(text: string | object | null, pv: PersistentVolume = aPv(), over = {}) {
  const shareContext = typeof text === 'string' || text === null ? text : JSON.stringify(text);
  return anInventory({
    datasets: [aDataset({ properties: finished(HANDLE, { shareContext }), ...over })],
    persistentVolumes: [pv],
  });
}

function withAttributes(attributes: Readonly<Record<string, string>>): PersistentVolume {
  const source = {
    kind: 'csi',
    driver: 'org.democratic-csi.nfs',
    handle: HANDLE,
    attributes,
  } as const;
  return aPv({ source });
}

const agreeing = { node_attach_driver: 'nfs', server: '10.10.0.5', share };
const IQN = `iqn.2005-10.org.freenas.ctl:csi-${HANDLE}`;

testRule(contextMismatch, {
  certain: {
    'a server that changed on one side only': [
      remembering({ ...agreeing, server: '10.10.0.9' }),
      [HANDLE],
    ],
    'a LUN that is another': [
      remembering({ node_attach_driver: 'iscsi', iqn: IQN, lun: 1 }, anIscsiPv()),
      [HANDLE],
    ],
    'a target that is another, not merely written otherwise': [
      remembering({ node_attach_driver: 'iscsi', iqn: `${IQN}-2`, lun: '0' }, anIscsiPv()),
      [HANDLE],
    ],
    'a truth that is another': [
      remembering({ transport: true }, withAttributes({ transport: 'false' })),
      [HANDLE],
    ],
    'a directory on an SMB share in other letters': [
      remembering(
        { node_attach_driver: 'smb', subdir: 'Films' },
        withAttributes({ node_attach_driver: 'smb', subdir: 'films' }),
      ),
      [HANDLE],
    ],
    'an NFS share whose path differs in case': [
      remembering({ ...agreeing, share: share.toUpperCase() }),
      [HANDLE],
    ],
  },
  likely: {
    'a dataset that was made for another volume': [
      anInventory({
        datasets: [
          aDataset({
            properties: finished('pvc-of-another-cluster', {
              shareContext: JSON.stringify({ ...agreeing, server: '10.10.0.9' }),
            }),
          }),
        ],
        persistentVolumes: [aPv()],
      }),
      [HANDLE],
      'made-for-this-volume',
    ],
  },
  silent: {
    'both sides agree': remembering(agreeing),
    'a LUN of 0 that became text': remembering(
      { node_attach_driver: 'iscsi', iqn: IQN, lun: 0 },
      anIscsiPv(),
    ),
    'a truth that became text': remembering(
      { transport: true },
      withAttributes({ transport: 'true' }),
    ),
    'an iqn in other letters': remembering(
      { node_attach_driver: 'iscsi', iqn: IQN.toUpperCase(), lun: '0' },
      anIscsiPv(),
    ),
    'an SMB share in other letters': remembering(
      { node_attach_driver: 'smb', share: 'Films' },
      withAttributes({ node_attach_driver: 'smb', share: 'films' }),
    ),
    'what the driver adds to the volume alone': remembering(
      {
        ...agreeing,
        provisioner_driver: 'freenas-nfs',
        provisioner_driver_instance_id: 'old',
        'storage.kubernetes.io/csiProvisionerIdentity': '1-2-x',
      },
      withAttributes({
        ...agreeing,
        provisioner_driver: 'freenas-api-nfs',
        provisioner_driver_instance_id: 'new',
        'storage.kubernetes.io/csiProvisionerIdentity': '3-4-x',
      }),
    ),
    'a key only the dataset has': remembering({ ...agreeing, password: 'x' }),
    'a key only the volume has': remembering({ node_attach_driver: 'nfs' }),
    'a value that is no text': remembering({ ...agreeing, server: ['10.10.0.9'], share: null }),
    'a dataset that remembers nothing': remembering(null),
    'text that is not JSON': remembering('{"server":'),
    'JSON that is no object': remembering('["10.10.0.9"]'),
    'a JSON null': remembering('null'),
    'a volume that was just made': remembering(
      { ...agreeing, server: '10.10.0.9' },
      aPv({ createdAt: JUST_NOW, phaseSince: JUST_NOW }),
    ),
    'a volume without a dataset': anInventory({ persistentVolumes: [aPv()] }),
    'a static volume': remembering(
      { ...agreeing, server: '10.10.0.9' },
      aPv({ name: 'by-hand', source: { kind: 'nfs', server: '10.10.0.5', path: share } }),
    ),
    'a pool that is not online': {
      ...remembering({ ...agreeing, server: '10.10.0.9' }),
      systems: anInventory({
        pools: [aPool({ status: 'OFFLINE' })],
        datasets: [
          aDataset({
            properties: finished(HANDLE, { shareContext: JSON.stringify({ server: '1.2.3.4' }) }),
          }),
        ],
      }).systems,
    },
    'a volume in quarantine': remembering({ ...agreeing, server: '10.10.0.9' }, aPv(), {
      marks: {
        quarantined: `${PARENT}/${HANDLE};2026-10-01T00:00:00Z;p1`,
        ignore: null,
      },
    }),
  },
});

test('the finding shows both values, and no key that only one side has', () => {
  const [finding] = findingsOf(
    contextMismatch,
    remembering({ ...agreeing, server: '10.10.0.9', password: 'hunter2' }),
  );
  expect(finding?.severity).toBe('low');
  expect(finding?.reason).toBe(`the volume and its dataset ${PARENT}/${HANDLE} disagree on server`);
  expect(finding?.evidence[0]?.detail).toBe(
    'server: 10.10.0.9 on the dataset, 10.10.0.5 on the volume',
  );
  expect(JSON.stringify(finding)).not.toContain('hunter2');
});

test.each([
  ['{"server":', 'unknown'],
  ['"a text"', 'unknown'],
  [JSON.stringify(agreeing), 'failed'],
])('an explanation of %s is told what it says', (text, expected) => {
  const evidence = correlate(remembering(text), DEFAULT_POLICY);
  const { verdicts } = judgeMember(
    contextMismatch,
    { scope: 'cluster', name: 'prod' },
    evidence,
    DEFAULT_POLICY,
    false,
  );
  const judged = [...verdicts].find(({ verdict }) => verdict.subject.name === HANDLE);
  expect(judged?.checks.map(({ result }) => result)).toEqual([expected]);
});

test('has nothing to say of a volume without attributes, or of a dataset that remembers nothing', () => {
  const nfs = { kind: 'nfs', server: '10.10.0.5', path: share } as const;
  const seen = (world: ReturnType<typeof remembering>, name: string) =>
    checkOf(contextMismatch, world, name, 'context-differs');
  expect(seen(remembering(agreeing), HANDLE)?.[0]).toBe('failed');
  expect(seen(remembering(null), HANDLE)).toBeUndefined();
  expect(
    seen(remembering(agreeing, aPv({ name: 'by-hand', source: nfs })), 'by-hand'),
  ).toBeUndefined();
});

test('names the volume the dataset was made for', () => {
  const world = remembering({ ...agreeing, server: '10.10.0.9' });
  expect(checkOf(contextMismatch, world, HANDLE, 'made-for-this-volume')).toEqual([
    'passed',
    `the dataset was made for ${HANDLE}`,
  ]);
});

test('making a bound volume anew is a step of its own, after what keeps its data, and nothing that is safe', () => {
  const [finding] = findingsOf(contextMismatch, remembering({ ...agreeing, server: '10.10.0.9' }));
  expect(finding?.confidence).toBe('certain');
  expect(finding?.remedy.safe).toBe(false);
  const [, repair = '', keep = '', anew = ''] = finding?.remedy.steps ?? [];
  expect(repair).toContain('csi_share_volume_context');
  expect(keep).toContain('reclaim policy to Retain');
  expect(anew).toMatch(/^Only then delete /);
});

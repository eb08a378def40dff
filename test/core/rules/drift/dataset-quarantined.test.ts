import { expect, test } from 'vitest';
import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { datasetQuarantined } from '../../../../src/lib/core/rules/drift/dataset-quarantined.ts';
import {
  aContent,
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPool,
  aPv,
  aSnapshotTask,
  aSubsystem,
  aSystem,
  aTarget,
  aZfsSnapshot,
  details,
  HANDLE,
  PARENT,
  size,
  systemWith,
} from '../../../support/builders.ts';
import { journalled, withJournals } from '../../../support/journalled.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const lost = `${PARENT}/${HANDLE}`;
const RECENT = '2026-10-28T00:00:00Z';
const LONG = '2026-10-20T00:00:00Z';

function marked(path: string, since = LONG, rest = ';plan-7'): Dataset['marks'] {
  return { quarantined: `${path};${since}${rest}`, ignore: null };
}

const due = aDataset({ marks: marked(lost) });
const waiting = aDataset({ marks: marked(lost, RECENT) });
const closed = anNfsShare({ enabled: false });
const child = aDataset({ id: `${lost}/inside`, marks: marked(lost) });
const onlyOne = (inventory: Parameters<typeof findingsOf>[1]) => {
  const [finding, ...others] = findingsOf(datasetQuarantined, inventory);
  if (finding === undefined || others.length > 0) throw new Error('not one finding');
  return finding;
};

/** A world in which our own journals know of everything that is marked, unless it says what they know. */
const known: typeof anInventory = (world) =>
  world?.moved === undefined ? withJournals(anInventory(world)) : anInventory(world);

testRule(datasetQuarantined, {
  safe: 'every',
  certain: {
    'a dataset that was put aside, its share disabled': [
      known({ datasets: [due], nfsShares: [closed] }),
      [lost],
    ],
    'once, though what lies inside shows the mark as well': [
      known({
        datasets: [due, child, aDataset({ id: `${lost}/inside/deeper`, marks: marked(lost) })],
      }),
      [lost],
    ],
    'a zvol whose extent is disabled': [
      known({
        datasets: [aDataset({ kind: 'volume', marks: marked(lost) })],
        iscsiExtents: [anExtent({ enabled: false })],
        iscsiTargets: [aTarget()],
        iscsiTargetExtents: [aMapping()],
      }),
      [lost],
    ],
    'one that our own journals say was moved': [
      known({
        datasets: [
          aFolder('tank/quarantine'),
          aDataset({ id: `tank/quarantine/${HANDLE}`, marks: marked(lost) }),
        ],
      }),
      [`tank/quarantine/${HANDLE}`],
    ],
    'two that were put aside each by itself': [
      known({
        datasets: [due, aDataset({ id: `${PARENT}/pvc-2`, marks: marked(`${PARENT}/pvc-2`) })],
      }),
      [lost, `${PARENT}/pvc-2`],
    ],
  },
  likely: {
    'one that was moved, or is a replica': [
      anInventory({
        datasets: [
          aFolder('tank/quarantine'),
          aDataset({ id: `tank/quarantine/${HANDLE}`, marks: marked(lost) }),
        ],
      }),
      [`tank/quarantine/${HANDLE}`],
      'marked-where-it-lies',
    ],
    'a parent other clusters may use': [
      known({ datasets: [due], drivers: [aDriver({ exclusive: false })] }),
      [lost],
      'owner-registered',
    ],
    'a place no registered driver uses': [
      known({ datasets: [aDataset({ id: 'tank/films', marks: marked('tank/films') })] }),
      ['tank/films'],
      'owner-registered',
    ],
    'a share of a driver nobody registered': [
      known({
        datasets: [due],
        nfsShares: [
          anNfsShare({ enabled: false, comment: `democratic-csi (org.other.nfs): ${lost}` }),
        ],
      }),
      [lost],
      'no-foreign-owner',
    ],
    'a clone of it': [
      known({
        datasets: [due, aDataset({ id: `${PARENT}/pvc-clone`, origin: `${lost}@s` })],
        persistentVolumes: [aPv({ name: 'pvc-clone' })],
      }),
      [lost],
      'no-clone',
    ],
    'a hold': [
      known({
        datasets: [due],
        zfsSnapshots: [aZfsSnapshot({ name: 'k', details: details({ holds: ['k'] }) })],
      }),
      [lost],
      'no-hold',
    ],
    'a snapshot Kubernetes counts on': [
      known({
        datasets: [due],
        zfsSnapshots: [aZfsSnapshot()],
        volumeSnapshotContents: [aContent()],
      }),
      [lost],
      'no-claimed-snapshot',
    ],
    'a task that names it': [
      known({ datasets: [due], snapshotTasks: [aSnapshotTask({ dataset: lost })] }),
      [lost],
      'no-task',
    ],
    'a mark that no journal here tells of': [
      anInventory({ datasets: [due] }),
      [lost],
      'put-aside-by-us',
    ],
    'a mark of another time than the journal tells': [
      known({ datasets: [due], moved: [journalled(waiting)] }),
      [lost],
      'put-aside-by-us',
    ],
    'a journal of another dataset at its place': [
      known({
        datasets: [aDataset({ marks: marked(lost), guid: '8' })],
        moved: [journalled(due, { guid: '7' })],
      }),
      [lost],
      'put-aside-by-us',
    ],
    'a journal of another system': [
      known({ datasets: [due], moved: [journalled(due, { hostId: 'other' })] }),
      [lost],
      'put-aside-by-us',
    ],
    'a mark that is older than what carries it': [
      known({
        datasets: [aDataset({ marks: marked(lost), createdAt: new Date('2026-10-20T00:00:01Z') })],
      }),
      [lost],
      'put-aside-by-us',
    ],
    'one that was written to since': [
      known({ datasets: [due], moved: [journalled(due, { usedByDataset: 4095 })] }),
      [lost],
      'not-written-since',
    ],
    'one of which the journal does not tell what it held': [
      known({ datasets: [due], moved: [journalled(due, { usedByDataset: null })] }),
      [lost],
      'not-written-since',
    ],
    'one of which TrueNAS does not tell what it holds': [
      known({
        datasets: [aDataset({ marks: marked(lost), usedByDataset: null })],
        moved: [journalled(due)],
      }),
      [lost],
      'not-written-since',
    ],
    'SMB shares that may not be listed': [
      withoutList(known({ datasets: [due] }), 'smbShares'),
      [lost],
      'not-exported-again',
    ],
    'a session with its target': [
      known({
        datasets: [aDataset({ kind: 'volume', marks: marked(lost) })],
        iscsiExtents: [anExtent({ enabled: false })],
        iscsiTargets: [aTarget()],
        iscsiTargetExtents: [aMapping()],
        iscsiSessions: [{ system: 'nas1', initiator: 'iqn.node', target: `iqn.x:csi-${HANDLE}` }],
      }),
      [lost],
      'no-iscsi-session',
    ],
    'pods that may not be listed': [
      withoutList(known({ datasets: [due] }), 'pods'),
      [lost],
      'no-inline-volume',
    ],
  },
  silent: {
    'a dataset nobody put aside': known({ datasets: [aDataset()] }),
    'a replica of one beside it': known({
      datasets: [aDataset(), aDataset({ id: `backup/${HANDLE}`, marks: marked(lost) })],
    }),
    'a mark without a path': known({
      datasets: [aDataset({ marks: { quarantined: `;${LONG};p`, ignore: null } })],
    }),
    'a pool that is not online': known({
      datasets: [due],
      pools: [aPool({ status: 'OFFLINE' })],
    }),
  },
});

test('while it lasts it is merely known, and nothing is to be done', () => {
  const finding = onlyOne(known({ datasets: [waiting] }));
  expect(finding.severity).toBe('low');
  expect(finding.reason).toBe('in quarantine since 2026-10-28T00:00:00.000Z by plan plan-7');
  expect(finding.reclaimable).toBe(0);
  expect(finding.remedy).toMatchObject({ action: 'none', safe: false });
  expect(finding.remedy.steps[0]).toContain('2026-11-04T00:00:00.000Z');
});

test('once it is due it may be destroyed, and gives back what it holds', () => {
  const finding = onlyOne(known({ datasets: [due] }));
  expect(finding.severity).toBe('medium');
  expect(finding.reason).toBe(
    'in quarantine since 2026-10-20T00:00:00.000Z by plan plan-7, and nobody came for it',
  );
  expect(finding.reclaimable).toBe(4096);
  expect(finding.remedy).toMatchObject({ action: 'destroy-dataset', safe: true });
});

test('it is due to the millisecond', () => {
  const at = (since: string) =>
    onlyOne(known({ datasets: [aDataset({ marks: marked(lost, since) })] })).severity;
  expect(at('2026-10-25T00:00:00.000Z')).toBe('medium');
  expect(at('2026-10-25T00:00:00.001Z')).toBe('low');
});

test.each(['', 'yesterday'])('a mark of "%s" is never due', (since) => {
  const finding = onlyOne(known({ datasets: [aDataset({ marks: marked(lost, since, '') })] }));
  expect(finding.severity).toBe('low');
  expect(finding.reason).toBe('in quarantine since an unknown time');
  expect(finding.remedy.steps[0]).toContain('does not say');
});

test.each([
  ['the dataset itself', [due], aPv()],
  [
    'a dataset below it',
    [due, child],
    aPv({
      name: 'by-hand',
      source: { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${lost}/inside` },
    }),
  ],
  [
    'a dataset below it, where it was moved to',
    [
      aFolder('tank/q'),
      aDataset({ id: `tank/q/${HANDLE}`, marks: marked(lost) }),
      aDataset({ id: `tank/q/${HANDLE}/inside`, marks: marked(lost) }),
    ],
    aPv({
      name: 'by-hand',
      source: { kind: 'nfs', server: '10.10.0.5', path: `/mnt/tank/q/${HANDLE}/inside` },
    }),
  ],
])('it is urgent, and nothing to destroy, when a volume uses %s', (_, datasets, pv) => {
  const finding = onlyOne(known({ datasets, persistentVolumes: [pv] }));
  expect(finding.severity).toBe('high');
  expect(finding.reason).toBe(`in quarantine and in use by ${pv.name}`);
  expect(finding.remedy).toMatchObject({ action: 'investigate', safe: false });
  expect(finding.remedy.steps[0]).toMatch(/^Enable its share or extent and remove .* needs it\.$/);
  expect(finding.reclaimable).toBe(0);
});

test('what leans on it is looked at only once it is due: before that nothing is to be destroyed', () => {
  const clone = aDataset({ id: `${PARENT}/pvc-clone`, origin: `${lost}@s` });
  const confidenceOf = (datasets: readonly Dataset[]) =>
    onlyOne(known({ datasets, persistentVolumes: [aPv({ name: 'pvc-clone' })] })).confidence;
  expect(confidenceOf([waiting, clone])).toBe('certain');
  expect(confidenceOf([due, clone])).toBe('likely');
});

test('a size that is not known gives nothing back', () => {
  const unknown = aDataset({ marks: marked(lost), used: null });
  expect(onlyOne(known({ datasets: [unknown] })).reclaimable).toBe(0);
});

test('a mark that names an empty plan names none', () => {
  const world = known({ datasets: [aDataset({ marks: marked(lost, RECENT, ';') })] });
  expect(onlyOne(world).reason).toBe('in quarantine since 2026-10-28T00:00:00.000Z');
});

test('tells whom it waits for, how long, and which dataset its mark names', () => {
  const seen = (check: string, datasets: readonly Dataset[], pvs: ReturnType<typeof aPv>[] = []) =>
    checkOf(
      datasetQuarantined,
      known({ datasets, persistentVolumes: pvs }),
      datasets.at(-1)?.id ?? '',
      check,
    );
  expect(seen('nobody-uses-it', [due])).toEqual(['passed', 'no PersistentVolume and no pod does']);
  expect(seen('nobody-uses-it', [due], [aPv()])).toEqual(['failed', HANDLE]);
  expect(seen('long-enough', [due])).toEqual(['passed', 'until 2026-10-27T00:00:00.000Z']);
  expect(seen('long-enough', [waiting])).toEqual(['failed', 'until 2026-11-04T00:00:00.000Z']);
  const today = aDataset({ marks: marked(lost, '2026-10-25T00:00:00Z') });
  expect(seen('long-enough', [today])?.[0]).toBe('passed');
  expect(seen('long-enough', [aDataset({ marks: marked(lost, '') })])).toEqual([
    'unknown',
    'the mark does not say since when',
  ]);
  expect(seen('marked-where-it-lies', [due])).toEqual(['passed', 'the mark names this dataset']);
  const movedTo = aDataset({ id: `tank/q/${HANDLE}`, marks: marked(lost) });
  const copied = anInventory({ datasets: [aFolder('tank/q'), movedTo] });
  expect(checkOf(datasetQuarantined, copied, movedTo.id, 'marked-where-it-lies')).toEqual([
    'unknown',
    `the mark names ${lost}: it was moved, or is a copy`,
  ]);
});

test.each([
  ['for the time being', waiting],
  ['for long enough', due],
])(
  'it is urgent, and nothing to destroy, when it was put aside %s and is exported again',
  (_, it) => {
    const finding = onlyOne(known({ datasets: [it], nfsShares: [anNfsShare()] }));
    expect(finding).toMatchObject({ severity: 'high', confidence: 'certain', reclaimable: 0 });
    expect(finding.reason).toBe('in quarantine, and exported again by NFS share 42');
    expect(finding.remedy).toMatchObject({ action: 'investigate', safe: false });
    expect(finding.remedy.steps.join(' ')).toMatch(/Find out who exported .* roll back the run/);
  },
);

test('whoever uses it says more than what exports it again', () => {
  const world = known({ datasets: [due], nfsShares: [anNfsShare()], persistentVolumes: [aPv()] });
  expect(onlyOne(world).reason).toBe(`in quarantine and in use by ${HANDLE}`);
});

test('says which plan no journal tells of', () => {
  const seen = (world: Parameters<typeof anInventory>[0]) =>
    checkOf(datasetQuarantined, anInventory(world), lost, 'put-aside-by-us');
  expect(seen({ datasets: [due] })).toEqual([
    'unknown',
    'no journal here tells that plan plan-7 put it aside',
  ]);
  expect(seen({ datasets: [due], moved: [journalled(due)] })).toEqual([
    'passed',
    'a journal here tells that plan plan-7 put it aside',
  ]);
  const newer = aDataset({ marks: marked(lost), createdAt: new Date('2026-10-21T00:00:00Z') });
  expect(seen({ datasets: [newer], moved: [journalled(newer)] })).toEqual([
    'failed',
    'its mark is older than itself, of 2026-10-21T00:00:00.000Z',
  ]);
});

test('names each door that is open again', () => {
  const zvol = aDataset({ kind: 'volume', marks: marked(lost) });
  const doors = (world: Parameters<typeof anInventory>[0]) =>
    checkOf(datasetQuarantined, known(world), lost, 'not-exported-again')?.[1];
  expect(doors({ datasets: [due], nfsShares: [anNfsShare()], smbShares: [anSmbShare()] })).toBe(
    `NFS share 42, ${HANDLE}`,
  );
  expect(doors({ datasets: [zvol], iscsiExtents: [anExtent()] })).toBe(`csi-${HANDLE}`);
  expect(
    doors({
      datasets: [zvol],
      nvmetSubsystems: [aSubsystem()],
      nvmetNamespaces: [aNamespace()],
    }),
  ).toBe(`NVMe-oF subsystem ${HANDLE}`);
  expect(doors({ datasets: [zvol], nvmetNamespaces: [aNamespace({ enabled: false })] })).toBe(
    'none',
  );
});

test('what was put aside inside another is counted there', () => {
  const inner = aDataset({
    id: `${lost}/inside`,
    used: size(1024),
    marks: marked(`${lost}/inside`),
  });
  const findings = findingsOf(datasetQuarantined, known({ datasets: [due, inner] }));
  expect(findings.map(({ reclaimable }) => Number(reclaimable)).sort()).toEqual([0, 4096]);
});

test('each system tells of its own', () => {
  const world = known({ datasets: [due] });
  const second = systemWith(
    {
      datasets: [
        aDataset({ system: 'nas2', id: 'tank/k8s/pvc-9', marks: marked('tank/k8s/pvc-9') }),
      ],
    },
    aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'other' }),
  );
  const findings = findingsOf(datasetQuarantined, {
    ...world,
    systems: [...world.systems, second],
  });
  expect(
    findings.map(({ subject }) => [subject.location === 'truenas' && subject.system, subject.name]),
  ).toEqual([
    ['nas1', lost],
    ['nas2', 'tank/k8s/pvc-9'],
  ]);
});

import { describe, expect, it } from 'vitest';
import { type RuleStory } from '../../../src/lib/core/explain/explanation.ts';
import { severalFindings } from '../../../src/lib/core/explain/find-object.ts';
import { refKey } from '../../../src/lib/core/model/resource-ref.ts';
import { pvReleased } from '../../../src/lib/core/rules/orphans/pv-released.ts';
import {
  aClaim,
  aDataset,
  anInventory,
  anNfsShare,
  aPv,
  aZfsSnapshot,
  HANDLE,
  JUST_NOW,
  PARENT,
} from '../../support/builders.ts';
import { chainOf, explained, explainerOf } from '../../support/explaining.ts';
import { withoutList } from '../../support/rule-tester.ts';

const PATH = `${PARENT}/${HANDLE}`;

function storyOf(stories: readonly RuleStory[], rule: string): RuleStory | undefined {
  return stories.find((story) => story.rule === rule);
}

describe('the stories of a chain', () => {
  const orphan = anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare()] });
  const whole = anInventory({
    persistentVolumes: [aPv()],
    persistentVolumeClaims: [aClaim()],
    datasets: [aDataset()],
    nfsShares: [anNfsShare()],
  });

  it('report exactly what orphans reports of it, with the same id', async () => {
    const { report, chains } = await explained(orphan, `dataset ${PATH}`);
    const told = chains.flatMap(({ rules }) =>
      rules.flatMap((story) => (story.state === 'reported' ? story.finding : [])),
    );
    expect(told.map(({ id }) => id).sort()).toEqual(report.findings.map(({ id }) => id).sort());
    expect(told.map(({ rule }) => rule)).toContain('dataset-unclaimed');
  });

  it('say of a sound volume why each rule that looked at it was silent', async () => {
    const { rules } = await chainOf(whole, `pv/${HANDLE}`);
    expect(rules.filter(({ state }) => state === 'reported').map(({ rule }) => rule)).not.toContain(
      'pv-backend-missing',
    );
    expect(storyOf(rules, 'pv-backend-missing')).toMatchObject({
      state: 'silent',
      reason: `no-backend failed: backed by ${PATH}`,
    });
    expect(storyOf(rules, 'dataset-unclaimed')).toMatchObject({
      state: 'silent',
      subject: { name: PATH },
    });
  });

  it('say nothing of objects beside the chain', async () => {
    const clone = aDataset({ id: `${PARENT}/clone`, origin: `${PATH}@x` });
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      datasets: [aDataset(), clone],
      zfsSnapshots: [aZfsSnapshot({ name: 'x' })],
    });
    const { rules } = await chainOf(inventory, `pv/${HANDLE}`);
    const names = rules.flatMap((story) => (story.state === 'skipped' ? [] : story.subject.name));
    expect(names).toContain(PATH);
    expect(names).not.toContain(`${PARENT}/clone`);
  });

  it('begin with what was asked for, among those of one kind', async () => {
    const { rules } = await chainOf(whole, `dataset ${PATH}`);
    const silent = rules.filter((story) => story.state === 'silent');
    expect(silent[0]?.subject.name).toBe(PATH);
  });

  it('name the first condition that failed before one that is not known', async () => {
    const young = anInventory({
      datasets: [aDataset({ createdAt: JUST_NOW })],
      nfsShares: [anNfsShare()],
    });
    const { rules } = await chainOf(young, `dataset ${PATH}`);
    expect(storyOf(rules, 'dataset-unclaimed')).toMatchObject({
      state: 'silent',
      reason: `older-than-threshold failed: created ${JUST_NOW.toISOString()}`,
    });
    const undated = anInventory({ datasets: [aDataset({ createdAt: null })] });
    expect(
      storyOf((await chainOf(undated, `dataset ${PATH}`)).rules, 'dataset-unclaimed'),
    ).toMatchObject({
      reason: 'older-than-threshold not known: created at an unknown time',
    });
  });

  it('say of a rule that was skipped what it lacks, where it would have looked at the chain', async () => {
    const blind = withoutList(orphan, 'persistentVolumes');
    const { rules } = await chainOf(blind, `dataset ${PATH}`);
    const story = storyOf(rules, 'dataset-unclaimed');
    expect(story).toMatchObject({ state: 'skipped', home: { side: 'system', name: 'nas1' } });
    expect(story?.state === 'skipped' && story.because.map(({ name }) => name)).toContain(
      'persistentVolumes',
    );
    const elsewhere = await chainOf(withoutList(whole, 'volumeSnapshots'), `nfsshare//mnt/${PATH}`);
    expect(storyOf(elsewhere.rules, 'snapshot-not-ready')).toBeUndefined();
  });

  it('tell of a rule that is skipped on a cluster', async () => {
    const { rules } = await chainOf(withoutList(whole, 'persistentVolumes'), 'pvc/media/library');
    expect(rules.some((story) => story.state === 'skipped' && story.home.side === 'cluster')).toBe(
      true,
    );
  });

  it('tell who wants a finding to be left alone', async () => {
    const ignore = [
      {
        rule: 'dataset-unclaimed',
        name: null,
        namespace: null,
        selector: null,
        reason: 'kept',
        until: null,
      },
    ];
    const { chains } = await explained(orphan, `dataset ${PATH}`, { ignore });
    const story = storyOf(chains[0]?.rules ?? [], 'dataset-unclaimed');
    expect(story).toMatchObject({ state: 'suppressed', finding: { rule: 'dataset-unclaimed' } });
    expect(story?.state === 'suppressed' && story.reason).toMatch(/^kept \(/);
  });

  it('have every check of a finding, whatever it decides', async () => {
    const { rules } = await chainOf(orphan, `dataset ${PATH}`);
    const story = storyOf(rules, 'dataset-unclaimed');
    const checks = story?.state === 'reported' ? story.checks : [];
    expect(new Set(checks.map(({ weight }) => weight))).toEqual(
      new Set(['finding', 'confidence', 'note']),
    );
  });
});

describe('a finding id', () => {
  const released = anInventory({
    persistentVolumes: [aPv({ phase: 'Released' })],
    datasets: [aDataset()],
    nfsShares: [anNfsShare()],
  });

  it('leads to what it was reported of', async () => {
    const { report } = await explainerOf(released);
    const finding = report.findings.find(({ rule }) => rule === 'pv-released');
    const { chains, asked } = await explained(released, finding?.id ?? '');
    expect(asked).toBe(finding?.id);
    expect(chains.flatMap(({ subjects }) => subjects.map(refKey))).toEqual([
      `cluster prod PersistentVolume//${HANDLE}`,
    ]);
  });

  it('still leads there when it is reported no more, and says why not', async () => {
    const { report } = await explainerOf(released);
    const id = report.findings.find(({ rule }) => rule === 'pv-released')?.id ?? '';
    const mended = anInventory({
      persistentVolumes: [aPv()],
      datasets: [aDataset()],
      nfsShares: [anNfsShare()],
    });
    const { chains } = await explained(mended, id);
    expect(storyOf(chains[0]?.rules ?? [], 'pv-released')).toMatchObject({
      state: 'silent',
      reason: 'released failed: phase is Bound',
    });
  });

  it('may be typed from its start, as far as it is the only one', async () => {
    const { report } = await explainerOf(released);
    const id = report.findings.find(({ rule }) => rule === 'pv-released')?.id ?? '';
    const { chains } = await explained(released, id.slice(0, 6));
    expect(chains.flatMap(({ subjects }) => subjects.map(refKey))).toEqual([
      `cluster prod PersistentVolume//${HANDLE}`,
    ]);
    await expect(explained(released, id.slice(0, 5))).rejects.toThrow('there is no object');
    await expect(explained(released, 'abcdef')).rejects.toThrow('there is no object abcdef');
    const called = anInventory({ datasets: [aDataset({ id: id.slice(0, 6) })] });
    const named = await explained(called, id.slice(0, 6));
    expect(named.chains[0]?.subjects.map(({ type }) => type)).toEqual(['Dataset']);
  });

  it('that begins as another is refused, with both', () => {
    const error = severalFindings('abcdef', ['abcdef0000000000', 'abcdef1111111111']);
    expect(error.message).toBe('2 findings have an id that begins with abcdef');
    expect(error.remediation.join()).toContain('abcdef0000000000 and abcdef1111111111');
  });

  it('that nobody knows is an error, which names one like it', async () => {
    const { report } = await explainerOf(released);
    const id = report.findings[0]?.id ?? '';
    const typo = `${id.slice(0, 15)}${id.endsWith('0') ? '1' : '0'}`;
    await expect(explained(released, typo)).rejects.toMatchObject({
      code: 'USAGE',
      remediation: [`Did you mean ${id}?`, expect.stringContaining('Its object is gone') as string],
    });
    const incomplete = withoutList(released, 'pods');
    await expect(explained(incomplete, '0123456789abcdef')).rejects.toMatchObject({
      remediation: [expect.stringContaining('Not everything could be read') as string],
    });
  });

  it('of a suppressed finding leads there too', async () => {
    const ignore = [
      { rule: '*', name: null, namespace: null, selector: null, reason: 'all', until: null },
    ];
    const { report } = await explainerOf(released, { ignore, rules: [pvReleased] });
    const id = report.suppressed[0]?.finding.id ?? '';
    const { chains } = await explained(released, id, { ignore, rules: [pvReleased] });
    expect(chains[0]?.rules.map(({ state }) => state)).toEqual(['suppressed']);
  });
});

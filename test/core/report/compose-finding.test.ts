import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { composeFinding, findingId } from '../../../src/lib/core/report/compose-finding.ts';
import { evaluate } from '../../../src/lib/core/rules/evaluate.ts';
import { datasetUnclaimed } from '../../../src/lib/core/rules/orphans/dataset-unclaimed.ts';
import { pvBackendMissing } from '../../../src/lib/core/rules/orphans/pv-backend-missing.ts';
import { pvReleased } from '../../../src/lib/core/rules/orphans/pv-released.ts';
import { type Rule } from '../../../src/lib/core/model/rule.ts';
import { aCluster, aDataset, anInventory, aPv, aSystem } from '../../support/builders.ts';

function candidateOf(rule: Rule, inventory: ReturnType<typeof anInventory>) {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  const [candidate] = evaluate([rule], evidence, DEFAULT_POLICY).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates : [],
  );
  if (candidate === undefined) throw new Error('this world has a candidate');
  return { candidate, evidence };
}

const forgotten = anInventory({ datasets: [aDataset()] });

test('what was looked up twice is certain and safe', () => {
  const { candidate, evidence } = candidateOf(datasetUnclaimed, forgotten);
  expect(composeFinding(candidate, evidence, true)).toMatchObject({
    confidence: 'certain',
    remedy: { safe: true },
    age: 153 * 86_400_000,
  });
});

test('what was not looked up twice is likely, and no step on it is safe', () => {
  const { candidate, evidence } = candidateOf(datasetUnclaimed, forgotten);
  for (const confirmed of [false, undefined]) {
    const finding = composeFinding(candidate, evidence, confirmed);
    expect(finding.confidence).toBe('likely');
    expect(finding.remedy.safe).toBe(false);
    expect(finding.evidence.at(-1)?.check).toBe('confirmed-by-second-read');
  }
});

test('the id outlives new names in the configuration, and not another host', () => {
  const idIn = (inventory: ReturnType<typeof anInventory>) => {
    const { candidate, evidence } = candidateOf(datasetUnclaimed, inventory);
    return findingId(candidate, evidence);
  };
  const here = idIn(forgotten);
  const renamed = anInventory({
    datasets: [aDataset()],
    cluster: aCluster({ name: 'prod' }),
    system: aSystem({ host: 'other.example' }),
  });
  expect(idIn(renamed)).toBe(here);
  expect(
    idIn(anInventory({ datasets: [aDataset()], system: aSystem({ hostId: 'another' }) })),
  ).not.toBe(here);
  expect(idIn(anInventory({ datasets: [aDataset()], system: aSystem({ hostId: null }) }))).not.toBe(
    here,
  );
});

test('an age is never negative, and unknown where the birth is', () => {
  const released = (over: Parameters<typeof aPv>[0]) => {
    const { candidate, evidence } = candidateOf(
      pvReleased,
      anInventory({ persistentVolumes: [aPv({ phase: 'Released', ...over })] }),
    );
    return composeFinding(candidate, { ...evidence, now: new Date(0) }, true).age;
  };
  expect(released({})).toBe(0);
});

test('what a clone rests on frees nothing, and the evidence says until when', () => {
  const clone = aDataset({ id: 'tank/clone', origin: `${aDataset().id}@s` });
  const { candidate, evidence } = candidateOf(
    datasetUnclaimed,
    anInventory({ datasets: [aDataset(), clone] }),
  );
  const finding = composeFinding(candidate, evidence, true);
  expect(finding.reclaimable).toBe(0);
  expect(finding.evidence).toContainEqual({
    check: 'space-comes-back',
    result: 'failed',
    detail: 'nothing is freed until tank/clone is gone',
  });
});

test('what a tool manages is reported as surely, and never safe to change', () => {
  const managed = (labels: Record<string, string>) => {
    const { candidate, evidence } = candidateOf(
      pvReleased,
      anInventory({ persistentVolumes: [aPv({ phase: 'Released', labels })] }),
    );
    return composeFinding(candidate, evidence, true);
  };
  const { evidence, confidence, remedy } = managed({
    'app.kubernetes.io/managed-by': 'Terraform',
  });
  expect(evidence).toContainEqual({
    check: 'managed-by',
    result: 'passed',
    detail: 'Terraform',
  });
  expect(confidence).toBe(managed({}).confidence);
  expect(remedy.safe).toBe(false);
  expect(remedy.steps[0]).toMatch(/^Change it in Terraform/);
});

test('a finding knows the dataset it is about', () => {
  const { candidate, evidence } = candidateOf(datasetUnclaimed, forgotten);
  expect(composeFinding(candidate, evidence, true).place).toEqual({
    system: 'nas1',
    path: aDataset().id,
  });
});

test('the doubt is a sign of another world before anything else, and nothing of what is certain', () => {
  const doubtIn = (inventory: ReturnType<typeof anInventory>, confirmed = true) => {
    const { candidate, evidence } = candidateOf(datasetUnclaimed, inventory);
    return composeFinding(candidate, evidence, confirmed).doubt;
  };
  expect(doubtIn(forgotten)).toBeNull();
  expect(doubtIn(forgotten, false)).toMatchObject({ check: 'confirmed-by-second-read' });
  const used = aDataset({ attachments: [{ type: 'VM', names: ['gitlab'] }] });
  const cluster = aCluster({ createdAt: new Date('2026-10-30T00:00:00.000Z') });
  expect(doubtIn(anInventory({ datasets: [used] }))).toMatchObject({ check: 'no-other-use' });
  expect(doubtIn(anInventory({ drivers: [], datasets: [used], cluster }))).toMatchObject({
    check: 'younger-than-cluster',
    result: 'failed',
  });
});

const commandOf = (rule: Rule, inventory: ReturnType<typeof anInventory>, confirmed = true) => {
  const { candidate, evidence } = candidateOf(rule, inventory);
  const finding = composeFinding(candidate, evidence, confirmed);
  return { id: finding.id, command: finding.remedy.command };
};

test('names the command of clean-up only where that would do it', () => {
  const { id, command } = commandOf(datasetUnclaimed, forgotten);
  expect(command).toBe(`truenas-monitor cleanup plan --finding ${id}`);
  expect(commandOf(datasetUnclaimed, forgotten, false).command).toBeNull();
});

test('names no command for what another tool would undo', () => {
  const gone = (labels: Record<string, string>) =>
    anInventory({ persistentVolumes: [aPv({ labels, phase: 'Released' })] });
  const free = commandOf(pvBackendMissing, gone({}));
  expect(free.command).toBe(`truenas-monitor cleanup plan --finding ${free.id}`);
  const managed = gone({ 'app.kubernetes.io/managed-by': 'Helm' });
  expect(commandOf(pvBackendMissing, managed).command).toBeNull();
});

test('names the command that brings a dataset back where the cluster is what is missing', () => {
  const rebuilt = anInventory({
    datasets: [aDataset()],
    cluster: aCluster({ createdAt: new Date('2026-10-31T00:00:00Z') }),
  });
  const { command } = commandOf(datasetUnclaimed, rebuilt);
  expect(command).toMatch(/^truenas-monitor cleanup adopt tank\/k8s\/\S+$/);
});

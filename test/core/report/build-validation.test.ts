import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { failed, notApplicable, partial, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { type IgnoreEntry } from '../../../src/lib/core/model/filter.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import {
  buildValidation,
  type Validated,
  type ValidationParts,
} from '../../../src/lib/core/report/build-validation.ts';
import { checkOutcomes } from '../../../src/lib/core/report/check-outcomes.ts';
import { type CheckRule } from '../../../src/lib/core/rules/define-check.ts';
import { defaultStorageClass } from '../../../src/lib/core/rules/validation/default-storage-class.ts';
import { aDataset, anInventory, aPool, aStorageClass, meta } from '../../support/builders.ts';
import {
  classIsPlain,
  datasetIsNamed,
  poolIsOnline,
  SAMPLE_CHECKS,
  systemIsReached,
} from '../../support/sample-checks.ts';
import { aConnection } from '../../support/surrounding-builders.ts';

function validated(
  inventory: Inventory,
  rules: readonly CheckRule[],
  over: Partial<ValidationParts> = {},
): Validated {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  return buildValidation({
    evidence,
    rules,
    outcomes: checkOutcomes(rules, evidence, DEFAULT_POLICY),
    minSeverity: null,
    ignore: [],
    wholeEstate: true,
    duration: millis(5),
    cachedFor: null,
    files: null,
    ...over,
  });
}

const well = aPool({ size: bytes(100) });
const ill = aPool({ name: 'flash', status: 'FAULTED', size: bytes(100) });
const plain = aStorageClass();
const byDefault = aStorageClass({ ...meta('fast', null), isDefault: true });

function lines({ summary }: Validated): string[] {
  return summary.results.map(({ status, check, subject }) =>
    [status, check, subject?.name].filter(Boolean).join(' '),
  );
}

describe('a summary', () => {
  test('has every outcome, by component, worst first, then by check and object', () => {
    const inventory = anInventory({
      pools: [well, ill, aPool({ name: 'zeta', size: bytes(1) }), aPool({ name: 'odd' })],
      storageClasses: [byDefault, plain],
      connections: { system: aConnection() },
    });
    expect(
      lines(
        validated(
          inventory,
          SAMPLE_CHECKS.filter((each) => each !== datasetIsNamed),
        ),
      ),
    ).toEqual([
      'PASS system-is-reached nas1',
      'WARNING class-is-plain fast',
      'PASS class-is-plain nas-nfs',
      'FAIL pool-is-online flash',
      'SKIPPED pool-is-online odd',
      'PASS pool-is-online tank',
      'PASS pool-is-online zeta',
    ]);
  });

  test.each([
    ['PASS', anInventory({ pools: [well] })],
    ['FAIL', anInventory({ pools: [well, ill], storageClasses: [byDefault] })],
    ['WARNING', anInventory({ pools: [aPool()], storageClasses: [byDefault] })],
    ['UNKNOWN', anInventory({ pools: [aPool()] })],
  ] as const)('is %s as a whole by the worst of them', (overall, inventory) => {
    expect(validated(inventory, [poolIsOnline, classIsPlain]).summary.overall).toBe(overall);
  });

  const withPools = (coverage: ReturnType<typeof failed>): Inventory => {
    const world = anInventory();
    const [system] = world.systems;
    if (system === undefined) throw new Error('there is one');
    const lists = { ...system.lists, pools: unlisted<never>(coverage) };
    return { ...world, systems: [{ ...system, lists }] };
  };

  test('is not complete where a list failed, and says what was skipped for it', () => {
    const { summary } = validated(withPools(failed('timed out')), [poolIsOnline]);
    expect(summary).toMatchObject({ complete: false, overall: 'UNKNOWN' });
    expect(summary.results).toMatchObject([{ status: 'SKIPPED', message: 'timed out' }]);
  });

  test('is complete where what is missing cannot be there', () => {
    const { summary } = validated(withPools(notApplicable('no pools here')), [poolIsOnline]);
    expect(summary).toMatchObject({ complete: true, overall: 'PASS' });
    expect(summary.results).toMatchObject([{ status: 'SKIPPED', notApplicable: true }]);
  });

  test('is not complete, and no clean bill, where a side was down that no check asked about', () => {
    const failure = { code: 'TRUENAS_UNREACHABLE', message: 'nobody there', remediation: [] };
    const inventory = anInventory({ connections: { system: aConnection({ failure }) } });
    const { summary } = validated(inventory, [classIsPlain]);
    expect(summary).toMatchObject({ complete: false, overall: 'UNKNOWN' });
    expect(validated(inventory, [systemIsReached]).summary.overall).toBe('FAIL');
  });

  test('is complete with a pool that is not well: it was there to be looked at', () => {
    const inventory = anInventory({ pools: [aPool({ status: 'DEGRADED' })] });
    const known = correlate(inventory, DEFAULT_POLICY).statuses.map(({ name }) => name);
    expect(known).toContain('poolAvailability');
    const { summary } = validated(inventory, [poolIsOnline]);
    expect(summary.complete).toBe(true);
    expect(summary.sources.map(({ name }) => name)).not.toContain('poolAvailability');
  });

  test('leaves out what is not severe enough, passes included, and says how much that is', () => {
    const inventory = anInventory({ pools: [well], storageClasses: [byDefault, plain] });
    const result = validated(inventory, [poolIsOnline, classIsPlain], { minSeverity: 'high' });
    expect(lines(result)).toEqual(['PASS pool-is-online tank']);
    expect(result.summary).toMatchObject({ filteredOut: 2, overall: 'PASS' });
  });
});

describe('a failure that is left alone', () => {
  const entry = (over: Partial<IgnoreEntry>): IgnoreEntry => ({
    rule: null,
    name: null,
    namespace: null,
    selector: null,
    reason: 'until the move',
    until: null,
    ...over,
  });

  test('by the configuration counts as nothing, and is shown', () => {
    const inventory = anInventory({ pools: [well], storageClasses: [byDefault] });
    const { summary, warnings } = validated(inventory, [poolIsOnline, classIsPlain], {
      ignore: [entry({ name: 'fa*' })],
    });
    expect(summary.overall).toBe('PASS');
    expect(summary.suppressed).toMatchObject([
      {
        finding: { rule: 'class-is-plain', severity: 'medium', subject: { name: 'fast' } },
        by: 'configuration',
        origin: 'ignore[0]',
        reason: 'until the move',
      },
    ]);
    expect(summary.results.map(({ status }) => status)).toEqual(['PASS']);
    expect(warnings).toEqual([]);
  });

  test('has the id that its result has', () => {
    const inventory = anInventory({ storageClasses: [byDefault] });
    const [result] = validated(inventory, [classIsPlain]).summary.results;
    const ignore = [entry({ name: 'fast' })];
    const [suppressed] = validated(inventory, [classIsPlain], { ignore }).summary.suppressed;
    expect(suppressed?.finding.id).toBe(result?.id);
  });

  test('by an annotation of its object, or by a label that is named', () => {
    const annotations = { 'truenas-monitor.io/ignore': '*' };
    const marked = aStorageClass({ ...byDefault, annotations });
    const { summary } = validated(anInventory({ storageClasses: [marked] }), [classIsPlain]);
    expect(summary.suppressed).toMatchObject([{ by: 'annotation' }]);
    const labelled = aStorageClass({ ...byDefault, labels: { team: 'a' } });
    const selector = [{ key: 'team', operator: 'in', values: ['a'] }] as const;
    const input = anInventory({ storageClasses: [labelled] });
    const ignore = [entry({ selector })];
    expect(validated(input, [classIsPlain], { ignore }).summary.suppressed).toHaveLength(1);
  });

  test('by a property of the dataset it is about, and of no other', () => {
    const mark = (id: string, ignore: string | null) =>
      aDataset({ id, marks: { quarantined: null, ignore } });
    const inventory = anInventory({
      datasets: [
        mark('tank/k8s/vols/x1', 'tank/k8s/vols/x1;dataset-is-*;;kept'),
        mark('tank/k8s/vols/x2', null),
      ],
    });
    const result = validated(inventory, [datasetIsNamed]);
    expect(result.summary.suppressed).toMatchObject([
      { by: 'property', reason: 'kept', finding: { subject: { name: 'tank/k8s/vols/x1' } } },
    ]);
    expect(lines(result).filter((line) => line.startsWith('FAIL'))).toEqual([
      'FAIL dataset-is-named tank/k8s/vols/x2',
    ]);
  });

  test('no longer, once that has ended: it fails again, and the entry is odd', () => {
    const inventory = anInventory({ storageClasses: [byDefault] });
    const ignore = [entry({ name: 'fast', until: new Date(0) })];
    const { summary, warnings } = validated(inventory, [classIsPlain], { ignore });
    expect(summary.overall).toBe('WARNING');
    expect(warnings.map(({ code }) => code)).toEqual(['ignore-expired']);
  });

  test('where nothing is: only an entry for checks that said all there is to say is told to be of no use', () => {
    const two = [aStorageClass({ isDefault: true }), byDefault];
    const inventory = anInventory({ storageClasses: two });
    const rules = [defaultStorageClass];
    const codes = (ignore: readonly IgnoreEntry[], over: Partial<ValidationParts> = {}) =>
      validated(inventory, rules, { ignore, ...over }).warnings.map(({ code }) => code);
    const idle = entry({ rule: 'default-storage-class', name: 'nobody' });
    expect(codes([idle])).toEqual(['ignore-unmatched']);
    expect(codes([idle], { minSeverity: 'low' })).toEqual([]);
    expect(codes([idle], { wholeEstate: false })).toEqual([]);
    expect(codes([entry({ rule: 'pv-released', name: 'x' })])).toEqual([]);
    expect(codes([entry({ name: 'x' })])).toEqual([]);
    expect(codes([entry({ rule: 'nonsense' })])).toEqual(['ignore-unknown-rule']);
  });
});

test('a partial list is no whole one', () => {
  const world = anInventory();
  const [cluster] = world.clusters;
  if (cluster === undefined) throw new Error('there is one');
  const storageClasses = { items: [plain], coverage: partial('some may not be read') };
  const lists = { ...cluster.lists, storageClasses };
  const inventory = { ...world, clusters: [{ ...cluster, lists }] };
  expect(validated(inventory, [classIsPlain]).summary.complete).toBe(false);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlanFile, planFileText } from '../../../src/lib/core/cleanup/plan-file.ts';
import { isIntact } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { aCleanupPlan } from '../../support/cleanup-journals.ts';
import { fuzzing } from '../../support/fuzzing.ts';

const PLAN = aCleanupPlan();
const TEXT = planFileText(PLAN);

function reasonOf(text: string): string | undefined {
  const read = parsePlanFile(text);
  return read.state === 'refused' ? read.reason : undefined;
}

describe('a plan file', () => {
  it('comes back as it was', () => {
    expect(parsePlanFile(TEXT)).toEqual({ state: 'plan', plan: PLAN });
    expect(TEXT.endsWith('}\n')).toBe(true);
  });

  it('is read where it was edited, and is not intact then', () => {
    const read = parsePlanFile(TEXT.replace('"max_items": 10', '"max_items": 99'));
    expect(read.state === 'plan' && isIntact(read.plan)).toBe(false);
    expect(read.state).toBe('plan');
  });

  it('is intact however it was laid out', () => {
    const read = parsePlanFile(JSON.stringify(PLAN));
    expect(read.state === 'plan' && isIntact(read.plan)).toBe(true);
  });

  it('is refused as cut short wherever it was cut', () => {
    const parameters = { numRuns: 500 * fuzzing().rounds, seed: fuzzing().seed };
    const length = fc.integer({ min: 1, max: TEXT.length - 2 });
    fc.assert(
      fc.property(length, (end) => {
        expect(reasonOf(TEXT.slice(0, end))).toBe('was cut short');
      }),
      parameters,
    );
    expect(reasonOf('')).toBe('is empty');
    expect(reasonOf(' \n')).toBe('is empty');
  });

  it('is refused where it is something else', () => {
    expect(reasonOf('schema_version: 1\n')).toBe('is no plan: it is no JSON');
    expect(reasonOf(`${TEXT}}`)).toBe('is no plan: it is no JSON');
    for (const text of ['null', '[]', '7', '{}', '{"kind":"OrphanReport","schema_version":9}']) {
      expect(reasonOf(text)).toBe('is no plan of clean-up');
    }
  });

  it('is refused where a newer version wrote it', () => {
    expect(reasonOf(TEXT.replace('"schema_version": 1', '"schema_version": 2'))).toBe(
      'was written by a newer version of this program',
    );
  });

  it('is refused where it is none of this version, and says where it differs', () => {
    expect(reasonOf(TEXT.replace('"set-enabled"', '"format-disk"'))).toBe(
      'is no plan as this version writes them: it differs at $.steps.0.change',
    );
    expect(reasonOf(TEXT.replace('"complete": true', '"complete": "yes"'))).toMatch(/complete$/);
    expect(reasonOf(TEXT.replace('"plan_hash": "sha256:', '"plan_hash": "md5:'))).toMatch(/hash$/);
    expect(reasonOf(JSON.stringify({ ...PLAN, more: 1 }))).toMatch(/at \$$/);
  });
});

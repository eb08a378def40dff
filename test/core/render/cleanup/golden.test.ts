import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { colorPalette } from '../../../../src/lib/cli/palette.ts';
import { type CleanupFormat } from '../../../../src/lib/core/render/formats.ts';
import { renderCleanupHistory } from '../../../../src/lib/core/render/cleanup/history.ts';
import { renderPlan } from '../../../../src/lib/core/render/cleanup/plan.ts';
import { renderRun } from '../../../../src/lib/core/render/cleanup/run.ts';
import { renderVerdict } from '../../../../src/lib/core/render/cleanup/verdict.ts';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';
import { stripVTControlCharacters } from 'node:util';
import { NOW } from '../../../support/builders.ts';
import {
  aCleanupHistory,
  aPlan,
  aPlanView,
  aRollback,
  aRun,
  aStoppedRun,
  ben,
} from '../../../support/cleanup-view-builders.ts';
import { expectGolden } from '../../../support/golden.ts';
import { publishedSchema } from '../../../support/json-schema.ts';

const common = {
  ...{ palette: plainPalette, now: NOW, approvals: 1, flags: ['--demo'] },
  verdict: null,
} as const;

type Render = (format: CleanupFormat, columns: number, palette?: typeof plainPalette) => string;

const approval = { by: ben, at: NOW, reason: null };

const samples: Readonly<Record<string, Render>> = {
  plan: (format, columns, palette = plainPalette) =>
    renderPlan(aPlanView(), format, { ...common, columns, palette }),
  'plan-approved': (format, columns, palette = plainPalette) =>
    renderPlan(aPlanView({ state: 'approved', approvals: [approval] }), format, {
      ...common,
      columns,
      palette,
    }),
  'plan-empty': (format, columns, palette = plainPalette) => {
    const summary = { items: 0, steps: 0, by_intent: {}, bytes_now: 0, bytes_later: 0 };
    const plan = aPlan({ complete: false, items: [], steps: [], summary });
    return renderPlan(aPlanView({ plan }), format, { ...common, columns, palette });
  },
  run: (format, columns, palette = plainPalette) =>
    renderRun(aRun(), format, { ...common, columns, palette, rehearsal: false }),
  'run-unknown': (format, columns, palette = plainPalette) =>
    renderRun(aStoppedRun(), format, { ...common, columns, palette, rehearsal: false }),
  'run-rollback': (format, columns, palette = plainPalette) =>
    renderRun(aRollback(), format, { ...common, columns, palette, rehearsal: false }),
  rehearsal: (format, columns, palette = plainPalette) =>
    renderRun(aStoppedRun({ state: 'stopped', reason: 's03 would be skipped' }), format, {
      ...common,
      columns,
      palette,
      rehearsal: true,
    }),
  'rehearsal-unapproved': (format, columns, palette = plainPalette) =>
    renderRun(aRun({ state: 'validated' }), format, {
      ...common,
      columns,
      palette,
      rehearsal: true,
      verdict: 'awaiting_approval',
    }),
  verdict: (format, columns, palette = plainPalette) =>
    renderVerdict(aPlanView({ state: 'approved', approvals: [approval] }), format, {
      ...common,
      columns,
      palette,
    }),
  'verdict-no': (format, columns, palette = plainPalette) =>
    renderVerdict(aPlanView({ state: 'rejected', rejection: approval }), format, {
      ...common,
      columns,
      palette,
    }),
  history: (format, columns, palette = plainPalette) =>
    renderCleanupHistory(aCleanupHistory(), format, { palette, now: NOW, columns }),
};

describe.each(Object.entries(samples))('%s', (name, render) => {
  test.each([80, 200])('is for people at %i columns', (columns) => {
    expectGolden(render('table', columns), 'cleanup', `${name}-${String(columns)}.txt`);
  });

  test('says everything when it is to be wide', () => {
    expectGolden(render('wide', 100), 'cleanup', `${name}-wide.txt`);
  });

  test('never runs over its columns, and colours change no word', () => {
    for (const columns of [80, 100, 200]) {
      const plain = render('table', columns);
      for (const line of plain.split('\n')) {
        expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
      }
      expect(stripVTControlCharacters(render('table', columns, colorPalette()))).toBe(plain);
    }
  });

  test('is YAML of the same document as its JSON', () => {
    expect(parse(render('yaml', 80))).toEqual(JSON.parse(render('json', 80)));
  });
});

describe('the published schemas', () => {
  test.each([
    ['plan', 'cleanup-plan'],
    ['plan-empty', 'cleanup-plan'],
    ['run', 'cleanup-run'],
    ['run-unknown', 'cleanup-run'],
    ['run-rollback', 'cleanup-run'],
    ['rehearsal', 'cleanup-run'],
    ['history', 'cleanup-history'],
  ] as const)('%s is as %s says', (name, schema) => {
    const isValid = publishedSchema(schema);
    const document: unknown = JSON.parse(samples[name]?.('json', 80) ?? '');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  });
});

test('JSON of a plan is the plan, so that it can be applied as a file', () => {
  const view = aPlanView();
  const json = renderPlan(view, 'json', { ...common, columns: 80 });
  expect(JSON.parse(json)).toEqual(view.plan);
});

test('names are the ids that the next command takes', () => {
  const view = aPlanView();
  expect(renderPlan(view, 'name', { ...common, columns: 80 })).toBe(`${view.id}\n`);
  const runs = samples['history']?.('name', 80).trim().split('\n');
  expect(runs).toEqual(aCleanupHistory().runs.map(({ id }) => id));
});

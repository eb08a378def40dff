import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { familiesIn, metricFamilies } from '../support/metric-families.ts';
import { needsPrometheus, promtool } from '../support/promtool.ts';

const FILE = path.join(import.meta.dirname, '../../deploy/grafana/truenas-monitor.json');

const source = z.strictObject({
  type: z.literal('prometheus'),
  uid: z.literal('${datasource}'),
});
const gridPos = z.strictObject({
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  w: z.int().min(1).max(24),
  h: z.int().min(1),
});
const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: source,
  editorMode: z.literal('code'),
  expr: z.string().min(1),
  legendFormat: z.string(),
  range: z.boolean(),
  instant: z.literal(true).optional(),
  format: z.literal('table').optional(),
});
const panel = z.strictObject({
  id: z.int(),
  type: z.enum(['stat', 'timeseries', 'bargauge', 'table']),
  title: z.string().min(1),
  description: z.string().endsWith('.'),
  datasource: source,
  gridPos,
  fieldConfig: z.strictObject({
    defaults: z.looseObject({ custom: z.looseObject({}) }),
    overrides: z.array(z.unknown()),
  }),
  options: z.looseObject({}),
  targets: z.array(target).min(1),
  transformations: z
    .array(z.strictObject({ id: z.string(), options: z.looseObject({}) }))
    .optional(),
});
const row = z.strictObject({
  id: z.int(),
  type: z.literal('row'),
  title: z.string().min(1),
  collapsed: z.literal(false),
  gridPos,
  panels: z.tuple([]),
});
const variable = z.looseObject({
  name: z.string(),
  type: z.enum(['datasource', 'query']),
  query: z.union([z.literal('prometheus'), z.object({ query: z.string() })]),
});
/** The classic model of a dashboard, which every Grafana since 10 imports: no more of it than is used here. */
const dashboard = z.strictObject({
  uid: z.literal('truenas-monitor'),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  schemaVersion: z.int().min(39),
  version: z.int(),
  editable: z.boolean(),
  graphTooltip: z.int(),
  refresh: z.string(),
  timezone: z.literal('browser'),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  links: z.array(z.unknown()),
  annotations: z.object({ list: z.array(z.unknown()) }),
  templating: z.strictObject({ list: z.array(variable) }),
  panels: z.array(z.discriminatedUnion('type', [panel, row])),
});

const { panels, templating } = dashboard.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const shown = panels.filter((each) => each.type !== 'row');
const expressions = shown.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

describe('the dashboard', () => {
  test('lets one choose where its numbers come from', () => {
    expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['job', 'query'],
      ['instance', 'query'],
    ]);
  });

  test('has every panel at a place of its own', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(cells.filter((cell, at) => cells.indexOf(cell) !== at)).toEqual([]);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test('shows what a scan found, what is left of the room, and how well the monitor is', () => {
    expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Is the monitor well',
      'What was found',
      'Capacity',
      'Snapshots and volumes',
      'How it is read',
      'The process',
    ]);
  });

  test('asks for metrics there are', async () => {
    const known = await metricFamilies();
    const queries = templating.list.flatMap(({ query }) =>
      typeof query === 'string' ? [] : [query.query],
    );
    const unknown = [...expressions.map(({ expr }) => expr), ...queries].flatMap((each) =>
      familiesIn(each, known).filter((name) => !known.has(name)),
    );
    expect(unknown).toEqual([]);
  });

  test('asks for nothing but what was chosen', () => {
    const careless = expressions.filter(
      ({ expr }) =>
        (expr.match(/\{/g) ?? []).length !==
        (expr.match(/job=~"\$job", instance=~"\$instance"/g) ?? []).length,
    );
    expect(careless).toEqual([]);
  });

  test('asks in words that Prometheus understands', needsPrometheus(), async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'dashboard-'));
    try {
      const rules = expressions.map(({ expr }, at) => ({
        record: `panel:query:${String(at)}`,
        expr: expr.replaceAll('$__rate_interval', '5m'),
      }));
      const file = path.join(folder, 'queries.yaml');
      await writeFile(file, stringify({ groups: [{ name: 'queries', rules }] }));
      const { code, said } = promtool(['check', 'rules', file]);
      expect(said).toContain(`SUCCESS: ${rules.length} rules found`);
      expect(code).toBe(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

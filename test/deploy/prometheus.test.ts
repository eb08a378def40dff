import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { familiesIn, metricFamilies } from '../support/metric-families.ts';
import { needsPrometheus, promtool } from '../support/promtool.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, 'deploy/prometheus');

const alert = z.strictObject({
  alert: z.string().regex(/^TruenasMonitor[A-Z]\w+$/),
  expr: z.string().min(1),
  for: z
    .string()
    .regex(/^\d+[mh]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
  annotations: z.strictObject({
    summary: z.string().max(120),
    description: z.string().endsWith('.'),
    runbook_url: z.string(),
  }),
});
const groups = z.array(z.strictObject({ name: z.string(), rules: z.array(alert) }));
const ruleFile = z.strictObject({ groups });
const resource = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('PrometheusRule'),
  metadata: z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: ruleFile,
});
const unitTests = z.object({
  tests: z.array(
    z.object({
      alert_rule_test: z.array(
        z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) }),
      ),
    }),
  ),
});

function read(name: string): unknown {
  return parse(readFileSync(path.join(FOLDER, name), 'utf8'));
}

const rules = ruleFile.parse(read('truenas-monitor.rules.yaml'));
const alerts = rules.groups.flatMap((group) => group.rules);
const names = alerts.map((each) => each.alert);

describe('the alerts', () => {
  test('are the same for the operator', () => {
    expect(resource.parse(read('prometheusrule.yaml')).spec).toEqual(rules);
  });

  test('are called differently each', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  test('speak of metrics there are', async () => {
    const known = await metricFamilies();
    const unknown = alerts.flatMap(({ expr }) =>
      familiesIn(expr, known).filter((name) => !known.has(name)),
    );
    expect(unknown).toEqual([]);
  });

  test('speak of labels those have', async () => {
    const known = await metricFamilies();
    for (const { expr, alert: name } of alerts) {
      for (const [, family = '', matchers = ''] of expr.matchAll(
        /(truenas_monitor_\w+)\{([^}]*)\}/g,
      )) {
        const labels = [...matchers.matchAll(/(\w+)\s*=/g)].map(([, label = '']) => label);
        expect([...(known.get(family)?.labels ?? [])], name).toEqual(
          expect.arrayContaining(labels),
        );
      }
    }
  });

  test.each(alerts)(
    '$alert leads to a section of docs/alerts.md',
    ({ alert: name, annotations }) => {
      const page = readFileSync(path.join(ROOT, 'docs/alerts.md'), 'utf8');
      expect(annotations.runbook_url).toBe(`docs/alerts.md#${name.toLowerCase()}`);
      expect(page).toMatch(new RegExp(`^#{2,3} ${name}$`, 'm'));
    },
  );

  test('are all there are sections of', () => {
    const page = readFileSync(path.join(ROOT, 'docs/alerts.md'), 'utf8');
    expect([...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)).toEqual(names);
  });

  test.each(names)('%s is shown to fire, and to be silent', (name) => {
    const shown = unitTests
      .parse(read('truenas-monitor.rules.test.yaml'))
      .tests.flatMap((each) => each.alert_rule_test)
      .filter(({ alertname }) => alertname === name)
      .map(({ exp_alerts: expected }) => expected.length > 0);
    expect(shown).toEqual([true, false]);
  });
});

describe('promtool', needsPrometheus(), () => {
  test('finds nothing wrong with the rules', () => {
    const { code, said } = promtool(['check', 'rules', 'truenas-monitor.rules.yaml'], '', FOLDER);
    expect(said).toContain(`SUCCESS: ${names.length} rules found`);
    expect(code).toBe(0);
  });

  test('sees them fire, and be silent, as their tests say', () => {
    const { code, said } = promtool(
      ['test', 'rules', 'truenas-monitor.rules.test.yaml'],
      '',
      FOLDER,
    );
    expect(said).toContain('SUCCESS');
    expect(code).toBe(0);
  });
});

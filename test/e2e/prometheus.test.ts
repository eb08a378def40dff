import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { needsBuild, PROGRAM, start } from '../support/built-cli.ts';
import { needsPrometheus } from '../support/promtool.ts';
import { Sandbox } from '../support/run-command.ts';

/*
 * A real Prometheus scrapes the built program, with the alerts of deploy/prometheus: as they are, but without waiting.
 */

const ROOT = path.join(import.meta.dirname, '../..');

const alertList = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
        state: z.string(),
      }),
    ),
  }),
});
const ruleList = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() }),
        ),
      }),
    ),
  }),
});
const targetList = z.object({
  data: z.object({
    activeTargets: z.array(z.object({ health: z.string(), lastError: z.string() })),
  }),
});
const answer = z.object({ status: z.string(), data: z.object({ result: z.array(z.unknown()) }) });
const dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).optional() }),
  ),
});

/** What nothing can be shown of in the demo world, which has no history of its own running time and no trouble with reading. */
const EMPTY = [
  'Breakers',
  'Caches',
  'Largest volumes',
  'Lists that were not read',
  'Latency of clusters and systems, p95',
  'Requests to clusters and systems',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** Asks again until the claim holds, and says what was wrong where it never does. */
async function until(claim: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    try {
      await claim();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(250);
    }
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) return;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

function rulesWithoutWaiting(): string {
  const file = path.join(ROOT, 'deploy/prometheus/truenas-monitor.rules.yaml');
  const rules = z
    .object({
      groups: z.array(
        z.object({ name: z.string(), rules: z.array(z.record(z.string(), z.unknown())) }),
      ),
    })
    .parse(parse(readFileSync(file, 'utf8')));
  return stringify({
    groups: rules.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) =>
        Object.fromEntries(Object.entries(rule).filter(([key]) => key !== 'for')),
      ),
    })),
  });
}

const needs = { ...needsBuild(), ...needsPrometheus() };

describe('a Prometheus that scrapes the demo', { timeout: 120_000, ...needs }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let monitor: ChildProcess | undefined;
  let prometheus: ChildProcess | undefined;
  let said = '';
  let url: string;

  const ask = async <T>(route: string, form: z.ZodType<T>): Promise<T> =>
    form.parse(await (await fetch(`${url}${route}`)).json());
  const firing = async (): Promise<readonly string[]> => {
    const { data } = await ask('/api/v1/alerts', alertList);
    return [...new Set(data.alerts.map(({ labels }) => labels['alertname'] ?? ''))].sort();
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
    sandbox = await Sandbox.create();
    const [own, port, web] = [await freePort(), await freePort(), await freePort()];
    monitor = start(sandbox, [
      process.execPath,
      PROGRAM,
      'serve',
      '--demo',
      `--listen=127.0.0.1:${String(port)}`,
      `--metrics-listen=127.0.0.1:${String(own)}`,
    ]);
    monitor.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await until(async () => {
      const text = await (await fetch(`http://127.0.0.1:${String(own)}/metrics`)).text();
      expect(text, said).toContain('truenas_monitor_result_available 1');
    });
    await writeFile(path.join(folder, 'rules.yaml'), rulesWithoutWaiting());
    const target = { targets: [`127.0.0.1:${String(own)}`, `127.0.0.1:${String(port)}`] };
    await writeFile(
      path.join(folder, 'prometheus.yaml'),
      stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yaml'],
        scrape_configs: [{ job_name: 'truenas-monitor', static_configs: [target] }],
      }),
    );
    url = `http://127.0.0.1:${String(web)}`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${path.join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${String(web)}`,
        '--log.level=error',
      ],
      { stdio: 'ignore', cwd: folder },
    );
    await until(async () => {
      expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    });
  }, 120_000);

  afterAll(async () => {
    await end(prometheus);
    await end(monitor);
    await rm(folder, { recursive: true, force: true });
    await sandbox[Symbol.asyncDispose]();
  });

  it('reads both addresses without a complaint', async () => {
    await until(async () => {
      const { data } = await ask('/api/v1/targets', targetList);
      expect(data.activeTargets).toEqual([
        { health: 'up', lastError: '' },
        { health: 'up', lastError: '' },
      ]);
    });
  });

  it('fires what is wrong in the demo world, and nothing else', async () => {
    const expected = [
      'TruenasMonitorCriticalFindings',
      'TruenasMonitorHighFindings',
      'TruenasMonitorSnapshotsStuck',
    ];
    await until(async () => {
      expect(await firing()).toEqual(expected);
    });
    // Nor does anything come later.
    await wait(4000);
    expect(await firing()).toEqual(expected);
    const { data } = await ask('/api/v1/alerts', alertList);
    const critical = data.alerts.find(({ labels }) => labels['severity'] === 'critical');
    expect(critical?.annotations['summary']).toBe(
      '1 critical findings of pv-backend-missing on prod',
    );
  });

  it('works out every rule', async () => {
    await until(async () => {
      const { data } = await ask('/api/v1/rules', ruleList);
      const rules = data.groups.flatMap((group) => group.rules);
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
      expect(rules.length).toBeGreaterThan(20);
    });
  });

  it('has an answer to everything the dashboard asks for', async () => {
    const file = path.join(ROOT, 'deploy/grafana/truenas-monitor.json');
    const { panels } = dashboard.parse(JSON.parse(readFileSync(file, 'utf8')));
    await until(async () => {
      const empty: string[] = [];
      for (const { title, targets = [] } of panels) {
        const answers = await Promise.all(
          targets.map(async ({ expr }) => {
            const query = expr
              .replaceAll('$__rate_interval', '1m')
              .replaceAll(/"\$(?:job|instance)"/g, '".*"');
            const { status, data } = await ask(
              `/api/v1/query?query=${encodeURIComponent(query)}`,
              answer,
            );
            expect(status, query).toBe('success');
            return data.result.length;
          }),
        );
        if (targets.length > 0 && answers.every((found) => found === 0)) empty.push(title);
      }
      expect(empty.filter((title) => !EMPTY.includes(title))).toEqual([]);
    });
  });

  it('fires when the monitor is gone', async () => {
    await end(monitor);
    await until(async () => {
      expect(await firing()).toEqual(['TruenasMonitorAbsent', 'TruenasMonitorDown']);
    });
  });
});

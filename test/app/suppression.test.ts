import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import Orphans from '../../src/commands/orphans.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import { type Report } from '../../src/lib/core/model/report.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { startSite } from '../support/command-site.ts';
import { Sandbox } from '../support/run-command.ts';
import { runWorld } from '../support/scan-scenario.ts';

/*
 * What is written on an object or a dataset reaches the report over the real protocols.
 */

async function scanOf(world: World): Promise<Report> {
  await using running = await runWorld(world);
  return await running.scan();
}

function nameOf({ findings }: Report, rule: string): string {
  const found = findings.find((each) => each.rule === rule);
  if (found === undefined) throw new Error(`the demo has a ${rule}`);
  return found.subject.name;
}

function annotate(world: World, kind: string, name: string, annotations: Record<string, string>) {
  const objects = world.clusters.flatMap((cluster) => Object.values(cluster.objects).flat());
  const object = objects.find((each) => each.kind === kind && each.metadata.name === name);
  if (object === undefined) throw new Error(`the demo has no ${kind} ${name}`);
  object.metadata.annotations = { ...object.metadata.annotations, ...annotations };
}

function mark(world: World, path: string, value: string): void {
  const dataset = world.systems.flatMap(({ datasets }) => datasets).find(({ id }) => id === path);
  if (dataset === undefined) throw new Error(`the demo has no dataset ${path}`);
  dataset.userProperties['truenas-monitor:ignore'] = value;
}

const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();

describe('a suppressed finding', () => {
  it('is in the report, in no sum, and says who asked for it', async () => {
    const before = await scanOf(demo.build('25.10'));
    const volume = nameOf(before, 'pv-released');
    const dataset = nameOf(before, 'dataset-unclaimed');
    const world = demo.build('25.10');
    annotate(world, 'PersistentVolume', volume, {
      'truenas-monitor.io/ignore': 'pv-released',
      'truenas-monitor.io/ignore-reason': 'the audit',
      'truenas-monitor.io/ignore-until': '2999-01-31',
    });
    mark(world, dataset, `${dataset};dataset-*;2999-01-31;kept; for the audit`);

    const after = await scanOf(world);

    expect(after.suppressed).toMatchObject([
      { finding: { subject: { name: dataset } }, by: 'property', reason: 'kept; for the audit' },
      { finding: { subject: { name: volume } }, by: 'annotation', reason: 'the audit' },
    ]);
    expect(after.suppressed.map(({ until }) => until)).toEqual([
      new Date('2999-01-31T00:00:00Z'),
      new Date('2999-01-31T00:00:00Z'),
    ]);
    const silenced = after.suppressed.map(({ finding }) => finding);
    expect(ids([...after.findings, ...silenced])).toEqual(ids(before.findings));
    expect(after.summary.suppressed).toBe(2);
    expect(after.summary.totalOrphans).toBe(before.summary.totalOrphans - 2);
    expect(after.summary.reclaimable).toBeLessThan(before.summary.reclaimable);
    expect(after.warnings).toEqual([]);
  });

  it('is reported once its end is over, or where the property names another dataset', async () => {
    const before = await scanOf(demo.build('25.10'));
    const volume = nameOf(before, 'pv-released');
    const dataset = nameOf(before, 'dataset-unclaimed');
    const world = demo.build('25.10');
    annotate(world, 'PersistentVolume', volume, {
      'truenas-monitor.io/ignore': '*',
      'truenas-monitor.io/ignore-until': 'tomorrow',
    });
    mark(world, dataset, `${dataset.slice(0, dataset.lastIndexOf('/'))};*`);

    const after = await scanOf(world);

    expect(ids(after.findings)).toEqual(ids(before.findings));
    expect(after.warnings.map(({ code }) => code)).toEqual(['ignore-malformed-until']);
  });
});

describe('a format', () => {
  const CONFIG = `ignore:
  - {rule: pv-released, reason: the audit}
  - {rule: pv-failed, name: nobody, reason: long gone}
`;

  async function outputs(flags: readonly (readonly string[])[]) {
    await using sandbox = await Sandbox.create();
    await using site = await startSite(sandbox, demo.build('25.10'));
    const config = sandbox.path('ignore.yaml');
    await writeFile(config, CONFIG);
    const results = [];
    for (const more of flags) {
      results.push(await sandbox.run(Orphans, ['--config', config, ...more], site.environment));
    }
    return results;
  }

  it('that has no room for warnings leaves them to stderr, and the others do not repeat them', async () => {
    const [table, name, json] = await outputs([[], ['-o', 'name'], ['-o', 'json']]);
    expect(table?.stderr).toContain('ignore[1] (rule pv-failed, name nobody) matches nothing');
    expect(table?.stdout).toContain('the audit (configuration ignore[0])');
    expect(name?.stderr).toContain('2 findings suppressed, and not listed');
    expect(name?.stderr).toContain('ignore[1]');
    expect(json?.stderr).toBe('');
    expect(json?.stdout).toContain('"code": "ignore-unmatched"');
  });

  it('says nothing of entries that a filter kept from matching, nor does -q of anything', async () => {
    const [filtered, ruled, quiet] = await outputs([
      ['-n', 'media'],
      ['--rule', 'dataset-*'],
      ['-q', '-o', 'name'],
    ]);
    expect([filtered?.stderr, ruled?.stderr, quiet?.stderr]).toEqual(['', '', '']);
  });
});

import { expect, it } from 'vitest';
import { cleanupSite } from '../../support/cleanup-site.ts';
import { CRASH_CASES } from '../../support/crash-cases.ts';
import { differences, meaningOf, objectsOf } from '../../support/world-objects.ts';

it.each(CRASH_CASES.flatMap((c) => c.versions.map((v) => [c.name, v, c] as const)))('%s %s', async (name, version, c) => {
  const world = c.build(version);
  const t0 = performance.now();
  await using site = await cleanupSite(world, c.options);
  const plan = await c.plan(site);
  const start = site.freeze();
  const t1 = performance.now();
  const out = [`### ${name} ${version} ${plan.items.map((i) => i.rule).join(',')} ${plan.steps.map((s) => s.change.type).join(',')}`];
  try {
    const run = await site.apply(plan);
    const t2 = performance.now();
    out.push(`${run.state} ${run.reason} prep ${Math.round(t1 - t0)} apply ${Math.round(t2 - t1)} ${differences(objectsOf(start.world), objectsOf(site.freeze().world)).join(' ; ')}`);
    for (const s of run.steps) if (s.state !== 'done') out.push(`${s.step.title} ${s.state} ${s.detail}`);
    if (plan.items.length === 0) out.push(JSON.stringify(plan.left_out.map((l) => [l.rule, l.reason])));
    try {
      const back = await site.rollback(run.id);
      out.push(`BACK ${back.state} ${back.reason} ${JSON.stringify(back.lost)}`);
      for (const s of back.steps) if (s.state !== 'done') out.push(`${s.step.title} ${s.state} ${s.detail}`);
      try { expect(meaningOf(site.freeze().world)).toEqual(meaningOf(start.world)); out.push('same meaning'); } catch (e) { const a = objectsOf(start.world); const b = objectsOf(site.freeze().world); for (const k of differences(a, b)) out.push('DIFF ' + k + '\n   < ' + a.get(k) + '\n   > ' + b.get(k)); out.push('MEANING ' + String((e as Error).message).slice(0, 200) + JSON.stringify(differences(objectsOf(start.world), objectsOf(site.freeze().world)))); }
    } catch (e) { out.push('BACK ' + String(e)); }
  } catch (e) { out.push('APPLY ' + String(e)); }
  console.log(out.join('\n'));
});

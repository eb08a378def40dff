import { type CleanupPlan, type PlanItem } from '../../cleanup/plan-schema.ts';
import { bytes } from '../../model/units.ts';
import { counted, formatBytes, groupDigits } from '../text/format.ts';
import { indented, subjectHome } from './labels.ts';

/** A repair takes nothing away, so no limit is about it. */
function isLimited({ intent }: PlanItem): boolean {
  return intent !== 'repair';
}

/** How much of each parent a plan takes; `max_percent` is about that. */
function parentText(plan: CleanupPlan, items: readonly PlanItem[]): readonly string[] {
  const byParent = Map.groupBy(items, ({ parent, subject }) =>
    parent === null || subject.system === null ? null : `${subject.system}:${parent}`,
  );
  return [...byParent].flatMap(([parent, each]) => {
    const all = parent === null ? undefined : plan.parents[parent];
    if (parent === null || all === undefined || all === 0) return [];
    const datasets = new Set(each.map(({ dataset }) => dataset)).size;
    const percent = ((datasets / all) * 100).toFixed(1).replace(/\.0$/, '');
    const most = String(plan.limits.max_percent);
    return [
      `${String(datasets)} of the ${counted(all, 'volume')} below ${parent}: ${percent} %, where ${most} % may go, and one always`,
    ];
  });
}

/** What of the limits the plan takes by itself; what went in the 24 hours before counts too, and `apply` adds that up. */
export function limitLines(plan: CleanupPlan, columns: number): readonly string[] {
  const limited = plan.items.filter(isLimited);
  if (limited.length === 0) return [];
  const { max_items: items, max_bytes: size } = plan.limits;
  const byHome = Map.groupBy(limited, ({ subject }) => subjectHome(subject));
  const lines = [...byHome].map(([home, each]) => {
    const taken = bytes(each.reduce((sum, item) => sum + item.bytes, 0));
    return `${home}: ${groupDigits(each.length)} of ${counted(items, 'item')}, ${formatBytes(taken)} of ${formatBytes(bytes(size))}`;
  });
  return [
    ...indented('', 'Of what may go within any 24 hours, this plan alone takes:', columns, '  '),
    ...[...lines, ...parentText(plan, limited)].flatMap((line) =>
      indented('  ', line, columns, '  '),
    ),
  ];
}

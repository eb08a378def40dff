import { type PlanBody } from './plan-schema.ts';

/** What does not fit together in a plan, in words; undefined where it is one that this tool can have made. */
export function unsoundness(plan: PlanBody): string | undefined {
  const { items, steps, clusters, systems } = plan;
  const known = new Set(items.map(({ id }) => id));
  const lost = steps.find(({ item }) => !known.has(item));
  if (lost !== undefined) return `step ${lost.id} belongs to no item`;
  if (new Set(steps.map(({ id }) => id)).size < steps.length) return 'two steps have one id';
  if (known.size < items.length) return 'two items have one id';
  const homes = new Set([
    ...clusters.map(({ name }) => `cluster ${name}`),
    ...systems.map(({ name }) => `system ${name}`),
  ]);
  const abroad = steps.find(
    ({ target }) =>
      !homes.has(
        target.side === 'truenas' ? `system ${target.system}` : `cluster ${target.cluster}`,
      ),
  );
  return abroad && `step ${abroad.id} acts on a server that the plan is not for`;
}

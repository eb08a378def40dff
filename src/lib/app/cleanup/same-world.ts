import { CleanupRefusedError } from '../../core/model/errors.ts';
import { type PlanBody } from '../../core/cleanup/plan-schema.ts';

interface Identified {
  readonly clusters: readonly { readonly name: string; readonly uid: string | null }[];
  readonly systems: readonly { readonly name: string; readonly hostId: string | null }[];
}

/** In what the servers behind the configuration are not those of a plan, in words; undefined where they are. */
export function worldDifference(
  plan: Pick<PlanBody, 'clusters' | 'systems'>,
  { clusters, systems }: Identified,
): string | undefined {
  for (const { name, uid } of plan.clusters) {
    const found = clusters.find((each) => each.name === name);
    if (found === undefined) return `cluster ${name} of the plan is not configured here`;
    if (found.uid !== uid) {
      return `cluster ${name} is another one: its kube-system has the uid ${found.uid ?? 'unknown'}`;
    }
  }
  for (const { name, host_id: hostId } of plan.systems) {
    const found = systems.find((each) => each.name === name);
    if (found === undefined) return `system ${name} of the plan is not configured here`;
    if (found.hostId !== hostId) {
      return `system ${name} is another one: its host id is ${found.hostId ?? 'unknown'}`;
    }
  }
  // One more cluster may use what none of the others does, and was not asked when the plan was made.
  const known = new Set(plan.clusters.map(({ name }) => name));
  const added = clusters.find(({ name }) => !known.has(name));
  return added === undefined
    ? undefined
    : `cluster ${added.name} was not there when it was planned`;
}

/**
 * Nothing is done to servers that are not those of the plan.
 *
 * @param during the run in whose middle they turned out to be others; null where nothing was begun
 */
export function otherWorld(difference: string, during: string | null): CleanupRefusedError {
  const stopped = during === null ? '' : `run ${during} stopped: `;
  return new CleanupRefusedError(`${stopped}the plan is for other servers: ${difference}`, {
    remediation: [
      ...(during === null
        ? []
        : [`See what it had done by then with truenas-monitor cleanup history ${during}.`]),
      'Use the configuration that the plan was made with, or make a new plan.',
    ],
  });
}

import {
  confirm,
  planSecondRead,
  withSecondReads,
  type SecondReadPlan,
} from '../core/confirm/confirm.ts';
import { correlate, type Evidence } from '../core/correlate/correlate.ts';
import { type Finding } from '../core/model/finding.ts';
import { freezeInventory, type Inventory } from '../core/model/inventory.ts';
import { type SourceStatus } from '../core/model/report.ts';
import { mergeStatuses } from '../core/report/build-report.ts';
import { composeFinding } from '../core/report/compose-finding.ts';
import {
  evaluate,
  type Candidate,
  type RuleOutcome,
  type Suspect,
} from '../core/rules/evaluate.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';
import { readAgain } from './second-read.ts';

/** What judging an inventory came to. */
export interface Judgement {
  readonly inventory: Inventory;
  readonly derived: Evidence['derived'];
  readonly now: Date;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly RuleOutcome<Suspect>[];
  readonly sources: readonly SourceStatus[];
}

export function candidatesOf<C extends Suspect>(outcomes: readonly RuleOutcome<C>[]): readonly C[] {
  return outcomes.flatMap((outcome) => (outcome.state === 'ran' ? outcome.candidates : []));
}

/** Members a skipped outcome replaces the first one of. */
function replaceSkipped(
  outcomes: readonly RuleOutcome<Suspect>[],
  skipped: readonly Extract<RuleOutcome, { state: 'skipped' }>[],
): readonly RuleOutcome<Suspect>[] {
  const key = ({ rule, member }: RuleOutcome<Suspect>): string => `${rule.id} ${member.name}`;
  const later = new Map(skipped.map((outcome) => [key(outcome), outcome]));
  return outcomes.map((outcome) => later.get(key(outcome)) ?? outcome);
}

/** What is kept of the first judgement for the second: whom it suspected, and which lists it mistrusted. */
interface Suspicion {
  readonly plan: SecondReadPlan;
  readonly outcomes: readonly RuleOutcome<Suspect>[];
  readonly statuses: readonly SourceStatus[];
  readonly surprises: Evidence['surprises'];
}

function withoutReasons({ rule, member, verdict }: Candidate): Suspect {
  return { rule, member, verdict: { subject: verdict.subject } };
}

/** Whom the rules suspect; a judgement already where that is nobody. */
function suspect(
  inventory: Inventory,
  { policy, rules }: ScanRequest,
): Suspicion | { readonly judgement: Judgement } {
  const evidence = correlate(inventory, policy);
  const { derived, now, statuses, surprises } = evidence;
  const outcomes = evaluate(rules, evidence, policy);
  const candidates = candidatesOf(outcomes);
  if (candidates.length === 0) {
    return { judgement: { inventory, derived, now, findings: [], outcomes, sources: statuses } };
  }
  return {
    plan: planSecondRead(candidates),
    // A verdict holds on to all the evidence it was made from, which the second read makes anew.
    outcomes: outcomes.map((outcome) =>
      outcome.state === 'ran'
        ? { ...outcome, candidates: outcome.candidates.map(withoutReasons) }
        : outcome,
    ),
    statuses,
    surprises,
  };
}

/** Judges what was just read, looks again at whatever is suspect, and judges that. */
export async function judgeFresh(
  inventory: Inventory,
  ports: ScanPorts,
  request: ScanRequest,
): Promise<Judgement> {
  ports.memory.release();
  const first = suspect(inventory, request);
  if ('judgement' in first) {
    ports.logger.log('debug', 'judged', { candidates: 0 });
    return first.judgement;
  }
  const candidates = candidatesOf(first.outcomes);
  ports.logger.log('debug', 'judged', { candidates: candidates.length });
  ports.memory.release();
  const reads = await readAgain(first.plan, ports.clusters, ports.systems, request.signal);
  ports.logger.log('debug', 'read again');
  ports.memory.release();
  const after = freezeInventory(withSecondReads(inventory, reads, first.surprises));
  const { confirmed, skipped, evidence } = confirm(candidates, after, request.policy);
  ports.logger.log('debug', 'confirmed', { findings: confirmed.length });
  return {
    inventory: after,
    derived: evidence.derived,
    now: evidence.now,
    findings: confirmed.map((candidate) => composeFinding(candidate, evidence, true)),
    outcomes: replaceSkipped(first.outcomes, skipped),
    sources: mergeStatuses(first.statuses, evidence.statuses),
  };
}

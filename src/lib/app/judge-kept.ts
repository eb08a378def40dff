import { correlate, type Evidence } from '../core/correlate/correlate.ts';
import { type ListSource } from '../core/model/inventory.ts';
import { type SourceStatus } from '../core/model/report.ts';
import { type Millis } from '../core/model/units.ts';
import { mergeStatuses } from '../core/report/build-report.ts';
import { composeFinding, findingId } from '../core/report/compose-finding.ts';
import { evaluate, isSettled, type Candidate, type RuleOutcome } from '../core/rules/evaluate.ts';
import { type StoredScan } from '../ports/scan-store.ts';
import { candidatesOf, type Judgement } from './judge-fresh.ts';
import { loadKept } from './kept-scan.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/** A rule that lacked a source when the scan was made is not judged by what only the second read brought. */
function unlessUnread(
  outcome: RuleOutcome,
  evidence: Evidence,
  sources: readonly SourceStatus[],
): RuleOutcome {
  const { rule, member } = outcome;
  const needed = new Set(
    rule.requires.flatMap((source) => evidence.statusesOf(source, member)).map(statusKey),
  );
  const because = sources.filter(
    (status) => status.coverage.state !== 'complete' && needed.has(statusKey(status)),
  );
  return because.length === 0 ? outcome : { state: 'skipped', rule, member, because };
}

function statusKey({ name, cluster, system }: SourceStatus): string {
  return [name, cluster, system].join(' ');
}

/** Sources of which only the second read of a kept scan said all there is to say. */
function broughtBySecondRead(evidence: Evidence, sources: readonly SourceStatus[]): Set<string> {
  const missed = ({ coverage }: SourceStatus): boolean =>
    coverage.state === 'failed' || coverage.state === 'partial';
  const never = new Set(evidence.statuses.filter(missed).map(statusKey));
  return new Set(
    sources
      .filter(missed)
      .map(statusKey)
      .filter((key) => !never.has(key)),
  );
}

/** Whether a candidate may owe its being one to what its scan had not read when it looked for candidates. */
function isAfterthought(
  { rule, member }: Candidate,
  evidence: Evidence,
  late: ReadonlySet<string>,
): boolean {
  return rule.consults.some((source) =>
    evidence.statusesOf(source, member).some((status) => late.has(statusKey(status))),
  );
}

/** Rules may differ from those of the scan that was kept: only what it confirmed counts as confirmed. */
function judgeCached(
  { inventory, confirmed, sources }: StoredScan,
  request: ScanRequest,
): Judgement {
  const evidence: Evidence = correlate(inventory, request.policy);
  const outcomes = evaluate(request.rules, evidence, request.policy).map((outcome) =>
    unlessUnread(outcome, evidence, sources),
  );
  const late = broughtBySecondRead(evidence, sources);
  const findings = candidatesOf(outcomes)
    .filter(isSettled)
    .map((candidate) => ({
      candidate,
      isConfirmed: confirmed.has(findingId(candidate, evidence)),
    }))
    .filter(
      ({ candidate, isConfirmed }) => isConfirmed || !isAfterthought(candidate, evidence, late),
    )
    .map(({ candidate, isConfirmed }) =>
      composeFinding(candidate, evidence, isConfirmed ? true : undefined),
    );
  return {
    inventory,
    derived: evidence.derived,
    now: evidence.now,
    findings,
    outcomes,
    // What either read of that scan missed stays missed.
    sources: mergeStatuses(sources, evidence.statuses),
  };
}

/** What the kept scan comes to; undefined where there is none, or whatever is odd about it: a fresh one can be had. */
export async function judgeKept(
  ports: ScanPorts,
  request: ScanRequest,
  lists: ReadonlySet<ListSource>,
): Promise<{ readonly judgement: Judgement; readonly age: Millis } | undefined> {
  try {
    const kept = await loadKept(ports, request, lists);
    return kept && { judgement: judgeCached(kept.scan, request), age: kept.age };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.logger.log('debug', 'the kept scan cannot be judged', { reason });
    return undefined;
  }
}

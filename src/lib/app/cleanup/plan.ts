import { planCleanup } from '../../core/cleanup/plan-cleanup.ts';
import { sealPlan } from '../../core/cleanup/plan-hash.ts';
import { usageOf } from '../../core/cleanup/limits.ts';
import { notIncluded } from '../../core/cleanup/not-included.ts';
import { UsageError } from '../../core/model/errors.ts';
import { isFiltered, NO_FILTER } from '../../core/model/filter.ts';
import { type Inventory } from '../../core/model/inventory.ts';
import { type Report } from '../../core/model/report.ts';
import { millis } from '../../core/model/units.ts';
import { passesFilter } from '../../core/report/select-findings.ts';
import { selectRules } from '../../core/rules/registry.ts';
import { scanAndRecord } from '../scan.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { believableRuns } from './gatekeeping.ts';
import { openPlan, viewPlan } from './kept-plan.ts';
import { type PlanScope } from '../../core/cleanup/plan-scope.ts';
import { type Planned } from './requests.ts';

/**
 * Scans everything anew, plans what to do about certain findings, and keeps the plan. Filters choose among findings; what is read as
 * proof is always everything. Throws a `MonitorError` where a side cannot be had, or a journal of the past is damaged.
 */
export async function planAndKeep(
  ports: CleanupPorts,
  scanning: CleanupScan,
  request: PlanScope,
): Promise<Planned> {
  const runs = believableRuns(await ports.store.runs());
  // Whatever is asked for, a plan looks at everything: a share of one rule's dataset may be another rule's business.
  const rules = selectRules({ categories: null, globs: null, types: null });
  const wanted =
    request.rules && selectRules({ categories: null, globs: request.rules, types: null });
  const { drivers, policy, ignore, wholeEstate, signal, settings, toolVersion } = scanning;
  const { report, judgement } = await scanAndRecord(
    ports,
    {
      rules,
      drivers,
      policy,
      filter: NO_FILTER,
      ignore,
      wholeEstate,
      maxAge: millis(0),
      cacheKey: scanning.cacheKey,
      signal,
    },
    [],
  );
  requireFindings(request.findings, report);
  const { filter } = request;
  const findings = isFiltered(filter)
    ? report.findings.filter((finding) => passesFilter(finding, filter))
    : report.findings;
  const now = ports.clock.now();
  const plan = sealPlan(
    planCleanup({
      report: { ...report, findings },
      inventory: judgement.inventory,
      derived: judgement.derived,
      settings,
      policy,
      now,
      toolVersion,
      usage: usageOf(runs, now),
      selection: {
        rules: wanted?.map(({ id }) => id) ?? [],
        findings: request.findings,
        snapshots: request.includeSnapshots,
      },
    }),
  );
  const journal = await openPlan(ports, plan, signal);
  return {
    view: viewPlan(journal, plan, scanning, now),
    report,
    notIncluded: notIncluded(request.includeSnapshots, plan, snapshotsIn(judgement.inventory)),
  };
}

function snapshotsIn({ systems }: Inventory): ReadonlySet<string> {
  return new Set(
    systems.flatMap(({ lists }) => lists.zfsSnapshots?.items.map(({ id }) => id) ?? []),
  );
}

/** Throws where one that is named is not there: a plan without it would be taken for one that has it. */
function requireFindings(
  named: readonly string[],
  { findings, suppressed, complete }: Report,
): void {
  const known = new Set(
    [...findings, ...suppressed.map(({ finding }) => finding)].map(({ id }) => id),
  );
  const missing = [...new Set(named)].filter((id) => !known.has(id));
  if (missing.length === 0) return;
  const why = complete ? '' : ', and not everything could be read';
  throw new UsageError(`there is no finding ${missing.join(', ')}${why}`, {
    remediation: [
      'See the findings of now with their ids: truenas-monitor orphans -o wide. One that is gone needs no clean-up.',
    ],
  });
}

import { type Finding } from '../model/finding.ts';
import { type Inventory } from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { type Report } from '../model/report.ts';
import { TakenItems } from './clashes.ts';
import { isOfInterest, suppressionOf, unboundBy, whyLeftOut } from './gates.ts';
import { parentKey, removalOf, whyTooMuch, withRemoval, type Usage } from './limits.ts';
import { numbered } from './number-steps.ts';
import { compareCandidates, type Candidate } from './order.ts';
import { newPlanId } from './plan-hash.ts';
import {
  PLAN_VERSION,
  type LeftOut,
  type Limits,
  type PlanBody,
  type PlanItem,
} from './plan-schema.ts';
import { selector, type Selection } from './selection.ts';
import { type CleanupSettings } from './settings.ts';
import { isMade, subjectOf } from './steps/making.ts';
import { STEP_MAKERS } from './steps/makers.ts';
import { type PlanEvidence, type Scene } from './steps/scene.ts';

/** Everything a plan is made from. */
export interface PlanRequest {
  readonly report: Pick<Report, 'findings' | 'suppressed' | 'complete'>;
  /** What the findings were made from, as it was after the second read. */
  readonly inventory: Inventory;
  readonly derived: PlanEvidence;
  readonly settings: CleanupSettings;
  readonly policy: Policy;
  readonly now: Date;
  readonly toolVersion: string;
  /** What was taken away in the last 24 h. */
  readonly usage: Usage;
  readonly selection: Selection;
}

/** No plan has this id: makers write it where the id is not known yet. */
const NO_ID = '0'.repeat(16);

export function limitsOf(settings: CleanupSettings): Limits {
  const { maxItems, maxBytes, maxPercent } = settings;
  return { max_items: maxItems, max_bytes: maxBytes, max_percent: maxPercent };
}

function sceneOf(request: PlanRequest): Scene {
  const { inventory, derived, settings, policy, now, selection } = request;
  return {
    inventory,
    derived,
    policy,
    quarantineParent: settings.quarantineParent,
    planTtl: settings.planTtl,
    snapshots: new Set(selection.snapshots),
    now,
    planId: NO_ID,
    goneTargets: new Set(),
  };
}

function leftOut({ id, rule, subject }: Finding, reason: string): LeftOut {
  return { id, rule, subject: subjectOf(subject), reason };
}

/** What can be done about each finding by itself, or why nothing is. */
function sift(request: PlanRequest, scene: Scene): { candidates: Candidate[]; out: LeftOut[] } {
  const { report, selection, settings } = request;
  const isSelected = selector(selection);
  const candidates: Candidate[] = [];
  const out: LeftOut[] = report.suppressed
    .filter(({ finding }) => isSelected(finding) && isOfInterest(finding, selection))
    .map((each) => leftOut(each.finding, suppressionOf(each)));
  for (const finding of report.findings) {
    if (!isSelected(finding)) continue;
    const reason = whyLeftOut(finding, selection, settings, scene);
    const making =
      reason === undefined ? STEP_MAKERS[finding.remedy.action]?.(finding, scene) : undefined;
    if (making === undefined) {
      if (isOfInterest(finding, selection)) out.push(leftOut(finding, reason ?? ''));
    } else if (isMade(making)) {
      const unbound = unboundBy(making, scene);
      if (unbound === undefined) candidates.push({ finding, made: making });
      else out.push(leftOut(finding, unbound));
    } else out.push(leftOut(finding, making.reason));
  }
  return { candidates, out };
}

function itemOf({ finding, made }: Candidate): PlanItem {
  const { id, rule, severity, subject, reason, createdAt, evidence } = finding;
  return {
    id,
    rule,
    severity,
    intent: made.intent,
    subject: subjectOf(subject),
    reason,
    bytes: made.bytes,
    dataset: made.dataset,
    parent: made.parent?.path ?? null,
    created_at: createdAt?.toISOString() ?? null,
    evidence: evidence.map(({ check, result, detail }) => ({ check, result, detail })),
  };
}

/** Clusters and systems that say which ones they are. */
function homesOf({ inventory }: PlanRequest): Pick<PlanBody, 'clusters' | 'systems'> {
  return {
    clusters: inventory.clusters.flatMap(({ identity: { name, uid } }) =>
      uid === null ? [] : { name, uid },
    ),
    systems: inventory.systems.flatMap(({ identity: { name, host, hostId, version } }) =>
      hostId === null ? [] : { name, host, host_id: hostId, version },
    ),
  };
}

function parentsOf(
  candidates: readonly Candidate[],
  { derived }: PlanRequest,
): PlanBody['parents'] {
  const parents = candidates.flatMap(({ made }) => made.parent ?? []);
  return Object.fromEntries(
    parents.map(({ system, path }) => {
      const parent = derived.parents.find(system, path);
      return [parentKey(system, path), parent ? derived.volumeLinks.useOf(parent).managed : 0];
    }),
  );
}

/** The steps of an item once others before it were taken: a target may have become the last of its group. */
function remade({ finding }: Candidate, scene: Scene): Candidate | string {
  const making = STEP_MAKERS[finding.remedy.action]?.(finding, scene);
  if (making === undefined) return 'nothing is known to do about it';
  return isMade(making) ? { finding, made: making } : making.reason;
}

function withGoneTargets(scene: Scene, { made }: Candidate): Scene {
  const gone = made.steps.flatMap(({ target, change }) =>
    target.side === 'truenas' && change.type === 'delete-object' && change.kind === 'iscsi-target'
      ? `${target.system} ${String(change.id)}`
      : [],
  );
  return gone.length === 0
    ? scene
    : { ...scene, goneTargets: new Set([...scene.goneTargets, ...gone]) };
}

type Homes = Pick<PlanBody, 'clusters' | 'systems' | 'parents'>;

/** Takes items in their order as long as they fit. */
function take(
  candidates: readonly Candidate[],
  request: PlanRequest,
  homes: Homes,
  start: Scene,
): { taken: Candidate[]; out: LeftOut[] } {
  const limits = limitsOf(request.settings);
  const others = new TakenItems();
  const taken: Candidate[] = [];
  const out: LeftOut[] = [];
  let { usage } = request;
  let scene = start;
  for (const each of candidates.toSorted(compareCandidates)) {
    const candidate = remade(each, scene);
    if (typeof candidate === 'string') {
      out.push(leftOut(each.finding, candidate));
      continue;
    }
    const removal = removalOf(itemOf(candidate), homes);
    const reason = others.whyNot(candidate) ?? (removal && whyTooMuch(removal, usage, limits));
    if (reason !== undefined) {
      out.push(leftOut(candidate.finding, reason));
      continue;
    }
    taken.push(candidate);
    others.add(candidate);
    scene = withGoneTargets(scene, candidate);
    if (removal !== undefined) usage = withRemoval(usage, removal);
  }
  return { taken, out };
}

/** Sizes that somebody made up may come to more than a number holds. */
function bytesOf(all: readonly { readonly bytes: number }[]): number {
  const sum = all.reduce((total, { bytes }) => total + bytes, 0);
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

function summaryOf(items: readonly PlanItem[], steps: PlanBody['steps']): PlanBody['summary'] {
  const byIntent: PlanBody['summary']['by_intent'] = {};
  for (const { intent } of items) byIntent[intent] = (byIntent[intent] ?? 0) + 1;
  const putAside = items.filter(({ intent }) => intent === 'quarantine');
  return {
    items: items.length,
    steps: steps.length,
    by_intent: byIntent,
    bytes_now: bytesOf(steps),
    bytes_later: bytesOf(putAside),
  };
}

function compareLeftOut(a: LeftOut, b: LeftOut): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/**
 * What is to be done about the findings of a report, and what is not and why. Pure: the same report makes the same plan, whatever
 * order its findings are in.
 */
export function planCleanup(request: PlanRequest): PlanBody {
  const { report, settings, policy, now, toolVersion } = request;
  const scene = sceneOf(request);
  const { candidates, out } = sift(request, scene);
  const homes = { ...homesOf(request), parents: parentsOf(candidates, request) };
  const first = take(candidates, request, homes, scene);
  const bodyOf = (planId: string, taken: readonly Candidate[]): PlanBody => {
    const items = taken.map(itemOf);
    const steps = numbered(taken);
    return {
      schema_version: PLAN_VERSION,
      kind: 'CleanupPlan',
      plan_id: planId,
      tool_version: toolVersion,
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + settings.planTtl).toISOString(),
      clusters: homes.clusters,
      systems: homes.systems,
      complete: report.complete,
      quarantine_for_seconds: Math.round(policy.quarantineFor / 1000),
      limits: limitsOf(settings),
      parents: parentsOf(taken, request),
      summary: summaryOf(items, steps),
      items,
      steps,
      left_out: [...out, ...first.out].toSorted(compareLeftOut),
    };
  };
  const planId = newPlanId(bodyOf(NO_ID, first.taken));
  // Marks name the plan, whose id is only known now.
  const { taken } = take(first.taken, request, homes, { ...scene, planId });
  return bodyOf(planId, taken);
}

import { type DamagedJournal } from '../../cleanup/cleanup-history.ts';
import { type NotIncluded } from '../../cleanup/not-included.ts';
import { type PlanView } from '../../cleanup/plan-view.ts';
import { type RunView } from '../../cleanup/run-view.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import {
  type DamagedWire,
  type PlanEntryWire,
  type PlanViewWire,
  type RunEntryWire,
} from './cleanup-served-schema.ts';
import { planFacts, runFacts } from './cleanup.ts';

/** What is said of a plan once, by whoever made it. */
export interface SaidOnce {
  readonly notIncluded: readonly NotIncluded[];
  readonly warnings: readonly string[];
}

export const PLANS_PATH = '/api/v1/cleanup/plans';
export const RUNS_PATH = '/api/v1/cleanup/runs';

export function planHref(id: string): string {
  return `${PLANS_PATH}/${encodeURIComponent(id)}`;
}

export function runHref(id: string): string {
  return `${RUNS_PATH}/${encodeURIComponent(id)}`;
}

/** A plan in a list: its steps and what was left out are as many as the findings of an estate. */
export function planEntryToWire(view: PlanView): PlanEntryWire {
  const { plan } = view;
  return {
    ...planFacts(view),
    complete: plan.complete,
    left_out: plan.left_out.length,
    href: planHref(view.id),
  };
}

export function planViewToWire(view: PlanView, once?: SaidOnce): PlanViewWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'CleanupPlanView',
    ...planEntryToWire(view),
    plan: view.plan,
    ...(once && {
      not_included: once.notIncluded.map((each) => ({ ...each })),
      warnings: [...once.warnings],
    }),
  };
}

export function runEntryToWire(run: RunView): RunEntryWire {
  return { ...runFacts(run, false), href: runHref(run.id) };
}

export function damagedToWire(damaged: readonly DamagedJournal[]): DamagedWire {
  return damaged.map(({ kind, id, reason }) => ({ kind, id, reason }));
}

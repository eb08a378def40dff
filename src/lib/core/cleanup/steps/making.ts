import { type Finding } from '../../model/finding.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type Change } from '../change.ts';
import { type Expectation } from '../expectation.ts';
import { type Intent, type PlanStep, type PlanSubject } from '../plan-schema.ts';
import { type Scene } from './scene.ts';

/** A step before it has its number. */
export interface StepDraft {
  readonly title: string;
  readonly target: PlanStep['target'];
  readonly subject: PlanSubject;
  readonly change: Change;
  readonly before: readonly Expectation[];
  readonly after: readonly Expectation[];
  /** In words, beside that the finding still holds. */
  readonly preconditions: readonly string[];
  readonly undo: string | null;
  readonly reversibleUntil: Date | null;
  readonly bytes: number;
}

/** What is to be done about a finding. */
export interface Made {
  readonly intent: Intent;
  /** Dataset this is about; null where there is none. */
  readonly dataset: string | null;
  /** The known parent whose volumes it counts among. */
  readonly parent: { readonly system: string; readonly path: string } | null;
  readonly bytes: number;
  readonly steps: readonly StepDraft[];
}

/** That nothing is to be done, and why. */
export interface LeftOutBecause {
  readonly reason: string;
}

export type Making = Made | LeftOutBecause;

/** Turns a finding into steps. */
export type StepMaker = (finding: Finding, scene: Scene) => Making;

export function leaveOut(reason: string): LeftOutBecause {
  return { reason };
}

/** Not what its rule found: the world was read again in between, or the finding is of another scan. */
export const NOT_SEEN = leaveOut('it was not seen in this scan');

export function isMade(making: Making): making is Made {
  return 'steps' in making;
}

export function subjectOf(ref: ResourceRef): PlanSubject {
  const { type, name, namespace } = ref;
  return {
    // Findings that clean-up knows are about storage, and nothing around it.
    type: type as PlanSubject['type'],
    name,
    namespace,
    cluster: ref.location === 'kubernetes' ? ref.cluster : null,
    system: ref.location === 'truenas' ? ref.system : null,
  };
}

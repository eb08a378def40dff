import { condition } from '../model/check.ts';
import { type EvidenceSource } from '../model/evidence.ts';
import { type Severity } from '../model/finding.ts';
import { type ResourceRef } from '../model/resource-ref.ts';
import {
  type EvidenceFor,
  type Rule,
  type RuleContext,
  type RuleDefinition,
  type Verdict,
} from '../model/rule.ts';
import { type Component } from '../model/validation.ts';
import { facts } from './checks/facts.ts';

/** What a check saw of one object. */
export interface Inspection {
  readonly subject: ResourceRef;
  /** Whether it is as it should be; undefined where that could not be seen, and then `seen` says why. */
  readonly sound: boolean | undefined;
  /** The fact, as a finding words it: lower case, no full stop. */
  readonly seen: string;
  /** Where this object matters more or less than others. */
  readonly severity?: Severity;
  /** What to do about this one, where the check's own steps do not fit. */
  readonly steps?: readonly string[];
}

/** A rule that checks how things are set up. */
export type CheckRule = Rule & { readonly component: Component };

export interface CheckDefinition<R extends EvidenceSource, C extends EvidenceSource> extends Pick<
  RuleDefinition<R, C>,
  'id' | 'aliases' | 'severity' | 'title' | 'scope' | 'subjects' | 'requires' | 'consults'
> {
  readonly category: 'validation' | 'health';
  readonly component: Component;
  /** What to do where it fails, in order, each an imperative sentence. */
  readonly steps: readonly string[];
  /** One inspection for each object, sound ones included. */
  readonly inspect: (evidence: EvidenceFor<R, C>, context: RuleContext) => Iterable<Inspection>;
}

/** A rule that says of each object whether it is set up as it should be. It rests on one read: nothing is ever cleaned up by it. */
export function defineCheck<
  const R extends EvidenceSource,
  const C extends EvidenceSource = never,
>({
  inspect,
  steps,
  ...rule
}: CheckDefinition<R, C>): RuleDefinition<R, C> & { readonly component: Component } {
  return Object.freeze({
    ...rule,
    *evaluate(evidence: EvidenceFor<R, C>, context: RuleContext) {
      for (const inspection of inspect(evidence, context)) {
        if (context.suspectsOnly && inspection.sound === true) continue;
        yield verdictOf(rule.id, inspection, steps);
      }
    },
  });
}

function verdictOf(id: string, inspection: Inspection, steps: readonly string[]): Verdict {
  const { subject, sound, seen, severity } = inspection;
  return {
    subject,
    place: null,
    premise: condition(id, sound === undefined ? undefined : !sound, seen),
    checks: () => [],
    message: seen,
    lookups: () => [],
    ...(severity === undefined ? {} : { severity }),
    facts: () =>
      facts({
        createdAt: null,
        remedy: {
          action: 'investigate',
          safe: false,
          steps: inspection.steps ?? steps,
          command: null,
        },
      }),
  };
}

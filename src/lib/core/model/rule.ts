import { type Check } from './check.ts';
import { type Listing } from './coverage.ts';
import { type EvidenceSource, type EvidenceTypes } from './evidence.ts';
import { type Category, type Severity } from './finding.ts';
import { type ClusterSource, type SystemSource } from './inventory.ts';
import { type Policy } from './policy.ts';
import { type Remedy } from './remedy.ts';
import { type DatasetPlace, type ResourceRef, type ResourceType } from './resource-ref.ts';
import { type Bytes } from './units.ts';
import { type Component } from './validation.ts';

/**
 * Something a rule says is absent, and how to look it up again before anything is reported.
 * Lists of a cluster are read again for every registered cluster: an owner may be in any of them.
 */
export type Lookup =
  | { readonly kind: 'cluster-list'; readonly source: ClusterSource }
  | { readonly kind: 'system-list'; readonly source: SystemSource; readonly system: string }
  | { readonly kind: 'dataset'; readonly system: string; readonly id: string }
  | { readonly kind: 'snapshot'; readonly system: string; readonly id: string };

export { type DatasetPlace } from './resource-ref.ts';

/** One rule's opinion of one subject. */
export interface Verdict {
  readonly subject: ResourceRef;
  /**
   * The dataset the subject is, exports, or should stand on; null where there is none. What lies in quarantine is silent, and what
   * its owner marked to be ignored is suppressed, by this alone.
   */
  readonly place: DatasetPlace | null;
  /** The condition most subjects fail: where it does not hold, nothing else of them is worked out. */
  readonly premise: Check;
  /** The rest of the checklist. */
  readonly checks: () => readonly Check[];
  /** What is wrong: lower case, no full stop, names the fact. A function where it is costly to build. */
  readonly message: string | (() => string);
  /** What the second read has to look up before this may be reported. */
  readonly lookups: () => readonly Lookup[];
  /** Lower than the rule's own severity where the subject matters less, such as outside every known parent. */
  readonly severity?: Severity;
  /** Everything a finding shows beside the verdict; only asked for when there is one. */
  readonly facts: (checks: readonly Check[]) => SubjectFacts;
}

/** What is known of a subject, for the finding that names it. */
export interface SubjectFacts {
  readonly createdAt: Date | null;
  readonly size: Bytes | null;
  /** Bytes that come back when the remedy is carried out; each byte is counted in one finding only. */
  readonly reclaimable: Bytes;
  /** A size above was too large or too fine to be exact. */
  readonly approximate?: boolean;
  readonly storageClass: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Path, share, extent or snapshot on the NAS this is about. */
  readonly truenasReference: string | null;
  /** `namespace/name` of the claim or snapshot this is about. */
  readonly kubernetesReference: string | null;
  /** `safe` is what the steps are by nature; a finding that is not certain is never safe. */
  readonly remedy: Remedy;
}

/**
 * A consulted source: looked at, but not decisive. Where it is not complete, absence from it
 * proves nothing, and a check that rests on it is unknown.
 */
export type Consulted<S extends EvidenceSource> = EvidenceTypes[S] extends readonly (infer T)[]
  ? Listing<T>
  : { readonly coverage: Listing<never>['coverage']; readonly value: EvidenceTypes[S] };

export type EvidenceFor<R extends EvidenceSource, C extends EvidenceSource> = {
  readonly [S in R]: EvidenceTypes[S];
} & { readonly [S in C]: Consulted<S> };

export interface RuleContext {
  /** Name of the cluster or system the rule is evaluated for: derived sources tell of all of them. */
  readonly home: string;
  /** Our own clock when the scan began. */
  readonly takenAt: Date;
  /**
   * The earliest of all clocks of the scan: ours, each cluster's, each system's. Ages are measured
   * against it, so that no clock that runs ahead makes a young object look old.
   */
  readonly now: Date;
  readonly policy: Policy;
  /**
   * Whether subjects whose premise fails may be passed over: a scan wants suspects, an explanation wants everyone.
   * Most objects are sound, and not building their verdicts halves the time a scan takes to judge.
   */
  readonly suspectsOnly: boolean;
  /** Since when this rule has suspected the subject; undefined where it never did before, or does not remember. */
  readonly firstSeen: (ref: ResourceRef) => Date | undefined;
}

/** Where a rule looks: it is evaluated once for each cluster, or once for each TrueNAS system. */
export type Scope = 'cluster' | 'system';

export interface RuleDefinition<R extends EvidenceSource, C extends EvidenceSource> {
  /** Kebab-case, equal to the file's name, and for ever. */
  readonly id: string;
  /** Ids this rule had before. */
  readonly aliases?: readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  readonly title: string;
  /** Of `validation` and `health` rules: what they look at. */
  readonly component?: Component;
  /** Side on which the subjects live. */
  readonly scope: Scope;
  /** Types of the subjects, for `--type`. */
  readonly subjects: readonly ResourceType[];
  /** TrueNAS or Kubernetes do not say since when a subject is as it is: since when it is a suspect is kept. */
  readonly remembers?: true;
  /** Judges what is in quarantine, of which every other rule is silent. */
  readonly seesQuarantine?: true;
  /** Decisive sources: unless every one is complete the rule is skipped. */
  readonly requires: readonly R[];
  /** Sources whose absence only lowers the confidence. */
  readonly consults: readonly C[];
  evaluate(evidence: EvidenceFor<R, C>, context: RuleContext): Iterable<Verdict>;
}

/** A rule of any sources, as the registry and the engine hold it. */
export type Rule = Omit<RuleDefinition<EvidenceSource, EvidenceSource>, 'evaluate'> & {
  evaluate(evidence: never, context: RuleContext): Iterable<Verdict>;
};

/** Ties the type of `evaluate` to the sources a rule names. */
export function defineRule<const R extends EvidenceSource, const C extends EvidenceSource = never>(
  rule: RuleDefinition<R, C>,
): RuleDefinition<R, C> {
  return Object.freeze(rule);
}

import { type CheckResult, type CheckWeight } from '../model/check.ts';
import { type Confidence, type Finding } from '../model/finding.ts';
import { type Size } from '../model/quantity.ts';
import { type Report, type SourceStatus } from '../model/report.ts';
import { type ResourceRef } from '../model/resource-ref.ts';

/*
 * One object with everything that hangs together with it on both sides, and what every rule said of it.
 */

/** `absent` where it was looked for in lists that were read whole; `unknown` wherever it was not. */
export type NodeState = 'present' | 'absent' | 'unknown';

/** What a node is to the object above it. */
export type NodeRole =
  | 'workload'
  | 'pod'
  | 'claim'
  | 'volume'
  | 'attachment'
  | 'event'
  | 'handle'
  | 'dataset'
  | 'origin'
  | 'share'
  | 'extent'
  | 'target'
  | 'namespace'
  | 'subsystem'
  | 'session'
  | 'snapshot'
  | 'content'
  | 'volume-snapshot'
  | 'clone'
  | 'child'
  | 'task'
  | 'job'
  | 'use'
  | 'object';

/** One thing to know about an object; the name is lower case, words apart. */
export interface Fact {
  readonly name: string;
  readonly value: string | number | boolean | Date | Size;
}

/** By which key an object was joined to the one above it, and how far that can be trusted. */
export interface Join {
  readonly key: string;
  readonly confidence: Confidence;
}

/** Where an object lives. */
export interface Home {
  readonly side: 'cluster' | 'system';
  readonly name: string;
}

/** One object of a chain, or the hole where one should be. */
export interface ChainNode {
  readonly role: NodeRole;
  readonly state: NodeState;
  /** `PersistentVolume`, `Pod`, `Dataset`, …; what should be there, for a hole. */
  readonly kind: string;
  /** Null for a hole that has no name. */
  readonly name: string | null;
  readonly namespace: string | null;
  readonly home: Home | null;
  /** Null for what no rule has an opinion on. */
  readonly ref: ResourceRef | null;
  /** What is missing, or why that cannot be known; of what is present, what must not be overlooked. */
  readonly message: string | null;
  readonly createdAt: Date | null;
  readonly size: Size | null;
  readonly facts: readonly Fact[];
  readonly join: Join | null;
  /** Beside the chain: shown because it leans on it, and judged for itself. */
  readonly beside: boolean;
  readonly children: readonly ChainNode[];
}

/** A check of a rule, with what it decides. */
export interface StoryCheck {
  readonly check: string;
  readonly weight: CheckWeight;
  readonly result: CheckResult;
  readonly detail: string;
}

interface StoryOf {
  readonly rule: string;
  readonly title: string;
}

interface Judged extends StoryOf {
  readonly subject: ResourceRef;
  readonly checks: readonly StoryCheck[];
}

export interface ReportedStory extends Judged {
  readonly state: 'reported';
  readonly finding: Finding;
  readonly reason: null;
}

export interface SuppressedStory extends Judged {
  readonly state: 'suppressed';
  readonly finding: Finding;
  /** Why somebody wants it left alone, and where that is written. */
  readonly reason: string;
}

export interface SilentStory extends Judged {
  readonly state: 'silent';
  /** The first thing that stands against a finding. */
  readonly reason: string;
}

export interface SkippedStory extends StoryOf {
  readonly state: 'skipped';
  readonly home: Home;
  readonly because: readonly SourceStatus[];
}

/** What came of one rule on one object of the chain, and why. */
export type RuleStory = ReportedStory | SuppressedStory | SilentStory | SkippedStory;

export type BlockerKind =
  | 'owner'
  | 'workload'
  | 'pod'
  | 'attachment'
  | 'session'
  | 'claim'
  | 'volume'
  | 'use'
  | 'kept'
  | 'clone'
  | 'hold'
  | 'claimed-snapshot'
  | 'snapshot'
  | 'share'
  | 'target'
  | 'task'
  | 'job'
  | 'child'
  | 'mark';

/** Something that stands in the way of deleting, or may: `unknown` where it could not be seen. */
export interface Blocker {
  readonly kind: BlockerKind;
  readonly state: 'present' | 'unknown';
  /** What it is, lower case. */
  readonly what: string;
  /** What to do about it, an imperative sentence; null where nothing can be. */
  readonly step: string | null;
}

/** The chain of one volume, or of one object that belongs to none. */
export interface Chain {
  /** What was asked for; several where they hang on one chain. */
  readonly subjects: readonly ResourceRef[];
  readonly roots: readonly ChainNode[];
  readonly rules: readonly RuleStory[];
  /** Something of what was asked for is there, so that deleting it is a question at all. */
  readonly deletable: boolean;
  /** In the order to resolve them. */
  readonly blockers: readonly Blocker[];
  /** What else is to be known before it is deleted, each a sentence. */
  readonly remarks: readonly string[];
}

export interface Explanation {
  /** As it was typed, or as the finding names it. */
  readonly asked: string;
  /** The scan it rests on. */
  readonly report: Report;
  /** By whose clock ages are told. */
  readonly now: Date;
  /** More than one where several objects have the name that was asked for. */
  readonly chains: readonly Chain[];
}

/** Every node of a tree, parents before children. */
export function* walk(nodes: readonly ChainNode[]): Iterable<ChainNode> {
  for (const node of nodes) {
    yield node;
    yield* walk(node.children);
  }
}

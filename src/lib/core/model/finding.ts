import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type CheckResult } from './check.ts';
import { type Remedy } from './remedy.ts';
import { type DatasetPlace, type ResourceRef } from './resource-ref.ts';
import { type Bytes, type Millis } from './units.ts';

export type Category = 'orphan' | 'drift' | 'validation' | 'health';

/** From worst to least. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Confidence = 'certain' | 'likely';

/** Whether `severity` is at least as bad as `threshold`. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** A check as a finding keeps it: what was looked at, with what result. */
export interface EvidenceLine {
  readonly check: string;
  readonly result: CheckResult;
  readonly detail: string;
}

/** The only currency after evaluation: every output and every action reads findings. */
export interface Finding {
  /** 16 hex digits, see `fingerprint`. */
  readonly id: string;
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly subject: ResourceRef;
  /** The dataset the subject is, exports, or should stand on; null where there is none. */
  readonly place: DatasetPlace | null;
  readonly createdAt: Date | null;
  readonly age: Millis | null;
  /** Since when the rule has seen it so, by this tool's own memory; null where it does not remember, or sees it for the first time. */
  readonly firstSeen: Date | null;
  /** How long ago that was. */
  readonly seenFor: Millis | null;
  readonly reason: string;
  readonly size: Bytes | null;
  readonly reclaimable: Bytes;
  readonly approximate: boolean;
  readonly storageClass: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly truenasReference: string | null;
  readonly kubernetesReference: string | null;
  readonly evidence: readonly EvidenceLine[];
  /** What most of all keeps it from being certain; null where it is. */
  readonly doubt: EvidenceLine | null;
  readonly remedy: Remedy;
}

/**
 * Names a finding for ever: the same fault on the same object has the same id in every run, whatever
 * the cluster or system is called in the configuration.
 *
 * @param home uid of the cluster's `kube-system` namespace, or the TrueNAS host id
 */
export function fingerprint(rule: string, home: string, subject: string): string {
  return bytesToHex(sha256(utf8ToBytes([rule, home, subject].join('\n')))).slice(0, 16);
}

/** Worst first, then certain before likely, then by rule and name: an order that no run changes. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.confidence.localeCompare(b.confidence, 'en') ||
    compareText(a.rule, b.rule) ||
    compareText(a.subject.namespace ?? '', b.subject.namespace ?? '') ||
    compareText(a.subject.name, b.subject.name) ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

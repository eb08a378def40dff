import { type Finding } from '../model/finding.ts';
import { type Report } from '../model/report.ts';
import { type SharedSpaces } from '../report/reclaimable.ts';
import { type PackedPart } from './packed-text.ts';
import { type ServedHealth } from './served-health.ts';
import { type ServedList, type ServedRows } from './served-rows.ts';

/** What is known of a finding beside its JSON: enough to choose it and to count it. */
export type ServedFinding = Pick<
  Finding,
  | 'id'
  | 'rule'
  | 'category'
  | 'severity'
  | 'confidence'
  | 'subject'
  | 'place'
  | 'age'
  | 'seenFor'
  | 'reclaimable'
  | 'labels'
  | 'truenasReference'
  | 'kubernetesReference'
>;

/** Lists of what a scan saw, by the path they are served at. */
export const RESOURCE_LISTS = [
  'resources/pvs',
  'resources/pvcs',
  'resources/snapshots',
  'resources/storageclasses',
  'truenas/volumes',
  'truenas/snapshots',
  'truenas/pools',
] as const;
export type ResourceList = (typeof RESOURCE_LISTS)[number];

/** Documents that are served whole, by their path. */
export const DOCUMENTS = [
  'truenas/info',
  'analysis',
  'analysis/usage',
  'analysis/trends',
  'validate',
  'validate/config',
  'validate/connectivity',
  'health',
  'reports/summary',
  'reports/detailed',
  'snapshots/trends',
] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

/** The result of a scan as it is served: everything that takes time is done. */
export interface ServedScan {
  /** Names the result; another scan has another. */
  readonly id: string;
  /** Of the scan, without its findings. */
  readonly report: Omit<Report, 'findings' | 'suppressed'>;
  readonly findings: ServedRows<ServedFinding>;
  readonly suppressed: ServedRows<ServedFinding>;
  /** The suppressed findings whole, in the same order, with their ids. */
  readonly silenced: ServedRows<string>;
  /** What any choice of the findings frees beyond what each of them does: see `reclaimedBy`. */
  readonly shared: SharedSpaces;
  /** Namespaces anything lies in, or speaks of: to ask for another is a slip. */
  readonly namespaces: readonly string[];
  readonly lists: Readonly<Record<ResourceList, ServedList>>;
  readonly documents: Readonly<Record<DocumentName, PackedPart>>;
  /** Its numbers, in the text form of Prometheus. */
  readonly measures: Uint8Array<ArrayBuffer>;
  readonly health: ServedHealth;
}

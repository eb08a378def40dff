/*
 * What other programs may build on: one scan, one round of checks, their rules, and the words all speak. Nothing here changes a server.
 * Clean-up is not among it on purpose: its gate is only whole with plan, approval, journal and lock around it, so that programs run the
 * commands and read what they write, whose forms are in schemas/.
 */
export { inspect, type InspectRequest } from './lib/app/inspect.ts';
export { noHistory } from './lib/app/no-history.ts';
export { scan } from './lib/app/scan.ts';
export { type ScanPorts, type ScanRequest } from './lib/app/scan-request.ts';
export { type Connection } from './lib/core/model/connection.ts';
export { type Coverage, type Listing } from './lib/core/model/coverage.ts';
export { type DriverConfig } from './lib/core/model/driver-config.ts';
export { MonitorError } from './lib/core/model/errors.ts';
export { type FindingFilter, type IgnoreEntry, NO_FILTER } from './lib/core/model/filter.ts';
export {
  type Category,
  type Confidence,
  type EvidenceLine,
  type Finding,
  SEVERITIES,
  type Severity,
} from './lib/core/model/finding.ts';
export { type Inventory } from './lib/core/model/inventory.ts';
export { DEFAULT_POLICY, type Policy } from './lib/core/model/policy.ts';
export { type Remedy } from './lib/core/model/remedy.ts';
export { type Report, type SourceStatus, type Summary } from './lib/core/model/report.ts';
export {
  RESOURCE_TYPES,
  type ResourceRef,
  type ResourceType,
} from './lib/core/model/resource-ref.ts';
export { type Rule } from './lib/core/model/rule.ts';
export { NO_SETTINGS, type Settings, type Thresholds } from './lib/core/model/settings.ts';
export { type Bytes, type Millis, millis } from './lib/core/model/units.ts';
export {
  type CheckOutcome,
  type CheckStatus,
  type Component,
  COMPONENTS,
  type OverallStatus,
  type ValidationSummary,
} from './lib/core/model/validation.ts';
export { FORMATS, renderReport } from './lib/core/render/registry.ts';
export { renderValidation } from './lib/core/render/validation.ts';
export { type Validated } from './lib/core/report/build-validation.ts';
export {
  type CheckCommand,
  CHECKS,
  type CheckSelection,
  selectChecks,
} from './lib/core/rules/check-registry.ts';
export { type CheckRule } from './lib/core/rules/define-check.ts';
export { RULES, selectRules } from './lib/core/rules/registry.ts';
export { openCluster, type ClusterOptions } from './lib/adapters/kubernetes/cluster-reader.ts';
export { openNas, type NasOptions } from './lib/adapters/truenas/nas-reader.ts';
export { type Clock } from './lib/ports/clock.ts';
export { type ClusterReader } from './lib/ports/cluster.ts';
export { type HistoryReader, type HistoryStore, type Recorded } from './lib/ports/history.ts';
export { type Logger, type LogLevel } from './lib/ports/logger.ts';
export { type NasReader } from './lib/ports/nas.ts';
export { type Progress } from './lib/ports/progress.ts';
export { type FirstSeenStore, type ScanCache } from './lib/ports/scan-store.ts';

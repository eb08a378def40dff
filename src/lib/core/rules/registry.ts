import { UsageError } from '../model/errors.ts';
import { type Category } from '../model/finding.ts';
import { type ResourceType } from '../model/resource-ref.ts';
import { type Rule } from '../model/rule.ts';
import { globMatcher } from '../model/glob.ts';
import { shareMissing } from './drift/share-missing.ts';
import { datasetHalfProvisioned } from './orphans/dataset-half-provisioned.ts';
import { datasetUnclaimed } from './orphans/dataset-unclaimed.ts';
import { iscsiExtentDangling } from './orphans/iscsi-extent-dangling.ts';
import { nfsShareDangling } from './orphans/nfs-share-dangling.ts';
import { pvBackendMissing } from './orphans/pv-backend-missing.ts';
import { pvFailed } from './orphans/pv-failed.ts';
import { pvReleased } from './orphans/pv-released.ts';
import { pvcLost } from './orphans/pvc-lost.ts';
import { pvcPending } from './orphans/pvc-pending.ts';
import { snapshotContentBackendMissing } from './orphans/snapshot-content-backend-missing.ts';
import { zfsSnapshotUnclaimed } from './orphans/zfs-snapshot-unclaimed.ts';

/** Every rule there is. */
export const RULES: readonly Rule[] = [
  pvBackendMissing,
  pvReleased,
  pvFailed,
  pvcLost,
  pvcPending,
  snapshotContentBackendMissing,
  datasetUnclaimed,
  datasetHalfProvisioned,
  zfsSnapshotUnclaimed,
  nfsShareDangling,
  iscsiExtentDangling,
  shareMissing,
];

/** Which rules to evaluate; null means "all". */
export interface RuleSelection {
  readonly categories: readonly Category[] | null;
  /** Ids, former ids, or globs with `*` and `?`. */
  readonly globs: readonly string[] | null;
  /** Types of subject. */
  readonly types: readonly ResourceType[] | null;
}

function idsOf(rule: Rule): readonly string[] {
  return [rule.id, ...(rule.aliases ?? [])];
}

/** The rules a user asked for, in the registry's order. Throws a `UsageError` for a glob that names none. */
export function selectRules(selection: RuleSelection): readonly Rule[] {
  const { categories, globs, types } = selection;
  for (const glob of globs ?? []) {
    const matches = globMatcher(glob);
    if (RULES.some((rule) => idsOf(rule).some(matches))) continue;
    throw new UsageError(`no rule is called ${glob}`, {
      remediation: [`Choose from: ${RULES.map(({ id }) => id).join(', ')}.`],
    });
  }
  const matchers = globs?.map(globMatcher);
  return RULES.filter(
    (rule) =>
      (categories === null || categories.includes(rule.category)) &&
      (types === null || rule.subjects.some((subject) => types.includes(subject))) &&
      (matchers === undefined || matchers.some((matches) => idsOf(rule).some(matches))),
  );
}
